"""JSON and its relatives (comments, trailing commas, single quotes, bare keys) as settings with byte spans.

A tolerant tokenizer and a stack, no recursion: a broken or half-written document still gives what stands before the break
and after it. `tests/readers` holds it against `json` on every valid document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from keylint.core.model import Piece, Setting
from keylint.readers.tree import Unread


class EmptyContainer(Setting):
    """A list or an object without values."""

    __slots__ = ()


# Nothing is tried twice (`*+`): a value of some megabytes would take as many hundreds.
_TOKEN = re.compile(
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+"""|"(?:[^"\\]++|\\.)*+(?:"|\Z)|\'(?:[^\'\\\n]++|\\.)*+(?:\'|(?=\n)|\Z)'
    rb'|(?://|\#)[^\n]*+|/\*.*?(?:\*/|\Z)|[{}\[\]:,=]|[^\s{}\[\]:,="\'/]++|/',
    re.DOTALL,
)
# The usual member of an object whole: `"key": value`, up to the comma or bracket behind it.
_MEMBER = re.compile(
    rb'\s*+"((?:[^"\\]++|\\.)*+)"\s*+:\s*+("(?:[^"\\]++|\\.)*+"|(?!\#)[^\s{}\[\]:,="\'/]++)\s*+(?=[,}\]])',
    re.DOTALL,
)
_COMMA, _QUOTE = b',"'
_ESCAPE = re.compile(
    rb'\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))',
    re.DOTALL,
)
_SIMPLE = {b'n': b'\n', b't': b'\t', b'r': b'\r', b'b': b'\b', b'f': b'\f'}
_DEEPEST = 100
# Each setting takes some hundred bytes of memory.
MOST_SETTINGS = 400_000
TOO_DEEP = f'nested deeper than {_DEEPEST} levels: what lies below is not read'


# Larger documents are given as a stream: no list of all their values stands in memory.
_KEPT_BYTES = 8_000_000


def settings(data: bytes) -> tuple[Setting, ...]:
    """List every scalar of the document, in order; of a very long one the first `MOST_SETTINGS`: the rest is seen as text."""
    return tuple(islice(_settings(data, False, False), MOST_SETTINGS))


def document(data: bytes, has_root: bool = False) -> Iterator[Setting]:
    """Give the same as a stream, and every empty container with the value `[]` or `{}`.

    With `has_root` the text is the inside of an object, as in HCL, where `key = value` stands on lines of its own and the last label of
    a block is its key. Raises Unread behind the last one when something lies too deep to be read.
    """
    is_deep: list[bool] = []
    yield from _settings(data, True, has_root, is_deep)
    if is_deep:
        raise Unread(TOO_DEEP)


