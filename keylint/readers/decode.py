"""Decode bytes to UTF-8: byte order marks, UTF-16 with and without one, and binary data."""

from __future__ import annotations

_SAMPLE = 4096
TABLES = ('csv', 'tsv')


def to_text(data: bytes) -> tuple[bytes, bool]:
    """Return UTF-8 (or unchanged Latin-1) bytes of a file, and whether they are text.

    UTF-16 is turned into UTF-8, a byte order mark is cut off, and offsets count in what is left.
    Binary data comes back unchanged.
    """
    if data.startswith((b'\xff\xfe', b'\xfe\xff')):
        return data.decode('utf-16', 'replace').encode(), True
    if data.startswith(b'\xef\xbb\xbf'):
        return data[3:], True
    sample = data[:_SAMPLE]
    if b'\x00' not in sample:
        return data, b'\x00' not in data[-_SAMPLE:]
    order = _utf16_order(sample)
    if order:
        return data.decode(order, 'replace').encode(), True
    return data, False


def _utf16_order(sample: bytes) -> str | None:
    """Tell the byte order of UTF-16 without a mark.

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
    """Tell whether names and values stand in different lines: the matcher cannot see both."""
    if path.lower().rsplit('.', 1)[-1] not in TABLES:
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
