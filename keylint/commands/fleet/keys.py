"""`keylint fleet keys`: which keys the repositories declare, share, use undeclared, and leak."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing

from keylint._version import __version__
from keylint.commands.fleet.report import list_about, print_or_write, tell_gaps
from keylint.fleet.credentials import read_credentials
from keylint.fleet.database import open_store
from keylint.fleet.key_tables import read_owned_keys, tabulate_keys, tabulate_shared, tabulate_teams
from keylint.fleet.report_rows import FleetTable
from keylint.fleet.report_text import write_table_csv, write_table_text
from keylint.fleet.status import read_status
from keylint.reporters.json_text import dump_json

_HEADS = {
    'key': 'Keys that are declared, used by code, or leaked (declared: empty if not stated)',
    'shared': 'Values that are in more than one repository',
    'team': 'Keys of each team and exchange',
}


def run(arguments: Namespace) -> int:
    """Write the tables; return 0, or 2 if the last run has not seen everything."""
    with closing(open_store(arguments.store, is_new=False)) as store, store.begin() as connection:
        status = read_status(connection)
        owned = read_owned_keys(connection)
        credentials = read_credentials(connection)
        tables = (
            tabulate_keys(owned),
            tabulate_shared(credentials),
            tabulate_teams(owned, credentials),
        )
        text = _render(tables, arguments.format, dict(list_about(status)))
    print_or_write(text, arguments.output)
    tell_gaps(status)
    return 0 if status.is_whole else 2


def _render(tables: tuple[FleetTable, ...], kind: str, about: dict[str, object]) -> str:
    if kind == 'csv':
        return write_table_csv(tables[0])
    if kind == 'json':
        rows = {
            table.kind: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            for table in tables
        }
        return dump_json({'keylint': __version__, **about, **rows}, indent=2) + '\n'
    parts = []
    for table in tables:
        body = write_table_text(table) if table.rows else 'none'
        parts.append(f'{_HEADS[table.kind]}:\n\n{body}\n')
    return '\n'.join(parts)
