"""Write the table of keys: JSON and Markdown; text is `keys_text`, a page is `keys_html`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import TextIO

from keylint.api_usage.other_languages import UnreadUse
from keylint.policies.key_table import KeyRow
from keylint.reporters.text import sanitize_text

_MAX_UNREAD = 5
_COLUMNS = (
    'exchange',
    'label',
    'environment',
    'value from',
    'may',
    'code needs',
    'IP',
    'age',
    'verdict',
    'where',
)


def _format_cells(row: KeyRow) -> tuple[str, ...]:
    """Format the cells of a row in the order of the columns."""
    age = '' if row.age is None else f'{row.age} days'
    return (
        row.exchange or 'chosen at run time',
        row.label,
        row.environment,
        row.source,
        format_may(row),
        format_needs(row),
        row.restriction,
        age,
        row.verdict,
        row.place,
    )


def format_may(row: KeyRow, strongest_first: bool = False) -> str:
    """Say what a key may do; the narrow cell of a table shows the strongest right first."""
    return 'not stated' if row.declared is None else _join_levels(row.declared, strongest_first)


def format_needs(row: KeyRow, strongest_first: bool = False) -> str:
    """Say what the code needs of a key: exactly, at least, or that it is unknown."""
    if row.needed is None:
        return 'unknown'
    if row.is_exact:
        return _join_levels(row.needed, strongest_first)
    if not row.needed:
        return 'unknown'  # "at least nothing" says no more
    return f'at least {_join_levels(row.needed, strongest_first)}'


def _join_levels(levels: Sequence[str], strongest_first: bool) -> str:
    return ' '.join(reversed(levels) if strongest_first else levels) or 'nothing'


def describe_unread(unread: Sequence[UnreadUse]) -> list[str]:
    """Say how many files of other languages use exchanges and were not read, and name the first."""
    folders = [use for use in unread if use.path.endswith('/')]
    if folders:
        files = [use for use in unread if use not in folders]
        return [*describe_unread(files), *map(_describe_library, folders)]
    if not unread:
        return []
    uses = list(dict.fromkeys(use.uses for use in unread))
    shown = ', '.join(uses[:_MAX_UNREAD]) + (' and others' if len(uses) > _MAX_UNREAD else '')
    head = (
        f'{len(unread)} files use {shown} and were not read'
        if len(unread) > 1
        else (f'1 file uses {shown} and was not read')
    )
    paths = [sanitize_text(use.path) for use in unread[:_MAX_UNREAD]]
    lines = [f'{sanitize_text(head)}: what the code there needs is not known']
    lines += [f'  {path}' for path in paths]
    if len(unread) > len(paths):
        lines.append(f'  and {len(unread) - len(paths)} more')
    return lines


def _describe_library(use: UnreadUse) -> str:
    """Say that a folder is the package of a library."""
    text = f'{use.path} is the library {use.uses} itself: of it, only files that build a client'
    return sanitize_text(f'{text} were read for what they call')


def write_json(rows: Sequence[KeyRow], unread: Sequence[UnreadUse], stream: TextIO) -> None:
    """Write one object: `keys`, each with the fields of the table, and the files `not_read`."""
    keys = [
        row._asdict()
        | {
            'proofs': [{'level': level, 'call': proof} for level, proof in row.proofs],
            'idle': [{'level': level, 'call': proof} for level, proof in row.idle],
        }
        for row in rows
    ]
    told = {'keys': keys, 'not_read': [use._asdict() for use in unread]}
    json.dump(told, stream, indent=2, ensure_ascii=True)
    stream.write('\n')


def write_markdown(rows: Sequence[KeyRow], unread: Sequence[UnreadUse], stream: TextIO) -> None:
    """Write a table."""
    stream.write('| ' + ' | '.join(_COLUMNS) + ' |\n' + '|---' * len(_COLUMNS) + '|\n')
    for row in rows:
        stream.write(
            '| ' + ' | '.join(escape_markdown(cell) for cell in _format_cells(row)) + ' |\n'
        )
    lines = describe_unread(unread)
    stream.write(''.join(f'\n{escape_markdown(line)}\n' for line in lines))


def escape_markdown(cell: str) -> str:
    """Escape text for a cell of a Markdown table."""
    plain = escape(' '.join(sanitize_text(cell).split()), quote=False)
    return ''.join(f'\\{char}' if char in '\\|`*_[]' else char for char in plain)
