"""Fit text into a terminal: its size, the columns that a text takes, where a long one is cut."""

from __future__ import annotations

import os
import sys
from unicodedata import combining, east_asian_width

from keylint.core.lazy_typing import TextIO
from keylint.core.records import NamedTuple

ELLIPSIS = '…'
_MIN_COLUMNS = 40


class TerminalSize(NamedTuple):
    """Columns and lines of a terminal."""

    columns: int
    lines: int


_UNKNOWN = TerminalSize(80, 24)


def measure_terminal(stream: TextIO) -> TerminalSize:
    """Return the size of the terminal that a stream writes to.

    `COLUMNS` and `LINES` say it where they are set, as for other programs; 80 by 24 where nothing
    does, such as in a pipe or a file.
    """
    try:
        measured = os.get_terminal_size(stream.fileno())
    except (AttributeError, ValueError, OSError):
        measured = os.terminal_size(_UNKNOWN)
    columns = _read_number('COLUMNS') or measured.columns or _UNKNOWN.columns
    lines = _read_number('LINES') or measured.lines or _UNKNOWN.lines
    return TerminalSize(max(_MIN_COLUMNS, columns), lines)


def _read_number(name: str) -> int:
    text = os.environ.get(name, '')
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < len(str(sys.maxsize)) else 0
    )


def count_columns(text: str) -> int:
    """Count the columns that a text takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(_measure_char(char) for char in text)


def _measure_char(char: str) -> int:
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in 'WF' else 1


def pad_text(text: str, columns: int) -> str:
    """Return a text with blanks up to a number of columns."""
    return text + ' ' * (columns - count_columns(text))


def cut_text(text: str, columns: int) -> str:
    """Return a text of at most so many columns, with an ellipsis for what is cut off at its end.

    It is cut between words where the last of them is not longer than a third of what is kept.
    """
    if count_columns(text) <= columns:
        return text
    kept = _take_columns(text, columns - 1)
    words, blank, last = kept.rpartition(' ')
    if blank and len(last) <= len(kept) // 3 and text[len(kept) : len(kept) + 1] != ' ':
        kept = words
    return kept.rstrip(' ,;:') + ELLIPSIS


def cut_around(text: str, at: int, columns: int) -> tuple[str, int]:
    """Return what fits of a text around its character `at`, and where that character is now.

    An ellipsis stands for what is cut off on either side.
    """
    if count_columns(text) <= columns:
        return text, at
    before = _take_columns(text[:at][::-1], columns // 2)[::-1]
    behind = _take_columns(text[at:], columns - count_columns(before) - 1)
    before = _take_columns(text[:at][::-1], columns - count_columns(behind) - 1)[::-1]
    if len(before) < at:
        before = ELLIPSIS + before[1:]
    if at + len(behind) < len(text):
        behind += ELLIPSIS
    return before + behind, len(before)


def _take_columns(text: str, columns: int) -> str:
    """Return the beginning of a text that fits."""
    taken = 0
    for number, char in enumerate(text):
        taken += _measure_char(char)
        if taken > columns:
            return text[:number]
    return text
