"""Say what came of a run: a line for what was looked at, one for what was found, and the code."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from keylint.core.records import NamedTuple
from keylint.fleet.counts import format_count
from keylint.fleet.runs import StoredRun, Tally, count_visits
from keylint.fleet.schema import failures, findings, sightings, visits
from keylint.reporters.text import sanitize_text
from keylint.reporters.text_report import format_size


class RunSummary(NamedTuple):
    """What a run did. `counted` are open findings as severe as each configuration asks for."""

    run: StoredRun
    tally: Tally
    open: int
    counted: int
    repositories: int
    failures: int
    hidden: int
    skipped: int

    @property
    def exit_code(self) -> int:
        """0: clean, 1: findings, 2: not everything was looked at."""
        if self.failures or self.tally.statuses.get('failed') or self.tally.statuses.get('waiting'):
            return 2
        return int(self.counted > 0)


def summarise_run(connection: Connection, run: StoredRun) -> RunSummary:
    """Count what the repositories of a run have now."""
    own = findings.c
    query = (
        select(
            func.count(own.id), func.sum(own.is_counted.cast(visits.c.objects.type)),
            func.count(own.repository_id.distinct()),
        )
        .join(sightings, sightings.c.finding_id == own.id)
        .join(visits, visits.c.repository_id == own.repository_id)
        .where(sightings.c.to_run.is_(None), sightings.c.state == 'open')
        .where(visits.c.run_id == run.id)
    )  # fmt: skip
    count, counted, holding = connection.execute(query).one()
    failed = select(func.count()).select_from(failures).where(failures.c.run_id == run.id)
    sums = select(func.sum(visits.c.hidden), func.sum(visits.c.skipped))
    hidden, skipped = connection.execute(sums.where(visits.c.run_id == run.id)).one()
    return RunSummary(
        run,
        count_visits(connection, run.id),
        count,
        counted or 0,
        holding,
        connection.execute(failed).scalar_one(),
        hidden or 0,
        skipped or 0,
    )


def format_summary(summary: RunSummary, store: str) -> str:
    """Format the summary in a few lines."""
    statuses = summary.tally.statuses
    words = (('done', 'looked at'), ('unchanged', 'unchanged'), ('failed', 'failed'))
    counts = [f'{statuses[name]:,} {word}' for name, word in words if statuses.get(name)]
    lines = [
        f'run {summary.run.id}: {format_count(summary.tally.total, "repository")}: '
        f'{", ".join(counts)}; {format_count(summary.tally.objects, "object")}, '
        f'{format_size(summary.tally.bytes)}',
        f'{format_count(summary.open, "open finding")} in '
        f'{format_count(summary.repositories, "repository")}',
    ]
    if summary.failures:
        lines.append(f'{format_count(summary.failures, "place")} could not be scanned')
    if summary.hidden or summary.skipped:
        lines.append(
            f'by the configurations of the repositories: {summary.hidden:,} findings hidden, '
            f'{summary.skipped:,} objects excluded (--isolated reads none)'
        )
    shown = '' if store == 'fleet.db' else f' --store {sanitize_text(store.partition("?")[0])}'
    lines.append(f'what to revoke first: keylint fleet report{shown}')
    return '\n'.join(lines)
