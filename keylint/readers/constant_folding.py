"""Texts that code puts together from constants, worked out without running it: `"".join([…])`, f-strings and templates, `%`, `.format`, `+`.

A small reader of expressions for Python, JavaScript and TypeScript, and what looks like them. Names stand for texts that the same file binds
them to, each once. What it does not understand is no constant and is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from keylint.core.model import OffsetSegment
from keylint.readers.codecs import decode_base64, decode_hex, is_text

_STRING = re.compile(
    rb'(?P<prefix>[rbuRBU]{0,2}[fF]?[rbRB]?)(?P<quote>"""|\'\'\'|"|\'|`)(?P<text>(?:[^\\"\'`\n]|\\.|(?!(?P=quote))["\'`]){0,4000}?)(?P=quote)'
)
_NAME = re.compile(rb'[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*')
_BLANK = re.compile(rb'(?:[ \t\r\n]++|\\\r?\n|#[^\n]*+\n|//[^\n]*+\n)*+')
_INLINE = re.compile(rb'[ \t]*')
# What may stand before a name that is bound on its line, and what binds it to one text and nothing else.
_BEFORE = re.compile(
    rb'(?:\A|[\n;{(,])[ \t]*(?:(?:export|const|let|var|final|static|private|public|protected|readonly|String|string|auto)[ \t]+)'
    rb'{0,5}(?:self\.|this\.)?\Z'
)
_BINDING = re.compile(
    rb'[ \t]*(?::[ \t]*[\w.\[\]]{1,30}[ \t]*)?:?=(?!=)[ \t]*'
    rb'(?:[rbuRBU]{0,2}(?P<quote>["\'`])(?P<text>[^"\'`\\\n$]{0,400})(?P=quote)[ \t]*(?:;|,)?[ \t]*(?:#.*|//.*)?\r?(?:\n|\Z))?'
)
_SIGNS = (b' =', b'=', b':', b' :', b'  ')
_JOIN = re.compile(rb'[ \t\r\n]*\.join[ \t]*\(')
_FORMAT = re.compile(rb'[ \t\r\n]*\.format[ \t]*\(')
_FIELD = re.compile(rb'\$?\{([A-Za-z_$][\w$.]*|\d*)\}')
_PERCENT_S = re.compile(rb'%(s)')
_KEYWORD = re.compile(rb'([A-Za-z_]\w*)[ \t]*=[ \t]*(?!=)')
_OPERATOR = re.compile(rb'[ \t]*%[ \t]*')
_PLUS = re.compile(rb'(?:[ \t]|\\?\r?\n)*+\+[ \t\r\n]*+')
# Where an expression may begin that puts something together: at a text or a list, or at a name with a plus or the call of a decoder behind it.
_START = re.compile(
    rb'(?:[=:(,>]|\breturn)[ \t]*+\(?+[ \t\r\n]{0,40}+(?=["\'`\[]|[rbuRBUfF]{1,4}["\'`]'
    rb'|[A-Za-z_$][\w$]*+(?:\.[A-Za-z_$][\w$]*+)*+(?:(?:[ \t]|\\?\r?\n)*+\+|(?:(?<=decode)|(?<=decodebytes)|(?<=atob)|(?<=base64)'
    rb'|(?<=hex)|(?<=unhexlify)|(?<=from))\())'
)
_DECODERS = {
    b'b64decode': decode_base64,
    b'urlsafe_b64decode': decode_base64,
    b'standard_b64decode': decode_base64,
    b'decodebytes': decode_base64,
    b'atob': decode_base64,
    b'base64': decode_base64,
    b'hex': decode_hex,
    b'fromhex': decode_hex,
    b'unhexlify': decode_hex,
    b'a2b_hex': decode_hex,
    b'a2b_base64': decode_base64,
}
_METHODS = re.compile(rb'(?:\.(?:decode|strip|toString|trim)\([^()\n]{0,20}\))*')
_DEEPEST = 8
_MOST_PARTS = 400
_LONGEST = 20_000
_MARGIN = 120
_LEAST = 12
# Names of a file that are looked for, and places that are looked at for all of them.
_MOST_NAMES = 500
_MOST_PLACES = 20_000
# Bytes that are looked through for a name at the cost of one such place: in a page of megabytes only a few names are looked for.
_SEARCHED = 4096


class Text(NamedTuple):
    """The value of an expression: its parts with the bytes that each comes from, and where it ends.

    `is_made` says that more than literals side by side were put together, `is_name` that it is a name.
    """

    parts: tuple[tuple[bytes, int, int], ...]
    end: int
    is_made: bool = False
    is_name: bool = False


class Fold(NamedTuple):
    """An expression `start:end` and the text that it stands for, with pieces that lead back to its bytes (counted from `start`)."""

    start: int
    end: int
    data: bytes
    pieces: tuple[OffsetSegment, ...]


