"""Match paths against patterns as git does: the last match wins, folders include their content.

The rules are those of gitignore(5) and of git's wildmatch.c, byte by byte: `?` is one byte, and
names that are not UTF-8 match too. The tests compare with `git check-ignore`. The package
`pathspec` does the same, but its import costs more than a whole run of the hook.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.records import NamedTuple

_CLASSES = {
    b'alnum': rb'0-9A-Za-z',
    b'alpha': rb'A-Za-z',
    b'blank': rb' \t',
    b'cntrl': rb'\x00-\x1f\x7f',
    b'digit': rb'0-9',
    b'graph': rb'!-~',
    b'lower': rb'a-z',
    b'print': rb' -~',
    b'punct': rb'!-/:-@\[-`{-~',
    b'space': rb' \t-\r',
    b'upper': rb'A-Z',
    b'xdigit': rb'0-9A-Fa-f',
}
_WILD = defer_regex(rb'[*?\[\\]')


class _IgnoreLine(NamedTuple):
    """One line: its regex, whether it re-includes paths, and the part of a path it is matched with.

    `regex` is None for a pattern that git never matches, such as an open bracket.
    """

    regex: re.Pattern[bytes] | None
    is_negated: bool
    is_folder_only: bool
    is_anchored: bool

    def matches(self, path: bytes, name: bytes, is_folder: bool) -> bool:
        """Tell whether the line matches a path, whose last part is `name`."""
        if self.regex is None or (self.is_folder_only and not is_folder):
            return False
        return self.regex.fullmatch(path if self.is_anchored else name) is not None


@lru_cache(maxsize=64)
def compile_patterns(lines: tuple[str, ...]) -> IgnorePatterns:
    """Compile the lines, once per run."""
    return IgnorePatterns(lines)


class IgnorePatterns:
    """The lines of a `.gitignore` in the folder to which the paths are relative."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Compile the lines; comments and empty ones match nothing."""
        compiled = (_compile_line(os.fsencode(line)) for line in lines)
        self._patterns = [pattern for pattern in compiled if pattern is not None]
        self._patterns.reverse()  # the last line that matches decides
        self._folders: dict[bytes, bool] = {}

    def matches(self, path: str) -> bool:
        """Tell whether a file is ignored; the path has `/` and no `./`, as git prints it."""
        if not self._patterns:
            return False
        name = os.fsencode(path)
        folder = name.rpartition(b'/')[0]
        return self._is_folder_ignored(folder) or self._is_ignored(name, is_folder=False)

    def _is_folder_ignored(self, folder: bytes) -> bool:
        """Tell whether a folder or one above it is ignored. Each folder is checked once."""
        above = []
        while folder and folder not in self._folders:
            above.append(folder)
            folder = folder.rpartition(b'/')[0]
        found = self._folders[folder] if folder else False
        for each in reversed(above):
            found = self._folders[each] = found or self._is_ignored(each, is_folder=True)
        return found

    def _is_ignored(self, path: bytes, is_folder: bool) -> bool:
        name = path.rpartition(b'/')[2]
        for pattern in self._patterns:
            if pattern.matches(path, name, is_folder):
                return not pattern.is_negated
        return False


def _compile_line(line: bytes) -> _IgnoreLine | None:
    """Compile a line; None for a comment and for a line without a pattern."""
    text = _strip_spaces(line)
    if not text or text.startswith(b'#'):
        return None
    is_negated = text.startswith(b'!')
    text = text.removeprefix(b'!')
    is_folder_only = text.endswith(b'/')
    text = text[:-1] if is_folder_only else text
    is_anchored = b'/' in text
    text = text.removeprefix(b'/')
    if not text:
        return None
    regex = _translate(text, is_anchored)
    compiled = None if regex is None else re.compile(regex, re.DOTALL)
    return _IgnoreLine(compiled, is_negated, is_folder_only, is_anchored)


def _strip_spaces(line: bytes) -> bytes:
    """Remove spaces at the end unless a backslash quotes them."""
    kept = line.rstrip(b' ')
    backslashes = len(kept) - len(kept.rstrip(b'\\'))
    return kept + b' ' if backslashes % 2 and len(kept) < len(line) else kept


