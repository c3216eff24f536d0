"""What a run needs of whatever does its units."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from keylint.fleet.units import Answer, Unit


class Done(NamedTuple):
    """A unit and its answer; None where there is none, and `why`."""

    unit: Unit
    answer: Answer | None
    why: str = ''


class Executor(Protocol):
    """Does units somewhere. A unit is done once or, after an accident, again."""

    @property
    def window(self) -> int:
        """How many units may be on their way at one time."""

    def submit(self, unit: Unit) -> None:
        """Hand over a unit."""

    def take_done(self) -> Done:
        """Wait for a unit. Raises SourceError if nobody works any more."""
