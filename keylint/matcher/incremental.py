"""Match versions of one file: what stayed as it was need not be scanned again.

Where a version is as the one before it, its matches are known; only what changed, with a margin on
both sides, is scanned. The result is that of a whole scan for all matches that are no longer than
the margin (tests/matcher/test_incremental.py compares the two).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from keylint.matcher.common_ranges import MIN_COMMON_BYTES, CommonRange, find_common_ranges
from keylint.matcher.hyperscan import MAX_MATCHES
from keylint.matcher.match import Match

# No pattern needs more bytes than this to match: runs without an end (a token of any length) match
# at their shortest.
_MARGIN_BYTES = MIN_COMMON_BYTES // 2
# Below this size a whole scan is cheaper than a comparison.
_MIN_FILE_BYTES = 6144
_MAX_KEPT_BYTES = 8 << 20


class Version(NamedTuple):
    """What is remembered of a file: its bytes and their matches."""

    data: bytes
    matches: list[Match]


class VersionMatcher:
    """Matches versions of files one after another.

    It keeps the last version of each file, as many as fit into 8 MB: versions of a file lie side
    by side in a pack. A moved file is known by its name and folder. `scan` lists the matches of a
    text, at most `MAX_MATCHES`.
    """

    def __init__(self, scan: Callable[[bytes], list[Match]]) -> None:
        self._scan = scan
        self._last: OrderedDict[str, Version] = OrderedDict()
        self._bytes = 0

    def match_version(self, name: str, data: bytes) -> list[Match]:
        """List the matches of the next version of a file."""
        if len(data) < _MIN_FILE_BYTES:
            return self._scan(data)
        slot = '/'.join(name.rsplit('/', 2)[-2:])
        before = self._last.pop(slot, None)
        if before is not None and before.data == data:
            found = before.matches  # the same object under another path
        else:
            found = self._scan(data) if before is None else self._match_changes(before, data)
        self._bytes -= len(before.data) if before else 0
        if len(found) < MAX_MATCHES:
            self._bytes += len(data)
            self._last[slot] = Version(data, found)
        while self._bytes > _MAX_KEPT_BYTES and len(self._last) > 1:
            self._bytes -= len(self._last.popitem(last=False)[1].data)
        return found

    def _match_changes(self, before: Version, data: bytes) -> list[Match]:
        """List the matches of a version: known from the one before, or in what is new."""
        shared = list(find_common_ranges(before.data, data))
        if 2 * sum(run.length for run in shared) < len(data):
            return self._scan(data)
        zones = [zone for run in shared if (zone := _shrink(run, before.data, data)).length > 0]
        kept = [
            Match(pattern, end - zone.old + zone.new)
            for zone in zones
            for pattern, end in before.matches
            if zone.old < end <= zone.old + zone.length
        ]
        gaps = _list_gaps([(zone.new, zone.new + zone.length) for zone in zones], len(data))
        new = [match for first, last in gaps for match in self._scan_gap(data, first, last)]
        if len(kept) + len(new) >= MAX_MATCHES:  # a whole scan ends at the limit
            return self._scan(data)
        return sorted(kept + new, key=_order_of)

    def _scan_gap(self, data: bytes, first: int, last: int) -> Iterator[Match]:
        """Yield the matches that end in a range."""
        start = max(0, first - _MARGIN_BYTES)
        for pattern, end in self._scan(data[start : last + _MARGIN_BYTES]):
            if first < end + start <= last:
                yield Match(pattern, end + start)


def _order_of(match: Match) -> tuple[int, int]:
    return match.end, match.pattern.number


def _shrink(run: CommonRange, old: bytes, new: bytes) -> CommonRange:
    """Return the part of a common range in which matches end that lie in the range as a whole.

    So do the bytes around them.
    """
    first = last = _MARGIN_BYTES
    if run.old == run.new == 0:
        first = 0
    if run.old + run.length == len(old) and run.new + run.length == len(new):
        last = 0
    return CommonRange(run.old + first, run.new + first, run.length - first - last)


def _list_gaps(zones: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """Yield what lies between the zones (in order) of a text of some length."""
    position = 0
    for first, last in zones:
        if first > position:
            yield position, first
        position = last
    if position < length:
        yield position, length
