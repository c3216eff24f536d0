"""Look for the known values of a plan in bytes: as they stand, encoded, and inside of archives.

The values are known, so nothing has to be detected: each is looked for as the bytes that it has in
every encoding. Only what has to be unpacked or decoded first (archives, compressed streams, base64
of them) is opened.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from keylint.archives import identify_container
from keylint.archives.walk import walk_members
from keylint.core.limits import Limits
from keylint.core.records import NamedTuple
from keylint.core.report import Failure
from keylint.matcher.hyperscan import compile_database
from keylint.publish.replacements import find_replaced_text
from keylint.readers.codecs import StreamTooLargeError, decode_base64, inflate, promises_text
from keylint.readers.decode import to_text

# What `look_through` says that it looked at, for the verdict.
LOOKED_AT = (
    'archives, compressed files and what is encoded in them '
    '(base64, hex, escapes, UTF-16 and UTF-32)'
)
_WIDE = ('utf-16-le', 'utf-16-be', 'utf-32-le', 'utf-32-be')
# Shorter texts are not searched for on their own: they occur anywhere by chance.
_MIN_NEEDLE_BYTES = 6
# Digits of base64 that depend on the bytes beside the value, by the offset in a group of three.
_CUT_DIGITS = (0, 2, 3)
# What breaks a value in two: ends of lines and margins, quotes and backslashes between pieces.
_BREAKS = b' \t\r\n"\'\\'
# A long run of base64: on one line, or wrapped over several.
_RUN = re.compile(
    rb'[A-Za-z0-9+/_\-]{40,}+={0,2}(?:\r?\n[ \t]{0,40}+[A-Za-z0-9+/_\-]{4,}+={0,2})*+'
)
_MAX_LAYERS = 3
_MAX_INFLATED_BYTES = 64 << 20


class Found(NamedTuple):
    """Say whether any value is in some bytes, and what of them could not be looked at."""

    has_value: bool
    failures: tuple[Failure, ...] = ()


class SecretMatcher:
    """Finds the values of a plan in every encoding that bytes alone show, all of them at once."""

    def __init__(self, literals: Sequence[bytes], expressions: Sequence[re.Pattern[bytes]]) -> None:
        self._expressions = list(expressions)
        texts = [*literals, *filter(None, map(find_replaced_text, expressions))]
        needles = dict.fromkeys(
            [*literals, *(needle for text in texts for needle in _list_encoded(text))]
        )
        patterns = [b''.join(b'\\x%02x' % byte for byte in needle) for needle in needles]
        self._database = compile_database(patterns, is_once=True) if patterns else None

    def has_match(self, data: bytes) -> bool:
        """Tell whether any of the values is in the data, whole, broken over lines or encoded."""
        if self._has_needle(data) or self._matches_expression(data):
            return True
        if self._has_needle(data.translate(None, _BREAKS)):
            return True
        text, is_text = to_text(data)
        return (
            is_text and text != data and (self._has_needle(text) or self._matches_expression(text))
        )

    def _has_needle(self, data: bytes) -> bool:
        return self._database is not None and bool(self._database.scan(data))

    def _matches_expression(self, data: bytes) -> bool:
        return any(expression.search(data) for expression in self._expressions)

    def look_through(self, path: str, data: bytes, limits: Limits | None = None) -> Found:
        """Look for the values in some bytes and in all that they hold; `path` tells their kind."""
        if self._has_layer(data, _MAX_LAYERS):
            return Found(True)
        if identify_container(path, data) is None:
            return Found(False)
        failures = []
        for item in walk_members(path, data, limits or Limits()):
            if isinstance(item, Failure):
                failures.append(item)
            elif self.has_match(item.container.encode()) or self._has_layer(
                item.member.data, _MAX_LAYERS
            ):
                return Found(True)
        return Found(False, tuple(failures))

    def _has_layer(self, data: bytes, layers: int) -> bool:
        """Tell whether any of the values is in the data, or in what is encoded there."""
        if self.has_match(data):
            return True
        return layers > 0 and any(self._has_layer(one, layers - 1) for one in _list_decoded(data))


def _list_encoded(text: bytes) -> Iterator[bytes]:
    """Yield the bytes that a text has in other encodings than its own."""
    if len(text) < _MIN_NEEDLE_BYTES:
        return
    squeezed = text.translate(None, _BREAKS)
    if squeezed != text and len(squeezed) >= _MIN_NEEDLE_BYTES:
        yield squeezed
    characters = text.decode('utf-8', 'replace')
    wide = [characters.encode(encoding) for encoding in _WIDE]
    yield from wide
    for form in (text, wide[0]):
        yield from _list_base64(form)
    digits = binascii.hexlify(text)
    yield from (digits, digits.upper())
    yield b'%' + binascii.hexlify(text, '%')
    yield b'%' + binascii.hexlify(text, '%').upper()
    for escape in ('\\x%02x', '\\x%02X', '\\u%04x', '\\u%04X', '&#%d;', '&#x%x;', '&#x%X;'):
        yield ''.join(escape % ord(character) for character in characters).encode()
    yield ''.join(f'\\{byte:03o}' for byte in text).encode()
    if not characters.isascii() or not characters.isalnum():
        yield ''.join(
            c if c.isalnum() and c.isascii() else f'\\u{ord(c):04x}' for c in characters
        ).encode()
        yield ''.join(
            c if c.isalnum() and c.isascii() else f'%{ord(c):02X}' for c in characters
        ).encode()


def _list_base64(text: bytes) -> Iterator[bytes]:
    """Yield the digits of base64 that a text has at each offset in a group of three bytes."""
    for offset, cut in enumerate(_CUT_DIGITS):
        padded = bytes(offset) + text
        whole = padded[: len(padded) // 3 * 3]  # the last group depends on what follows
        digits = base64.b64encode(whole)[cut:]
        if len(digits) >= _MIN_NEEDLE_BYTES:
            yield digits
            yield digits.replace(b'+', b'-').replace(b'/', b'_')


def _list_decoded(data: bytes) -> Iterator[bytes]:
    """Yield what is in compressed streams, and in base64 that holds a stream or a text."""
    try:
        inner = inflate(data, _MAX_INFLATED_BYTES)
    except StreamTooLargeError:
        inner = None
    if inner:
        yield inner
    for run in _RUN.finditer(data):
        text = run.group()
        if promises_text(text):
            decoded = decode_base64(text)
            if decoded is not None:
                yield decoded.data
