"""Write the table of keys: JSON, Markdown, and one HTML file; text is `keys_text`."""

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
    more = len(unread) - len(paths)
    return [
        f'{sanitize_text(head)}: what the code there needs is not known',
        *(f'  {path}' for path in paths),
        *([f'  and {more} more'] if more else []),
    ]


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


# A backslash at the end of a line joins it to the next one.
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;\
color:#1f2328;background:#fff}
section{border:1px solid #d0d7de;border-radius:8px;padding:1rem 1.25rem;margin:1rem 0}
h2{margin:0 0 .5rem;font-size:1.1rem}
.flow{display:grid;grid-template-columns:minmax(6rem,14rem) 9rem 1fr;\
gap:.25rem 1rem;align-items:baseline}
.flow b{border-left:3px solid #8c959f;padding-left:.5rem}
.ok{color:#1a7f37}.low,.info{color:#57606a}.medium{color:#9a6700}.high,.critical{color:#cf222e}
.extra{color:#cf222e;font-weight:600}
code{font:13px ui-monospace,monospace}
dl{display:grid;grid-template-columns:9rem 1fr;margin:.5rem 0}dt{color:#57606a}dd{margin:0}
dd,code,.flow span,h2{overflow-wrap:anywhere;min-width:0}
@media (max-width:48rem){body{margin:1rem auto}dl{grid-template-columns:7rem 1fr}\
.flow{grid-template-columns:5rem 6rem 1fr;gap:.25rem .5rem}section{padding:.75rem}}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}\
section{border-color:#30363d}dt,.low,.info{color:#8b949e}.ok{color:#3fb950}.medium{color:#d29922}\
.high,.critical,.extra{color:#ff7b72}}
@media print{section{break-inside:avoid}}
"""


def write_html(rows: Sequence[KeyRow], unread: Sequence[UnreadUse], stream: TextIO) -> None:
    """Write a section for each key: exchange → permission → line of code.

    Everything is escaped; there is no script.
    """
    stream.write(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<title>keylint keys</title>\n<style>{_STYLE}</style>\n</head>\n'
        f'<body>\n<h1>Keys</h1>\n<p>{len(rows)} keys. No values are shown.</p>\n'
    )
    for row in rows:
        stream.write(_build_section(row))
    stream.write(''.join(f'<p>{escape(line)}</p>\n' for line in describe_unread(unread)))
    stream.write('</body>\n</html>\n')


def _build_section(row: KeyRow) -> str:
    exchange, label, environment, source, may, _, restriction, age, verdict, place = (
        escape(sanitize_text(cell)) for cell in _format_cells(row)
    )
    proofs = dict(row.proofs)
    levels = [*dict.fromkeys((*(row.declared or ()), *(row.needed or ())))]
    flow = ''.join(_build_flow_line(row, exchange, level, proofs.get(level)) for level in levels)
    facts = (
        ('where', place),
        ('value from', source),
        ('environment', environment),
        ('may', may),
        ('IP', restriction),
        ('age', age),
    )
    listed = ''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in facts if value)
    head = f'<h2>{exchange} {label} <span class="{verdict}">{verdict}</span></h2>'
    return f'<section>\n{head}\n<dl>{listed}</dl>\n<div class="flow">{flow}</div>\n</section>\n'


def _build_flow_line(row: KeyRow, exchange: str, level: str, proof: str | None) -> str:
    """Build the line of one permission; `exchange` is escaped, `proof` the call that needs it."""
    is_extra = level in row.excess
    use = 'no call needs it' if is_extra else ''
    if proof is not None:
        use = f'<code>{escape(sanitize_text(proof))}</code>'
    mark = 'extra' if is_extra else ''
    return f'<b>{exchange}</b><span class="{mark}">{escape(level)}</span><span>{use}</span>\n'
