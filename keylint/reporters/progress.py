"""Show on the terminal how far a long run is; nothing if standard error is not a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from itertools import accumulate

_DELAY_SECONDS = 0.4
_INTERVAL_SECONDS = 0.1
_CLEAR_LINE = '\r\x1b[K'


class Progress:
    """Show a count of items when the run takes longer than a moment.

    Call `done` before anything else is printed.
    """

    def __init__(self, total: int, is_wanted: bool) -> None:
        self._total = total
        self._is_on = is_wanted and sys.stderr.isatty() and os.environ.get('TERM') != 'dumb'
        self._next = time.perf_counter() + _DELAY_SECONDS
        self._is_shown = False

    def __call__(self, count: int) -> None:
        """Say that `count` of the items have been started."""
        if self._is_on and time.perf_counter() >= self._next:
            self._next = time.perf_counter() + _INTERVAL_SECONDS
            self._show_line(self._format_line(count))

    def _format_line(self, count: int) -> str:
        return f'scanning {count:,} of {self._total:,} ({100 * count // max(1, self._total)} %)'

    def _show_line(self, text: str) -> None:
        self._is_shown = True
        sys.stderr.write(_CLEAR_LINE + text)
        sys.stderr.flush()

    def done(self) -> None:
        """Wipe the line."""
        if self._is_shown:
            sys.stderr.write(_CLEAR_LINE)
            sys.stderr.flush()


class HistoryProgress(Progress):
    """Show the same for the chunks of a history: objects, megabytes, findings, remaining time.

    `chunks` holds the number of objects and of bytes of each chunk, in the order in which they are
    started; `found` returns the number of findings so far.
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

    def _format_line(self, count: int) -> str:
        done, total = self._bytes[count], self._bytes[-1]
        left = (time.perf_counter() - self._started) * (total - done) / done if done else 0.0
        rest = f', {left:,.0f} s left' if done else ''
        return (
            f'{self._objects[count]:,} of {self._objects[-1]:,} objects, '
            f'{done / 1e6:,.0f} of {total / 1e6:,.0f} MB, {self._found()} found{rest}'
        )
