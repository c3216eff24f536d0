"""Recovery phrases: the checksum by which a row of words proves that a wallet made it.

The word lists come from libraries that are imported inside the functions: a phrase is checked only when many words stand in a row.
A phrase of very few distinct words is a test vector, and one in the order of its list is a word list: neither is a wallet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_FEW = 3
_NOT_ASCII = frozenset(
    ('chinese_simplified', 'chinese_traditional', 'japanese', 'korean', 'russian')
)
_ELECTRUM = (
    '01',
    '100',
    '101',
    '102',
)  # standard, segwit, two factors, two factors with segwit: electrum/version.py
_MONERO_WORD = re.compile(r'[a-z]{4,12}')
_PREFIX = 3  # letters by which Monero's English words differ
_CASTAGNOLI = 0x82F63B78  # CRC-32C, reflected: RFC 3720, appendix B.4


def _words(value: bytes, *lengths: int) -> list[str]:
    """The words when there are as many as one of the lengths says and they are no vector or list, else none."""
    words = value.decode('utf-8', 'replace').lower().split()
    return (
        words if len(words) in lengths and len(set(words)) > _FEW and words != sorted(words) else []
    )


@lru_cache(maxsize=1)
def load_english_words() -> dict[str, int]:
    """The English list of BIP-39: each word's place."""
    from mnemonic import Mnemonic  # noqa: PLC0415 - see the module's docstring

    return {word: place for place, word in enumerate(Mnemonic('english').wordlist)}


def _numbers(words: list[str]) -> list[int]:
    """The places of the words in the English list; none when one of them does not stand there."""
    places = load_english_words() if words else {}
    return [places[word] for word in words] if all(word in places for word in words) else []


def is_bip39(value: bytes) -> bool:
    """A recovery phrase in one of the standard's languages with a right checksum. Source: BIP-39."""
    import unicodedata  # noqa: PLC0415

    words = _words(
        unicodedata.normalize('NFKD', value.decode('utf-8', 'replace')).encode(), 12, 15, 18, 21, 24
    )
    if not words:
        return False
    if numbers := _numbers(words):
        return _has_bip39_checksum(numbers)
    from mnemonic import Mnemonic  # noqa: PLC0415

    others = sorted(
        set(Mnemonic.list_languages()) - {'english'} - (_NOT_ASCII if words[0].isascii() else set())
    )
    return any(Mnemonic(language).check(' '.join(words)) for language in others)


def _has_bip39_checksum(numbers: list[int]) -> bool:
    import hashlib  # noqa: PLC0415

    size = len(numbers) // 3
    packed = sum(number << 11 * place for place, number in enumerate(reversed(numbers)))
    digest = hashlib.sha256((packed >> size).to_bytes(size * 4)).digest()
    return digest[0] >> 8 - size == packed & (1 << size) - 1


def is_electrum(value: bytes) -> bool:
    """12 or 13 words of the English list whose HMAC begins with a seed version. Source: Electrum, electrum/mnemonic.py and version.py."""
    import hmac  # noqa: PLC0415

    words = _words(value, 12, 13)
    return bool(words and _numbers(words)) and hmac.digest(
        b'Seed version', ' '.join(words).encode(), 'sha512'
    ).hex().startswith(_ELECTRUM)


def is_ton(value: bytes) -> bool:
    """24 words of the English list that pass TON's test of a phrase without a password. Source: ton-crypto, mnemonicValidate."""
    import hashlib  # noqa: PLC0415
    import hmac  # noqa: PLC0415

    words = _words(value, 24)
    if not words or not _numbers(words):
        return False
    entropy = hmac.digest(' '.join(words).encode(), b'', 'sha512')
    return hashlib.pbkdf2_hmac('sha512', entropy, b'TON seed version', 100_000 // 256)[0] == 0


def is_algorand(value: bytes) -> bool:
    """24 words that carry 256 bits, the lowest first, and one that carries the hash's first 11. Source: py-algorand-sdk, mnemonic.py."""
    numbers = _numbers(_words(value, 25))
    if not numbers:
        return False
    packed = sum(number << 11 * place for place, number in enumerate(numbers[:24]))
    if packed >> 256:
        return False
    return (
        int.from_bytes(_sha512_256(packed.to_bytes(32, 'little'))[:2], 'little') & 0x7FF
        == numbers[24]
    )


def _sha512_256(data: bytes) -> bytes:
    """SHA-512/256 (FIPS 180-4), which not every build of OpenSSL lends to hashlib."""
    from cryptography.hazmat.primitives.hashes import SHA512_256, Hash  # noqa: PLC0415

    digest = Hash(SHA512_256())
    digest.update(data)
    return digest.finalize()


def is_aezeed(value: bytes) -> bool:
    """24 words that carry version 0, an enciphered seed, a salt and a CRC-32C of them. Source: lnd, aezeed/cipherseed.go."""
    numbers = _numbers(_words(value, 24))
    if not numbers:
        return False
    data = sum(number << 11 * place for place, number in enumerate(reversed(numbers))).to_bytes(33)
    return data[0] == 0 and _crc32c(data[:29]) == int.from_bytes(data[29:])


def _crc32c(data: bytes) -> int:
    check = 0xFFFFFFFF
    for byte in data:
        check ^= byte
        for _ in range(8):
            check = check >> 1 ^ (_CASTAGNOLI if check & 1 else 0)
    return check ^ 0xFFFFFFFF


def is_monero(value: bytes) -> bool:
    """25 words, the last of which repeats the one that the CRC-32 of the others' first letters picks. Source: monero, electrum-words.cpp.

    The English list is not needed: its words differ in their first three letters, and a random phrase hardly repeats one.
    """
    import zlib  # noqa: PLC0415

    words = _words(value, 25)
    distinct = set(words)
    if len(distinct) < 20 or len({word[:_PREFIX] for word in distinct}) < len(distinct):
        return False
    if not all(_MONERO_WORD.fullmatch(word) for word in words):
        return False
    return (
        words[24] == words[zlib.crc32(''.join(word[:_PREFIX] for word in words[:24]).encode()) % 24]
    )


def is_slip39(value: bytes) -> bool:
    """A share of 20 or 33 words with a right checksum (RS1024). Source: SLIP-39 and its reference implementation."""
    words = _words(value, 20, 33)
    if not words:
        return False
    from shamir_mnemonic.share import Share  # noqa: PLC0415 - see the module's docstring
    from shamir_mnemonic.utils import MnemonicError  # noqa: PLC0415

    try:
        return Share.from_mnemonic(' '.join(words)) is not None
    except MnemonicError:
        return False


def load_slip39_words() -> frozenset[str]:
    """The word list of SLIP-39."""
    from shamir_mnemonic.wordlist import WORDLIST  # noqa: PLC0415

    return frozenset(WORDLIST)


# The checks of phrases and how many words each takes.
PHRASE_CHECKS: dict[str, tuple[Callable[[bytes], bool], tuple[int, ...]]] = {
    'slip39': (is_slip39, (33, 20)),
    'algorand': (is_algorand, (25,)),
    'monero': (is_monero, (25,)),
    'bip39': (is_bip39, (24, 21, 18, 15, 12)),
    'aezeed': (is_aezeed, (24,)),
    'ton': (is_ton, (24,)),
    'electrum': (is_electrum, (13, 12)),
}
