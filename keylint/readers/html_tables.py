"""Read tables of HTML whose first row names the columns, as pandas and wikis write them."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting
from keylint.core.records import NamedTuple

_MAX_HEADER_BYTES = 4000
_MAX_TABLE_BYTES = 1_000_000
_TAG = defer_regex(rb'(?i)<(/?)(table|tr|t[dh])\b[^<>]*+>')
_OPEN = defer_regex(rb'(?i)<table\b')
_CLOSE = defer_regex(rb'(?i)</table')
_TEXT = defer_regex(rb'[^<>\s][^<>]*+')
_MARKUP = defer_regex(rb'<[^<>]*+>')


class HtmlCell(NamedTuple):
    """The text of a cell without the tags around it, its start, and the end of the cell."""

    text: bytes
    start: int
    end: int


def read_html_table(data: bytes, offset: int) -> tuple[Iterator[Setting], int]:
    """Return the cells below the header row at an offset, and the end of the table.

    There are no cells if the offset is not in the first row of a table.
    """
    lower = max(0, offset - _MAX_HEADER_BYTES)
    table = max(data.rfind(b'<table', lower, offset), data.rfind(b'<TABLE', lower, offset))
    if table < 0:
        return iter(()), offset
    close = _CLOSE.search(data, offset, table + _MAX_TABLE_BYTES)
    end = close.start() if close else min(len(data), table + _MAX_TABLE_BYTES)
    rows = _read_rows(data, table, end)
    header = next(rows, [])
    if not header or not header[0].start <= offset <= header[-1].end + len(b'</th>'):
        return iter(()), offset
    names = [cell.text.decode('utf-8', 'replace') for cell in header]
    return _bind_cells(names, rows), end


def read_html_tables(data: bytes) -> Iterator[Setting]:
    """Yield the cells of all tables, each below the first row of its table."""
    start = 0
    while True:
        opened = _OPEN.search(data, start)
        if opened is None:
            return
        close = _CLOSE.search(data, opened.end(), opened.start() + _MAX_TABLE_BYTES)
        start = close.end() if close else min(len(data), opened.start() + _MAX_TABLE_BYTES)
        rows = _read_rows(data, opened.start(), close.start() if close else start)
        names = [cell.text.decode('utf-8', 'replace') for cell in next(rows, [])]
        yield from _bind_cells(names, rows)


def _bind_cells(names: list[str], rows: Iterator[list[HtmlCell]]) -> Iterator[Setting]:
    for row in rows:
        for name, cell in zip(names, row, strict=False):
            if name and cell.text:
                path = (f'line{row[0].start}', name)
                last = cell.start + len(cell.text)
                yield Setting(path, cell.text, cell.start, last)


def _read_rows(data: bytes, start: int, end: int) -> Iterator[list[HtmlCell]]:
    """Yield the cells of each row that has any."""
    row: list[HtmlCell] = []
    opened = -1
    for tag in _TAG.finditer(data, start, end):
        closes, name = bool(tag.group(1)), tag.group(2).lower()
        if opened >= 0:
            row.append(_read_cell(data, opened, tag.start()))
            opened = -1
        if name == b'tr' and row:
            yield row
            row = []
        if name in (b'td', b'th') and not closes:
            opened = tag.end()
    if row:
        yield row


def _read_cell(data: bytes, start: int, end: int) -> HtmlCell:
    """Return the first text of a cell that is not part of a tag."""
    position = start
    while position < end:
        text = _TEXT.match(data, position, end)
        if text is not None:
            return HtmlCell(text.group().rstrip(), text.start(), end)
        markup = _MARKUP.match(data, position, end)
        position = markup.end() if markup else position + 1
    return HtmlCell(b'', start, end)
