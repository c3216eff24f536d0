"""How long one blob may take, and how much of it may be kept: what is left when that is over is a named failure, never silence."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import NamedTuple

SECONDS = 60
# Values of one blob that may be secrets, each takes about a kilobyte until all of them are joined; and credentials that they are joined to,
# of which some only repeat others.
MOST_VALUES = 50_000
MOST_JOINED = 20_000
# The clock is looked at once for so many things.
_EVERY = 64


class Clock:
    """Runs `seconds` from `before` seconds after it was made, and counts `most` of `what`. `is_over` is asked before each of many small things;
    `why` says what was too much, once something was. `read_time` gives the seconds since some moment.
    """

    def __init__(
        self,
        seconds: float,
        most: float = math.inf,
        what: str = '',
        before: float = 0,
        read_time: Callable[[], float] = time.monotonic,
    ) -> None:
        self.why = ''
        self._seconds = seconds
        self._most = most
        self._what = what
        self._read_time = read_time
        self._end = read_time() + before + seconds
        self._count = 0
        self._kept = 0

    def is_over(self) -> bool:
        """Whether the time is over, or more was kept than there is room for."""
        self._count += 1
        if not self.why and self._count % _EVERY == 0 and self._read_time() > self._end:
            self.why = f'it takes more than {self._seconds:g} s: the rest was not looked at'
        return bool(self.why)

    def keep(self) -> None:
        """One more thing is kept until the blob is done."""
        self._kept += 1
        if self._kept > self._most:
            self.why = (
                self.why or f'more than {self._most} {self._what}: the rest was not looked at'
            )


class Clocks(NamedTuple):
    """Those of one blob, of all its fragments together: values are looked for until the first is over, and joined until the second is."""

    finding: Clock
    joining: Clock

    @property
    def why(self) -> str:
        """What was too much, where something was left out."""
        return self.finding.why or self.joining.why


def clocks(seconds: float = math.inf, read_time: Callable[[], float] = time.monotonic) -> Clocks:
    """So many seconds for finding values, and as many more for joining them."""
    if seconds == math.inf:
        return Clocks(Clock(seconds), Clock(seconds))
    return Clocks(
        Clock(seconds, MOST_VALUES, 'values that may be secrets', read_time=read_time),
        Clock(seconds, MOST_JOINED, 'credentials', before=seconds, read_time=read_time),
    )
