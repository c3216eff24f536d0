"""The table reader against `csv`: cells under their column's name, and their bytes in order."""

from __future__ import annotations

import csv
import io
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.readers.csv import settings as read

# Cells without the characters that the writer would have to double.
CELLS = st.text(string.ascii_letters + string.digits + '+/=_-.', max_size=16)
NAMES = st.lists(
    st.text(string.ascii_lowercase + '_', min_size=1, max_size=10),
    min_size=2,
    max_size=5,
    unique=True,
)


def written(rows: list[list[str]], separator: str, newline: str, quoting: int) -> bytes:
    out = io.StringIO()
    options: Any = {'delimiter': separator, 'lineterminator': newline, 'quoting': quoting}
    csv.writer(out, **options).writerows(rows)
    return out.getvalue().encode()


@settings(max_examples=200, deadline=None)
@given(
    names=NAMES,
    separator=st.sampled_from((',', ';', '\t', '|')),
    newline=st.sampled_from(('\n', '\r\n', '\r')),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    data=st.data(),
)
def test_cells_are_settings(
    names: list[str], separator: str, newline: str, quoting: int, data: st.DataObject
) -> None:
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=4)
    )
    text = written([names, *rows], separator, newline, quoting)
    parsed = list(csv.reader(io.StringIO(text.decode(), newline=''), delimiter=separator))
    found = read(text)
    wanted = [
        ((str(n), name), cell.encode())
        for n, row in enumerate(parsed[1:], 1)
        for name, cell in zip(names, row, strict=True)
        if cell
    ]
    assert [(setting.path, setting.value) for setting in found] == wanted
    assert [text[setting.start : setting.end] for setting in found] == [
        setting.value for setting in found
    ]


@settings(max_examples=100, deadline=None)
@given(names=NAMES, data=st.data())
def test_each_cell_has_its_own_place(names: list[str], data: st.DataObject) -> None:
    """Longer cells of one letter each, so that a place in a neighbour would show.

    Spans grow and end before the next separator.
    """
    letters = st.sampled_from('ABCDEFGH').map(lambda letter: letter * 12)
    rows = data.draw(
        st.lists(
            st.lists(letters, min_size=len(names), max_size=len(names)), min_size=1, max_size=4
        )
    )
    text = written([names, *rows], ',', '\n', csv.QUOTE_MINIMAL)
    found = read(text)
    assert len(found) == len(rows) * len(names)
    for number, setting in enumerate(found):
        assert text[: setting.start].count(b'\n') == 1 + number // len(names)
        assert text[setting.end : setting.end + 1] in (b',', b'\n')


FORMS = {
    'spaces': (b'name , api key\n a , b \n', [(('1', 'name'), b'a'), (('1', 'api key'), b'b')]),
    'short row': (b'a,b\n1\n', [(('1', 'a'), b'1')]),
    'long row': (b'a,b\n1,2,3\n', [(('1', 'a'), b'1'), (('1', 'b'), b'2')]),
    'separator in a cell': (b'a,b\n"1,2",3\n', [(('1', 'a'), b'1,2'), (('1', 'b'), b'3')]),
    'latin-1': (b'a,b\ncaf\xe9,2\n', [(('1', 'a'), b'caf\xe9'), (('1', 'b'), b'2')]),
    'cr alone': (b'\r\ra,b\r1,2\r', [(('3', 'a'), b'1'), (('3', 'b'), b'2')]),
    'header only': (b'a,b\n', []),
    'nothing': (b'', []),
}


@pytest.mark.parametrize('form', FORMS)
def test_forms(form: str) -> None:
    data, wanted = FORMS[form]
    assert [(setting.path, setting.value) for setting in read(data)] == wanted
    assert [data[setting.start : setting.end] for setting in read(data)] == [
        value for _, value in wanted
    ]
