"""Read tables as trees: each row of a table, and each list of fields in prose, is a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting
from keylint.readers import csv, html_tables, tables, text_tables
from keylint.readers.made_trees import LATER
from keylint.readers.tree import Node

_MOST = 100_000
# The placeholders of a statement's parameters.
_VARIABLE = defer_regex(rb'\?|\$\d+|[:@$]\w+|%s|%\(\w+\)s|\{\w*\}')
# An item of a list that names a field: `- **Permissions:** read, trade`.
_FIELD = defer_regex(
    rb'(?m)^[ \t]{0,8}(?:[-*+][ \t]+|:)?(?P<mark>\*\*|__|`)?(?P<name>[A-Za-z][\w /-]{0,40}?)'
    rb'(?:[ \t]*:(?(mark)(?P=mark))|(?(mark)(?P=mark))[ \t]*:)'
    rb'[ \t]+(?P<value>[^\r\n]*[^\s])[ \t]*\r?$'
)


def read_csv_trees(data: bytes) -> Iterator[Node]:
    """Yield the rows of a table with a header row."""
    yield from _group_rows(csv.settings(data))


def read_markdown_trees(data: bytes) -> Iterator[Node]:
    """Yield the rows of the tables of a Markdown text."""
    if b'|' in data and b'--' in data:
        yield from _group_rows(text_tables.read_ruled_tables(data))


def read_html_trees(data: bytes) -> Iterator[Node]:
    """Yield the rows of the tables of a page, or of those that a Markdown text holds."""
    if b'<table' in data or b'<TABLE' in data:
        yield from _group_rows(html_tables.read_html_tables(data))


def read_insert_trees(data: bytes) -> Iterator[Node]:
    """Yield the rows that statements of SQL insert."""
    yield from _group_rows(map(_hide_variable, tables.settings(data, ((0, len(data)),))))


def _hide_variable(cell: Setting) -> Setting:
    return cell._replace(value=LATER.encode()) if _VARIABLE.fullmatch(cell.value) else cell


def read_list_trees(data: bytes) -> Iterator[Node]:
    """Yield the lists of a Markdown text whose lines are fields: `- **Exchange:** Binance`."""
    if b':' in data:
        yield from _group_rows(_list_fields(data))


def _list_fields(data: bytes) -> Iterator[Setting]:
    first, end = 0, -1
    for field in _FIELD.finditer(data):
        if end < 0 or data[end : field.start()] not in (b'\n', b'\r\n'):
            first = field.start()
        end = field.end()
        value = field['value'].strip(b'`*"')
        start = data.find(value, field.start('value'))
        yield Setting((f'list{first}', field['name'].decode()), value, start, start + len(value))


def _group_rows(cells: Iterable[Setting]) -> Iterator[Node]:
    row, number = Node(''), ''
    for count, cell in enumerate(cells):
        if count > _MOST:
            break
        place, name = cell.path
        if place != number:
            if row.entries:
                yield row
            row, number = Node(''), place
        row.entries.setdefault(name, Node(name, cell))
        row.grow(cell.start, cell.end)
    if row.entries:
        yield row
