"""Read JSON and its relatives (comments, trailing commas, single quotes, bare keys) as settings.

A tolerant tokenizer and a stack, without recursion: from a broken or half-written document it reads
the parts before and after the break. `tests/readers` compares it with `json` on valid documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import Setting
from keylint.readers.escapes import decode_escapes
from keylint.readers.limits import KEPT_BYTES, MAX_LEVELS, MAX_SETTINGS, TOO_DEEP
from keylint.readers.tree import PartlyReadError


class EmptyContainer(Setting):
    """A list or an object without values."""

    __slots__ = ()


# Possessive repetition (`*+`) prevents backtracking: a value of megabytes would need hundreds of
# MB.
_TOKEN = defer_regex(
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+"""'  # a string of several lines
    rb'|"(?:[^"\\]++|\\.)*+(?:"|\Z)'  # a string, possibly unterminated
    rb'|\'(?:[^\'\\\n]++|\\.)*+(?:\'|(?=\n)|\Z)'
    rb'|(?://|\#)[^\n]*+|/\*.*?(?:\*/|\Z)'  # comments
    rb'|[{}\[\]:,=]|[^\s{}\[\]:,="\'/]++|/',  # punctuation, and the text between
    re.DOTALL,
)
# The usual member of an object as a whole: `"key": value`, up to the next comma or bracket.
_MEMBER = defer_regex(
    rb'\s*+"((?:[^"\\]++|\\.)*+)"\s*+:\s*+'
    rb'("(?:[^"\\]++|\\.)*+"|(?!\#)[^\s{}\[\]:,="\'/]++)\s*+(?=[,}\]])',
    re.DOTALL,
)
_COMMA, _QUOTE = b',"'


def settings(data: bytes) -> tuple[Setting, ...]:
    """List the scalars of a document in order; for a very long one, the first `MAX_SETTINGS`."""
    return tuple(islice(_Parser(data, keeps_empty=False).read(), MAX_SETTINGS))


def stream_json(data: bytes, has_root: bool = False) -> Iterator[Setting]:
    """Stream the scalars of a document and its empty containers, whose value is `[]` or `{}`.

    With `has_root` the text is the inside of an object, as in HCL, where `key = value` is on its
    own line and the last label of a block is its key. Raises PartlyReadError after the last setting
    if something is nested too deep to be read.
    """
    parser = _Parser(data, keeps_empty=True, has_root=has_root)
    yield from parser.read()
    if parser.is_deep:
        raise PartlyReadError(TOO_DEEP)


