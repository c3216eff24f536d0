"""Say what a report rests on: the last run, and what could not be looked at."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, select

from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.fleet.counts import format_count
from keylint.fleet.runs import RunStatus, count_visits, find_run
from keylint.fleet.schema import failures, repositories, visits

_MAX_SHOWN = 20


class StoreStatus(NamedTuple):
    """What is known of a store's repositories, and of how much of them.

    `failed` are those that the last run could not look at, `partial` those of which it could not
    look at all, `waiting` those that it has not reached; what is reported of them is older.
    `earlier` are those that only earlier runs were about, `earlier_failed` those of them that the
    last of these could not look at.
    """

    run: RunStatus
    repositories: int
    failed: int
    partial: int
    waiting: int
    earlier: int
    earlier_failed: int
    reasons: tuple[tuple[str, str, str], ...]

    @property
    def is_whole(self) -> bool:
        """Whether the last run has looked at everything that it was about."""
        is_complete = self.run.status == 'complete'
        return is_complete and not (self.failed or self.partial or self.waiting)

    def describe(self) -> str:
        """Say in a sentence what the report rests on."""
        count = format_count(self.repositories, 'repository')
        text = f'Run {self.run.id} of {self.run.started[:10]}, {count}'
        more = self._describe_earlier()
        gaps = [
            f'{count:,} {words}'
            for count, words in (
                (self.failed, 'could not be looked at'),
                (self.partial, 'only in part'),
                (self.waiting, 'not yet'),
            )
            if count
        ]
        if gaps or self.run.status != 'complete':
            return f'{text}: {", ".join(gaps or ["not all of them are known yet"])}.{more}'
        return f'{text}, all of them looked at.{more}'

    def _describe_earlier(self) -> str:
        """Say how many repositories the last run was not about, which the report shows too."""
        if not self.earlier:
            return ''
        text = f' {self.earlier:,} more of earlier runs'
        failed = f', {self.earlier_failed:,} could not be looked at' if self.earlier_failed else ''
        return f'{text}{failed}.'


def read_status(connection: Connection) -> StoreStatus:
    """Read what the last run was about. Raises SourceError for a store without a run."""
    run = find_run(connection, 'last')
    counts = count_visits(connection, run.id).statuses
    partial = select(func.count(failures.c.repository_id.distinct())).join(
        visits,
        and_(
            visits.c.run_id == failures.c.run_id, visits.c.repository_id == failures.c.repository_id
        ),
    )
    partial = partial.where(failures.c.run_id == run.id, visits.c.status != 'failed')
    return StoreStatus(
        run,
        sum(counts.values()),
        counts.get('failed', 0),
        connection.execute(partial).scalar_one(),
        counts.get('waiting', 0),
        *_count_earlier(connection, run.id),
        tuple(_list_reasons(connection, run.id)),
    )


def _count_earlier(connection: Connection, run: int) -> tuple[int, int]:
    """Count the repositories that a run is not about, and those of them that were not looked at."""
    own = visits.c
    newest = select(own.repository_id, func.max(own.run_id).label('run')).group_by(
        own.repository_id
    )
    last = newest.subquery()
    query = (
        select(own.status, func.count())
        .join(last, and_(last.c.run == own.run_id, last.c.repository_id == own.repository_id))
        .where(own.run_id != run)
        .group_by(own.status)
    )
    counts = {row[0]: int(row[1]) for row in connection.execute(query)}
    return sum(counts.values()), counts.get('failed', 0) + counts.get('waiting', 0)


def check_team(connection: Connection, team: str | None) -> None:
    """Refuse a team that no repository has: nothing found must not mean misspelt."""
    if team is not None:
        query = select(func.count()).where(repositories.c.team == team)
        if not connection.execute(query).scalar():
            raise SourceError('--team: no repository of the store has this team')


def _list_reasons(connection: Connection, run: int) -> Iterator[tuple[str, str, str]]:
    """Yield repository, place and reason of the first failures of a run."""
    own = failures.c
    query = (
        select(repositories.c.name, own.path, own.error)
        .join(repositories, repositories.c.id == own.repository_id)
        .where(own.run_id == run)
        .order_by(own.repository_id, own.id)
        .limit(_MAX_SHOWN)
    )
    for row in connection.execute(query):
        yield row[0], row[1], row[2]
