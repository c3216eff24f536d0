"""SQL dumps: rows of `INSERT` and of PostgreSQL's `COPY`, every value under its column's name.

Only tables with a telling column are read. If an `INSERT` names no columns, they come from its
`CREATE TABLE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.members import Member, Unreadable
from keylint.archives.pages import PageWriter, decode_text, quote_name, quote_value
from keylint.core.records import NamedTuple

# Schema and table; `%d` distinguishes the alternatives of _STATEMENT.
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
_MAX_NAMES_BYTES, _MAX_DEFINITION_BYTES, _MAX_ROW_BYTES = 4000, 20_000, 1 << 20
_COLUMN = re.compile(rb'(?m)(?:^|,)\s{0,40}[`"\[]?([A-Za-z_][\w$]{0,99})[`"\]]?\s{1,9}\w')
_TELLING = re.compile(
    rb'(?i)key|secret|token|pass|pwd|seed|mnemonic|phrase|private|cred|auth|wif|xprv|config'
    rb'|settings|url|value'
)
_ROW = re.compile(
    rb'\s*+,?\s*+\(((?:'
    rb'[^()\'"]++'  # plain text
    rb'|\'(?:[^\'\\]++|\\.|\'\')*+\''  # a quoted text
    rb'|"[^"]*+"'
    rb'|\([^()\'"]*+\)'  # a call
    rb')*+)\)',
    re.DOTALL,
)
_CELL = re.compile(
    rb'\s*+(?:'
    rb'[NnEe]?\'((?:[^\'\\]++|\\.|\'\')*+)\''
    rb'|"([^"]*+)"'
    rb'|((?:[^,()]++|\([^()]*+\))*+)'
    rb')\s*+(?:,|\Z)',
    re.DOTALL,
)
# A row in which every value is shorter contains no credential.
_MIN_CELL_BYTES = 6
_ESCAPE = re.compile(rb'\\(.)|\'\'', re.DOTALL)
_CONTROL_CHARACTERS = {b'n': b'\n', b't': b'\t', b'r': b'\r'}

# The cells of a row and the offset after it.
Rows = Iterator[tuple[list[bytes], int]]


class _Statement(NamedTuple):
    """A statement with rows: its table, its columns and where the rows begin."""

    table: bytes
    columns: list[bytes]
    is_copy: bool
    start: int


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the rows of tables with telling columns."""
    return _Dump(data, budget).read_pages()


class _Dump:
    """Read one dump from its beginning to its end."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._data = data
        self._budget = budget
        self._columns: dict[bytes, list[bytes]] = {}
        self._row_counts: dict[bytes, int] = {}
        self._page = PageWriter('rows')

    def read_pages(self) -> Iterator[Member]:
        """Yield all rows as pages."""
        position = 0
        while match := _STATEMENT.search(self._data, position):
            self._budget.tick()
            if match['defined']:
                position = match.end()
                self._define_table(match['table1'], position)
                continue
            statement, position = self._read_head(match)
            if statement is None or not any(map(_TELLING.search, statement.columns)):
                continue
            read_rows = _read_copied_rows if statement.is_copy else _read_inserted_rows
            for cells, end in read_rows(self._data, statement.start):
                position = end
                self._write_row(statement, cells)
                if self._page.is_full():
                    yield from self._page.take()
        yield from self._page.take()

    def _define_table(self, table: bytes, start: int) -> None:
        """Keep the columns of a `CREATE TABLE` for an `INSERT` that names none."""
        end = self._data.find(b';', start, start + _MAX_DEFINITION_BYTES)
        self._columns[table] = _COLUMN.findall(self._data[start : max(end, start)])

    def _read_head(self, match: re.Match[bytes]) -> tuple[_Statement | None, int]:
        """Read an `INSERT` or `COPY` up to its rows; return it and the offset reached.

        The statement is None if no rows follow.
        """
        table = match['table2'] or match['table3']
        start = match.end()
        columns = self._columns.get(table, [])
        if match['inserted'] != b'':
            end = self._data.find(b')', start, start + _MAX_NAMES_BYTES)
            names = self._data[start : max(end, start)].split(b',')
            columns = [name.strip(b' \t\r\n`"[]') for name in names]
            start = max(end + 1, start)
        is_copy = bool(match['copied'])
        follows = (_FROM if is_copy else _VALUES).match(self._data, start)
        if follows is None:
            return None, start
        return _Statement(table, columns, is_copy, follows.end()), follows.end()

    def _write_row(self, statement: _Statement, cells: list[bytes]) -> None:
        table = statement.table
        self._row_counts[table] = self._row_counts.get(table, 0) + 1
        if all(len(cell) < _MIN_CELL_BYTES for cell in cells):
            return
        where = f'{table.decode("utf-8", "replace")}[{self._row_counts[table]}]'
        self._page.add('{', where)
        for column, cell in zip(statement.columns, cells, strict=False):
            self._budget.take(len(cell))
            text = decode_text(cell)
            if text:
                shown = column.decode('utf-8', 'replace')
                line = f'{quote_name(shown)}: {quote_value(text)},'
                self._page.add(line, f'{where}.{shown}')
        self._page.add('},', where)


def _read_copied_rows(data: bytes, position: int) -> Rows:
    r"""Yield lines of cells between tabs, up to the line `\.`."""
    while position < len(data):
        end = data.find(b'\n', position)
        end = len(data) if end < 0 else end
        line = data[position:end].rstrip(b'\r')
        position = end + 1
        if line == b'\\.':
            return
        yield [b'' if cell == b'\\N' else _unescape(cell) for cell in line.split(b'\t')], position


def _read_inserted_rows(data: bytes, position: int) -> Rows:
    """Yield the rows of `VALUES`: cells between commas, in parentheses."""
    while row := _ROW.match(data, position, position + _MAX_ROW_BYTES):
        position = row.end()
        cells = [
            cell.group(1) or cell.group(2) or cell.group(3) or b''
            for cell in _CELL.finditer(data, row.start(1), row.end(1))
        ]
        yield [_unescape(cell.strip()) for cell in cells], position


def _unescape(cell: bytes) -> bytes:
    if b'\\' not in cell and b"''" not in cell:
        return cell
    return _ESCAPE.sub(_replace_escape, cell)


def _replace_escape(escape: re.Match[bytes]) -> bytes:
    letter = escape.group(1)
    return _CONTROL_CHARACTERS.get(letter, letter) if letter else b"'"
