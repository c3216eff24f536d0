"""Recipes of private keys in the forms of wallets and of tools: PEM, base58, bech32, JSON."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import random

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keylint.rules.recipe_texts import Maker, make_uuid

_ED25519_HEAD = bytes.fromhex('302e020100300506032b657004220420')  # RFC 8410
_SEC1_HEAD, _SEC1_MIDDLE = (
    bytes.fromhex('30770201010420'),
    bytes.fromhex('a00a06082a8648ce3d030107a14403420004'),
)  # RFC 5915
_RSA_HEAD = bytes.fromhex('308204a40201000282010100')
_BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'


def _make_scalar(rng: random.Random, _: str) -> str:
    """Make a private key of secp256k1 in hex, always below the order of the curve."""
    return f'{rng.getrandbits(255) | 1 << 200:064x}'


def _make_der(rng: random.Random, kind: str) -> tuple[str, bytes]:
    if kind == 'ec':
        return 'EC PRIVATE KEY', _SEC1_HEAD + rng.randbytes(32) + _SEC1_MIDDLE + rng.randbytes(64)
    if kind == 'rsa':
        return 'RSA PRIVATE KEY', _RSA_HEAD + rng.randbytes(1180)
    if kind == 'ed25519':
        return 'PRIVATE KEY', _ED25519_HEAD + rng.randbytes(32)
    raise ValueError(f"unknown kind of key '{kind}'; allowed: ec, ed25519, rsa")


def _make_pem(rng: random.Random, kind: str) -> str:
    label, der = _make_der(rng, kind)
    body = base64.b64encode(der).decode()
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    return '\n'.join([f'-----BEGIN {label}-----', *lines, f'-----END {label}-----'])


def _make_pem_line(rng: random.Random, kind: str) -> str:
    return _make_pem(rng, kind).replace('\n', '\\n')


def _make_ed25519(rng: random.Random, _: str) -> str:
    return base64.b64encode(_make_der(rng, 'ed25519')[1]).decode()


def _encode_base58check(payload: bytes, alphabet: bytes | None = None) -> str:
    return str(
        base58.b58encode_check(payload, **({'alphabet': alphabet} if alphabet else {})).decode()
    )


def _make_base58(rng: random.Random, size: str) -> str:
    """Draw bytes as chains print them: 32 are an address or a mint, 64 a signature."""
    return base58.b58encode(rng.randbytes(int(size))).decode()


def _make_wif(rng: random.Random, _: str) -> str:
    return _encode_base58check(b'\x80' + bytes.fromhex(_make_scalar(rng, '')) + b'\x01')


def _make_xprv(rng: random.Random, _: str) -> str:
    return _encode_base58check(
        bytes.fromhex('0488ade4')
        + bytes(9)
        + rng.randbytes(32)
        + b'\x00'
        + bytes.fromhex(_make_scalar(rng, ''))
    )


def _make_bip38(rng: random.Random, _: str) -> str:
    return _encode_base58check(b'\x01\x42\xc0' + rng.randbytes(36))


def _make_tezos(rng: random.Random, kind: str) -> str:
    return _encode_base58check(
        bytes.fromhex('075a3cb329') + rng.randbytes(56)
        if kind == 'encrypted'
        else bytes.fromhex('0d0f3a07') + rng.randbytes(32)
    )


def _make_xrp(rng: random.Random, _: str) -> str:
    return _encode_base58check(b'\x21' + rng.randbytes(16), base58.RIPPLE_ALPHABET)


def _make_stellar(rng: random.Random, _: str) -> str:
    raw = b'\x90' + rng.randbytes(32)
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, 'little')).decode()


def _make_macaroon(rng: random.Random) -> bytes:
    """Make a macaroon of version 2: location lnd, two rights, no caveats, a signature."""
    rights = (b'\x0a\x04info\x12\x04read', b'\x0a\x08offchain\x12\x05write')
    identifier = (
        b'\x03\x0a\x10'
        + rng.randbytes(16)
        + b'\x12\x010'
        + b''.join(bytes([0x1A, len(right)]) + right for right in rights)
    )
    return (
        b'\x02\x01\x03lnd\x02'
        + bytes([len(identifier)])
        + identifier
        + b'\0\0\x06\x20'
        + rng.randbytes(32)
    )


def _make_polkadot(rng: random.Random, kind: str) -> str:
    if kind == 'plain':
        raw = (
            bytes.fromhex('3053020101300506032b657004220420')
            + rng.randbytes(64)
            + bytes.fromhex('a123032100')
            + rng.randbytes(32)
        )
    else:
        raw = (
            rng.randbytes(32)
            + b''.join(number.to_bytes(4, 'little') for number in (32768, 1, 8))
            + rng.randbytes(24 + 16 + 117)
        )
    return base64.b64encode(raw).decode()


def _make_bech32(rng: random.Random, argument: str) -> str:
    """Encode random bytes in bech32: `nsec:32` is the prefix and their number.

    `suiprivkey:00:32` has bytes in hex before them.
    """
    prefix, *head, size = argument.split(':')
    data = bytes.fromhex(''.join(head)) + rng.randbytes(int(size))
    spare = -len(data) * 8 % 5
    number, count = int.from_bytes(data) << spare, (len(data) * 8 + spare) // 5
    fives = [number >> 5 * place & 31 for place in reversed(range(count))]
    check = 1
    for item in (
        [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + fives + [0] * 6
    ):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ item
        for bit, generator in enumerate(
            (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        ):
            check ^= generator if top >> bit & 1 else 0
    return f'{prefix}1' + ''.join(
        _BECH32[n]
        for n in [*fives, *((check ^ 1) >> 5 * place & 31 for place in reversed(range(6)))]
    )


def _make_solana_pair(rng: random.Random) -> bytes:
    seed = rng.randbytes(32)
    return seed + Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _make_solana_array(rng: random.Random, _: str) -> str:
    return '[' + ','.join(str(byte) for byte in _make_solana_pair(rng)) + ']'


def _make_solana(rng: random.Random, _: str) -> str:
    return str(base58.b58encode(_make_solana_pair(rng)).decode())


def _make_keystore(rng: random.Random, _: str) -> str:
    crypto = {
        'cipher': 'aes-128-ctr',
        'ciphertext': rng.randbytes(32).hex(),
        'cipherparams': {'iv': rng.randbytes(16).hex()},
        'kdf': 'scrypt',
        'kdfparams': {'dklen': 32, 'n': 262144, 'p': 1, 'r': 8, 'salt': rng.randbytes(32).hex()},
        'mac': hashlib.sha256(rng.randbytes(8)).hexdigest(),
    }
    return json.dumps(
        {
            'address': rng.randbytes(20).hex(),
            'crypto': crypto,
            'id': make_uuid(rng, ''),
            'version': 3,
        }
    )


KEY_MAKERS: dict[str, Maker] = {
    'pem': _make_pem,
    'pem1': _make_pem_line,
    'ed25519': _make_ed25519,
    'evm': _make_scalar,
    'base58-bytes': _make_base58,
    'wif': _make_wif,
    'xprv': _make_xprv,
    'bip38': _make_bip38,
    'tezos': _make_tezos,
    'xrp': _make_xrp,
    'stellar': _make_stellar,
    'solana-array': _make_solana_array,
    'solana': _make_solana,
    'keystore': _make_keystore,
    'ed25519-pair': lambda rng, _: base64.b64encode(_make_solana_pair(rng)).decode(),
    'bech32': _make_bech32,
    'monero-key': lambda rng, _: rng.getrandbits(248).to_bytes(32, 'little').hex(),
    'macaroon': lambda rng, _: _make_macaroon(rng).hex(),
    'macaroon64': lambda rng, _: base64.b64encode(_make_macaroon(rng)).decode(),
    'polkadot': _make_polkadot,
}
