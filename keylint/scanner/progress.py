"""Show on the terminal how far a long run is; nothing if standard error is no terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from itertools import accumulate

_DELAY_SECONDS = 0.4
_INTERVAL_SECONDS = 0.1
_WIPE = '\r\x1b[K'


class Progress:
    """Count items, and show the count if the run takes longer than a moment.

    Use `done` before anything else is printed.
    """

    def __init__(self, total: int, is_wanted: bool) -> None:
        self._total = total
        self._is_on = is_wanted and sys.stderr.isatty() and os.environ.get('TERM') != 'dumb'
        self._next = time.perf_counter() + _DELAY_SECONDS
        self._is_shown = False

    def __call__(self, count: int) -> None:
        """Note that `count` of the items have been started."""
        if self._is_on and time.perf_counter() >= self._next:
            self._next = time.perf_counter() + _INTERVAL_SECONDS
            self._show(self._describe(count))

    def _describe(self, count: int) -> str:
        return f'scanning {count:,} of {self._total:,} ({100 * count // max(1, self._total)} %)'

    def _show(self, text: str) -> None:
        self._is_shown = True
        sys.stderr.write(_WIPE + text)
        sys.stderr.flush()

    def done(self) -> None:
        """Wipe the line."""
        if self._is_shown:
            sys.stderr.write(_WIPE)
            sys.stderr.flush()


class HistoryProgress(Progress):
    """Count the chunks of a history: objects, megabytes, findings and the time that is left.

    `chunks` are the objects and bytes of each, in the order in which they are started; `found`
    counts the findings so far.
    """

    def __init__(
        self,
        chunks: Sequence[tuple[int, int]],
        is_wanted: bool,
        found: Callable[[], int] = lambda: 0,
    ) -> None:
        super().__init__(len(chunks), is_wanted)
        self._objects = [0, *accumulate(objects for objects, _ in chunks)]
        self._bytes = [0, *accumulate(size for _, size in chunks)]
        self._found = found
        self._started = time.perf_counter()

    def _describe(self, count: int) -> str:
        done, total = self._bytes[count], self._bytes[-1]
        left = (time.perf_counter() - self._started) * (total - done) / done if done else 0.0
        rest = f', {left:,.0f} s left' if done else ''
        return (
            f'{self._objects[count]:,} of {self._objects[-1]:,} objects, '
            f'{done / 1e6:,.0f} of {total / 1e6:,.0f} MB, {self._found()} found{rest}'
        )
