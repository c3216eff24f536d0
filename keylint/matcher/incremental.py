"""Match versions of one file: what stayed as it was need not be scanned again.

Where a version is as the one before it, its matches are known; only what changed, with a margin on
both sides, is scanned. The result is that of a whole scan for all matches that are no longer than
the margin (tests/matcher/test_incremental.py compares the two).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from keylint.matcher.common_ranges import (
    MIN_COMMON_BYTES,
    PROBE_BYTES,
    CommonRange,
    find_common_ranges,
)
from keylint.matcher.match import Match

# No pattern needs more bytes than this to match: runs without an end (a token of any length) match
# at their shortest.
_MARGIN_BYTES = MIN_COMMON_BYTES // 2
# Below this size a whole scan is cheaper than a comparison.
_MIN_FILE_BYTES = 6144
_MAX_KEPT_BYTES = 8 << 20


class Version(NamedTuple):
    """What is remembered of a file: its path, its bytes and their matches."""

    name: str
    data: bytes
    matches: list[Match]


class VersionMatches(NamedTuple):
    """The matches of a version.

    `is_same` says that it differs from the one before only far away from any match.
    """

    matches: list[Match]
    is_same: bool


class VersionMatcher:
    """Matches versions of files one after another.

    It keeps the last version of each file, as many as fit into 8 MB: versions of a file lie side
    by side in a pack. A moved file is known by its name and folder. `scan` lists the matches of a
    text, `mentions` the issuers (as numbers) that a text mentions.
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
        if len(data) < _MIN_FILE_BYTES:
            return VersionMatches(self._scan(data), False)
        slot = '/'.join(name.rsplit('/', 2)[-2:])
        before = self._last.pop(slot, None)
        if before is None:
            found = VersionMatches(self._scan(data), False)
        else:
            found = self._match_changes(before, data)
        self._bytes += len(data) - (len(before.data) if before else 0)
        self._last[slot] = Version(name, data, found.matches)
        if before is None or before.name != name:
            found = VersionMatches(found.matches, False)
        while self._bytes > _MAX_KEPT_BYTES and len(self._last) > 1:
            self._bytes -= len(self._last.popitem(last=False)[1].data)
        return found

    def _match_changes(self, before: Version, data: bytes) -> VersionMatches:
        """List the matches of a version: known from the one before, or in what is new."""
        shared = list(find_common_ranges(before.data, data))
        if 2 * sum(run.length for run in shared) < len(data):
            return VersionMatches(self._scan(data), False)
        zones = [zone for run in shared if (zone := _shrink(run, before.data, data)).length > 0]
        kept = [
            Match(pattern, end - zone.old + zone.new)
            for zone in zones
            for pattern, end in before.matches
            if zone.old < end <= zone.old + zone.length
        ]
        gaps = list(_list_gaps([(zone.new, zone.new + zone.length) for zone in zones], len(data)))
        new = [match for first, last in gaps for match in self._scan_gap(data, first, last)]
        is_far = bool(kept) and not new and len(kept) == len(before.matches)
        if is_far:
            old_zones = [(zone.old, zone.old + zone.length) for zone in zones]
            old_gaps = _list_gaps(old_zones, len(before.data))
            is_far = self._list_mentions(before.data, old_gaps) == self._list_mentions(data, gaps)
        return VersionMatches(sorted(kept + new, key=_order_of), is_far)

    def _scan_gap(self, data: bytes, first: int, last: int) -> Iterator[Match]:
        """Yield the matches that end in a range."""
        start = max(0, first - _MARGIN_BYTES)
        for pattern, end in self._scan(data[start : last + _MARGIN_BYTES]):
            if first < end + start <= last:
                yield Match(pattern, end + start)

    def _list_mentions(self, data: bytes, gaps: Iterable[tuple[int, int]]) -> frozenset[int]:
        """List what some ranges mention."""
        return frozenset().union(
            *(
                self._mentions(data[max(0, first - PROBE_BYTES) : last + PROBE_BYTES])
                for first, last in gaps
            )
        )


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
