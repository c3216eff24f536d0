"""How wide a terminal is, and what fits into it."""

from __future__ import annotations

from io import StringIO

import pytest

from keylint.reporters.terminal import (
    TerminalSize,
    count_columns,
    cut_around,
    cut_text,
    measure_terminal,
    pad_text,
)


@pytest.mark.parametrize(
    ('columns', 'lines', 'want'),
    [
        (None, None, (80, 24)),
        ('160', '50', (160, 50)),
        ('10', None, (40, 24)),
        ('0', 'x', (80, 24)),
        ('-5', '9' * 30, (80, 24)),
    ],
)
def test_the_environment_decides(
    monkeypatch: pytest.MonkeyPatch, columns: str | None, lines: str | None, want: tuple[int, int]
) -> None:
    for name, value in (('COLUMNS', columns), ('LINES', lines)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert measure_terminal(StringIO()) == TerminalSize(*want)


def test_columns_of_what_is_not_ascii() -> None:
    assert [count_columns(text) for text in ('abc', '机器人', 'e\u0301', '…')] == [3, 6, 1, 1]
    assert pad_text('机', 4) == '机  '


@pytest.mark.parametrize(
    ('text', 'columns', 'want'),
    [
        ('short', 10, 'short'),
        ('one two three', 9, 'one two…'),
        ('one, two three', 6, 'one…'),
        ('unbreakable-word', 8, 'unbreak…'),
        ('机器人机器人', 7, '机器人…'),
    ],
)
def test_cut_at_the_end(text: str, columns: int, want: str) -> None:
    assert cut_text(text, columns) == want
    assert count_columns(want) <= columns


@pytest.mark.parametrize('at', range(60))
def test_cut_around_keeps_the_character(at: int) -> None:
    text = ''.join(chr(0x4E00 + n) if n % 7 == 0 else chr(48 + n) for n in range(60))
    shown, here = cut_around(text, at, 20)
    assert shown[here] == text[at]
    assert count_columns(shown) <= 20
    assert shown.startswith('…') == (here < at)
