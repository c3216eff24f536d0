"""Decode texts and check what their encodings require: base58, bech32, strict base64.

Invalid input gives None.
"""

from __future__ import annotations

import binascii

from keylint.core.lazy_modules import defer_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    import base64

    import base58
else:
    base64 = defer_module('base64')
    base58 = defer_module('base58')


MAX_BASE58_CHARS = 256  # decoding takes quadratic time; no format here has more than 112 characters
_BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
_BECH32_CONSTANTS = (1, 0x2BC830A3)  # BIP-173, BIP-350


def decode_base58(value: bytes) -> bytes | None:
    """Decode base58 in Bitcoin's alphabet."""
    try:
        return bytes(base58.b58decode(value)) if len(value) <= MAX_BASE58_CHARS else None
    except ValueError:
        return None


def decode_base58check(value: bytes, is_ripple: bool = False) -> bytes | None:
    """Decode base58 with a valid 4-byte checksum, in the alphabet of Bitcoin or the XRP Ledger."""
    if len(value) > MAX_BASE58_CHARS:
        return None
    try:
        return bytes(
            base58.b58decode_check(
                value, alphabet=base58.RIPPLE_ALPHABET if is_ripple else base58.BITCOIN_ALPHABET
            )
        )
    except ValueError:
        return None


def decode_bech32(value: bytes) -> tuple[str, list[int]] | None:
    """Return the prefix and the 5-bit numbers of bech32 with a valid checksum.

    The text is all upper or all lower case. Source: BIP-173, BIP-350.
    """
    if value not in (value.lower(), value.upper()):
        return None
    text = value.decode('latin-1').lower()
    prefix, _, data = text.rpartition('1')
    if not prefix or len(data) < 6 or any(char not in _BECH32 for char in data):
        return None
    numbers = [_BECH32.index(char) for char in data]
    check = 1
    for item in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + numbers:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ item
        for bit, generator in enumerate(
            (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        ):
            check ^= generator if top >> bit & 1 else 0
    return (prefix, numbers[:-6]) if check in _BECH32_CONSTANTS else None


def convert_fives_to_bytes(fives: list[int]) -> bytes | None:
    """Convert 5-bit numbers to bytes.

    Fewer than five zero bits may be left over. Source: BIP-173.
    """
    total = sum(number << 5 * place for place, number in enumerate(reversed(fives)))
    spare = len(fives) * 5 % 8
    if spare >= 5 or total & (1 << spare) - 1:
        return None
    return (total >> spare).to_bytes(len(fives) * 5 // 8)


def decode_base64(value: bytes) -> bytes | None:
    """Decode padded base64, standard or URL-safe."""
    try:
        return base64.b64decode(value.replace(b'-', b'+').replace(b'_', b'/'), validate=True)
    except (binascii.Error, ValueError):
        return None
