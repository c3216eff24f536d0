"""Office documents, which are zip archives: paragraphs as lines, sheets as tables.

Source: ECMA-376 (docx, pptx, xlsx), OASIS OpenDocument 1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.markup import extract_document_text, strip_tags
from keylint.archives.members import Member

_PROSE = re.compile(
    r'(?:word/(?:document|comments|footnotes|header\d*|footer\d*)'
    r'|ppt/(?:slides|notesSlides)/[\w-]+|content)\.xml\Z'
)
_SHEET = re.compile(r'xl/worksheets/[\w-]+\.xml\Z')
_SHARED_TEXTS = 'xl/sharedStrings.xml'
_START_TAG = re.compile(rb'<(?:si|row)\b[^<>]{0,500}>')
_CELL = re.compile(rb'<c\b([^<>]{0,500})>')
_VALUE = re.compile(rb'<v>([^<]*)</v>')
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_MAX_COLUMNS = 300
# The most elements read from one part: rows, or shared texts.
_MAX_ELEMENTS = 500_000
_MAX_NUMBER_DIGITS = 9
# A sheet is split into pages; a page ends once it has this size.
_PAGE_BYTES = 1 << 20


class OfficeDocument:
    """Convert the parts of a document as they come out of its archive.

    Sheets are held back until the texts that they share are known.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._shared_texts: list[bytes] = []
        self._sheets: list[Member] = []
        self._held_bytes = 0

    def convert(self, member: Member) -> Iterator[Member]:
        """Yield a member, as text if it contains prose; sheets come later."""
        if member.name == _SHARED_TEXTS:
            self._shared_texts = [strip_tags(item) for item in _elements(member.data, b'</si>')]
        elif _SHEET.match(member.name) and self._budget.hold(len(member.data)):
            self._held_bytes += len(member.data)
            self._sheets.append(member)
            return
        if _PROSE.match(member.name):
            member = member._replace(data=extract_document_text(member.data))
        yield member

    def convert_sheets(self) -> Iterator[Member]:
        """Yield the sheets as tables, after all other members."""
        for sheet in self._sheets:
            yield from self._convert_sheet(sheet)
        self._budget.release(self._held_bytes)

    def _convert_sheet(self, sheet: Member) -> Iterator[Member]:
        """Yield pages of rows as CSV. Each begins with the first row, which has the names."""
        name = sheet.name.rsplit('/', 1)[-1].removesuffix('.xml')
        names, size = b'', 0
        lines: list[bytes] = []
        labels: list[str] = []
        for number, row in enumerate(_elements(sheet.data, b'</row>'), 1):
            self._budget.tick()
            line = b','.join(_quote_cell(cell) for cell in self._read_cells(row))
            names = names or line
            if not lines and number > 1:
                lines, labels = [names], [f'{name}[1]']
            lines.append(line)
            labels.append(f'{name}[{number}]')
            size += len(line)
            self._budget.take(len(line))
            if size > _PAGE_BYTES:
                yield Member(sheet.name, b'\n'.join(lines), 'csv', tuple(labels))
                lines, labels, size = [], [], 0
        if lines:
            yield Member(sheet.name, b'\n'.join(lines), 'csv', tuple(labels))

    def _read_cells(self, row: bytes) -> list[bytes]:
        """List the cells of a row by column; columns without a cell are empty."""
        cells: list[bytes] = []
        for cell in _CELL.finditer(row):
            attributes = cell.group(1)
            reference = _REFERENCE.search(attributes)
            column = _column_index(reference.group(1)) if reference else len(cells)
            cells += [b''] * (min(column, _MAX_COLUMNS) - len(cells))
            is_empty = attributes.endswith(b'/')
            end = cell.end() if is_empty else row.find(b'</c>', cell.end())
            if end < 0:
                break
            cells.append(self._read_value(attributes, row[cell.end() : end]))
        return cells

    def _read_value(self, attributes: bytes, content: bytes) -> bytes:
        """Return the text of a cell: its own, or the shared text whose number it contains."""
        value = _VALUE.search(content)
        if b't="s"' in attributes and value and value.group(1).isdigit():
            number = int(value.group(1)[:_MAX_NUMBER_DIGITS])
            return self._shared_texts[number] if number < len(self._shared_texts) else b''
        return strip_tags(value.group(1) if value else content)


def _elements(data: bytes, end_tag: bytes) -> Iterator[bytes]:
    """Yield the content of each element that ends with `end_tag`, up to a limit."""
    position = 0
    for _ in range(_MAX_ELEMENTS):
        end = data.find(end_tag, position)
        if end < 0:
            return
        start = _START_TAG.search(data, position, end)
        yield data[start.end() if start else position : end]
        position = end + len(end_tag)


def _column_index(letters: bytes) -> int:
    """Convert the letters of a column to its index: `A` is 0, `AA` is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _quote_cell(cell: bytes) -> bytes:
    """Write a cell for CSV, on one line."""
    cell = b' '.join(cell.split())
    if b',' in cell or b'"' in cell:
        return b'"' + cell.replace(b'"', b'""') + b'"'
    return cell
