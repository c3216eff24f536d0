"""The caret below a shown line: at what the finding points at, or nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keylint.core.excerpt import ExcerptLine
from keylint.core.spans import Lines
from keylint.findings.carets import NO_CARET, Caret, cut_excerpt, find_caret
from keylint.findings.redaction import LineRedactor, collect_secrets


@pytest.mark.parametrize(
    ('line', 'shown', 'span', 'want'),
    [
        pytest.param("a = 'xyz'", "a = '…'", (5, 8), Caret(5, 1), id='masked'),
        pytest.param("f('ab', 'cd')", "f('…', '…')", (9, 11), Caret(8, 1), id='second'),
        pytest.param('may: [read, trade]', 'may: [read, trade]', (6, 10), Caret(6, 4), id='shown'),
        pytest.param('é = "xyz"', 'é = "…"', (6, 9), Caret(5, 1), id='not ASCII'),
        pytest.param('"k = \\"xyz\\""', '"k = "…""', (7, 10), Caret(6, 1), id='escaped quotes'),
        pytest.param('a, a, b, a', 'a, …, a', (3, 4), Caret(3, 1), id='one gap'),
        pytest.param('x = a, b, c', '…, …', (8, 9), NO_CARET, id='either of two gaps'),
        pytest.param('abc', 'xyz', (0, 3), NO_CARET, id='another line'),
    ],
)
def test_where_it_is(line: str, shown: str, span: tuple[int, int], want: Caret) -> None:
    assert find_caret(line.encode(), shown, *span) == want


@given(st.lists(st.text('ab,\'" ', max_size=4), min_size=1, max_size=5), st.integers(0, 3))
def test_a_caret_is_never_at_the_wrong_gap(pieces: list[str], chosen: int) -> None:
    """Whatever stands around: the gap of a caret is the one whose value it points at."""
    values = ['\x00' * (number + 1) for number in range(len(pieces) - 1)]
    line = ''.join(piece + value for piece, value in zip(pieces, [*values, ''], strict=True))
    if not values:
        return
    number = chosen % len(values)
    start = len(''.join(pieces[: number + 1] + values[:number]))
    caret = find_caret(line.encode(), '…'.join(pieces), start, start + len(values[number]))
    assert caret.start in (-1, len('…'.join(pieces[: number + 1])))


def test_a_long_line_is_cut_around_its_caret() -> None:
    value = b'v' * 30
    data = b'    a = f(' + b'b, ' * 100 + b'"' + value + b'")'
    at = data.index(value)
    maker = LineRedactor(Lines(data), 'a.py', collect_secrets(Lines(data), [(at, at + 30, value)]))
    line = maker.redact_line(1, (at, at + 30))
    assert len(line.text) <= 160
    assert line.text.startswith('…')
    assert line.text[line.caret - 1 : line.caret + 2] == '"…"'


def test_what_stands_in_front_is_taken_off() -> None:
    assert cut_excerpt('3', '    a = 1  ', Caret(8, 9), 160) == ExcerptLine('3', 'a = 1', 4, 1)
    assert cut_excerpt('3', 'a' * 200, NO_CARET, 160) == ExcerptLine('3', 'a' * 160)
    assert str(ExcerptLine('3', 'a = 1')) == '3: a = 1'
