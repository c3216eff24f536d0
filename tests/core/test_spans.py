"""Lines, columns and bytes: there and back, for every form of line ends and decoded text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keylint.core.model import Cell, Fragment, OffsetSegment, SourceRange
from keylint.core.spans import Lines, cell_at, map_to_blob


@pytest.mark.parametrize(
    ('data', 'starts'),
    [
        pytest.param(b'', [0], id='empty'),
        pytest.param(b'ab', [0], id='one line'),
        pytest.param(b'\n\nab\n', [0, 1, 2, 5], id='LF'),
        pytest.param(b'a\r\nb\r\n', [0, 3, 6], id='CRLF'),
        pytest.param(b'a\rb\r', [0, 2, 4], id='CR'),
        pytest.param(b'a\rb\nc', [0, 4], id='CR is no end where there is LF'),
    ],
)
def test_where_lines_start(data: bytes, starts: list[int]) -> None:
    assert Lines(data).starts == starts


@pytest.mark.parametrize(
    ('data', 'span', 'want'),
    [
        pytest.param(b'abc', (0, 0), (1, 1, 1, 2), id='nothing is one character wide'),
        pytest.param(b'abc', (1, 3), (1, 2, 1, 4), id='the end is exclusive'),
        pytest.param(b'ab\ncd', (1, 5), (1, 2, 2, 3), id='over two lines'),
        pytest.param(b'ab\ncd', (3, 4), (2, 1, 2, 2), id='first of a line'),
        pytest.param('äö€b'.encode(), (2, 7), (1, 2, 1, 4), id='characters, not bytes'),
        pytest.param(b'\xe4\xf6b', (2, 3), (1, 3, 1, 4), id='Latin-1'),
    ],
)
def test_places(data: bytes, span: tuple[int, int], want: tuple[int, int, int, int]) -> None:
    lines = Lines(data)
    assert lines.place(*span) == SourceRange(*want)
    assert lines.line_of(span[0]) == want[0]


def test_lookups_in_any_order_agree() -> None:
    """The last lookup is remembered: it must not move one in another line, or before it."""
    data = 'ä = 1\nbö = 22\n\nc\n'.encode()
    for first in range(len(data)):
        for second in range(len(data)):
            used = Lines(data)
            used.place(first, first + 1)
            assert used.place(second, second + 1) == Lines(data).place(second, second + 1)


@given(
    st.lists(st.text('aä€𝄞 ', max_size=5), min_size=1, max_size=5),
    st.sampled_from(['\n', '\r\n', '\r']),
    st.data(),
)
def test_there_and_back(rows: list[str], end: str, data: st.DataObject) -> None:
    """A place that ends on its own line leads back to the bytes that it was made of."""
    text = end.join(rows)
    lines = Lines(text.encode())
    row = data.draw(st.integers(0, len(rows) - 1))
    start = len(end.join(rows[:row]).encode()) + len(end) * (row > 0)
    first = data.draw(st.integers(0, len(rows[row])))
    last = data.draw(st.integers(first, len(rows[row])))
    span = start + len(rows[row][:first].encode()), start + len(rows[row][:last].encode())
    if first < last:
        assert lines.span(lines.place(*span)) == span
        assert lines.place(*span) == SourceRange(row + 1, first + 1, row + 1, last + 1)
    assert lines.bounds(row + 1) == (start, start + len(rows[row].encode()))
    assert lines.offset_in(row + 1, 10**6) == start + len(rows[row].encode())


def test_offsets_of_parsers_end_with_the_text() -> None:
    lines = Lines(b'ab\ncde')
    assert [lines.offset_in(*place) for place in ((1, 1), (1, 9), (2, 2), (9, 2), (9, 9))] == [
        *(1, 2, 5, 5, 6)
    ]
    assert lines.line_of(-1) == 1
    assert Lines(b'\na').line_of(0) == 1


def test_a_column_behind_its_line_is_the_end_of_the_line() -> None:
    assert Lines(b'ab\ncd').offset(SourceRange(1, 9, 1, 9)) == 2
    assert Lines(b'ab\ncd').span(SourceRange(1, 2, 1, 9)) == (1, 2)


# Bytes 0-2 of the fragment stand at 10-12 of the blob, its bytes 3-8 are base64 at 20-27.
PIECES = (OffsetSegment(0, 10, 3), OffsetSegment(3, 20, 6, 4, 3))


def test_segments_are_what_the_tests_take_them_for() -> None:
    assert PIECES[1] == OffsetSegment(start=3, blob_start=20, length=6, scale=4, step=3)


@pytest.mark.parametrize(
    ('pieces', 'span', 'want'),
    [
        pytest.param((), (2, 5), (2, 5), id='the whole blob'),
        pytest.param(PIECES, (0, 3), (10, 13), id='as it stands'),
        pytest.param(PIECES, (1, 1), (11, 12), id='nothing is one byte wide'),
        pytest.param(PIECES, (3, 6), (20, 24), id='one group of base64'),
        pytest.param(PIECES, (5, 7), (20, 28), id='over two groups'),
        pytest.param(PIECES, (2, 9), (12, 28), id='over two pieces'),
    ],
)
def test_bytes_of_the_blob(
    pieces: tuple[OffsetSegment, ...], span: tuple[int, int], want: tuple[int, int]
) -> None:
    assert map_to_blob(Fragment(b'abcdefghi', pieces), *span) == want


@pytest.mark.parametrize(
    ('pieces', 'offset', 'line'),
    [
        pytest.param((OffsetSegment(0, 0, 8),), 0, 1, id='first'),
        pytest.param((OffsetSegment(0, 0, 8),), 7, 3, id='lines of the part'),
        pytest.param((OffsetSegment(0, 0, 3), OffsetSegment(3, 9, 5, 4, 3)), 7, 2, id='decoded'),
        pytest.param(
            (OffsetSegment(0, 0, 3, 4, 3), OffsetSegment(3, 9, 3), OffsetSegment(6, 20, 2)),
            *(5, 1),
            id='what follows the offset does not count',
        ),
        pytest.param((OffsetSegment(0, 0, 8, 2, 1),), 7, 1, id='two bytes for one'),
    ],
)
def test_lines_of_a_cell(pieces: tuple[OffsetSegment, ...], offset: int, line: int) -> None:
    """Ends of lines count where the fragment stands as it does in the notebook."""
    fragment = Fragment(b'ab\ncd\ne\n', pieces, Cell(4, 'source'))
    assert cell_at(fragment, offset) == Cell(4, 'source', line)
    assert cell_at(fragment._replace(cell=None), offset) is None


def test_a_cell_may_begin_with_an_empty_line() -> None:
    assert cell_at(Fragment(b'\nab', (), Cell(4, 'source')), 2) == Cell(4, 'source', 2)
