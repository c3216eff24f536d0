"""Compare two runs: findings that are new, gone, accepted, or back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

from sqlalchemy import Connection, select

from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.fleet.codec import unpack
from keylint.fleet.report_rows import FleetTable
from keylint.fleet.runs import RunStatus
from keylint.fleet.schema import findings, repositories, sightings, visits

Change = Literal['new', 'back', 'gone', 'accepted']
_ORDER: tuple[Change, ...] = ('new', 'back', 'accepted', 'gone')
_LOOKED = ('done', 'unchanged')


class Sighting(NamedTuple):
    """From which run on a finding was in a state, and from which it no longer was."""

    from_run: int
    to_run: int | None
    state: str

    def covers(self, run: int) -> bool:
        """Tell whether a run saw it so."""
        return self.from_run <= run and (self.to_run is None or run < self.to_run)


class RunComparison(NamedTuple):
    """What has changed, and how many repositories the later run could not look at.

    `dropped` are those that the earlier run was about and the later one is not.
    """

    table: FleetTable
    counts: dict[Change, int]
    unseen: int
    dropped: int

    @property
    def exit_code(self) -> int:
        """0: nothing new, 1: new or back, 2: not everything was looked at."""
        if self.unseen:
            return 2
        return int(self.counts['new'] + self.counts['back'] > 0)


def classify_change(seen: Iterable[Sighting], before: int, after: int) -> Change | None:
    """Say what has become of a finding between two runs; None where it is as it was."""
    rows = list(seen)
    was_open = any(one.state == 'open' and one.covers(before) for one in rows)
    is_open = any(one.state == 'open' and one.covers(after) for one in rows)
    if was_open and not is_open:
        return 'accepted' if any(one.covers(after) for one in rows) else 'gone'
    if is_open and not was_open:
        was_known = any(one.state == 'open' and one.from_run <= before for one in rows)
        return 'back' if was_known else 'new'
    return None


def compare_runs(connection: Connection, before: RunStatus, after: RunStatus) -> RunComparison:
    """Compare the findings of repositories that the later run has looked at."""
    statuses = _read_statuses(connection, after.id)
    dropped = len(_read_statuses(connection, before.id).keys() - statuses.keys())
    changes = _list_changes(connection, before.id, after.id)
    rows = []
    counts: dict[Change, int] = dict.fromkeys(_ORDER, 0)
    for number, repository, change in changes:
        if statuses.get(repository) in _LOOKED:
            counts[change] += 1
            rows.append((change, *_describe_finding(connection, number)))
    rows.sort(key=lambda row: (_ORDER.index(row[0]), *map(str, row[1:])))
    columns = ('change', 'severity', 'title', 'issuer', 'repository', 'team', 'place')
    table = FleetTable('change', columns, [tuple(row) for row in rows])
    unseen = sum(status not in _LOOKED for status in statuses.values())
    return RunComparison(table, counts, unseen, dropped)


def _read_statuses(connection: Connection, run: int) -> dict[int, str]:
    """Read what a run did with each repository that it was about."""
    query = select(visits.c.repository_id, visits.c.status).where(visits.c.run_id == run)
    return {row.repository_id: row.status for row in connection.execute(query)}


def _list_changes(connection: Connection, before: int, after: int) -> list[tuple[int, int, Change]]:
    """List findings that have changed: number, repository, what has become of it."""
    own = sightings.c
    query = (
        select(own.finding_id, findings.c.repository_id, own.from_run, own.to_run, own.state)
        .join(findings, findings.c.id == own.finding_id)
        .order_by(own.finding_id, own.from_run)
    )
    found = []
    rows = connection.execute(query)
    for (number, repository), group in groupby(rows, key=lambda row: (row[0], row[1])):
        seen = [Sighting(row[2], row[3], row[4]) for row in group]
        change = classify_change(seen, before, after)
        if change is not None:
            found.append((number, repository, change))
    return found


def _describe_finding(connection: Connection, number: int) -> Sequence[str]:
    own, owner = findings.c, repositories.c
    row = connection.execute(
        select(own.severity, own.issuer, own.data, owner.name, owner.team)
        .join(repositories, owner.id == own.repository_id)
        .where(own.id == number)
    ).one()
    finding = unpack(Finding, bytes(row.data))
    place = f'{finding.path}:{finding.place.line}'
    return (row.severity, finding.title, row.issuer, row.name, row.team, place)
