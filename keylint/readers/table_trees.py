"""Read tables as trees: each row of a CSV file or of a Markdown table is a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keylint.core.model import Setting
from keylint.readers import csv, tables
from keylint.readers.tree import Node

_MOST = 100_000


def read_csv_trees(data: bytes) -> Iterator[Node]:
    """Yield the rows of a table with a header row."""
    yield from _group_rows(csv.settings(data))


def read_markdown_trees(data: bytes) -> Iterator[Node]:
    """Yield the rows of the tables of a Markdown text."""
    if b'|' in data and b'--' in data:
        yield from _group_rows(tables.read_markdown_tables(data, 0, len(data)))


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
