"""Decode bytes to UTF-8: byte order marks, UTF-16, UTF-32, zeros in texts, and binary data."""

from __future__ import annotations

from functools import partial

from keylint.core.copies import split_copied_name
from keylint.core.lazy_re import re

_SAMPLE_BYTES = 4096
TABLES = ('csv', 'tsv')
# Runs of zeros in a text: a rotated log begins with one, a file that was being written during a
# power failure ends with one. Archives and programs have many.
_MAX_ZERO_RUNS = 4
_MAX_CONTROL_SHARE = 0.01
# Latin text in UTF-16, in both byte orders, followed by lines of one byte a character: this many
# pairs of letters cannot be Chinese text.
_WIDE = rb'(?:[\t\r\n\x20-\x7e]\x00){8,}', rb'(?:\x00[\t\r\n\x20-\x7e]){8,}'
_PLAIN = rb'[\t\r\n\x20-\x7e]{32,}'


def to_text(data: bytes) -> tuple[bytes, bool]:
    """Return UTF-8 (or unchanged Latin-1) bytes of a file, and whether they are text.

    UTF-16 and UTF-32 are converted to UTF-8, a byte order mark is cut off, and offsets count in the
    result. A few zeros in a text become blanks. A text whose encoding changes, for example because
    a shell appended to a file, is read in pieces. Binary data comes back unchanged.
    """
    if data.startswith((b'\xff\xfe', b'\xfe\xff', b'\x00\x00\xfe\xff')):
        return _decode_marked(data), True
    if data.startswith(b'\xef\xbb\xbf'):
        return data[3:].replace(b'\x00', b' '), True
    sample = data[:_SAMPLE_BYTES]
    if b'\x00' not in sample and b'\x00' not in data[-_SAMPLE_BYTES:]:
        return data, True
    order = _utf16_order(sample)
    if order:
        return _decode_wide(data, order), True
    text = _decode_pieces(data)
    return (data, False) if text is None else (text, True)


def may_be_binary(data: bytes) -> bool:
    """Tell whether `to_text` must examine some bytes closely: few files have zeros."""
    return b'\x00' in data[:_SAMPLE_BYTES] or b'\x00' in data[-_SAMPLE_BYTES:]


def _decode_marked(data: bytes) -> bytes:
    """Decode bytes that begin with the byte order mark of UTF-16 or UTF-32."""
    if data.startswith((b'\xff\xfe\x00\x00', b'\x00\x00\xfe\xff')):
        return data.decode('utf-32', 'replace').encode('utf-8', 'replace')
    return _decode_wide(data[2:], 'utf-16-le' if data.startswith(b'\xff') else 'utf-16-be')


def _decode_wide(data: bytes, order: str) -> bytes:
    """Decode UTF-16; keep text that was appended in one byte a character unchanged."""
    parts = []
    start = 0
    for plain in re.finditer(_PLAIN, data):
        first, last = plain.span()
        first += (first - start) % 2
        parts.append(data[start:first].decode(order, 'replace').encode('utf-8', 'replace'))
        parts.append(data[first:last])
        start = last
    parts.append(data[start:].decode(order, 'replace').encode('utf-8', 'replace'))
    return b''.join(parts)


def _decode_pieces(data: bytes) -> bytes | None:
    """Decode a text with few zeros, or with UTF-16 in it; None for binary data."""
    text = data
    for pattern, order in zip(_WIDE, ('utf-16-le', 'utf-16-be'), strict=True):
        if re.search(pattern, text[:_SAMPLE_BYTES] + text[-_SAMPLE_BYTES:]):
            text = re.sub(pattern, partial(_narrow, order=order), text)
    runs = re.finditer(rb'\x00+', text)
    if sum(1 for _, _ in zip(range(_MAX_ZERO_RUNS + 1), runs, strict=False)) > _MAX_ZERO_RUNS:
        return None
    visible = text.replace(b'\x00', b'')
    controls = len(re.findall(rb'[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]', visible[: 1 << 16]))
    if not visible or controls > _MAX_CONTROL_SHARE * len(visible[: 1 << 16]):
        return None
    return text.replace(b'\x00', b' ')


def _narrow(found: re.Match[bytes], order: str) -> bytes:
    return found.group().decode(order).encode()


def _utf16_order(sample: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark, None if it is not UTF-16.

    Latin text has a zero in nearly every second byte.
    """
    pairs = len(sample) // 2
    if not pairs:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > pairs * 0.7 and even < pairs * 0.1:
        return 'utf-16-le'
    if even > pairs * 0.7 and odd < pairs * 0.1:
        return 'utf-16-be'
    return None


def is_table(path: str, data: bytes) -> bool:
    """Tell whether names and values are in different lines, so that no pattern sees both."""
    if split_copied_name(path, TABLES)[-1] not in TABLES:
        return False
    header = data.lstrip()[:4096].split(b'\n', 1)[0].lower()
    return any(
        word in header
        for word in (
            b'key',
            b'secret',
            b'token',
            b'pass',
            b'seed',
            b'mnemonic',
            b'url',
            b'wif',
            b'prv',
            b'pk',
            b'phrase',
        )
    )
