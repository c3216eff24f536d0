"""Tell whether a text has signs of something encoded, which is what `decoded` is imported for.

Most texts in which something matched have none.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable

from keylint.matcher.match import DECODED_KINDS, NAME_KINDS, Match

_DIGITS = b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_'
_URL_SAFE = bytes.maketrans(b'-_', b'+/')
_HEX = b'0123456789abcdefABCDEFxX'
_HEAD_BYTES = 16
_STEP_BYTES = 1 << 12
# Controls that no text has.
_CONTROLS = bytes(range(9)) + bytes(range(14, 32)) + b'\x0b\x0c\x7f'


def may_be_encoded(data: bytes, matches: Iterable[Match]) -> bool:
    """Tell whether a text has to be decoded."""
    return any(
        pattern.kind in DECODED_KINDS
        or (pattern.kind in NAME_KINDS and may_be_text(data, find_digits_start(data, end - 1)))
        for pattern, end in matches
    )


def may_be_text(data: bytes, start: int) -> bool:
    """Tell whether a run begins as base64 or hex of text does: nearly all others do not."""
    head = data[start : start + _HEAD_BYTES]
    if len(head) < _HEAD_BYTES or head.translate(None, _DIGITS):
        return False
    if not head.translate(None, _HEX):
        pairs = head[2:] if head[1:2] in b'xX' else head
        if b'x' not in pairs.lower() and _is_ascii_text(binascii.unhexlify(pairs)):
            return True
    decoded = binascii.a2b_base64(head.translate(_URL_SAFE))
    if _is_ascii_text(decoded):
        return True
    return not decoded[1::2].strip(b'\x00') and _is_ascii_text(decoded[::2])  # UTF-16


def _is_ascii_text(text: bytes) -> bool:
    return text.isascii() and len(text.translate(None, _CONTROLS)) == len(text)


def find_digits_start(data: bytes, start: int) -> int:
    """Return where the base64 digits begin that go on at `start`."""
    while start > 0:
        chunk = data[max(0, start - _STEP_BYTES) : start]
        # Stripping is many times slower than `translate` where there is nothing but digits.
        rest = len(chunk.rstrip(_DIGITS)) if chunk.translate(None, _DIGITS) else 0
        start -= len(chunk) - rest
        if rest:
            break
    return start


def find_digits_end(data: bytes, end: int) -> int:
    """Return where the base64 digits end that go on at `end`, with what fills the last group."""
    while end < len(data):
        chunk = data[end : end + _STEP_BYTES]
        rest = len(chunk.lstrip(_DIGITS)) if chunk.translate(None, _DIGITS) else 0
        end += len(chunk) - rest
        if rest:
            break
    return end + len(data[end : end + 2]) - len(data[end : end + 2].lstrip(b'='))
