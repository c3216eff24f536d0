"""Examples without values: `{hex:32}` becomes 32 random hex digits, the same every time. docs/writing-rules.md lists them."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import string
import uuid
import zlib
from collections.abc import Callable

_RECIPE = re.compile(r'\{\{|\}\}|\{([a-zA-Z][a-zA-Z0-9-]*)(?::([^{}]*))?\}')
_BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
_ED25519_HEAD = bytes.fromhex('302e020100300506032b657004220420')  # RFC 8410
_SEC1_HEAD, _SEC1_MIDDLE = (
    bytes.fromhex('30770201010420'),
    bytes.fromhex('a00a06082a8648ce3d030107a14403420004'),
)  # RFC 5915
_RSA_HEAD = bytes.fromhex('308204a40201000282010100')


def expand_recipes(text: str, seed: str) -> str:
    """The text with every recipe replaced. Raises ValueError for a recipe that does not exist or work."""
    rng = random.Random(f'keylint/{seed}')
    made: list[str] = []

    def fill(match: re.Match[str]) -> str:
        if match.group() in ('{{', '}}'):
            return match.group()[0]
        name, argument = match.group(1), match.group(2) or ''
        if name not in _MAKERS and name != 'again':
            raise ValueError(
                f"unknown recipe '{match.group()}'; allowed: {', '.join(sorted([*_MAKERS, 'again']))}"
            )
        try:
            value = made[int(argument) - 1] if name == 'again' else _MAKERS[name](rng, argument)
        except (ValueError, LookupError) as error:
            raise ValueError(f"recipe '{match.group()}' does not work: {error}") from None
        if name != 'again':
            made.append(value)
        return value

    return _RECIPE.sub(fill, text)


def _run(rng: random.Random, alphabet: str, length: str) -> str:
    """Random characters; from twelve on with a digit, a capital and a small letter where the alphabet has them."""
    wanted = [
        kind
        for kind in (string.digits, string.ascii_uppercase, string.ascii_lowercase)
        if set(kind) & set(alphabet)
    ]
    while True:
        value = ''.join(rng.choices(alphabet, k=int(length)))
        if int(length) < 12 or all(set(kind) & set(value) for kind in wanted):
            return value


def _runs(alphabet: str) -> Callable[[random.Random, str], str]:
    return lambda rng, length: _run(rng, alphabet, length)


def _digits(rng: random.Random, length: str) -> str:
    return rng.choice('123456789') + ''.join(rng.choices(string.digits, k=int(length) - 1))


def _urlsafe(rng: random.Random, length: str) -> str:
    middle = _run(rng, string.ascii_letters + string.digits + '-_', str(int(length) - 2))
    return rng.choice(string.ascii_letters) + middle + rng.choice(string.ascii_letters)


def _password(rng: random.Random, length: str) -> str:
    """Letters with two digits and mixed case in odd places, as a password manager makes them."""
    return _run(rng, string.ascii_letters + string.digits, str(int(length) - 2)) + _digits(rng, '2')


def _base64(rng: random.Random, length: str) -> str:
    return base64.b64encode(rng.randbytes(int(length))).decode()


def _base64url(rng: random.Random, length: str) -> str:
    return base64.urlsafe_b64encode(rng.randbytes(int(length))).decode().rstrip('=')


def _uuid(rng: random.Random, _: str) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _evm(rng: random.Random, _: str) -> str:
    return f'{rng.getrandbits(255) | 1 << 200:064x}'


def _der(rng: random.Random, kind: str) -> tuple[str, bytes]:
    if kind == 'ec':
        return 'EC PRIVATE KEY', _SEC1_HEAD + rng.randbytes(32) + _SEC1_MIDDLE + rng.randbytes(64)
    if kind == 'rsa':
        return 'RSA PRIVATE KEY', _RSA_HEAD + rng.randbytes(1180)
    if kind == 'ed25519':
        return 'PRIVATE KEY', _ED25519_HEAD + rng.randbytes(32)
    raise ValueError(f"unknown kind of key '{kind}'; allowed: ec, ed25519, rsa")


def _pem(rng: random.Random, kind: str) -> str:
    label, der = _der(rng, kind)
    body = base64.b64encode(der).decode()
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    return '\n'.join([f'-----BEGIN {label}-----', *lines, f'-----END {label}-----'])


def _pem_line(rng: random.Random, kind: str) -> str:
    return _pem(rng, kind).replace('\n', '\\n')


def _ed25519(rng: random.Random, _: str) -> str:
    return base64.b64encode(_der(rng, 'ed25519')[1]).decode()


def _mnemonic(rng: random.Random, words: str) -> str:
    from mnemonic import Mnemonic

    return str(Mnemonic('english').to_mnemonic(rng.randbytes(int(words) * 4 // 3)))


def _mnemonic_bad(rng: random.Random, words: str) -> str:
    from mnemonic import Mnemonic

    language = Mnemonic('english')
    while True:
        phrase = ' '.join(rng.choices(language.wordlist, k=int(words)))
        if not language.check(phrase):
            return phrase


def _check58(payload: bytes, alphabet: bytes | None = None) -> str:
    import base58

    return str(
        base58.b58encode_check(payload, **({'alphabet': alphabet} if alphabet else {})).decode()
    )


def _wif(rng: random.Random, _: str) -> str:
    return _check58(b'\x80' + bytes.fromhex(_evm(rng, '')) + b'\x01')


def _xprv(rng: random.Random, _: str) -> str:
    return _check58(
        bytes.fromhex('0488ade4')
        + bytes(9)
        + rng.randbytes(32)
        + b'\x00'
        + bytes.fromhex(_evm(rng, ''))
    )


def _bip38(rng: random.Random, _: str) -> str:
    return _check58(b'\x01\x42\xc0' + rng.randbytes(36))


def _tezos(rng: random.Random, kind: str) -> str:
    return _check58(
        bytes.fromhex('075a3cb329') + rng.randbytes(56)
        if kind == 'encrypted'
        else bytes.fromhex('0d0f3a07') + rng.randbytes(32)
    )


def _xrp(rng: random.Random, _: str) -> str:
    import base58

    return _check58(b'\x21' + rng.randbytes(16), base58.RIPPLE_ALPHABET)


def _stellar(rng: random.Random, _: str) -> str:
    import binascii

    raw = b'\x90' + rng.randbytes(32)
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, 'little')).decode()


def _english() -> list[str]:
    from mnemonic import Mnemonic

    return list(Mnemonic('english').wordlist)


def _until(rng: random.Random, words: int, check: str) -> str:
    """A phrase of random English words that passes this check and not that of BIP-39."""
    from keylint.validators.phrases import PHRASE_CHECKS

    english = _english()
    while True:
        phrase = ' '.join(rng.choices(english, k=words))
        if PHRASE_CHECKS[check][0](phrase.encode()) and not PHRASE_CHECKS['bip39'][0](
            phrase.encode()
        ):
            return phrase


def _spelled(number: int, count: int) -> list[str]:
    """The lowest bits of a number as words of 11 bits, the lowest first."""
    english = _english()
    return [english[number >> 11 * place & 0x7FF] for place in range(count)]


def _algorand(rng: random.Random, _: str) -> str:
    from cryptography.hazmat.primitives.hashes import SHA512_256, Hash

    key = rng.randbytes(32)
    digest = Hash(SHA512_256())
    digest.update(key)
    return ' '.join(
        _spelled(int.from_bytes(key, 'little'), 24)
        + _spelled(int.from_bytes(digest.finalize()[:2], 'little'), 1)
    )


def _aezeed(rng: random.Random, _: str) -> str:
    body = b'\x00' + rng.randbytes(28)
    check = 0xFFFFFFFF
    for bit in (byte >> place & 1 for byte in body for place in range(8)):
        check = check >> 1 ^ (0x82F63B78 if check & 1 ^ bit else 0)
    return ' '.join(reversed(_spelled(int.from_bytes(body + (check ^ 0xFFFFFFFF).to_bytes(4)), 24)))


def _monero(rng: random.Random, _: str) -> str:
    """Words as long as Monero's and as different; its list itself is in no library."""
    from shamir_mnemonic.wordlist import WORDLIST

    different = {word[:3]: word for word in sorted(set(WORDLIST) - set(_english()))}
    words = rng.sample(sorted(different.values()), 24)
    return ' '.join([*words, words[zlib.crc32(''.join(word[:3] for word in words).encode()) % 24]])


