"""Keys of single chains and wallets, each proven by its structure and checksum.

The library for curves is imported inside functions, because its import takes 30 ms.
"""

from __future__ import annotations

import binascii

from keylint.core.lazy_modules import defer_module
from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.validators.encodings import (
    convert_fives_to_bytes,
    decode_base58,
    decode_base58check,
    decode_base64,
    decode_bech32,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import base64
else:
    base64 = defer_module('base64')

# Order of the prime-order subgroup of Curve25519. Source: RFC 8032, section 5.1.
_ED25519_L = 2**252 + 27742317777372353535851937790883648493
# Prefix bytes of Tezos' secret keys and how many bytes follow.
# Source: pytezos, crypto/encoding.py; taquito, PrefixV2.
_TEZOS = {
    bytes.fromhex(prefix): length
    for length, prefixes in {
        32: '0d0f3a07 11a2e0c9 1051eebd 0396c028',
        64: '2bf64e07',
        56: '075a3cb329 09edf1ae96 09303973ab 02051e3519',
    }.items()
    for prefix in prefixes.split()
}
# The key is between a header and a divider, the parameters of scrypt follow its salt.
# Source: polkadot-js, keyring/src/pair, scrypt/toU8a.ts.
_POLKADOT_HEADER = bytes.fromhex('3053020101300506032b657004220420')
_POLKADOT_DIVIDER = bytes.fromhex('a123032100')
_POLKADOT_SALT_BYTES = 32
_MACAROON_VERSION, _END, _LOCATION, _IDENTIFIER, _VERIFIER, _SIGNATURE = 2, 0, 1, 2, 4, 6
_MACAROON_SIGNATURE = 32
# The lengths of 32 bytes in base58 (a leading zero is one character), and of 64.
# An address begins with the letter of its version.
_ADDRESS = defer_regex(rb'[123mnTr][1-9A-HJ-NP-Za-km-z]{24,34}')
_CHAIN_ID = defer_regex(rb'[1-9A-HJ-NP-Za-km-z]{32,44}|[1-9A-HJ-NP-Za-km-z]{85,88}')


def _is_ed25519_pair(pair: bytes | None) -> bool:
    """Check that the second half is the Ed25519 public key of the first."""
    if pair is None or len(pair) != 64 or len(set(pair)) <= 8:
        return False
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - 30 ms

    key = ed25519.Ed25519PrivateKey.from_private_bytes(pair[:32])
    return key.public_key().public_bytes_raw() == pair[32:]


def is_ed25519_pair(value: bytes) -> bool:
    """Check a seed and its public key in base64.

    Source: CometBFT, crypto/ed25519; py-algorand-sdk, mnemonic.to_private_key.
    """
    return _is_ed25519_pair(decode_base64(value))


def is_solana_array(value: bytes) -> bool:
    """Check 64 numbers: the second half is the Ed25519 public key of the first.

    Source: Solana CLI key files.
    """
    numbers = [int(n) for n in re.findall(rb'\d{1,3}', value)]
    return len(numbers) == 64 and max(numbers) < 256 and _is_ed25519_pair(bytes(numbers))


def is_solana_base58(value: bytes) -> bool:
    """Check the same 64 bytes in base58."""
    return _is_ed25519_pair(decode_base58(value))


def is_chain_id(value: bytes) -> bool:
    """Tell whether a value is public on a chain: an address, a mint or a signature in base58.

    These have 32 or 64 bytes. A key pair of 64 bytes is excluded, because it proves what it is.
    """
    if _CHAIN_ID.fullmatch(value) is None:
        return False
    raw = decode_base58(value) or b''
    return len(raw) == 32 or (len(raw) == 64 and not _is_ed25519_pair(raw))


def is_address(value: bytes) -> bool:
    """Tell whether a value is the address of an account in base58, with its checksum.

    Of Bitcoin and its test networks, Tron and the XRP Ledger: 20 bytes behind a version.
    """
    if _ADDRESS.fullmatch(value) is None:
        return False
    is_ripple = value.startswith(b'r')
    raw = decode_base58check(value, is_ripple=is_ripple) or b''
    return len(raw) == 21 and (not is_ripple or raw[0] == 0)


def is_near(value: bytes) -> bool:
    """Check `ed25519:` and a key pair in base58. Source: NEAR, key files."""
    return is_solana_base58(value.removeprefix(b'ed25519:'))


def is_stellar_seed(value: bytes) -> bool:
    """Check a secret seed as strkey: version 0x90, 32 bytes, CRC16-XModem. Source: SEP-23."""
    try:
        raw = base64.b32decode(value)
    except (binascii.Error, ValueError):
        return False
    return (
        len(raw) == 35
        and raw[0] == 0x90
        and binascii.crc_hqx(raw[:33], 0).to_bytes(2, 'little') == raw[33:]
    )


def is_xrp_seed(value: bytes) -> bool:
    """Check a seed of the XRP Ledger: 16 bytes in its own base58 with prefix 0x21 or 01 E1 4B.

    Source: xrpl.org, base58 encodings.
    """
    payload = decode_base58check(value, is_ripple=True)
    return payload is not None and (
        (len(payload) == 17 and payload[0] == 0x21)
        or (len(payload) == 19 and payload[:3] == b'\x01\xe1\x4b')
    )


def is_tezos(value: bytes) -> bool:
    """Check a Tezos secret key, plain or encrypted. Source: see the table of prefixes."""
    payload = decode_base58check(value)
    return payload is not None and any(
        payload.startswith(prefix) and len(payload) == len(prefix) + size
        for prefix, size in _TEZOS.items()
    )


def is_sui(value: bytes) -> bool:
    """Check bech32 of 33 bytes, the first of which names the curve: 0, 1 or 2. Source: SIP-15."""
    found = decode_bech32(value)
    raw = convert_fives_to_bytes(found[1]) if found and found[0] == 'suiprivkey' else None
    return raw is not None and len(raw) == 33 and raw[0] <= 2


def is_monero_key(value: bytes) -> bool:
    """Check that 64 hex digits are a scalar of Curve25519, the lowest byte first.

    One in sixteen random values passes. Source: monero, sc_check.
    """
    try:
        key = int.from_bytes(bytes.fromhex(value.decode()), 'little')
    except ValueError:
        return False
    return len(value) == 64 and 1 << 32 < key < _ED25519_L


def is_polkadot_json(value: bytes) -> bool:
    """Check the `encoded` of an account that polkadot.js saved.

    It is a bare key with header and divider, or scrypt's parameters and a ciphertext.
    """
    raw = decode_base64(value)
    if raw is None or len(raw) < _POLKADOT_SALT_BYTES + 12:
        return False
    if raw.startswith(_POLKADOT_HEADER):
        return _POLKADOT_DIVIDER in raw[len(_POLKADOT_HEADER) + 32 :]
    n, p, r = (
        int.from_bytes(raw[at : at + 4], 'little')
        for at in range(_POLKADOT_SALT_BYTES, _POLKADOT_SALT_BYTES + 12, 4)
    )
    return 1 << 10 <= n <= 1 << 24 and n & n - 1 == 0 and 1 <= p <= 64 and 1 <= r <= 64


def is_macaroon(value: bytes) -> bool:
    """Check a whole macaroon of version 2 in hex or base64: identifier, caveats, signature.

    Source: libmacaroons, doc/format.txt.
    """
    try:
        raw = (
            bytes.fromhex(value.decode())
            if len(value) % 2 == 0 and value.startswith(b'02')
            else decode_base64(value + b'=' * (-len(value) % 4))
        )
    except ValueError:
        return False
    if raw is None or raw[:1] != bytes([_MACAROON_VERSION]):
        return False
    at, sections = 1, 0
    while raw[at : at + 1] != bytes([_END]):
        after = _find_section_end(raw, at)
        if after is None:
            return False
        at, sections = after, sections + 1
    return (
        sections > 0
        and raw[at + 1 :].startswith(bytes([_SIGNATURE, _MACAROON_SIGNATURE]))
        and len(raw) == at + 3 + _MACAROON_SIGNATURE
    )


def _find_section_end(raw: bytes, at: int) -> int | None:
    """Find the end of a section; None if it is not a valid section.

    Its fields are in rising order: location, identifier, verifier, an end.
    """
    seen = [_END]
    while at < len(raw):
        field = raw[at]
        if field == _END:
            return at + 1 if _IDENTIFIER in seen else None
        if field not in (_LOCATION, _IDENTIFIER, _VERIFIER) or field <= seen[-1]:
            return None
        size, at = _read_varint(raw, at + 1)
        seen.append(field)
        at += size
    return None


def _read_varint(raw: bytes, at: int) -> tuple[int, int]:
    """Read a length of one or two bytes, seven bits in each; return it and its end."""
    low, high = raw[at : at + 1] or b'\0', raw[at + 1 : at + 2] or b'\0'
    return (low[0], at + 1) if low[0] < 0x80 else (low[0] & 0x7F | high[0] << 7, at + 2)
