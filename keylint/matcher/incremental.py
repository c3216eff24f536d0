"""Match a text derived from one that is already matched: unchanged parts are not scanned again.

This applies to versions of one file, and to a text in which literals are joined or runs are
decoded. The matches in unchanged parts are known; only the changes, with a margin on both sides,
are scanned. The result equals that of a whole scan for all matches that are no longer than the
margin (tests/matcher/test_incremental.py compares the two).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence

from keylint.core.records import NamedTuple
from keylint.matcher.common_ranges import MIN_COMMON_BYTES, CommonRange, find_common_ranges
from keylint.matcher.hyperscan import MAX_MATCHES, Matcher
from keylint.matcher.match import Match
from keylint.matcher.prefilter import filter_by_context, filter_by_words

# No pattern needs more bytes than this to match: unbounded runs (a token of any length) match at
# their shortest.
_MARGIN_BYTES = MIN_COMMON_BYTES // 2
# A shorter range is scanned together with the changes around it.
_MIN_KNOWN_BYTES = _MARGIN_BYTES
# Below this size a whole scan is cheaper than a comparison.
_MIN_FILE_BYTES = 6144
_MAX_KEPT_BYTES = 8 << 20


Scan = Callable[[bytes], list[Match]]


class Version(NamedTuple):
    """The remembered state of a file: its bytes and their matches."""

    data: bytes
    matches: Sequence[Match]


class VersionMatcher:
    """Matches versions of files one after another.

    It keeps the last version of each file, as many as fit into 8 MB: versions of a file are
    adjacent in a pack. A moved file is recognised by its name and folder. `scan` lists the matches
    of a text, at most `MAX_MATCHES`. `select` keeps the matches that may mean something, judged by
    the bytes around them within the margin; it is not called if there are too many.
    """

    def __init__(
        self, scan: Scan, select: Callable[[bytes, list[Match]], list[Match]] | None = None
    ) -> None:
        self._scan_all = scan
        self._select = select
        self._last: OrderedDict[str, Version] = OrderedDict()
        self._bytes = 0

    def match_version(self, name: str, data: bytes) -> Sequence[Match]:
        """List the matches of the next version of a file."""
        if len(data) < _MIN_FILE_BYTES:
            return self._scan(data)
        slot = '/'.join(name.rsplit('/', 2)[-2:])
        before = self._last.pop(slot, None)
        if before is not None and before.data == data:
            found = before.matches  # the same blob under another path
        elif before is None:
            found = self._scan(data)
        else:
            found = match_changes(before, data, find_common_ranges(before.data, data), self._scan)
        self._bytes -= len(before.data) if before else 0
        if len(found) < MAX_MATCHES:
            self._bytes += len(data)
            self._last[slot] = Version(data, found)
        while self._bytes > _MAX_KEPT_BYTES and len(self._last) > 1:
            self._bytes -= len(self._last.popitem(last=False)[1].data)
        return found

    def _scan(self, data: bytes) -> list[Match]:
        found = self._scan_all(data)
        if self._select is None or len(found) >= MAX_MATCHES:
            return found
        return self._select(data, found)


def match_changes(
    before: Version, data: bytes, shared: Iterable[CommonRange], scan: Scan
) -> list[Match]:
    """List the matches of a text: those known from the previous one, and those in its changes.

    `shared` are the ranges that both have in common, in order.
    """
    ranges = list(shared)
    if 2 * sum(run.length for run in ranges) < len(data):
        return scan(data)
    zones = [
        zone
        for run in ranges
        if (zone := _shrink(run, before.data, data)).length >= _MIN_KNOWN_BYTES
    ]
    kept = _move_matches(before.matches, zones)
    gaps = _list_gaps([(zone.new, zone.new + zone.length) for zone in zones], len(data))
    new: list[Match] = []
    for first, last in gaps:
        found = _scan_gap(data, first, last, scan)
        if found is None:
            return scan(data)
        new += found
    if len(kept) + len(new) >= MAX_MATCHES:  # a whole scan ends at the limit
        return scan(data)
    return sorted(kept + new, key=_order_of)


def match_rewritten(
    before: Version, data: bytes, shared: Iterable[CommonRange], matcher: Matcher
) -> list[Match]:
    """List the leak matches that may mean something in a text derived from another one.

    The matches `before` were selected in the same way.
    """

    def scan(part: bytes) -> list[Match]:
        return filter_by_words(part, matcher.find_leak_matches(part))

    return filter_by_context(data, match_changes(before, data, shared, scan))


def _move_matches(matches: Sequence[Match], zones: Sequence[CommonRange]) -> list[Match]:
    """List the matches that end in the zones, with their ends in the newer text."""
    ends = [match.end for match in matches]
    return [
        Match(pattern, end - zone.old + zone.new)
        for zone in zones
        for pattern, end in matches[
            bisect_right(ends, zone.old) : bisect_right(ends, zone.old + zone.length)
        ]
    ]


def _scan_gap(data: bytes, first: int, last: int, scan: Scan) -> list[Match] | None:
    """List the matches that end in a range; None if the matcher reached its limit."""
    start = max(0, first - _MARGIN_BYTES)
    found = scan(data[start : last + _MARGIN_BYTES])
    if len(found) >= MAX_MATCHES:
        return None
    return [Match(pattern, end + start) for pattern, end in found if first < end + start <= last]


def _order_of(match: Match) -> tuple[int, int]:
    return match.end, match.pattern.number


def _shrink(run: CommonRange, old: bytes, new: bytes) -> CommonRange:
    """Return the part of a common range whose matches are certain to lie inside the range.

    The bytes around these matches lie inside it too.
    """
    first = last = _MARGIN_BYTES
    if run.old == run.new == 0:
        first = 0
    if run.old + run.length == len(old) and run.new + run.length == len(new):
        last = 0
    return CommonRange(run.old + first, run.new + first, run.length - first - last)


def _list_gaps(zones: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """Yield the gaps between the zones (in order) of a text of some length."""
    position = 0
    for first, last in zones:
        if first > position:
            yield position, first
        position = last
    if position < length:
        yield position, length
