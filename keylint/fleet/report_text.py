"""Write a fleet's tables as text, JSON and CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from textwrap import wrap

from sqlalchemy import Connection

from keylint._version import __version__
from keylint.fleet.counts import format_count
from keylint.fleet.credentials import StoredCredential
from keylint.fleet.report_rows import FleetTable, list_details
from keylint.reporters.csv_report import escape_cell
from keylint.reporters.json_text import dump_json
from keylint.reporters.text import sanitize_text

_WIDTH_COLUMNS = 110
_MAX_TEXT_PLACES = 5


def write_credentials_text(connection: Connection, found: Sequence[StoredCredential]) -> str:
    """Write each credential with where it stands and what to do, the most urgent one first."""
    lines = []
    width = len(str(len(found)))
    rows = list_details(connection, found, _MAX_TEXT_PLACES)
    for number, (one, details) in enumerate(rows, 1):
        state = '' if one.first.state == 'open' else f'  ({one.first.state})'
        title = sanitize_text(details.title)
        lines.append(f'{number:>{width}}. {one.first.severity:8}  {title}  {one.name}{state}')
        lines.append(f'    {describe_spread(one)}')
        lines += [f'    {sanitize_text(place)}' for place in details.places]
        if details.more:
            lines.append(f'    {details.more:,} more: --format json')
        for step in details.do[:1]:
            indented = wrap(f'revoke: {sanitize_text(step)}', _WIDTH_COLUMNS)
            lines += [f'    {line}' for line in indented]
        lines.append('')
    return '\n'.join(lines)


def describe_spread(one: StoredCredential) -> str:
    """Say in one line how far a credential has spread, and since when."""
    text = f'in {format_count(len(one.repositories), "repository")}'
    if one.teams:
        text += f' of {format_count(len(one.teams), "team")}'
    if one.first_seen:
        text += f', first seen {one.first_seen}'
    text += f', still in {format_count(one.heads, "head")}' if one.heads else ', in no head'
    return text + (', on a remote' if one.on_remote else '')


def write_table_text(table: FleetTable) -> str:
    """Write a table in columns."""
    rows = [table.columns, *([sanitize_text(str(cell)) for cell in row] for row in table.rows)]
    widths = [max(len(str(row[place])) for row in rows) for place in range(len(table.columns))]
    return '\n'.join(
        '  '.join(f'{cell!s:<{width}}' for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def write_table_csv(table: FleetTable) -> str:
    """Write a table as CSV (RFC 4180); no cell is taken for a formula."""
    stream = StringIO(newline='')
    writer = csv.writer(stream, lineterminator='\r\n')
    writer.writerow(table.columns)
    writer.writerows([escape_cell(str(cell)) for cell in row] for row in table.rows)
    return stream.getvalue()


def write_credentials_json(
    connection: Connection, found: Sequence[StoredCredential], about: Iterable[tuple[str, object]]
) -> str:
    """Write all places of each credential, in the order in which they should be revoked."""
    rows = []
    for number, (one, details) in enumerate(list_details(connection, found, None), 1):
        rows.append(
            {
                'order': number,
                'credential': one.name,
                'title': details.title,
                'rule': one.first.rule,
                'issuer': one.first.issuer or None,
                'severity': one.first.severity,
                'environment': one.first.environment,
                'state': one.first.state,
                'repositories': list(one.repositories),
                'teams': list(one.teams),
                'heads': one.heads,
                'first_seen': one.first_seen or None,
                'on_remote': one.on_remote,
                'places': list(map(sanitize_text, details.places)),
                'do': list(details.do),
            }
        )
    document = {'keylint': __version__, **dict(about), 'by': 'credential', 'rows': rows}
    return dump_json(document, indent=2) + '\n'


def write_table_json(table: FleetTable, about: Iterable[tuple[str, object]]) -> str:
    """Write a table as JSON: what it is about, and an object for each row."""
    document = {
        'keylint': __version__,
        **dict(about),
        'by': table.kind,
        'rows': [dict(zip(table.columns, row, strict=True)) for row in table.rows],
    }
    return dump_json(document, indent=2) + '\n'
