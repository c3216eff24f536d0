"""Show how far a run is: repositories, megabytes, findings, and the time that is left."""

from __future__ import annotations

import time

from keylint.fleet.database import Store
from keylint.fleet.runs import count_visits
from keylint.fleet.units import UnitAnswer
from keylint.reporters.text_report import format_size
from keylint.scanner.progress import Progress

_ENDS = ('done', 'unchanged', 'failed')


class FleetProgress(Progress):
    """Counts the answers of a run, those of an earlier process included."""

    def __init__(self, store: Store, run: int, is_wanted: bool) -> None:
        super().__init__(0, is_wanted)
        self._store = store
        self._run = run
        self._begun = time.monotonic()
        self._cut: set[int] = set()
        self._before = self._ended = self._bytes = self._found = self._failed = 0

    def start(self) -> None:
        """Count what the run is about, once it is known."""
        with self._store.begin() as connection:
            tally = count_visits(connection, self._run)
        self._total = tally.total
        self._before = self._ended = tally.total - tally.statuses.get('waiting', 0)
        self._begun = time.monotonic()

    def note_answer(self, answer: UnitAnswer) -> None:
        """Count what an answer says."""
        self._ended += answer.kind in _ENDS
        self._failed += answer.kind == 'failed'
        if answer.kind == 'chunk':
            self._cut.add(answer.repository)
        if answer.kind == 'chunk' or answer.repository not in self._cut:
            self._bytes += answer.bytes  # joining counts all of it once more
        self._found += len(answer.found)
        self(self._ended)

    def _describe(self, count: int) -> str:
        done = count - self._before
        spent = time.monotonic() - self._begun
        left = f', {spent * (self._total - count) / done:,.0f} s left' if done else ''
        failed = f', {self._failed} failed' if self._failed else ''
        return (
            f'{count:,} of {self._total:,} repositories, {format_size(self._bytes)}, '
            f'{self._found:,} found{failed}{left}'
        )
