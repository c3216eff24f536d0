"""The gate over versions of one file: what stayed as it was need not be looked at again.

Two versions of a file mostly differ in one place. Where a version begins and ends as the one before it, the gate saw all there is to
see; only what lies between, with a margin on both sides, is scanned. The result is the same as that of a whole scan for all matches
that are no longer than the margin (tests/test_versions.py compares the two).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

Wakes = list[tuple[int, int]]

# No pattern of the gate matches more bytes than this, runs without end (a token of any length) wake at their shortest.
_MARGIN = 4096
# Below this size a whole scan is cheaper than a comparison.
_SMALL = 3 * _MARGIN
_STEP = 1 << 16
_KEPT_BYTES = 48 << 20


class Version(NamedTuple):
    """What is remembered of a file: its bytes and what the gate saw in them."""

    data: bytes
    wakes: Wakes


class Seen(NamedTuple):
    """What the gate sees in a version. `is_same` says that it differs from the one before only far away from anything it sees."""

    wakes: Wakes
    is_same: bool


class Versions:
    """The newest version of each file, as many as fit into some 50 MB."""

    def __init__(self, scan: Callable[[bytes], Wakes], mentions: Callable[[bytes], frozenset[int]]) -> None:
        self._scan = scan
        self._mentions = mentions
        self._last: OrderedDict[str, Version] = OrderedDict()
        self._bytes = 0
        self._newest: Version | None = None

    def look(self, name: str, data: bytes) -> Seen:
        """What the gate sees in the next version of a file; a file that is new here is compared with the one before it, often a copy."""
        if len(data) < _SMALL:
            return Seen(self._scan(data), False)
        own = self._last.pop(name, None)
        before = own or self._newest
        seen = Seen(self._scan(data), False) if before is None else self._changed(before, data)
        self._newest = Version(data, seen.wakes)
        self._bytes += len(data) - (len(own.data) if own else 0)
        self._last[name] = self._newest
        if own is None:
            seen = seen._replace(is_same=False)
        while self._bytes > _KEPT_BYTES and len(self._last) > 1:
            self._bytes -= len(self._last.popitem(last=False)[1].data)
        return seen

    def _changed(self, before: Version, data: bytes) -> Seen:
        old = before.data
        head = common_start(old, data)
        tail = common_end(old, data, head)
        if head + tail < _SMALL:
            return Seen(self._scan(data), False)
        moved = len(data) - len(old)
        # Whole matches up to `first` and from `last` on lie in what both have.
        first, last = head - _MARGIN, len(data) - tail + _MARGIN
        start, stop = max(0, first - _MARGIN), min(len(data), last + _MARGIN)
        inner = [(number, end + start) for number, end in self._scan(data[start:stop])]
        new = [wake for wake in inner if first < wake[1] <= last]
        kept = [wake for wake in before.wakes if wake[1] <= first]
        later = [(number, end + moved) for number, end in before.wakes if end + moved > last]
        is_far = not new and len(kept) + len(later) == len(before.wakes)
        return Seen(kept + new + later, is_far and self._mentions(old[start : stop - moved]) == self._mentions(data[start:stop]))


def common_start(old: bytes, new: bytes) -> int:
    """How many bytes two texts begin with in common, to within 64 bytes below."""
    limit = min(len(old), len(new))
    start = 0
    while start < limit:
        stop = min(start + _STEP, limit)
        if not old.startswith(new[start:stop], start):
            break
        start = stop
    else:
        return limit
    stop = min(start + _STEP, limit)
    while stop - start > 64:
        middle = (start + stop) // 2
        if old[start:middle] == new[start:middle]:
            start = middle
        else:
            stop = middle
    return start


def common_end(old: bytes, new: bytes, head: int) -> int:
    """How many bytes two texts end with in common behind their first `head`, to within 64 bytes below."""
    limit = min(len(old), len(new)) - head
    start = 0
    while start < limit:
        stop = min(start + _STEP, limit)
        if old[len(old) - stop : len(old) - start] != new[len(new) - stop : len(new) - start]:
            break
        start = stop
    else:
        return limit
    stop = min(start + _STEP, limit)
    while stop - start > 64:
        middle = (start + stop) // 2
        if old[len(old) - middle : len(old) - start] == new[len(new) - middle : len(new) - start]:
            start = middle
        else:
            stop = middle
    return start
