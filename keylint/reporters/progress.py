"""A line on the terminal that says how far a long run is; nothing where standard error is no terminal."""

from __future__ import annotations

import os
import sys
import time

_FIRST = 0.4
_EVERY = 0.1
_WIPE = '\r\x1b[K'


class Progress:
    """Counts items; shows itself only when the run takes longer than a moment. Use `done` before anything else is printed."""

    def __init__(self, total: int, is_wanted: bool) -> None:
        self._total = total
        self._is_on = is_wanted and sys.stderr.isatty() and os.environ.get('TERM') != 'dumb'
        self._next = time.perf_counter() + _FIRST
        self._is_shown = False

    def __call__(self, count: int) -> None:
        """`count` of the items have been started."""
        if self._is_on and time.perf_counter() >= self._next:
            self._next = time.perf_counter() + _EVERY
            self._is_shown = True
            sys.stderr.write(f'{_WIPE}scanning {count:,} of {self._total:,} ({100 * count // max(1, self._total)} %)')
            sys.stderr.flush()

    def done(self) -> None:
        """Wipe the line."""
        if self._is_shown:
            sys.stderr.write(_WIPE)
            sys.stderr.flush()