def _translate(text: bytes, is_anchored: bool) -> bytes | None:
    """Return a regular expression for the whole text; None if git never matches the pattern.

    `*` and `?` never match `/`. Git compares the text before the first wildcard separately, so that
    `**` after it counts as the beginning of a path.
    """
    first = _WILD.search(text)
    wild = first.start() if first else len(text)
    parts = [re.escape(text[:wild])]
    place = wild
    while place < len(text):
        char = text[place : place + 1]
        if char == b'*':
            piece, place = _translate_stars(text, place, wild, is_anchored)
        elif char == b'?':
            piece, place = b'[^/]', place + 1
        elif char == b'[':
            found = _translate_bracket(text, place + 1)
            if found is None:
                return None
            piece, place = found
        else:
            quoted = char == b'\\'
            if quoted and place + 1 == len(text):
                return None
            place += quoted
            piece, place = re.escape(text[place : place + 1]), place + 1
        parts.append(piece)
    return b''.join(parts)


def _translate_stars(text: bytes, start: int, wild: int, is_anchored: bool) -> tuple[bytes, int]:
    """Translate a run of `*`; return the expression and where the pattern continues."""
    end = start
    while text[end : end + 1] == b'*':
        end += 1
    begins = start == wild or text[start - 1 : start] == b'/'
    rest = text[end : end + 2]
    if not (is_anchored and end - start > 1 and begins):
        return b'[^/]*', end
    if not rest:
        return b'.*', end
    if rest.startswith(b'/'):
        return b'(?:.*/)?', end + 1
    return (b'.*', end) if rest == b'\\/' else (b'[^/]*', end)


def _translate_bracket(text: bytes, place: int) -> tuple[bytes, int] | None:
    """Translate the text after `[`; return the expression and where the pattern continues.

    Returns None if the bracket is never closed or names no class.
    """
    is_negated = text[place : place + 1] in (b'!', b'^')
    place += is_negated
    items: list[bytes] = []
    first = place
    before: int | None = None  # the last single character: a range may begin with it
    while place == first or text[place : place + 1] != b']':
        found = _translate_class(text, place) or _translate_item(text, place, before)
        if found is None:
            return None
        item, before, place = found
        items.append(item)
    inside = b''.join(items)
    if is_negated:
        return b'(?!/)[^' + inside + b']' if inside else b'[^/]', place + 1
    return b'(?!/)[' + inside + b']' if inside else b'(?!)', place + 1


def _translate_class(text: bytes, place: int) -> tuple[bytes, None, int] | None:
    """Translate `[:alpha:]` within a bracket; None if there is no such class here."""
    close = text.find(b']', place + 2)
    if text[place : place + 2] != b'[:' or close < place + 3 or text[close - 1] != ord(':'):
        return None
    name = text[place + 2 : close - 1]
    return (_CLASSES[name], None, close + 1) if name in _CLASSES else None


def _translate_item(
    text: bytes, place: int, before: int | None
) -> tuple[bytes, int | None, int] | None:
    """Translate a character or the rest of a range; None if the pattern ends or names no class."""
    if text[place : place + 2] == b'[:' and _is_unknown_class(text, place):
        return None
    char, after = _read_bracket_char(text, place)
    if char is None:
        return None
    is_range = text[place : place + 1] == b'-' and before is not None
    if not is_range or text[after : after + 1] in (b'', b']'):
        return b'\\x%02x' % char, char, after
    last, after = _read_bracket_char(text, after)
    if last is None:
        return None
    item = b'\\x%02x-\\x%02x' % (before, last) if before is not None and before <= last else b''
    return item, None, after


def _is_unknown_class(text: bytes, place: int) -> bool:
    """Tell whether `[:` begins a class that does not exist, or is never closed."""
    close = text.find(b']', place + 2)
    return close < 0 or (close > place + 2 and text[close - 1] == ord(':'))


def _read_bracket_char(text: bytes, place: int) -> tuple[int | None, int]:
    """Read a character that a backslash may quote; None if the pattern ends there."""
    place += text[place : place + 1] == b'\\'
    return (text[place], place + 1) if place < len(text) else (None, place)
