"""What a run needs of whatever does its units."""

from __future__ import annotations

from typing import Protocol

from keylint.core.records import NamedTuple
from keylint.fleet.units import UnitAnswer, WorkUnit


class DoneUnit(NamedTuple):
    """A unit and its answer; None where there is none, and `why`."""

    unit: WorkUnit
    answer: UnitAnswer | None
    why: str = ''


class Executor(Protocol):
    """Does units somewhere. A unit is done once or, after an accident, again."""

    @property
    def window(self) -> int:
        """How many units may be on their way at one time."""

    def submit(self, unit: WorkUnit) -> None:
        """Hand over a unit."""

    def take_done(self) -> DoneUnit:
        """Wait for a unit. Raises SourceError if nobody works any more."""
