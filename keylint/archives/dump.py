"""Dumps of SQL databases: the rows of `INSERT` and of PostgreSQL's `COPY`, every value under its column's name.

Only tables with a telling column are read. Where an `INSERT` names no columns, its `CREATE TABLE` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.archives.pages import Pages, key, quoted, text_of
from keylint.core.limits import Budget, Member, Trouble

_NAME = rb'(?:[`"\[]?[\w$]{1,99}[`"\]]?\.){0,2}[`"\[]?(?P<table%d>[\w$]{1,99})[`"\]]?\s{0,20}'
_STATEMENT = re.compile(
    rb'(?im)^[ \t]{0,40}(?:CREATE\s{1,9}TABLE\s{1,9}(?:IF\s{1,9}NOT\s{1,9}EXISTS\s{1,9})?'
    + _NAME % 1
    + rb'(?P<defined>\()'
    rb'|(?:INSERT|REPLACE)\s{1,9}(?:OR\s{1,9}\w{1,9}\s{1,9})?(?:IGNORE\s{1,9})?INTO\s{1,9}'
    + _NAME
    % 2
    + rb'(?P<inserted>\(|(?=VALUES))'
    rb'|COPY\s{1,9}' + _NAME % 3 + rb'(?P<copied>\())'
)
_VALUES = re.compile(rb'(?i)\s{0,40}VALUES\s{0,40}')
_FROM = re.compile(rb'(?i)\s{1,20}FROM\s{1,20}stdin[^;\n]{0,200};[ \t]{0,20}\r?\n')
_LONGEST_NAMES, _LONGEST_DEFINITION, _LONGEST_ROW = 4000, 20_000, 1 << 20
_COLUMN = re.compile(rb'(?m)(?:^|,)\s{0,40}[`"\[]?([A-Za-z_][\w$]{0,99})[`"\]]?\s{1,9}\w')
_TELLING = re.compile(
    rb'(?i)key|secret|token|pass|pwd|seed|mnemonic|phrase|private|cred|auth|wif|xprv|config|settings|url|value'
)
_ROW = re.compile(
    rb'\s*+,?\s*+\(((?:[^()\'"]++|\'(?:[^\'\\]++|\\.|\'\')*+\'|"[^"]*+"|\([^()\'"]*+\))*+)\)',
    re.DOTALL,
)
_CELL = re.compile(
    rb'\s*+(?:[NnEe]?\'((?:[^\'\\]++|\\.|\'\')*+)\'|"([^"]*+)"|((?:[^,()]++|\([^()]*+\))*+))\s*+(?:,|\Z)',
    re.DOTALL,
)
# A row of shorter values holds no credential.
_SHORTEST = 6
_ESCAPE = re.compile(rb'\\(.)|\'\'', re.DOTALL)
_WHAT = {b'n': b'\n', b't': b'\t', b'r': b'\r'}


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The rows of tables with telling columns."""
    columns: dict[bytes, list[bytes]] = {}
    counts: dict[bytes, int] = {}
    position = 0
    pages = Pages('rows')
    while statement := _STATEMENT.search(data, position):
        budget.tick()
        position = statement.end()
        table = statement['table1'] or statement['table2'] or statement['table3']
        if statement['defined']:
            end = data.find(b';', position, position + _LONGEST_DEFINITION)
            columns[table] = _COLUMN.findall(data[position : max(end, position)])
            continue
        names = columns.get(table, [])
        if statement['inserted'] != b'':
            end = data.find(b')', position, position + _LONGEST_NAMES)
            names = [
                part.strip(b' \t\r\n`"[]')
                for part in data[position : max(end, position)].split(b',')
            ]
            position = max(end + 1, position)
        follows = (_FROM if statement['copied'] else _VALUES).match(data, position)
        if follows is None:
            continue
        position = follows.end()
        if not any(_TELLING.search(one) for one in names):
            continue
        rows = _copied(data, position) if statement['copied'] else _inserted(data, position)
        for cells, end in rows:
            position = end
            counts[table] = counts.get(table, 0) + 1
            if all(len(cell) < _SHORTEST for cell in cells):
                continue
            _write(
                pages, f'{table.decode("utf-8", "replace")}[{counts[table]}]', names, cells, budget
            )
            if pages.is_full():
                yield from pages.take()
    yield from pages.take()


def _copied(data: bytes, position: int) -> Iterator[tuple[list[bytes], int]]:
    """Lines of cells between tabs, up to a line of `\\.`."""
    while position < len(data):
        end = data.find(b'\n', position)
        end = len(data) if end < 0 else end
        line = data[position:end].rstrip(b'\r')
        position = end + 1
        if line == b'\\.':
            return
        yield [b'' if cell == b'\\N' else _unescaped(cell) for cell in line.split(b'\t')], position


def _inserted(data: bytes, position: int) -> Iterator[tuple[list[bytes], int]]:
    while row := _ROW.match(data, position, position + _LONGEST_ROW):
        position = row.end()
        cells = [
            cell.group(1) or cell.group(2) or cell.group(3) or b''
            for cell in _CELL.finditer(data, row.start(1), row.end(1))
        ]
        yield [_unescaped(cell.strip()) for cell in cells], position


def _unescaped(cell: bytes) -> bytes:
    return (
        _ESCAPE.sub(lambda m: _WHAT.get(m.group(1), m.group(1)) if m.group(1) else b"'", cell)
        if b'\\' in cell or b"''" in cell
        else cell
    )


def _write(
    pages: Pages, where: str, names: list[bytes], cells: list[bytes], budget: Budget
) -> None:
    pages.add('{', where)
    for name, cell in zip(names, cells, strict=False):
        budget.take(len(cell))
        text = text_of(cell)
        if text:
            shown = name.decode('utf-8', 'replace')
            pages.add(f'{key(shown)}: {quoted(text)},', f'{where}.{shown}')
    pages.add('},', where)