def fold_constants(data: bytes, ranges: list[tuple[int, int]]) -> Iterator[Fold]:
    """The expressions in some ranges that put constants together."""
    constants = _Constants(data)
    for first, last in ranges:
        position = first
        while start := _START.search(data, position, last):
            position = start.end()
            reader = _Reader(data, constants, last + _LONGEST)
            found = reader.sum(position, 0)
            if found is None or not found.is_made:
                continue
            text = b''.join(part for part, _, _ in found.parts)
            if _LEAST <= len(text) <= _LONGEST:
                yield Fold(position, found.end, text, tuple(_pieces(found, position)))
                position = found.end


class _Constants:
    """Names that a file binds to a text, and to nothing else; each is looked for when it is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._known: dict[bytes, bytes | None] = {}
        self._left = _MOST_PLACES

    def get(self, name: bytes) -> bytes | None:
        """The text that a name stands for."""
        if name not in self._known:
            if len(self._known) > _MOST_NAMES:
                return None
            found = set(self._bound(name))
            self._known[name] = found.pop() if len(found) == 1 else None
        return self._known[name]

    def _bound(self, name: bytes) -> Iterator[bytes | None]:
        """What the name is bound to, wherever it is; None for what is no text."""
        for sign in _SIGNS:
            self._left -= len(self._data) // _SEARCHED
            at = self._data.find(name + sign) if self._left > 0 else -1
            while at >= 0:
                self._left -= 1
                if self._left < 0:
                    yield None
                    return
                binding = _BINDING.match(self._data, at + len(name))
                if binding and _BEFORE.search(self._data[max(0, at - _MARGIN) : at]):
                    yield binding['text']
                    if binding['text'] is None:
                        return
                at = self._data.find(name + sign, at + len(name))


def _pieces(found: Text, start: int) -> Iterator[OffsetSegment]:
    at = 0
    for text, first, last in found.parts:
        if not text:
            continue
        is_same = last - first == len(text)
        yield (
            OffsetSegment(at, first - start, len(text))
            if is_same
            else OffsetSegment(at, first - start, len(text), max(last - first, 1), len(text))
        )
        at += len(text)


class _Reader:
    """Reads one expression. Every method gives the value that begins at a place, or None."""

    def __init__(self, data: bytes, constants: _Constants, limit: int) -> None:
        self._data = data
        self._constants = constants
        self._limit = limit
        self._left = _MOST_PARTS

    def sum(self, at: int, depth: int) -> Text | None:
        """Terms with `+` between them, or side by side."""
        value = self._term(at, depth)
        if value is None:
            return None
        while True:
            plus = _PLUS.match(self._data, value.end, self._limit)
            other = self._term(plus.end(), depth) if plus else self._beside(value.end, depth)
            if other is None:
                # a sum of which something is unknown is none, but text before a list's next entry is whole
                return None if plus else value
            value = Text(
                value.parts + other.parts,
                other.end,
                value.is_made or other.is_made or value.is_name or other.is_name,
            )

    def _beside(self, at: int, depth: int) -> Text | None:
        """A literal right behind another on the same line, as Python joins them."""
        start = _INLINE.match(self._data, at, self._limit)
        place = start.end() if start else at
        if (
            place == at
            or self._data[at - 1 : at] not in (b'"', b"'")
            or self._data[place : place + 1] not in (b'"', b"'")
        ):
            return None
        return self._term(place, depth)

    def _term(self, at: int, depth: int) -> Text | None:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return None
        data = self._data
        if data[at : at + 1] == b'(':
            inner = self.sum(self._skip(at + 1), depth + 1)
            end = self._skip(inner.end) if inner else at
            return (
                Text(inner.parts, end + 1, inner.is_made)
                if inner and data[end : end + 1] == b')'
                else None
            )
        if data[at : at + 1] == b'[':
            return self._joined_list(at, depth)
        literal = _STRING.match(data, at, self._limit)
        if literal:
            return self._literal(literal, depth)
        name = _NAME.match(data, at, self._limit)
        if name is None or data[name.end() : name.end() + 1] == b'[':  # an entry of something
            return None
        last = name.group().rsplit(b'.', 1)[-1]
        if data[name.end() : name.end() + 1] == b'(':
            return self._called(last, at, name.end() + 1, depth)
        text = self._constants.get(last)
        return (
            Text(((text, at, name.end()),), name.end(), is_name=True) if text is not None else None
        )

    def _called(self, name: bytes, at: int, inside: int, depth: int) -> Text | None:
        """A constant that is decoded: `base64.b64decode(HALF + OTHER).decode()`."""
        values = (
            self._arguments(inside, b')', depth) if name in _DECODERS or name == b'from' else None
        )
        if values is None or not values[1]:
            return None
        texts = [b''.join(part for part, _, _ in value.parts) for value in values[1]]
        decode = _DECODERS.get(texts[1] if name == b'from' and len(texts) > 1 else name)
        found = decode(texts[0]) if decode else None
        end = _METHODS.match(self._data, values[2], self._limit)
        return (
            Text(((found.data, at, values[2]),), end.end() if end else values[2], is_made=True)
            if found and is_text(found.data)
            else None
        )

    def _literal(self, literal: re.Match[bytes], depth: int) -> Text | None:
        text, start, end = literal['text'], literal.start('text'), literal.end()
        if b'\\' in text:
            return None
        join = _JOIN.match(self._data, end, self._limit)
        if join:
            return self._items(join.end(), text, b')', depth)
        form = _FORMAT.match(self._data, end, self._limit)
        if form:
            values = self._arguments(form.end(), b')', depth)
            return self._filled(text, start, _FIELD, values) if values else None
        operator = _OPERATOR.match(self._data, end, self._limit)
        if operator and b'%s' in text:
            is_tuple = self._data[operator.end() : operator.end() + 1] == b'('
            values = (
                self._arguments(operator.end() + 1, b')', depth)
                if is_tuple
                else self._one(operator.end(), depth)
            )
            return self._filled(text, start, _PERCENT_S, values) if values else None
        if (literal['quote'] == b'`' and b'${' in text) or (
            b'f' in literal['prefix'].lower() and b'{' in text
        ):
            return self._filled(text, start, _FIELD, ({}, [], end))
        return Text(((text, start, start + len(text)),), end)

    def _filled(
        self,
        text: bytes,
        start: int,
        pattern: re.Pattern[bytes],
        given: tuple[dict[bytes, Text], list[Text], int],
    ) -> Text | None:
        """A text with its fields replaced by what is given for them, by constants where nothing is."""
        named, values, end = given
        parts: list[tuple[bytes, int, int]] = []
        position = number = 0
        for field in pattern.finditer(text):
            if field.start() > position:
                parts.append(
                    (text[position : field.start()], start + position, start + field.start())
                )
            position = field.end()
            name = field.group(1)
            if name in (b'', b's') or name.isdigit():
                place = int(name) if name.isdigit() else number
                number += 1
                if place >= len(values):
                    return None
                parts += values[place].parts
            elif name in named:
                parts += named[name].parts
            else:
                constant = self._constants.get(name.rsplit(b'.', 1)[-1])
                if constant is None:
                    return None
                parts.append((constant, start + field.start(), start + field.end()))
        if b'{' in text[position:] or not position:
            return None
        if position < len(text):
            parts.append((text[position:], start + position, start + len(text)))
        return Text(tuple(parts), end, is_made=True)

    def _one(self, at: int, depth: int) -> tuple[dict[bytes, Text], list[Text], int] | None:
        value = self._term(at, depth + 1)
        return ({}, [value], value.end) if value else None

    def _arguments(
        self, at: int, closing: bytes, depth: int
    ) -> tuple[dict[bytes, Text], list[Text], int] | None:
        """Values up to a bracket, those with names apart; None when one of them is no constant."""
        named: dict[bytes, Text] = {}
        values: list[Text] = []
        at = self._skip(at)
        while self._data[at : at + 1] != closing:
            keyword = _KEYWORD.match(self._data, at, self._limit)
            value = self.sum(keyword.end() if keyword else at, depth + 1)
            if value is None:
                return None
            if keyword:
                named[keyword.group(1)] = value
            else:
                values.append(value)
            at = self._skip(value.end)
            if self._data[at : at + 1] == b',':
                at = self._skip(at + 1)
            elif self._data[at : at + 1] != closing:
                return None
        return named, values, at + 1

    def _items(self, at: int, between: bytes, closing: bytes, depth: int) -> Text | None:
        """The argument of `"".join(…)`: a list or a tuple of constants."""
        at = self._skip(at)
        bracket = {b'[': b']', b'(': b')'}.get(self._data[at : at + 1])
        values = self._arguments(at + 1, bracket, depth) if bracket else None
        if values is None:
            return None
        end = self._skip(values[2])
        return (
            self._joined(values[1], between, end + 1)
            if self._data[end : end + 1] == closing
            else None
        )

    def _joined_list(self, at: int, depth: int) -> Text | None:
        """`["…", "…"].join("")`, and `[b"…"]` for no list that is joined."""
        values = self._arguments(at + 1, b']', depth)
        join = _JOIN.match(self._data, values[2], self._limit) if values else None
        between = _STRING.match(self._data, self._skip(join.end()), self._limit) if join else None
        end = self._skip(between.end()) if between else at
        if values is None or between is None or self._data[end : end + 1] != b')':
            return None
        return self._joined(values[1], between['text'], end + 1)

    def _joined(self, values: list[Text], between: bytes, end: int) -> Text | None:
        parts: list[tuple[bytes, int, int]] = []
        for number, value in enumerate(values):
            if number and between:
                parts.append(
                    (between, value.parts[0][1], value.parts[0][1])
                    if value.parts
                    else (between, end, end)
                )
            parts += value.parts
        return Text(tuple(parts), end, is_made=True) if values else None

    def _skip(self, at: int) -> int:
        blank = _BLANK.match(self._data, at, self._limit)
        return blank.end() if blank else at
