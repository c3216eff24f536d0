"""Read dictionaries and lists that stand as literals in a program of any language with braces.

One pass over the tokens, no grammar: a broken or old file gives what can be read of it. Names are
those that the literal is assigned to. Python's tuples and sets of texts are lists, and its
`dict(name=value)` is a mapping.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from itertools import islice

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting
from keylint.core.records import NamedTuple
from keylint.readers.json import stream_json
from keylint.readers.literal_brackets import (
    CALLS,
    COMMENT,
    JOINS,
    TEXT,
    TEXT_OR_COMMENT,
    TOKEN,
    as_brackets,
)

_BRACKET = defer_regex(
    rb'[^"\'`#/\[{()\]}]*+(?:' + TEXT_OR_COMMENT + rb'|(?P<other>.)|\Z)', re.DOTALL
)
# All that stands before a place in one step, if no text is open there.
_WHOLE_TEXTS = defer_regex(rb'(?:[^"\'`#/]++|' + TEXT + rb'|' + COMMENT + rb'|/)*+', re.DOTALL)
# No literal of Python holds a definition: one at the margin, or of a method, begins outside of all.
_DEFINITIONS = tuple(
    f'\n{margin}{word} '.encode()
    for margin in ('', '    ')
    for word in ('def', 'async def', 'class')
)
_LAST_WORD = defer_regex(rb'(?<![\w$.])[A-Za-z_$][\w$.]*+\Z')
_LEADS = (b'return', b'yield', b'await', b'default', b'json', b'jsonc', b'data')
_OBJECT = defer_regex(rb'\{\s{0,40}"[\w-]{1,60}"\s{0,8}:')
_MOST = 20_000
_PARENTHESIS, _BRACE = ord('('), ord('{')
_SOMETHING = b'"":""'
# Longer words than this stand before no literal.
_MAX_WORD_BYTES = 256
# A place this far before a literal may be in its name: `KRAKEN_PERMISSIONS = [`.
_HEAD_BYTES = 160
# Shorter parts without a place are read: that is no more work than to leave them out.
_MIN_QUIET_BYTES = 64
# How far a name is looked for before its literal, before all is read.
_NAME_BYTES = (512, 8192)


class LiteralSpan(NamedTuple):
    """A literal: its name, its byte span, and the spans in it that are not read."""

    name: str
    start: int
    end: int
    quiet: tuple[tuple[int, int], ...] = ()


def read_literals(
    data: bytes, is_prose: bool, places: Sequence[int] | None = None, *, is_python: bool = False
) -> Iterator[Iterator[Setting]]:
    """Yield the settings of each literal; with `is_prose` also of those that begin a line.

    The name of the literal heads every path. With `places`, sorted offsets, only literals are read
    that hold one of them or stand closely behind it.
    """
    literals = find_literals(data, is_prose, places, is_python=is_python)
    for literal in islice(literals, _MOST + 1):
        text = as_brackets(_blank_spans(data, literal))
        yield _settings(literal.name, literal.start, text)


def _blank_spans(data: bytes, literal: LiteralSpan) -> bytes:
    """Return the text of a literal with spaces for the parts that are not read.

    A mapping keeps an entry without a name: an empty one would read as a switch that is off.
    """
    if not literal.quiet:
        return data[literal.start : literal.end]
    made = bytearray(data[literal.start : literal.end])
    for start, end in literal.quiet:
        first, last = start - literal.start, end - literal.start
        made[first:last] = b' ' * (end - start)
        if data[start - 1] == _BRACE:
            made[first : first + len(_SOMETHING)] = _SOMETHING
    return bytes(made)


def _settings(name: str, start: int, text: bytes) -> Iterator[Setting]:
    for setting in stream_json(text):
        yield Setting(
            (name, *setting.path), setting.value, start + setting.start, start + setting.end
        )


def find_literals(
    data: bytes, is_prose: bool, places: Sequence[int] | None = None, *, is_python: bool = False
) -> Iterator[LiteralSpan]:
    """Yield every outermost literal in braces or brackets, with `places` those that hold one.

    Looks at texts, comments and brackets alone; what stands before a bracket, and the name of a
    literal, are read where they are asked for. In Python what lies before the function that holds
    the next place is passed in one step.
    """
    brackets = _Brackets(data, is_prose, places)
    jumps = _Jumps(data, places if is_python else None)
    start = jumps.find_start(0)
    while start >= 0:
        brackets.restart(start)
        start = yield from brackets.read(start, jumps)


class _Jumps:
    """Where a program may be read on from without what stands before."""

    def __init__(self, data: bytes, places: Sequence[int] | None) -> None:
        self._data = data
        self._places = places or ()
        self.due = 0 if places else len(data)  # behind this offset the next jump is worth a look

    def find_start(self, start: int) -> int:
        """Return the last definition before the next place, or `start` where there is none.

        Nothing may be open at `start`. What cannot be told to be outside of texts is no start.
        """
        number = bisect_right(self._places, start - _HEAD_BYTES)
        if number == len(self._places):
            self.due = len(self._data)
            return start
        place = self._places[number]
        self.due = place + _HEAD_BYTES
        found = max(self._data.rfind(one, start, place) for one in _DEFINITIONS)
        whole = _WHOLE_TEXTS.match(self._data, start, found) if found > start else None
        return found if whole is not None and whole.end() == found else start


class _Brackets:
    """The brackets around the place that is read, and what stands before it."""

    def __init__(self, data: bytes, is_prose: bool, places: Sequence[int] | None) -> None:
        self._data, self._is_prose, self._places = data, is_prose, places
        self._starts: list[int] = []  # of open brackets
        self.outer = -1  # how many brackets are around the literal that is open; -1 without one
        self._quiet: list[tuple[int, int]] = []  # parts of that literal that hold no place
        self._last = b''  # the token before
        self._before: tuple[int, int] | None = None  # or the part that it ends
        # Where tokens end outside of literals, and how deep.
        self._ends, self._depths = [0], [0]
        self._names = _NameSearch(data)

    def restart(self, start: int) -> None:
        """Read on from an offset that stands outside of all brackets and texts."""
        self._starts, self.outer, self._quiet = [], -1, []
        self._last, self._before = b'', None
        self._ends.append(start)
        self._depths.append(0)

    def read(self, start: int, jumps: _Jumps) -> Generator[LiteralSpan, None, int]:
        """Yield literals; return where to go on, or -1 at the end.

        Behind the last place nothing is read that begins there.
        """
        last = self._places[-1] + _HEAD_BYTES if self._places else len(self._data)
        for token in _BRACKET.finditer(self._data, start):
            kind = token.lastgroup
            if kind == 'open':
                if token.start() > last and self.outer < 0:
                    return -1
                self.open(token.start(), token.start(kind))
            elif kind == 'close':
                literal = self.close(token.end())
                if literal is not None:
                    yield literal
            if kind and self.outer < 0:
                self.remember(token.start(), token.start(kind), token.end(), kind)
                if token.end() > jumps.due:
                    found = jumps.find_start(token.end())
                    if found > token.end():
                        return found
        return -1

    def open(self, before: int, at: int) -> None:
        """Enter a bracket at `at`; no text, comment or bracket stands between `before` and it."""
        if self.outer < 0:
            if not _is_blank(self._data, before, at):
                self._before = before, at
            if self._before:
                self._last, self._before = _read_last_word(self._data, *self._before), None
            if _begins_literal(self._data, at, self._last, self._is_prose):
                self.outer = len(self._starts)
        self._starts.append(at)

    def close(self, end: int) -> LiteralSpan | None:
        """Leave a bracket; return the literal that ends with it, if one does."""
        if not self._starts:
            return None
        start = self._starts.pop()
        is_quiet = self._places is not None and not _holds_place(self._places, start, end)
        if self.outer == len(self._starts):
            self.outer = -1
            quiet, self._quiet = tuple(self._quiet), []
            if is_quiet:
                return None
            name = self._names.find_before(start, self._ends, self._depths)
            return LiteralSpan(name, start, end, quiet)
        if self.outer >= 0 and is_quiet and end - start >= _MIN_QUIET_BYTES:
            while self._quiet and self._quiet[-1][0] > start:
                self._quiet.pop()
            self._quiet.append((start + 1, end - 1))
        return None

    def remember(self, before: int, at: int, end: int, kind: str) -> None:
        """Remember a token outside of literals, for the name of the next one."""
        if kind != 'comment':
            self._last, self._before = self._data[at : at + 1], None
        elif not _is_blank(self._data, before, at):
            self._before = before, at
        self._ends.append(end)
        self._depths.append(len(self._starts))


def _is_blank(data: bytes, start: int, end: int) -> bool:
    return start == end or data[start:end].isspace()


def _begins_literal(data: bytes, at: int, last: bytes, is_prose: bool) -> bool:
    """Tell whether a bracket opens a literal, by the token before it."""
    if data[at] == _PARENTHESIS:
        return last in CALLS
    return last in JOINS or last in _LEADS or (is_prose and _begins_document(data, at))


def _read_last_word(data: bytes, start: int, end: int) -> bytes:
    """Return the last token of a part without texts, comments and brackets."""
    part = data[max(start, end - _MAX_WORD_BYTES) : end].rstrip()
    word = _LAST_WORD.search(part)
    return word[0] if word else part[-1:]


def _holds_place(places: Sequence[int], start: int, end: int) -> bool:
    first = bisect_right(places, start - _HEAD_BYTES)
    return first < len(places) and places[first] <= end


class _NameSearch:
    """Read a text for the last name before each literal, in the order of the literals."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._read = 0  # up to here all names are known
        self._state = _NameState(b'', 0)

    def find_before(self, start: int, ends: Sequence[int], depths: Sequence[int]) -> str:
        """Return the name before `start`; tokens end at `ends`, `depths` brackets deep.

        It mostly stands close by; where it does not, all is read since the last such name.
        """
        name = None
        for reach in _NAME_BYTES:
            first = bisect_right(ends, max(0, start - reach))
            # Behind a part that was passed in one step the next token may be far.
            close = max(0, first - 1)
            if start - ends[close] > 2 * reach and first < len(ends) and ends[first] < start:
                close = first
            if name is None and ends[close] > self._read:
                near = _NameState(None, depths[close])
                near.read(self._data, ends[close], start)
                name = near.name
        if name is None:
            self._state.read(self._data, self._read, start)
            self._read = start
            name = self._state.name or b''
        return name.decode('utf-8', 'replace')


