"""How long one blob may take: what is left when the time is over is a named failure, never silence."""

from __future__ import annotations

import math
import time
from typing import NamedTuple

SECONDS = 60
# The clock is looked at once for so many things.
_EVERY = 64


class Clock:
    """Runs from the moment it is made. `is_over` is asked before each of many small things; `was_over` says whether it ever said yes."""

    def __init__(self, seconds: float) -> None:
        self.was_over = False
        self._end = time.monotonic() + seconds
        self._count = 0

    def is_over(self) -> bool:
        """Whether the time is over."""
        self._count += 1
        if not self.was_over and self._count % _EVERY == 0:
            self.was_over = time.monotonic() > self._end
        return self.was_over


class Clocks(NamedTuple):
    """Those of one blob, of all its fragments together: values are looked for until the first is over, and joined until the second is."""

    finding: Clock
    joining: Clock

    @property
    def were_over(self) -> bool:
        """Whether something was left out."""
        return self.finding.was_over or self.joining.was_over


def clocks(seconds: float = math.inf) -> Clocks:
    """So many seconds for finding values, and as many more for joining them."""
    return Clocks(Clock(seconds), Clock(2 * seconds))
