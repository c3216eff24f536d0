"""Deadlines and quotas for one blob. Work that they cut off becomes a named failure."""

from __future__ import annotations

import time
from collections.abc import Callable

from keylint.core.limits import MAX_CANDIDATES, MAX_CREDENTIALS
from keylint.core.records import NamedTuple

_NEVER = float('inf')
# Calls of `is_over` for each check of the clock.
_CALLS_PER_CHECK = 64


class Deadline:
    """A deadline together with a quota.

    The deadline is `before + seconds` seconds after creation; `before` is time that another
    deadline allows first. The quota is `most` items, called `what` in messages. `why` is the reason
    once either is exceeded, and empty until then. `read_time` returns seconds since any moment.
    """

    def __init__(
        self,
        seconds: float,
        most: float = _NEVER,
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
        self._calls = 0
        self._kept = 0

    def is_over(self) -> bool:
        """Tell whether the deadline or the quota is exceeded: cheap enough for inner loops."""
        self._calls += 1
        if not self.why and self._calls % _CALLS_PER_CHECK == 0 and self._read_time() > self._end:
            self.why = f'it takes more than {self._seconds:g} s: the rest was not looked at'
        return bool(self.why)

    def keep(self) -> None:
        """Count one more item that stays in memory until the blob is done."""
        self._kept += 1
        if self._kept > self._most:
            self.why = (
                self.why or f'more than {self._most} {self._what}: the rest was not looked at'
            )


class Deadlines(NamedTuple):
    """The two deadlines of a blob, shared by all its fragments.

    Candidates are searched for until `finding` is over and grouped until `joining` is over.
    """

    finding: Deadline
    joining: Deadline

    @property
    def why(self) -> str:
        """Say which limit cut something off, empty if none did."""
        return self.finding.why or self.joining.why


def make_deadlines(
    seconds: float = _NEVER, read_time: Callable[[], float] = time.monotonic
) -> Deadlines:
    """Allow `seconds` for finding candidates and the same again for grouping them."""
    if seconds == _NEVER:
        return Deadlines(Deadline(seconds), Deadline(seconds))
    return Deadlines(
        Deadline(seconds, MAX_CANDIDATES, 'values that may be secrets', read_time=read_time),
        Deadline(seconds, MAX_CREDENTIALS, 'credentials', before=seconds, read_time=read_time),
    )
