"""Find the ranges of bytes that two versions of a text have in common."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.records import NamedTuple

# Shorter common ranges are of no use: a match near their ends may extend beyond them.
MIN_COMMON_BYTES = 1536
# The remainder is searched further only if it is at least this large.
_MIN_REST_BYTES = 6144
# Both versions are compared in chunks of this size; differing chunks, down to the precision.
_CHUNK_BYTES = 1 << 16
_PRECISION_BYTES = 64
# Bytes of the newer version to search for in the older one, to find where both agree again.
PROBE_BYTES = 48
# Resynchronisation distances in bytes; `_OLD_PER_NEW` is how much of the old version is searched
# per byte of the new one.
_DISTANCES = (64, 512, 4096)
_OLD_PER_NEW = 8
# The positions in the rest of the new version where a probe is taken, as a last resort.
_PROBE_PLACES = (0.5, 0.25, 0.75)
_MAX_DEPTH = 12

Span = tuple[int, int]


class CommonRange(NamedTuple):
    """A range that two versions have in common: its start in the old and the new, its length."""

    old: int
    new: int
    length: int


class _Texts(NamedTuple):
    """Two versions of a text."""

    old: bytes
    new: bytes


def find_common_ranges(old: bytes, new: bytes) -> Iterator[CommonRange]:
    """Yield ranges that two texts have in common, in order and without overlap.

    It does not find all of them, but the long ones between a few changes.
    """
    head = count_same_from(old, 0, new, 0, min(len(old), len(new)))
    limit = min(len(old), len(new)) - head
    tail = count_same_before(old, len(old), new, len(new), limit)
    if head:
        yield CommonRange(0, 0, head)
    yield from _compare_spans(_Texts(old, new), (head, len(old) - tail), (head, len(new) - tail), 0)
    if tail:
        yield CommonRange(len(old) - tail, len(new) - tail, tail)


def _compare_spans(
    texts: _Texts, old_span: Span, new_span: Span, depth: int
) -> Iterator[CommonRange]:
    """Yield the common ranges between a common beginning and a common end.

    First goes from one change to the next, then searches the rest for any range that agrees.
    """
    (at, end), (place, last) = old_span, new_span
    while last - place >= _MIN_REST_BYTES <= end - at:
        found = _resynchronise(texts, (at, end), (place, last))
        if found is None:
            yield from _compare_far(texts, (at, end), (place, last), depth)
            return
        yield found
        at, place = found.old + found.length, found.new + found.length


def _resynchronise(texts: _Texts, old_span: Span, new_span: Span) -> CommonRange | None:
    """Find where both versions agree again, not far from where they begin to differ."""
    at, end = old_span
    for distance in _DISTANCES:
        among = (at, min(end, at + _OLD_PER_NEW * distance))
        found = _grow_probe(texts, among, end, new_span, new_span[0] + distance)
        if found is not None:
            return found
    return None


def _compare_far(
    texts: _Texts, old_span: Span, new_span: Span, depth: int
) -> Iterator[CommonRange]:
    """Search the whole old version for a probe from the middle of the new one.

    This is the fallback if nothing is found nearby.
    """
    if depth >= _MAX_DEPTH:
        return
    first, last = new_span
    for part in _PROBE_PLACES:
        probe = first + int((last - first) * part)
        found = _grow_probe(texts, old_span, old_span[1], new_span, probe)
        if found is not None:
            before = (old_span[0], found.old), (first, found.new)
            behind = (found.old + found.length, old_span[1]), (found.new + found.length, last)
            yield from _compare_spans(texts, *before, depth + 1)
            yield found
            yield from _compare_spans(texts, *behind, depth + 1)
            return


def _grow_probe(
    texts: _Texts, among: Span, end: int, new_span: Span, probe: int
) -> CommonRange | None:
    """Find the common range around the bytes at `probe` in the new version.

    These bytes are searched `among` some bytes of the old version; the range may extend up to `end`
    there, and within `new_span` in the new version. None if the range is too short.
    """
    old, new = texts
    start, last = new_span
    if probe + PROBE_BYTES > last:
        return None
    found = old.find(new[probe : probe + PROBE_BYTES], *among)
    if found < 0:
        return None
    back = count_same_before(old, found, new, probe, min(found - among[0], probe - start))
    on = count_same_from(old, found, new, probe, min(end - found, last - probe))
    if back + on <= MIN_COMMON_BYTES:
        return None
    return CommonRange(found - back, probe - back, back + on)


def count_same_from(old: bytes, at: int, new: bytes, place: int, limit: int) -> int:
    """Count the equal bytes, at most `limit`, from two positions on.

    The result may be up to `_PRECISION_BYTES` too small.
    """
    length = 0
    while length < limit:
        step = min(_CHUNK_BYTES, limit - length)
        if not old.startswith(new[place + length : place + length + step], at + length):
            break
        length += step
    else:
        return limit
    step = min(_CHUNK_BYTES, limit - length)
    while step > _PRECISION_BYTES:
        half = step // 2
        if old.startswith(new[place + length : place + length + half], at + length):
            length += half
            step -= half
        else:
            step = half
    return length


def count_same_before(old: bytes, at: int, new: bytes, place: int, limit: int) -> int:
    """Count the equal bytes before two positions, as `count_same_from` does."""
    length = 0
    while length < limit:
        step = min(_CHUNK_BYTES, limit - length)
        if not old.startswith(new[place - length - step : place - length], at - length - step):
            break
        length += step
    else:
        return limit
    step = min(_CHUNK_BYTES, limit - length)
    while step > _PRECISION_BYTES:
        half = step // 2
        if old.startswith(new[place - length - half : place - length], at - length - half):
            length += half
            step -= half
        else:
            step = half
    return length
