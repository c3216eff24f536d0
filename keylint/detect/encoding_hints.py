"""Tell whether a text has signs of something encoded: what `decoded` is imported for. Most texts in which something matched have none."""

from __future__ import annotations

import binascii
from collections.abc import Iterable

from keylint.matcher.match import DECODED_KINDS, NAME_KINDS, Match

_DIGITS = b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_'
_URL_SAFE = bytes.maketrans(b'-_', b'+/')
_HEX = b'0123456789abcdefABCDEFxX'
_HEAD = 16
_STEP = 1 << 12
# Controls that no text has.
_CONTROLS = bytes(range(9)) + bytes(range(14, 32)) + b'\x0b\x0c\x7f'


def may_be_encoded(data: bytes, matches: Iterable[Match]) -> bool:
    """Tell whether `decoded` has to look."""
    return any(
        pattern.kind in DECODED_KINDS
        or (pattern.kind in NAME_KINDS and may_be_text(data, digits_before(data, end - 1)))
        for pattern, end in matches
    )


def may_be_text(data: bytes, start: int) -> bool:
    """Whether a run begins as base64 or hex of text does: nearly all others do not."""
    head = data[start : start + _HEAD]
    if len(head) < _HEAD or head.translate(None, _DIGITS):
        return False
    if not head.translate(None, _HEX):
        pairs = head[2:] if head[1:2] in b'xX' else head
        if b'x' not in pairs.lower() and _is_text(binascii.unhexlify(pairs)):
            return True
    decoded = binascii.a2b_base64(head.translate(_URL_SAFE))
    return _is_text(decoded) or (not decoded[1::2].strip(b'\x00') and _is_text(decoded[::2]))


def _is_text(text: bytes) -> bool:
    return text.isascii() and len(text.translate(None, _CONTROLS)) == len(text)


def digits_before(data: bytes, start: int) -> int:
    """Where the digits of base64 begin that go on at `start`."""
    while start > 0:
        chunk = data[max(0, start - _STEP) : start]
        rest = (
            len(chunk.rstrip(_DIGITS)) if chunk.translate(None, _DIGITS) else 0
        )  # many times faster where there is nothing else
        start -= len(chunk) - rest
        if rest:
            break
    return start


def digits_behind(data: bytes, end: int) -> int:
    """Where they end, with what fills up the last group."""
    while end < len(data):
        chunk = data[end : end + _STEP]
        rest = len(chunk.lstrip(_DIGITS)) if chunk.translate(None, _DIGITS) else 0
        end += len(chunk) - rest
        if rest:
            break
    return end + len(data[end : end + 2]) - len(data[end : end + 2].lstrip(b'='))
