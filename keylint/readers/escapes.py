"""Decode the backslash escapes in the string literals of JSON and its relatives."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import OffsetSegment

_ESCAPE = defer_regex(
    rb'\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})'  # a surrogate pair
    rb'|u([0-9a-fA-F]{4})|(.))',
    re.DOTALL,
)
_SIMPLE = {b'n': b'\n', b't': b'\t', b'r': b'\r', b'b': b'\b', b'f': b'\f'}


def decode_escapes(raw: bytes) -> bytes:
    """Decode the inside of a string literal. Keeps no offsets, which takes less memory."""
    return _ESCAPE.sub(_decode_escape, raw) if b'\\' in raw else raw


def decode_with_pieces(raw: bytes, at: int = 0) -> tuple[bytes, tuple[OffsetSegment, ...]]:
    """Decode the inside of a string literal and return the positions of its unbroken runs.

    `at` is the offset of `raw` in the blob.
    """
    if b'\\' not in raw:
        return raw, (OffsetSegment(0, at, len(raw)),)
    parts: list[bytes] = []
    pieces: list[OffsetSegment] = []
    length = position = 0
    for escape in _ESCAPE.finditer(raw):
        run = raw[position : escape.start()]
        decoded = _decode_escape(escape)
        parts += [run, decoded]
        pieces += [
            OffsetSegment(length, at + position, len(run)),
            OffsetSegment(length + len(run), at + escape.start(), len(decoded), 0),
        ]
        length += len(run) + len(decoded)
        position = escape.end()
    parts.append(raw[position:])
    pieces.append(OffsetSegment(length, at + position, len(raw) - position))
    return b''.join(parts), tuple(piece for piece in pieces if piece.length)


def _decode_escape(escape: re.Match[bytes]) -> bytes:
    high, low, unit, letter = escape.groups()
    if high:
        return chr(0x10000 + (int(high, 16) - 0xD800 << 10) + int(low, 16) - 0xDC00).encode()
    if unit:
        return chr(int(unit, 16)).encode('utf-8', 'replace')
    return _SIMPLE.get(letter, letter)
