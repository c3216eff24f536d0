"""Read a constant expression: `"".join([…])`, f-strings and templates, `%`, `.format`, `+`.

A small reader for Python, JavaScript and TypeScript, and languages like them. A name stands for the
text that the same file binds to it, if it is bound only once. An expression that the reader does
not understand is not a constant and is left unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from keylint.core.lazy_patterns import defer_regex
from keylint.core.records import NamedTuple
from keylint.readers.codecs import Decoded, decode_base64, decode_hex, is_text
from keylint.readers.constant_names import ConstantNames

_STRING = defer_regex(
    rb'(?P<prefix>[rbuRBU]{0,2}[fF]?[rbRB]?)(?P<quote>"""|\'\'\'|"|\'|`)'
    rb'(?P<text>(?:[^\\"\'`\n]|\\.|(?!(?P=quote))["\'`]){0,4000}?)(?P=quote)'
)
_NAME = defer_regex(rb'[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*')
# Blanks, continued lines and comments.
_BLANK = defer_regex(rb'(?:[ \t\r\n]++|\\\r?\n|#[^\n]*+\n|//[^\n]*+\n)*+')
_INLINE_BLANK = defer_regex(rb'[ \t]*')
_JOIN = defer_regex(rb'[ \t\r\n]*\.join[ \t]*\(')
_FORMAT = defer_regex(rb'[ \t\r\n]*\.format[ \t]*\(')
_FIELD = defer_regex(rb'\$?\{([A-Za-z_$][\w$.]*|\d*)\}')
_PERCENT_S = defer_regex(rb'%(s)')
_KEYWORD = defer_regex(rb'([A-Za-z_]\w*)[ \t]*=[ \t]*(?!=)')
_PERCENT_SIGN = defer_regex(rb'[ \t]*%[ \t]*')
_PLUS = defer_regex(rb'(?:[ \t]|\\?\r?\n)*+\+[ \t\r\n]*+')
_DECODERS: dict[bytes, Callable[[bytes], Decoded | None]] = {
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
# `Buffer.from(text, "base64")` names its decoder in the second argument.
_DECODER_BY_ARGUMENT = b'from'
# Methods on a decoded text that do not change it.
_METHODS = defer_regex(rb'(?:\.(?:decode|strip|toString|trim)\([^()\n]{0,20}\))*')
_MAX_DEPTH = 8
_MAX_TERMS = 400
MAX_TEXT_BYTES = 20_000


class TextPart(NamedTuple):
    """A part of a text, and the bytes `start:end` that it comes from."""

    text: bytes
    start: int
    end: int


class ConstantText(NamedTuple):
    """The value of an expression: its parts, and where it ends.

    `is_made` says that more than adjacent literals were combined, `is_name` that the expression is
    a name.
    """

    parts: tuple[TextPart, ...]
    end: int
    is_made: bool = False
    is_name: bool = False

    def join_parts(self) -> bytes:
        """Return the whole text."""
        return b''.join(part.text for part in self.parts)


class _Arguments(NamedTuple):
    """The values in brackets: those with names, those without, and the end of the brackets."""

    named: dict[bytes, ConstantText]
    values: list[ConstantText]
    end: int


class ExpressionReader:
    """Read one expression. Every method returns the value that begins at a byte, or None."""

    def __init__(self, data: bytes, names: ConstantNames, limit: int) -> None:
        self._data = data
        self._names = names
        self._limit = limit
        self._terms_left = _MAX_TERMS

    def read_sum(self, at: int, depth: int = 0) -> ConstantText | None:
        """Read terms joined by `+`, or side by side."""
        value = self._read_term(at, depth)
        if value is None:
            return None
        while True:
            plus = _PLUS.match(self._data, value.end, self._limit)
            other = (
                self._read_term(plus.end(), depth)
                if plus
                else self._read_adjacent(value.end, depth)
            )
            if other is None:
                # A sum with an unknown term is not a constant, but the text before a list's next
                # entry is complete.
                return None if plus else value
            is_made = value.is_made or other.is_made or value.is_name or other.is_name
            value = ConstantText(value.parts + other.parts, other.end, is_made)

    def _read_adjacent(self, at: int, depth: int) -> ConstantText | None:
        """Read a literal directly after another one on the same line, as Python joins them."""
        blank = _INLINE_BLANK.match(self._data, at, self._limit)
        place = blank.end() if blank else at
        if (
            place == at
            or self._data[at - 1 : at] not in (b'"', b"'")
            or self._data[place : place + 1] not in (b'"', b"'")
        ):
            return None
        return self._read_term(place, depth)

    def _read_term(self, at: int, depth: int) -> ConstantText | None:
        self._terms_left -= 1
        if depth > _MAX_DEPTH or self._terms_left < 0:
            return None
        first = self._data[at : at + 1]
        if first == b'(':
            return self._read_in_brackets(at, depth)
        if first == b'[':
            return self._read_joined_list(at, depth)
        literal = _STRING.match(self._data, at, self._limit)
        if literal:
            return self._read_literal(literal, depth)
        return self._read_name(at, depth)

    def _read_in_brackets(self, at: int, depth: int) -> ConstantText | None:
        inner = self.read_sum(self._skip_blanks(at + 1), depth + 1)
        if inner is None:
            return None
        end = self._skip_blanks(inner.end)
        if self._data[end : end + 1] != b')':
            return None
        return ConstantText(inner.parts, end + 1, inner.is_made)

    def _read_name(self, at: int, depth: int) -> ConstantText | None:
        """Read a name that is a constant, or the call of a decoder."""
        name = _NAME.match(self._data, at, self._limit)
        if name is None:
            return None
        end = name.end()
        behind = self._data[end : end + 1]
        if behind == b'[':  # an entry of a container
            return None
        last = name.group().rsplit(b'.', 1)[-1]
        if behind == b'(':
            return self._read_decoder_call(last, at, end + 1, depth)
        text = self._names.get(last)
        if text is None:
            return None
        return ConstantText((TextPart(text, at, end),), end, is_name=True)

    def _read_decoder_call(
        self, name: bytes, at: int, inside: int, depth: int
    ) -> ConstantText | None:
        """Read a constant that is decoded: `base64.b64decode(HALF + OTHER).decode()`."""
        if name not in _DECODERS and name != _DECODER_BY_ARGUMENT:
            return None
        arguments = self._read_arguments(inside, b')', depth)
        if arguments is None or not arguments.values:
            return None
        texts = [value.join_parts() for value in arguments.values]
        has_own_name = name == _DECODER_BY_ARGUMENT and len(texts) > 1
        decode = _DECODERS.get(texts[1] if has_own_name else name)
        found = decode(texts[0]) if decode else None
        if found is None or not is_text(found.data):
            return None
        methods = _METHODS.match(self._data, arguments.end, self._limit)
        end = methods.end() if methods else arguments.end
        return ConstantText((TextPart(found.data, at, arguments.end),), end, is_made=True)

    def _read_literal(self, literal: re.Match[bytes], depth: int) -> ConstantText | None:
        """Read a literal with the values that are joined to it or filled into it."""
        text, start, end = literal['text'], literal.start('text'), literal.end()
        if b'\\' in text:
            return None
        join = _JOIN.match(self._data, end, self._limit)
        if join:
            return self._read_join(join.end(), text, depth)
        form = _FORMAT.match(self._data, end, self._limit)
        if form:
            arguments = self._read_arguments(form.end(), b')', depth)
            return self._fill_fields(text, start, _FIELD, arguments) if arguments else None
        sign = _PERCENT_SIGN.match(self._data, end, self._limit)
        if sign and b'%s' in text:
            operands = self._read_operands(sign.end(), depth)
            return self._fill_fields(text, start, _PERCENT_S, operands) if operands else None
        is_template = literal['quote'] == b'`' and b'${' in text
        if is_template or (b'f' in literal['prefix'].lower() and b'{' in text):
            return self._fill_fields(text, start, _FIELD, _Arguments({}, [], end))
        return ConstantText((TextPart(text, start, start + len(text)),), end)

    def _fill_fields(
        self, text: bytes, start: int, pattern: re.Pattern[bytes], given: _Arguments
    ) -> ConstantText | None:
        """Replace a text's fields by the given values, or by constants if none are given."""
        parts: list[TextPart] = []
        position = number = 0
        for field in pattern.finditer(text):
            if field.start() > position:
                literal = text[position : field.start()]
                parts.append(TextPart(literal, start + position, start + field.start()))
            position = field.end()
            name = field.group(1)
            if name in (b'', b's') or name.isdigit():
                place = int(name) if name.isdigit() else number
                number += 1
                if place >= len(given.values):
                    return None
                parts += given.values[place].parts
            elif name in given.named:
                parts += given.named[name].parts
            else:
                constant = self._names.get(name.rsplit(b'.', 1)[-1])
                if constant is None:
                    return None
                parts.append(TextPart(constant, start + field.start(), start + field.end()))
        if b'{' in text[position:] or not position:
            return None
        if position < len(text):
            parts.append(TextPart(text[position:], start + position, start + len(text)))
        return ConstantText(tuple(parts), given.end, is_made=True)

    def _read_operands(self, at: int, depth: int) -> _Arguments | None:
        """Read the operands of `%`: a tuple in brackets, or one value."""
        if self._data[at : at + 1] == b'(':
            return self._read_arguments(at + 1, b')', depth)
        value = self._read_term(at, depth + 1)
        return _Arguments({}, [value], value.end) if value else None

    def _read_arguments(self, at: int, closing: bytes, depth: int) -> _Arguments | None:
        """Read values up to a bracket, named ones separately; None if one is not a constant."""
        named: dict[bytes, ConstantText] = {}
        values: list[ConstantText] = []
        at = self._skip_blanks(at)
        while self._data[at : at + 1] != closing:
            keyword = _KEYWORD.match(self._data, at, self._limit)
            value = self.read_sum(keyword.end() if keyword else at, depth + 1)
            if value is None:
                return None
            if keyword:
                named[keyword.group(1)] = value
            else:
                values.append(value)
            at = self._skip_blanks(value.end)
            if self._data[at : at + 1] == b',':
                at = self._skip_blanks(at + 1)
            elif self._data[at : at + 1] != closing:
                return None
        return _Arguments(named, values, at + 1)

    def _read_join(self, at: int, between: bytes, depth: int) -> ConstantText | None:
        """Read the argument of `"".join(…)`, a list or a tuple of constants, and join it."""
        at = self._skip_blanks(at)
        bracket = {b'[': b']', b'(': b')'}.get(self._data[at : at + 1])
        items = self._read_arguments(at + 1, bracket, depth) if bracket else None
        if items is None:
            return None
        end = self._skip_blanks(items.end)
        if self._data[end : end + 1] != b')':
            return None
        return _join_values(items.values, between, end + 1)

    def _read_joined_list(self, at: int, depth: int) -> ConstantText | None:
        """Read `["…", "…"].join("")`; None for a list that is not joined, such as `[b"…"]`."""
        items = self._read_arguments(at + 1, b']', depth)
        if items is None:
            return None
        join = _JOIN.match(self._data, items.end, self._limit)
        if join is None:
            return None
        between = _STRING.match(self._data, self._skip_blanks(join.end()), self._limit)
        if between is None:
            return None
        end = self._skip_blanks(between.end())
        if self._data[end : end + 1] != b')':
            return None
        return _join_values(items.values, between['text'], end + 1)

    def _skip_blanks(self, at: int) -> int:
        blank = _BLANK.match(self._data, at, self._limit)
        return blank.end() if blank else at


def _join_values(values: list[ConstantText], between: bytes, end: int) -> ConstantText | None:
    """Join texts with a separator; None if there are no texts."""
    if not values:
        return None
    parts: list[TextPart] = []
    for number, value in enumerate(values):
        if number and between:
            place = value.parts[0].start if value.parts else end
            parts.append(TextPart(between, place, place))
        parts += value.parts
    return ConstantText(tuple(parts), end, is_made=True)