class JsonText:
    """A text in JSON, tokenised once: the same values serve settings and trees.

    A text above `KEPT_BYTES` is streamed, so that no list of all its values is kept in memory.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._values: list[Setting] | None = None
        self._error: PartlyReadError | None = None

    def settings(self) -> tuple[Setting, ...]:
        """List every scalar, at most `MAX_SETTINGS`."""
        if self._values is None and len(self._data) > KEPT_BYTES:
            return settings(self._data)
        scalars = (value for value in self._read() if not isinstance(value, EmptyContainer))
        return tuple(islice(scalars, MAX_SETTINGS))

    def tree_settings(self) -> Iterator[Setting]:
        """Yield every scalar and every empty container.

        Raises PartlyReadError after the last one if something is nested too deep.
        """
        if self._values is None and len(self._data) > KEPT_BYTES:
            yield from stream_json(self._data)
            return
        yield from self._read()
        if self._error is not None:
            raise self._error

    def _read(self) -> list[Setting]:
        if self._values is None:
            self._values = []
            try:
                self._values.extend(stream_json(self._data))
            except PartlyReadError as error:
                self._error = error
        return self._values


class _Container:
    """An open object or list with its path. `index` counts the values of a list, None in an object.

    `key` is the name of the next value, None if none was read yet.
    """

    __slots__ = ('index', 'key', 'path')

    def __init__(self, path: tuple[str, ...], index: int | None = None) -> None:
        self.path = path
        self.index = index
        self.key: str | None = None

    def next_path(self) -> tuple[str, ...]:
        """Return the path of the next value."""
        if self.key is not None:
            return (*self.path, self.key)
        return self.path if self.index is None else (*self.path, str(self.index))


class _Parser:
    """Reads tokens one after another; each completes at most one setting.

    With `keeps_empty` empty containers are settings as well. With `has_root` the text is the inside
    of an object. `is_deep` becomes True if something is nested too deep to be read.
    """

    def __init__(self, data: bytes, *, keeps_empty: bool, has_root: bool = False) -> None:
        self._data = data
        self._keeps_empty = keeps_empty
        self._stack = [_Container(())] if has_root else []
        self._pending: re.Match[bytes] | None = None  # a scalar that may be a key or a value
        self._opened = -1  # the start of a container that is empty so far
        self._hidden = 0  # open containers that are nested too deep
        self.is_deep = False

    def read(self) -> Iterator[Setting]:
        """Yield the settings of the text in order."""
        data, stack = self._data, self._stack
        position = 0
        is_between = False  # after `{` or `,`
        while True:
            if is_between and stack and stack[-1].index is None:
                for member, behind in _match_members(data, position, stack[-1].path):
                    yield member
                    position, self._opened = behind, -1
            token = _TOKEN.search(data, position)
            if token is None:
                break
            position, text = token.end(), token.group()
            handle = _HANDLERS.get(text)
            if handle is None:
                is_between = False
                if self._hidden or (text[0] in b'/#' and text.startswith((b'//', b'/*', b'#'))):
                    continue
                setting = self._take_scalar(token)
            else:
                is_between = text in b'{,' and not self._hidden
                if self._hidden or (len(stack) >= MAX_LEVELS and text in b'{['):
                    self._count_hidden(text)
                    continue
                setting = handle(self, token)
            if setting is not None:
                yield setting
        if self._pending is not None:
            yield self._make_setting(self._pending)

    def _count_hidden(self, text: bytes) -> None:
        """Count the containers that are nested too deep; nothing else of them is read."""
        self._hidden += (text in b'{[') - (text in b'}]')
        self.is_deep = True

    def _open_container(self, token: re.Match[bytes]) -> None:
        """Open an object or a list; a name right before it is its key (`backend "s3" {` in HCL)."""
        stack = self._stack
        path: tuple[str, ...] = ()
        if stack:
            container = stack[-1]
            if self._pending is not None and container.key is None and container.index is None:
                container.key = _decode_key(self._pending)
            path = container.next_path()
        stack.append(_Container(path, None if token.group() == b'{' else 0))
        self._pending, self._opened = None, token.start()

    def _close_container(self, token: re.Match[bytes]) -> Setting | None:
        """Close the innermost container and complete its last value."""
        stack, pending, opened = self._stack, self._pending, self._opened
        setting: Setting | None = None
        if pending is not None:
            setting = self._make_setting(pending)
            self._pending = None
        elif opened >= 0 and stack and self._keeps_empty:
            value = self._data[opened : opened + 1] + token.group()
            setting = EmptyContainer(stack[-1].path, value, opened, token.end())
        self._opened = -1
        if stack:
            stack.pop()
            if stack and stack[-1].index is None:
                stack[-1].key = None
        return setting

    def _end_value(self, token: re.Match[bytes]) -> Setting | None:
        """Complete the value before a comma."""
        self._opened = -1
        setting: Setting | None = None
        if self._pending is not None:
            setting = self._make_setting(self._pending)
            self._pending = None
        if self._stack:
            container = self._stack[-1]
            container.key = None
            if container.index is not None:
                container.index += 1
        return setting

    def _take_key(self, token: re.Match[bytes]) -> None:
        """Take the scalar before `:` or `=` as the key of the next value."""
        self._opened = -1
        if self._stack:
            self._stack[-1].key = _decode_key(self._pending)
            self._pending = None
        else:
            self._pending = token

    def _take_scalar(self, token: re.Match[bytes]) -> Setting | None:
        """Keep a scalar until the next token decides whether it is a key or a value."""
        self._opened = -1
        setting: Setting | None = None
        if self._pending is not None and self._stack:
            container = self._stack[-1]
            if container.index is None and container.key is not None:
                setting = self._make_setting(self._pending)  # no comma: the next line begins
                container.key = None
        self._pending = token
        return setting

    def _make_setting(self, token: re.Match[bytes]) -> Setting:
        """Make the setting of a scalar, without its quotes."""
        data = self._data
        path = self._stack[-1].next_path() if self._stack else ()
        start, end = token.span()
        quote = data[start : start + 1]
        if quote not in (b'"', b"'"):
            return Setting(path, data[start:end], start, end)
        width = 3 if data[start : start + 3] == b'"""' and end - start >= 6 else 1
        is_closed = end - start >= 2 * width and data[end - 1 : end] == quote
        start, end = start + width, end - width if is_closed else end
        return Setting(path, decode_escapes(data[start:end]), start, end)


_HANDLERS: dict[bytes, Callable[[_Parser, re.Match[bytes]], Setting | None]] = {
    b'{': _Parser._open_container,
    b'[': _Parser._open_container,
    b'}': _Parser._close_container,
    b']': _Parser._close_container,
    b',': _Parser._end_value,
    b':': _Parser._take_key,
    b'=': _Parser._take_key,
}


def _decode_key(token: re.Match[bytes] | None) -> str:
    if token is None:
        return ''
    text = token.group()
    if text[:1] not in b'"\'':
        return text.decode('utf-8', 'replace')
    return decode_escapes(text[1:-1]).decode('utf-8', 'replace')


def _match_members(
    data: bytes, position: int, above: tuple[str, ...]
) -> Iterator[tuple[Setting, int]]:
    """Yield the usual members that follow each other, each with the offset after its comma."""
    while (member := _MEMBER.match(data, position)) is not None:
        path = (*above, decode_escapes(member[1]).decode('utf-8', 'replace'))
        start, end = member.span(2)
        if data[start] == _QUOTE:
            start, end = start + 1, end - 1
            value = decode_escapes(data[start:end])
        else:
            value = data[start:end]
        position = member.end()
        is_last = data[position] != _COMMA
        position += not is_last
        yield Setting(path, value, start, end), position
        if is_last:
            return
