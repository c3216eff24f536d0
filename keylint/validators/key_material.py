"""Structure of keys without a checksum: long material that does not repeat."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.validators.encodings import decode_base64

# Order of Starknet's curve; its keys are smaller. Source: docs.starknet.io, STARK curve.
_STARK_ORDER = 0x800000000000010FFFFFFFFFFFFFFFFB781126DCAE7B2321E66A241ADC64D2F
_HEX_KEY = defer_regex(rb'(?:[0-9a-fA-F]{2}){32,}')
_KEY_BYTES = 32
# A key that was typed by a person, or one of test vectors, has fewer different bytes.
_MIN_DIFFERENT_BYTES = 9
# Curve numbers of Sui's keys: Ed25519, secp256k1, secp256r1.
_MAX_SUI_CURVE = 2


def is_key_material(value: bytes) -> bool:
    """Check that the key in a value, in hex or base64, is not filler.

    Its last 32 bytes must have more than eight different values, as nearly all random keys have.
    """
    return _has_many_bytes(_read_last_key(value))


def is_stark_key(value: bytes) -> bool:
    """Check that hex digits are a private key of Starknet: a number below the curve's order."""
    digits = value.removeprefix(b'0x')
    try:
        number = int(digits, 16)
    except ValueError:
        return False
    key = number.to_bytes(_KEY_BYTES) if number < _STARK_ORDER else b''
    return _has_many_bytes(key)


def is_sui_key_file_entry(value: bytes) -> bool:
    """Check an entry of sui.keystore: a byte for the curve and 32 bytes of key in base64.

    Source: SIP-15, "sui.keystore".
    """
    raw = decode_base64(value) or b''
    return len(raw) == _KEY_BYTES + 1 and raw[0] <= _MAX_SUI_CURVE and _has_many_bytes(raw[1:])


def _read_last_key(value: bytes) -> bytes:
    digits = _HEX_KEY.findall(value)
    if digits:
        return bytes.fromhex(digits[-1].decode())[-_KEY_BYTES:]
    padding = b'=' * (-len(value) % 4)  # left out in base64url
    return (decode_base64(value + padding) or b'')[-_KEY_BYTES:]


def _has_many_bytes(key: bytes) -> bool:
    return len(key) == _KEY_BYTES and len(set(key)) >= _MIN_DIFFERENT_BYTES