def _slip39(rng: random.Random, words: str) -> str:
    from shamir_mnemonic.share import Share

    value = rng.randbytes({'20': 16, '33': 32}[words])
    return str(Share(rng.getrandbits(15), True, 1, 0, 1, 1, rng.randrange(3), 2, value).mnemonic())


def _macaroon(rng: random.Random) -> bytes:
    """Version 2, location lnd, an identifier with two rights, no caveats, a signature."""
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


def _polkadot(rng: random.Random, kind: str) -> str:
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


_BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'


def _bech32(rng: random.Random, argument: str) -> str:
    """`nsec:32`: the prefix and how many random bytes follow; `suiprivkey:00:32` has bytes in hex before them."""
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


def _solana_bytes(rng: random.Random) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seed = rng.randbytes(32)
    return seed + Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _solana_array(rng: random.Random, _: str) -> str:
    return '[' + ','.join(str(byte) for byte in _solana_bytes(rng)) + ']'


def _solana(rng: random.Random, _: str) -> str:
    import base58

    return str(base58.b58encode(_solana_bytes(rng)).decode())


def _keystore(rng: random.Random, _: str) -> str:
    crypto = {
        'cipher': 'aes-128-ctr',
        'ciphertext': rng.randbytes(32).hex(),
        'cipherparams': {'iv': rng.randbytes(16).hex()},
        'kdf': 'scrypt',
        'kdfparams': {'dklen': 32, 'n': 262144, 'p': 1, 'r': 8, 'salt': rng.randbytes(32).hex()},
        'mac': hashlib.sha256(rng.randbytes(8)).hexdigest(),
    }
    return json.dumps(
        {'address': rng.randbytes(20).hex(), 'crypto': crypto, 'id': _uuid(rng, ''), 'version': 3}
    )


