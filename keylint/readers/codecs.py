"""Decode base64, hex, escapes, entities, quoted-printable and compressed streams.

Every decoder takes the bytes of an encoded run. It returns the decoded bytes and the pieces that
map them to bytes of the run (`blob_start` counts from the start of the run), or None for bytes that
are not in its encoding. Nothing here decides whether the result means anything.
"""

from __future__ import annotations

import binascii
import html
import re
import zlib
from collections.abc import Callable

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import OffsetSegment
from keylint.core.records import NamedTuple

# The digits on one line of a run. Lines are separated by a line break, also as JSON and code write
# it, and the indentation of the next line.
_LINE = defer_regex(rb'(?:(?<=\\n)|(?<=\\r)|(?<![A-Za-z0-9+/_\-=\\]))[A-Za-z0-9+/_\-=]+')
URL_SAFE = bytes.maketrans(b'-_', b'+/')
_ESCAPE = defer_regex(
    rb'\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,6})\}|\\U([0-9a-fA-F]{8})'
)
_PERCENT = defer_regex(rb'%([0-9a-fA-F]{2})')
_ENTITY = defer_regex(rb'&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,12});')
_QUOTED = defer_regex(rb'=(?:([0-9A-F]{2})|[ \t]{0,8}\r?\n)')
# Digits of a long run that are decoded to find out what it is.
_PROBE = 256
_GZIP = b'\x1f\x8b\x08'
_ZLIB = (b'\x78\x01', b'\x78\x5e', b'\x78\x9c', b'\x78\xda')
# Control characters that do not occur in text.
_CONTROLS = bytes(range(9)) + bytes(range(14, 32)) + b'\x0b\x0c\x7f'
_LEAST_ASCII = 0.7
_MARK = b'\xff\xfe'  # UTF-16's byte order mark


class Decoded(NamedTuple):
    """Decoded bytes and their mapping to the bytes of the encoded run."""

    data: bytes
    pieces: tuple[OffsetSegment, ...]


class StreamTooLargeError(Exception):
    """Report that a compressed stream contains more than may be read of it."""


def decode_base64(run: bytes) -> Decoded | None:
    """Decode standard and URL-safe base64, padded or not, on one line or wrapped over several.

    Source: RFC 4648, RFC 2045.
    """
    lines = [(line.start(), line.group()) for line in _LINE.finditer(run)]
    text = b''.join(line for _, line in lines).rstrip(b'=')
    if len(text) % 4 == 1 or b'=' in text:
        return None
    try:
        data = binascii.a2b_base64(
            text.translate(URL_SAFE) + b'=' * (-len(text) % 4), strict_mode=True
        )
    except binascii.Error:
        return None
    if any(len(line) % 4 for _, line in lines[:-1]):
        return Decoded(data, _whole(data, run))
    pieces: list[OffsetSegment] = []
    for start, line in lines:
        at = pieces[-1].start + pieces[-1].length if pieces else 0
        groups, odd = divmod(len(line.rstrip(b'=')), 4)
        if groups:
            pieces.append(OffsetSegment(at, start, 3 * groups, 4, 3))
        if odd:
            first, last = at + 3 * groups, start + 4 * groups
            pieces.append(OffsetSegment(first, last, odd - 1, len(line) - 4 * groups, odd - 1))
    return Decoded(data, tuple(pieces))


