"""Wait until nobody has typed for a moment before a text is scanned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Cancellable(Protocol):
    """Something that was put off and can be called off."""

    def cancel(self) -> object:
        """Call it off."""


# Calls a function after so many seconds: the clock of the server, or that of a test.
Schedule = Callable[[float, Callable[[], None]], Cancellable]


class Debouncer:
    """Runs the last of several calls for a name, when no other has come for `seconds`."""

    def __init__(self, schedule: Schedule, seconds: float) -> None:
        self._schedule = schedule
        self._seconds = seconds
        self._waiting: dict[str, Cancellable] = {}

    def call_later(self, name: str, work: Callable[[], None]) -> None:
        """Put a call off, in the place of one that waits."""
        self.cancel(name)

        def run() -> None:
            self._waiting.pop(name, None)
            work()

        self._waiting[name] = self._schedule(self._seconds, run)

    def cancel(self, name: str) -> None:
        """Call off what waits for a name."""
        if waiting := self._waiting.pop(name, None):
            waiting.cancel()