_MAKERS: dict[str, Callable[[random.Random, str], str]] = {
    'alnum': _runs(string.ascii_letters + string.digits),
    'lower': _runs(string.ascii_lowercase + string.digits),
    'upper': _runs(string.ascii_uppercase + string.digits),
    'letters': _runs(string.ascii_letters),
    'digits': _digits,
    'hex': _runs('0123456789abcdef'),
    'HEX': _runs('0123456789ABCDEF'),
    'base64': _base64,
    'base64url': _base64url,
    'base32': _runs('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
    'base58': _runs(_BASE58),
    'urlsafe': _urlsafe,
    'uuid': _uuid,
    'pass': _password,
    'pick': lambda rng, words: rng.choice(words.split('|')),
    'pem': _pem,
    'pem1': _pem_line,
    'ed25519': _ed25519,
    'evm': _evm,
    'mnemonic': _mnemonic,
    'mnemonic-bad': _mnemonic_bad,
    'wif': _wif,
    'xprv': _xprv,
    'bip38': _bip38,
    'tezos': _tezos,
    'xrp': _xrp,
    'stellar': _stellar,
    'solana-array': _solana_array,
    'solana': _solana,
    'keystore': _keystore,
    'ed25519-pair': lambda rng, _: base64.b64encode(_solana_bytes(rng)).decode(),
    'bech32': _bech32,
    'algorand': _algorand,
    'aezeed': _aezeed,
    'electrum': lambda rng, _: _until(rng, 12, 'electrum'),
    'monero': _monero,
    'monero-key': lambda rng, _: rng.getrandbits(248).to_bytes(32, 'little').hex(),
    'slip39': _slip39,
    'ton': lambda rng, _: _until(rng, 24, 'ton'),
    'macaroon': lambda rng, _: _macaroon(rng).hex(),
    'macaroon64': lambda rng, _: base64.b64encode(_macaroon(rng)).decode(),
    'polkadot': _polkadot,
}