class JsonText:
    """A text in JSON, tokenised once: the same values serve settings and trees."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._values: list[Setting] | None = None
        self._error: Unread | None = None

    def settings(self) -> tuple[Setting, ...]:
        """List every scalar, at most `MOST_SETTINGS`."""
        if self._values is None and len(self._data) > _KEPT_BYTES:
            return settings(self._data)
        scalars = (value for value in self._read() if not isinstance(value, EmptyContainer))
        return tuple(islice(scalars, MOST_SETTINGS))

    def tree_settings(self) -> Iterator[Setting]:
        """Give every scalar and every empty container. Raises Unread behind the last one when something lies too deep."""
        if self._values is None and len(self._data) > _KEPT_BYTES:
            yield from document(self._data)
            return
        yield from self._read()
        if self._error is not None:
            raise self._error

    def _read(self) -> list[Setting]:
        if self._values is None:
            self._values = []
            try:
                self._values.extend(document(self._data))
            except Unread as error:
                self._error = error
        return self._values


def _settings(
    data: bytes, whole: bool, has_root: bool, is_deep: list[bool] | None = None
) -> Iterator[Setting]:
    # one [key, index, path] for each open container; index is None in objects
    stack: list[list[Any]] = [[None, None, ()]] if has_root else []
    pending: re.Match[bytes] | None = None
    opened = -1  # the start of a container in which nothing has been seen yet
    hidden = 0  # open containers that lie too deep
    position = 0
    is_between = False  # behind `{` or `,`
    while True:
        if is_between and stack and stack[-1][1] is None:
            for member, behind in _members(data, position, stack[-1][2]):
                yield member
                position, opened = behind, -1
        token = _TOKEN.search(data, position)
        if token is None:
            break
        position, text = token.end(), token.group()
        is_between = not hidden and text in (b'{', b',')
        if text[:1] in b'/#' and text.startswith((b'//', b'/*', b'#')):
            continue
        if hidden or (len(stack) >= _DEEPEST and text in (b'{', b'[')):
            hidden += (text in (b'{', b'[')) - (text in (b'}', b']'))
            if is_deep == []:
                is_deep.append(True)
            continue
        if text in (b'{', b'['):
            if pending is not None and stack and stack[-1][1] is None and stack[-1][0] is None:
                stack[-1][0] = _key(pending)
            stack.append([None, None if text == b'{' else 0, _path(stack)])
            pending, opened = None, token.start()
            continue
        if whole and opened >= 0 and text in (b'}', b']') and stack:
            value = data[opened : opened + 1] + text
            yield EmptyContainer(stack[-1][2], value, opened, token.end())
        opened = -1
        if text in (b':', b'=') and stack:
            stack[-1][0] = _key(pending)
            pending = None
        elif text in (b',', b'}', b']'):
            if pending is not None:
                yield _setting(data, pending, stack)
                pending = None
            _close(stack, text)
        else:
            if pending is not None and stack and stack[-1][1] is None and stack[-1][0] is not None:
                yield _setting(data, pending, stack)  # no comma: the next line begins
                stack[-1][0] = None
            pending = token
    if pending is not None:
        yield _setting(data, pending, stack)


def _close(stack: list[list[Any]], text: bytes) -> None:
    if not stack:
        return
    if text == b',':
        stack[-1][0] = None
        if stack[-1][1] is not None:
            stack[-1][1] += 1
    else:
        stack.pop()
        if stack and stack[-1][1] is None and stack[-1][0] is not None:
            stack[-1][0] = None


def _key(token: re.Match[bytes] | None) -> str:
    if token is None:
        return ''
    text = token.group()
    if text[:1] not in b'"\'':
        return text.decode('utf-8', 'replace')
    return unescaped(text[1:-1]).decode('utf-8', 'replace')


def _path(stack: list[list[Any]]) -> tuple[str, ...]:
    """Where the next value stands."""
    if not stack:
        return ()
    key, index, above = stack[-1]
    if key is None and index is None:
        return above  # type: ignore[no-any-return]  # the third of the three
    return (*above, str(index) if key is None else key)


def _members(data: bytes, position: int, above: tuple[str, ...]) -> Iterator[tuple[Setting, int]]:
    """The usual members that follow each other, each with the offset behind it and its comma."""
    while (member := _MEMBER.match(data, position)) is not None:
        path = (*above, unescaped(member[1]).decode('utf-8', 'replace'))
        start, end = member.span(2)
        if data[start] == _QUOTE:
            start, end = start + 1, end - 1
            value = unescaped(data[start:end])
        else:
            value = data[start:end]
        position = member.end()
        is_last = data[position] != _COMMA
        position += not is_last
        yield Setting(path, value, start, end), position
        if is_last:
            return


def _setting(data: bytes, token: re.Match[bytes], stack: list[list[Any]]) -> Setting:
    path = _path(stack)
    start, end = token.span()
    quote = data[start : start + 1]
    if quote in (b'"', b"'"):
        width = 3 if token.group()[:3] == b'"""' and end - start >= 6 else 1
        is_closed = end - start >= 2 * width and data[end - 1 : end] == quote
        start, end = start + width, end - width if is_closed else end
        inside = data[start:end]
        return Setting(path, unescaped(inside), start, end)
    return Setting(path, data[start:end], start, end)


def unescaped(raw: bytes) -> bytes:
    """The text of a string literal's inside. It takes no memory for places, as `unescape` does."""
    return _ESCAPE.sub(_decoded, raw) if b'\\' in raw else raw


def unescape(raw: bytes, at: int = 0) -> tuple[bytes, tuple[Piece, ...]]:
    """The text of a string literal's inside, and where its unbroken runs lie; `at` is the offset of `raw` in the blob."""
    if b'\\' not in raw:
        return raw, (Piece(0, at, len(raw)),)
    parts: list[bytes] = []
    pieces: list[Piece] = []
    length = position = 0
    for escape in _ESCAPE.finditer(raw):
        run = raw[position : escape.start()]
        decoded = _decoded(escape)
        parts += [run, decoded]
        pieces += [
            Piece(length, at + position, len(run)),
            Piece(length + len(run), at + escape.start(), len(decoded), 0),
        ]
        length += len(run) + len(decoded)
        position = escape.end()
    parts.append(raw[position:])
    pieces.append(Piece(length, at + position, len(raw) - position))
    return b''.join(parts), tuple(piece for piece in pieces if piece.length)


def _decoded(escape: re.Match[bytes]) -> bytes:
    high, low, unit, letter = escape.groups()
    if high:
        return chr(0x10000 + (int(high, 16) - 0xD800 << 10) + int(low, 16) - 0xDC00).encode()
    if unit:
        return chr(int(unit, 16)).encode('utf-8', 'replace')
    return _SIMPLE.get(letter, letter)
