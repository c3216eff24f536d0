"""Match versions of one file: what stayed as it was need not be scanned again.

Where a version is as the one before it, its matches are known; only what changed, with a margin on both sides, is scanned. The
result is the same as that of a whole scan for all matches that are no longer than the margin (tests/test_versions.py compares the two).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from keylint.matcher.match import Match

# No pattern needs more bytes than this to match: runs without an end (a token of any length) match at their shortest.
_MARGIN = 768
# Below this size a whole scan is cheaper than a comparison.
_SMALL = 6144
_STEP = 1 << 16
_KEPT_BYTES = 8 << 20
# What is looked for in the older version to find out where the newer one goes on as before, and where in what is left to compare.
_PROBE = 48
# Resynchronisation distances in bytes; `_FAR` is how much of the old version is searched per byte.
_STEPS = (64, 512, 4096)
_FAR = 8
_TRIES = (0.5, 0.25, 0.75)
_DEEPEST = 12


class Version(NamedTuple):
    """What is remembered of a file: its path, its bytes and their matches."""

    name: str
    data: bytes
    matches: list[Match]


class VersionMatches(NamedTuple):
    """The matches of a version. `is_same` says that it differs from the one before only far away from any match."""

    matches: list[Match]
    is_same: bool


class Common(NamedTuple):
    """A range of bytes that two versions have in common: where it begins in the older and in the newer one, and its length."""

    old: int
    new: int
    length: int


class VersionMatcher:
    """Matches versions of files one after another. It keeps the last version of each file, as many as fit into 8 MB: they lie side by
    side in a pack. A moved file is known by its name.
    """

    def __init__(
        self, scan: Callable[[bytes], list[Match]], mentions: Callable[[bytes], frozenset[int]]
    ) -> None:
        self._scan = scan
        self._mentions = mentions
        self._last: OrderedDict[str, Version] = OrderedDict()
        self._bytes = 0

    def match_version(self, name: str, data: bytes) -> VersionMatches:
        """List the matches of the next version of a file."""
        if len(data) < _SMALL:
            return VersionMatches(self._scan(data), False)
        slot = '/'.join(name.rsplit('/', 2)[-2:])
        own = self._last.pop(slot, None)
        seen = VersionMatches(self._scan(data), False) if own is None else self._changed(own, data)
        self._bytes += len(data) - (len(own.data) if own else 0)
        self._last[slot] = Version(name, data, seen.matches)
        if own is None or own.name != name:
            seen = VersionMatches(seen.matches, False)
        while self._bytes > _KEPT_BYTES and len(self._last) > 1:
            self._bytes -= len(self._last.popitem(last=False)[1].data)
        return seen

    def _changed(self, before: Version, data: bytes) -> VersionMatches:
        shared = list(common(before.data, data))
        if 2 * sum(run.length for run in shared) < len(data):
            return VersionMatches(self._scan(data), False)
        zones = [zone for run in shared if (zone := _zone(run, before.data, data)).length > 0]
        kept = [
            Match(pattern, end - zone.old + zone.new)
            for zone in zones
            for pattern, end in before.matches
            if zone.old < end <= zone.old + zone.length
        ]
        gaps = list(_gaps([(zone.new, zone.new + zone.length) for zone in zones], len(data)))
        new: list[Match] = []
        for first, last in gaps:
            start = max(0, first - _MARGIN)
            new += [
                Match(pattern, end + start)
                for pattern, end in self._scan(data[start : last + _MARGIN])
                if first < end + start <= last
            ]
        is_far = bool(kept) and not new and len(kept) == len(before.matches)
        older = (
            _gaps([(zone.old, zone.old + zone.length) for zone in zones], len(before.data))
            if is_far
            else []
        )
        return VersionMatches(
            sorted(kept + new, key=_by_end),
            is_far and self._named(before.data, older) == self._named(data, gaps),
        )

    def _named(self, data: bytes, gaps: Iterable[tuple[int, int]]) -> frozenset[int]:
        """What is mentioned in some ranges."""
        return frozenset().union(
            *(self._mentions(data[max(0, first - _PROBE) : last + _PROBE]) for first, last in gaps)
        )


def _by_end(match: Match) -> tuple[int, int]:
    return match.end, match.pattern.number


def _zone(run: Common, old: bytes, new: bytes) -> Common:
    """The part of a common range in which every match ends whose bytes, and those around it, lie in the range."""
    first = 0 if run.old == run.new == 0 else _MARGIN
    last = 0 if run.old + run.length == len(old) and run.new + run.length == len(new) else _MARGIN
    return Common(run.old + first, run.new + first, run.length - first - last)


def _gaps(zones: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """What lies between the zones of a text of some length, which are in order."""
    position = 0
    for first, last in zones:
        if first > position:
            yield position, first
        position = last
    if position < length:
        yield position, length


def common(old: bytes, new: bytes) -> Iterator[Common]:
    """Ranges that two texts have in common, in order and without overlap: not all there are, but the long ones between a few changes."""
    head = same_from(old, 0, new, 0, min(len(old), len(new)))
    tail = same_before(old, len(old), new, len(new), min(len(old), len(new)) - head)
    if head:
        yield Common(0, 0, head)
    yield from _inside(old, (head, len(old) - tail), new, (head, len(new) - tail), 0)
    if tail:
        yield Common(len(old) - tail, len(new) - tail, tail)


def _inside(
    old: bytes, where: tuple[int, int], new: bytes, what: tuple[int, int], depth: int
) -> Iterator[Common]:
    """Find common ranges between a common beginning and a common end: first from one change to the next, then wherever the rest goes on
    as before.
    """
    (at, end), (place, last) = where, what
    while last - place >= _SMALL <= end - at:
        run = next(
            (
                run
                for step in _STEPS
                if (
                    run := _met(
                        old, (at, min(end, at + _FAR * step)), end, new, place, place + step, last
                    )
                )
            ),
            None,
        )
        if run is None:
            yield from _far_inside(old, (at, end), new, (place, last), depth)
            return
        yield run
        at, place = run.old + run.length, run.new + run.length


def _far_inside(
    old: bytes, where: tuple[int, int], new: bytes, what: tuple[int, int], depth: int
) -> Iterator[Common]:
    """Search the whole old version for a probe from the middle of the new one, where nothing is found nearby."""
    for part in _TRIES if depth < _DEEPEST else ():
        probe = what[0] + int((what[1] - what[0]) * part)
        run = _met(old, where, where[1], new, what[0], probe, what[1])
        if run is not None:
            yield from _inside(old, (where[0], run.old), new, (what[0], run.new), depth + 1)
            yield run
            yield from _inside(
                old,
                (run.old + run.length, where[1]),
                new,
                (run.new + run.length, what[1]),
                depth + 1,
            )
            return


def _met(
    old: bytes, among: tuple[int, int], end: int, new: bytes, start: int, probe: int, last: int
) -> Common | None:
    """The common range around a place of the newer text (between `start` and `last`) whose bytes are found `among` those of the older one."""
    found = old.find(new[probe : probe + _PROBE], *among) if probe + _PROBE <= last else -1
    if found < 0:
        return None
    back = same_before(old, found, new, probe, min(found - among[0], probe - start))
    on = same_from(old, found, new, probe, min(end - found, last - probe))
    return Common(found - back, probe - back, back + on) if back + on > 2 * _MARGIN else None


def same_from(old: bytes, at: int, new: bytes, place: int, limit: int) -> int:
    """How many bytes, at most `limit`, are the same from two places on; up to 64 fewer than there are."""
    length = 0
    while length < limit:
        step = min(_STEP, limit - length)
        if not old.startswith(new[place + length : place + length + step], at + length):
            break
        length += step
    else:
        return limit
    step = min(_STEP, limit - length)
    while step > 64:
        half = step // 2
        if old.startswith(new[place + length : place + length + half], at + length):
            length += half
            step -= half
        else:
            step = half
    return length


def same_before(old: bytes, at: int, new: bytes, place: int, limit: int) -> int:
    """The same for the bytes before two places."""
    length = 0
    while length < limit:
        step = min(_STEP, limit - length)
        if not old.startswith(new[place - length - step : place - length], at - length - step):
            break
        length += step
    else:
        return limit
    step = min(_STEP, limit - length)
    while step > 64:
        half = step // 2
        if old.startswith(new[place - length - half : place - length], at - length - half):
            length += half
            step -= half
        else:
            step = half
    return length
