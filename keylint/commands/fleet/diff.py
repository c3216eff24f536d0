"""`keylint fleet diff RUN RUN`: what is new, gone, accepted and back."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import closing

from keylint.commands.fleet.report import print_or_write
from keylint.core.errors import ConfigError
from keylint.fleet.compare_runs import RunComparison, compare_runs
from keylint.fleet.counts import format_count
from keylint.fleet.database import open_store
from keylint.fleet.report_text import write_table_csv, write_table_json, write_table_text
from keylint.fleet.runs import find_run


def run(arguments: Namespace) -> int:
    """Write the changes. Return 1 if anything is new or back, 2 if not everything was seen."""
    with closing(open_store(arguments.store, is_new=False)) as store, store.begin() as connection:
        before = find_run(connection, arguments.before)
        after = find_run(connection, arguments.after)
        if before.id >= after.id:
            raise ConfigError('the earlier run comes first: keylint fleet diff EARLIER LATER')
        found = compare_runs(connection, before, after)
    about: list[tuple[str, object]] = [
        ('before', before.id), ('after', after.id), *found.counts.items(), ('unseen', found.unseen),
        ('dropped', found.dropped),
    ]  # fmt: skip
    if arguments.format == 'json':
        text = write_table_json(found.table, about)
    elif arguments.format == 'csv':
        text = write_table_csv(found.table)
    else:
        text = _write_text(found, before.id, after.id)
    print_or_write(text, arguments.output)
    if found.unseen:
        count = format_count(found.unseen, 'repository')
        print(f'keylint: run {after.id} has not looked at {count}', file=sys.stderr)
    if found.dropped:
        count = format_count(found.dropped, 'repository')
        print(
            f'keylint: run {after.id} is not about {count} of run {before.id}; '
            'what became of their findings is not known',
            file=sys.stderr,
        )
    return found.exit_code


def _write_text(found: RunComparison, before: int, after: int) -> str:
    counts = ', '.join(f'{count:,} {name}' for name, count in found.counts.items())
    head = f'run {before} to run {after}: {counts}\n'
    return f'{head}\n{write_table_text(found.table)}\n' if found.table.rows else head