class _NameState:
    """The last name in what was read so far, or that with a type before an `=`; None for none."""

    def __init__(self, name: bytes | None, depth: int) -> None:
        self.name = name
        self._depth = depth
        self._typed: bytes | None = b''  # a name with a type
        self._type_start = 0

    def read(self, data: bytes, first: int, last: int) -> None:
        """Read the tokens between two offsets."""
        for token in TOKEN.finditer(data, first, last):
            text, kind = token.group(), token.lastgroup
            if kind == 'open':
                self._depth += 1
            elif kind == 'close':
                self._depth = max(0, self._depth - 1)
            elif kind == 'name' and text not in _LEADS and text not in CALLS:
                self.name = text
            elif text == b';':
                self.name = b''
            elif text == b':' and not self._depth:
                self._typed, self._type_start = self.name, token.end()
            elif text == b'=' and self._typed != b'':
                if not self._depth and b'\n' not in data[self._type_start : token.start()]:
                    self.name = self._typed
                self._typed = b''


def _begins_document(data: bytes, start: int) -> bool:
    """Tell whether a bracket in prose begins a line, or an object in JSON behind some words."""
    if _OBJECT.match(data, start):
        return True
    line = data.rfind(b'\n', 0, start) + 1
    return not data[line:start].strip(b' \t>`')
