"""Sheets of office documents: which cell is in which column, and where a page of rows ends."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from keylint.archives.members import Member
from keylint.archives.office import _PAGE_BYTES
from keylint.archives.walk import LocatedMember, walk_members
from keylint.core.limits import Limits
from tests.archives.made import zipped_rows

PLAIN_CELL = '<c t="str"><v>{}</v></c>'


def list_pages(rows: Iterable[str]) -> list[Member]:
    """Return the pages of a document with one sheet; a row is its cells as XML."""
    sheet = ''.join(f'<row>{row}</row>' for row in rows)
    parts = [
        ('[Content_Types].xml', b'<Types/>'),
        ('xl/worksheets/sheet1.xml', f'<sheetData>{sheet}</sheetData>'.encode()),
    ]
    found = walk_members('k.xlsx', zipped_rows(parts), Limits())
    members = [one.member for one in found if isinstance(one, LocatedMember)]
    return [member for member in members if member.name.endswith('sheet1.xml')]


def test_a_cell_without_content_takes_its_column_alone() -> None:
    cells = PLAIN_CELL.format('name') + '<c s="1"/>' + PLAIN_CELL.format('secret')
    (page,) = list_pages([cells])
    assert page.data == b'name,,secret'


@pytest.mark.parametrize(('more', 'count'), [(0, 1), (1, 2)])
def test_a_page_ends_with_the_row_that_is_too_much_for_it(more: int, count: int) -> None:
    """A page may be full; the row behind it begins another one, with the names above it."""
    size = _PAGE_BYTES - len('head')
    rows = ['head', *['x' * (size // 16)] * 15, 'x' * (size - 15 * (size // 16) + more), 'last']
    pages = list_pages(map(PLAIN_CELL.format, rows))
    assert len(pages) == count
    assert pages[-1].data.endswith(b'last')
    assert all(page.data.startswith(b'head\n') for page in pages)