def promises_text(run: bytes) -> bool:
    """Tell whether a long run of base64 begins like text or like compressed data.

    An image is not worth decoding.
    """
    digits = b''.join(run[:_PROBE].split()).translate(URL_SAFE)
    head = binascii.a2b_base64(digits[: len(digits) // 4 * 4])
    return (
        head.startswith((_GZIP, *_ZLIB))
        or len(head.translate(None, _CONTROLS)) == len(head)
        or narrow_utf16(head) is not None
    )


def narrow_utf16(data: bytes) -> bytes | None:
    """Return the ASCII text of UTF-16 bytes, None for bytes that are not such a text.

    The byte order is little-endian, as PowerShell encodes commands.
    """
    data = data.removeprefix(_MARK)
    text = data[::2]
    return (
        text
        if text
        and len(data) % 2 == 0
        and not data[1::2].strip(b'\x00')
        and b'\x00' not in text
        and text.isascii()
        else None
    )


def decode_hex(run: bytes) -> Decoded | None:
    """Decode pairs of hex digits, with or without a leading `0x`."""
    start = 2 if run[:2] in (b'0x', b'0X') else 0
    try:
        data = binascii.unhexlify(run[start:])
    except binascii.Error:
        return None
    return Decoded(data, (OffsetSegment(0, start, len(data), 2),))


def decode_backslashes(run: bytes) -> Decoded | None:
    r"""Decode `\xNN`, `\uNNNN`, `\u{N}`, `\UNNNNNNNN`; keep the text between them."""
    return _replaced(
        run,
        _ESCAPE,
        lambda match: _character(
            next(int(group, 16) for group in match.groups() if group), match.group(1) is not None
        ),
    )


def decode_percent(run: bytes) -> Decoded | None:
    """Decode `%NN`. Source: RFC 3986."""
    return _replaced(run, _PERCENT, lambda match: bytes([int(match.group(1), 16)]))


def decode_entities(run: bytes) -> Decoded | None:
    """Decode HTML and XML entities: `&quot;`, `&#34;`, `&#x22;`."""
    return _replaced(
        run, _ENTITY, lambda match: html.unescape(match.group().decode()).encode('utf-8', 'replace')
    )


def decode_quoted_printable(run: bytes) -> Decoded | None:
    """Decode `=NN`, and join lines that end with `=`. Source: RFC 2045, 6.7."""
    return _replaced(
        run, _QUOTED, lambda match: bytes([int(match.group(1), 16)]) if match.group(1) else b''
    )


def _character(number: int, is_byte: bool) -> bytes:
    if is_byte:
        return bytes([number])
    return chr(number).encode('utf-8', 'replace') if number <= 0x10FFFF else b'?'


def _replaced(
    run: bytes, pattern: re.Pattern[bytes], character: Callable[[re.Match[bytes]], bytes]
) -> Decoded | None:
    """Replace every match by its character; adjacent escapes of one width are one piece."""
    parts: list[bytes] = []
    pieces: list[OffsetSegment] = []
    length = position = 0
    for match in pattern.finditer(run):
        if match.start() > position:
            pieces.append(OffsetSegment(length, position, match.start() - position))
            parts.append(run[position : match.start()])
            length += match.start() - position
        position = match.end()
        made = character(match)
        parts.append(made)
        width = match.end() - match.start()
        last = pieces[-1] if pieces else None
        if (
            last is not None
            and last.step == len(made) == 1
            and last.scale == width
            and last.blob_start + last.length * width == match.start()
        ):
            pieces[-1] = last._replace(length=last.length + 1)
        elif made:
            pieces.append(OffsetSegment(length, match.start(), len(made), width, len(made)))
        length += len(made)
    if not position:
        return None
    if position < len(run):
        pieces.append(OffsetSegment(length, position, len(run) - position))
        parts.append(run[position:])
    return Decoded(b''.join(parts), tuple(pieces))


def inflate(data: bytes, most: int) -> bytes | None:
    """Return the content of a gzip or zlib stream, None for a broken one and for other bytes.

    Raises StreamTooLargeError for more than `most` bytes.
    """
    if not data.startswith((_GZIP, *_ZLIB)):
        return None
    stream = zlib.decompressobj(47)  # gzip or zlib, detected from the header
    try:
        found = stream.decompress(data, most)
    except zlib.error:
        return None
    if stream.unconsumed_tail:
        raise StreamTooLargeError
    return found


def map_as_whole(decoded: Decoded, data: bytes, run: bytes) -> Decoded:
    """Return data decoded from already decoded bytes, mapped to the run as a whole.

    Its bytes cannot be mapped to single bytes of the run.
    """
    return Decoded(data, _whole(data, run) if decoded.data else ())


def _whole(data: bytes, run: bytes) -> tuple[OffsetSegment, ...]:
    return (OffsetSegment(0, 0, len(data), len(run), len(data)),) if data else ()


def is_text(data: bytes) -> bool:
    """Tell whether decoded bytes are human-readable UTF-8.

    Such text has no control characters but tabs and line breaks, and is mostly ASCII.
    """
    if not data or len(data.translate(None, _CONTROLS)) != len(data):
        return False
    if data.isascii():
        return True
    plain = sum(byte < 128 for byte in data[:4096])
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return plain >= _LEAST_ASCII * min(len(data), 4096)
