"""`keylint fleet report`: which credentials stand in which repositories, what to revoke first."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing

from sqlalchemy import Connection

from keylint.core.errors import ConfigError
from keylint.fleet.counts import format_count
from keylint.fleet.credentials import StoredCredential, read_credentials
from keylint.fleet.database import open_store
from keylint.fleet.report_html import write_table_html
from keylint.fleet.report_rows import tabulate_credentials, tabulate_groups
from keylint.fleet.report_sarif import write_sarif_files
from keylint.fleet.report_text import (
    write_credentials_json,
    write_credentials_text,
    write_table_csv,
    write_table_json,
    write_table_text,
)
from keylint.fleet.status import StoreStatus, check_team, read_status
from keylint.reporters.outputs import write_file
from keylint.reporters.text import sanitize_text


def run(arguments: Namespace) -> int:
    """Write the report. Return 1 for open credentials, 2 if the last run has not seen all."""
    if arguments.format == 'sarif' and not arguments.output:
        raise ConfigError('--format sarif writes a file for each repository: --output FOLDER')
    with closing(open_store(arguments.store, is_new=False)) as store, store.begin() as connection:
        status = read_status(connection)
        check_team(connection, arguments.team)
        found = read_credentials(connection, team=arguments.team, with_accepted=arguments.all)
        if arguments.format == 'sarif':
            count = write_sarif_files(connection, arguments.output, arguments.team)
            print(f'{format_count(count, "file")} in {sanitize_text(arguments.output)}')
        else:
            text = _render(connection, found, status, arguments)
            print_or_write(text, arguments.output)
    tell_gaps(status)
    if arguments.exit_zero:
        return 0
    return 2 if not status.is_whole else int(any(one.is_counted for one in found))


def _render(
    connection: Connection,
    found: Sequence[StoredCredential],
    status: StoreStatus,
    arguments: Namespace,
) -> str:
    about = list_about(status)
    if arguments.by == 'credential' and arguments.format == 'json':
        return write_credentials_json(connection, found, about)
    head = f'{format_count(len(found), "credential")}. {status.describe()}'
    if arguments.by == 'credential' and arguments.format == 'text':
        return f'{head}\n\n{write_credentials_text(connection, found)}'
    if arguments.by == 'credential':
        table = tabulate_credentials(connection, found)
    else:
        table = tabulate_groups(arguments.by, found)
    if arguments.format == 'json':
        return write_table_json(table, about)
    if arguments.format == 'csv':
        return write_table_csv(table)
    if arguments.format == 'html':
        return write_table_html(table, head)
    return f'{head}\n\n{write_table_text(table)}\n'


def list_about(status: StoreStatus) -> list[tuple[str, object]]:
    """List what a JSON report says of the run that it rests on."""
    return [
        ('run', status.run.id),
        ('started', status.run.started),
        ('repositories', status.repositories),
        ('failed', status.failed),
        ('partial', status.partial),
        ('waiting', status.waiting),
        ('earlier', status.earlier),
        ('earlier_failed', status.earlier_failed),
    ]


def print_or_write(text: str, output: str | None) -> None:
    """Write a report to a file, or to standard output."""
    if output and output != '-':
        write_file(output, text)
    else:
        sys.stdout.write(text if text.endswith('\n') else f'{text}\n')


def tell_gaps(status: StoreStatus) -> None:
    """Say on standard error what the last run could not look at, and why."""
    for name, path, error in status.reasons:
        where = f'{name}: {path}' if path else name
        print(f'keylint: {sanitize_text(where)}: {sanitize_text(error)}', file=sys.stderr)
    if status.run.status != 'complete':
        print(
            f'keylint: run {status.run.id} is not finished: '
            f'{format_count(status.waiting, "repository")} not scanned yet; '
            'run it again to continue',
            file=sys.stderr,
        )
