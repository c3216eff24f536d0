"""Documents of office programs, which are zip archives: their text whole, however many pieces it is written in, and tables as tables.

Source: ECMA-376 (docx, pptx, xlsx), OASIS OpenDocument 1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.archives.markup import document, plain
from keylint.core.limits import Budget, Member

_PROSE = re.compile(
    r'(?:word/(?:document|comments|footnotes|header\d*|footer\d*)|ppt/(?:slides|notesSlides)/[\w-]+|content)\.xml\Z'
)
_SHEET = re.compile(r'xl/worksheets/[\w-]+\.xml\Z')
_SHARED = 'xl/sharedStrings.xml'
_TAG = re.compile(rb'<(?:si|row)\b[^<>]{0,500}>')
_CELL = re.compile(rb'<c\b([^<>]{0,500})>')
_VALUE = re.compile(rb'<v>([^<]*)</v>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_MOST_COLUMNS = 300
_MOST_TEXTS = 500_000
_PAGE = 1 << 20


class Office:
    """The parts of a document on their way out of its archive. Sheets wait for the texts that they share."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._shared: list[bytes] = []
        self._sheets: list[Member] = []
        self._held = 0

    def take(self, member: Member) -> Iterator[Member]:
        """The member, as text where it is a part of a document."""
        if member.name == _SHARED:
            self._shared = [plain(item) for item in _between(member.data, b'</si>')]
        elif _SHEET.match(member.name) and self._budget.hold(len(member.data)):
            self._held += len(member.data)
            self._sheets.append(member)
            return
        yield member._replace(data=document(member.data)) if _PROSE.match(member.name) else member

    def rest(self) -> Iterator[Member]:
        """The sheets as tables."""
        for sheet in self._sheets:
            yield from self._tables(sheet)
        self._budget.release(self._held)

    def _tables(self, sheet: Member) -> Iterator[Member]:
        """The rows of a sheet, separated by commas. The first one stands above every page: it has the names."""
        name = sheet.name.rsplit('/', 1)[-1].removesuffix('.xml')
        head, size = b'', 0
        lines: list[bytes] = []
        labels: list[str] = []
        for number, row in enumerate(_between(sheet.data, b'</row>'), 1):
            self._budget.tick()
            line = b','.join(_quoted(cell) for cell in self._cells(row))
            head = head or line
            if not lines and number > 1:
                lines, labels = [head], [f'{name}[1]']
            lines.append(line)
            labels.append(f'{name}[{number}]')
            size += len(line)
            self._budget.take(len(line))
            if size > _PAGE:
                yield Member(sheet.name, b'\n'.join(lines), 'csv', tuple(labels))
                lines, labels, size = [], [], 0
        if lines:
            yield Member(sheet.name, b'\n'.join(lines), 'csv', tuple(labels))

    def _cells(self, row: bytes) -> list[bytes]:
        found: list[bytes] = []
        for cell in _CELL.finditer(row):
            place = _PLACE.search(cell.group(1))
            column = _column(place.group(1)) if place else len(found)
            found += [b''] * (min(column, _MOST_COLUMNS) - len(found))
            end = cell.end() if cell.group(1).endswith(b'/') else row.find(b'</c>', cell.end())
            if end < 0:
                break
            content = row[cell.end() : end]
            value = _VALUE.search(content)
            if b't="s"' in cell.group(1) and value and value.group(1).isdigit():
                number = int(value.group(1)[:9])
                found.append(self._shared[number] if number < len(self._shared) else b'')
            else:
                found.append(plain(value.group(1) if value else content))
        return found


def _between(data: bytes, end: bytes) -> Iterator[bytes]:
    """What stands in each element that ends so, up to a bound."""
    position = 0
    for _ in range(_MOST_TEXTS):
        last = data.find(end, position)
        if last < 0:
            return
        start = _TAG.search(data, position, last)
        yield data[start.end() if start else position : last]
        position = last + len(end)


def _column(letters: bytes) -> int:
    """`A` is 0, `AA` 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _quoted(cell: bytes) -> bytes:
    cell = b' '.join(cell.split())
    return b'"' + cell.replace(b'"', b'""') + b'"' if b',' in cell or b'"' in cell else cell
