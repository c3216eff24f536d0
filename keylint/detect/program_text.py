"""Tell literals of a program from its names: `password === pwd2Confirm` holds no value."""

from __future__ import annotations

import itertools
from functools import cached_property

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Fragment
from keylint.detect.code_outline import list_literals
from keylint.matcher.prefilter import overlaps_any
from keylint.readers.formats import ending_of
from keylint.validators.randomness import is_random

# Programs in which what stands outside of literals and comments is a name. Not shells, where words
# need no quotes, nor languages with long texts between their statements (PHP, Ruby).
_ENDINGS = frozenset(
    """py pyi pyw js ts jsx mjs cjs tsx mts cts go rs java kt kts swift scala c cc cpp h hpp cs d
    dart sol zig""".split()
)
_QUOTES = (b'"', b"'", b'`')
# In a source map programs are texts of JSON: their literals stand in `'` or in escaped quotes. What
# stands in `"` is a name in its list of names.
_QUOTED_IN_MAP = defer_regex(rb'(?:[\'`]|\\")\Z')
# What follows a name and no value: arguments, a member, an item.
_USE = defer_regex(rb'[ \t]{0,3}(?:[(\[]|\.[A-Za-z_]|::|->|\?\.)')
# What follows a name that is given a value, and what stands before one that is declared.
_TARGET = defer_regex(rb'[ \t]{0,3}(?:[-+*/%|&^]|\|\||&&|\?\?)?=(?![=>])')
_DECLARATION = defer_regex(
    rb'(?:^|[^\w$])(?:var|let|const|function|class|def|func?|new|typeof|auto|object|Object'
    rb'|[Ss]tring|char|bool(?:ean)?|byte|int|long|float|double|void)(?:\[\])?[ \t]{1,3}\Z'
)
_DECLARATION_BYTES = 16
_MAX_PLACES = 20
# A bare run as long and as mixed as this is a value that lost its quotes, in whatever language.
_MIN_LOST_BYTES = 32
_MIN_LOST_CHANGES = 6


class ProgramText:
    """A fragment that may be a program's text, by the ending of its path.

    Cells of notebooks and what was decoded are other texts. It is taken apart only when a value is
    asked about.
    """

    def __init__(self, fragment: Fragment, path: str) -> None:
        self._data = fragment.data
        self._ending = ending_of(path)
        self._is_program = (
            self._ending in _ENDINGS
            and fragment.cell is None
            and all(piece.scale == piece.step for piece in fragment.pieces)
        )

    @cached_property
    def _literals(self) -> list[tuple[int, int]]:
        return list_literals(self._data, self._ending)

    def is_name(self, start: int, end: int) -> bool:
        """Tell whether `start:end` is a name or a formula: neither literal, number nor comment."""
        data = self._data
        if self._ending == 'map' and not data[start : start + 1].isdigit():
            is_quoted = _QUOTED_IN_MAP.search(data, max(0, start - 2), start) is not None
            return not (is_quoted or _lost_its_quotes(data[start:end]))
        if (
            not self._is_program
            or data[start - 1 : start] in _QUOTES
            or data[start : start + 1].isdigit()
        ):
            return False
        if overlaps_any((start, end), self._literals):
            return False
        return not _lost_its_quotes(data[start:end]) or self._is_used_as_name(start, end)

    def _is_used_as_name(self, start: int, end: int) -> bool:
        """Tell whether a run is called, has members, is one, or is so elsewhere in the program.

        Names of obfuscated programs are as random as keys. A value that stands twice is no name.
        """
        run = self._data[start:end]
        place = start
        for _ in range(_MAX_PLACES):
            if self._is_name_at(place, place + len(run)):
                return True
            place = self._data.find(run, place + len(run))
            if place < 0:
                place = self._data.find(run, 0, start)
            if place < 0 or place == start:
                break
        return False

    def _is_name_at(self, start: int, end: int) -> bool:
        """Tell whether a run is used or made as only a name can be."""
        before = self._data[max(0, start - _DECLARATION_BYTES) : start]
        return (
            before[-1:] == b'.'
            or _USE.match(self._data, end) is not None
            or _TARGET.match(self._data, end) is not None
            or _DECLARATION.search(before) is not None
        )


def _lost_its_quotes(value: bytes) -> bool:
    changes = sum((a < 58) != (b < 58) for a, b in itertools.pairwise(value))
    return len(value) >= _MIN_LOST_BYTES and changes >= _MIN_LOST_CHANGES and is_random(value)
