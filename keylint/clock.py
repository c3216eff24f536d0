"""How long one blob may take: what is left when the time is over is a named failure, never silence."""

from __future__ import annotations

import time

SECONDS = 60
# The clock is looked at once for so many things.
_EVERY = 64


class Clock:
    """Runs from the moment it is made. `is_over` is asked before each of many small things; `was_over` says whether it ever said yes."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.was_over = False
        self.restart()

    def restart(self) -> None:
        """Begin anew: the next kind of work has as much time as the last one."""
        self._end = time.monotonic() + self.seconds
        self._is_over = False
        self._count = 0

    def is_over(self) -> bool:
        """Whether the time is over."""
        self._count += 1
        if not self._is_over and self._count % _EVERY == 0 and time.monotonic() > self._end:
            self._is_over = self.was_over = True
        return self._is_over
