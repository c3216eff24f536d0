"""Recovery phrases: the checksum that proves that a wallet generated a sequence of words.

The libraries with the word lists are imported inside functions, because a phrase is checked only if
many words follow each other. A phrase of very few distinct words is a test vector, and one in the
order of its list is a word list: neither belongs to a wallet.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache
from types import ModuleType

from keylint.core.lazy_modules import defer_module
from keylint.core.lazy_patterns import defer_regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    import hashlib
    import hmac
    import unicodedata
else:
    hashlib = defer_module('hashlib')
    hmac = defer_module('hmac')
    unicodedata = defer_module('unicodedata')

if TYPE_CHECKING:
    from mnemonic import Mnemonic

_MAX_VECTOR_WORDS = 3
_NOT_ASCII = frozenset(
    ('chinese_simplified', 'chinese_traditional', 'japanese', 'korean', 'russian')
)
# Standard, segwit, two factors, two factors with segwit. Source: electrum/version.py.
_ELECTRUM_VERSIONS = ('01', '100', '101', '102')
_MONERO_WORD = defer_regex(r'[a-z]{4,12}')
# Monero's English words differ in these letters.
_MONERO_PREFIX_LETTERS = 3
_MIN_DISTINCT_MONERO_WORDS = 20
_CASTAGNOLI = 0x82F63B78  # CRC-32C, reflected: RFC 3720, appendix B.4


def _split_words(value: bytes, *counts: int) -> list[str]:
    """Split a phrase into words.

    The list is empty if its length is not in `counts`, and for test vectors and word lists.
    """
    words = value.decode('utf-8', 'replace').lower().split()
    if len(words) not in counts or len(set(words)) <= _MAX_VECTOR_WORDS or words == sorted(words):
        return []
    return words


def _load_bip39(language: str) -> Mnemonic:
    """Load the word list of a language."""
    from mnemonic import Mnemonic  # noqa: PLC0415 - 8 ms, see the module's docstring

    return Mnemonic(language)


def _load_slip39() -> ModuleType:
    """Load the reference implementation of SLIP-39."""
    import shamir_mnemonic  # noqa: PLC0415 - 3 ms, see the module's docstring

    library: ModuleType = shamir_mnemonic
    return library


@lru_cache(maxsize=1)
def load_english_words() -> dict[str, int]:
    """Map each word of the English BIP-39 list to its position in the list."""
    return {word: place for place, word in enumerate(_load_bip39('english').wordlist)}


def _find_places(words: list[str]) -> list[int]:
    """Find the positions of the words in the English list; empty if one is not in it."""
    places = load_english_words() if words else {}
    return [places[word] for word in words] if all(word in places for word in words) else []


def is_bip39(value: bytes) -> bool:
    """Check the checksum of a recovery phrase in any language of the standard. Source: BIP-39."""
    words = _split_words(
        unicodedata.normalize('NFKD', value.decode('utf-8', 'replace')).encode(), 12, 15, 18, 21, 24
    )
    if not words:
        return False
    if places := _find_places(words):
        return _has_bip39_checksum(places)
    languages = set(_load_bip39('english').list_languages()) - {'english'}
    if words[0].isascii():
        languages -= _NOT_ASCII
    phrase = ' '.join(words)
    return any(_load_bip39(language).check(phrase) for language in sorted(languages))


def _has_bip39_checksum(places: list[int]) -> bool:
    """Compare the last bits of a phrase with the first bits of the digest of the others."""
    checksum_bits = len(places) // 3
    packed = _pack_places(places)
    digest = hashlib.sha256((packed >> checksum_bits).to_bytes(checksum_bits * 4)).digest()
    return digest[0] >> 8 - checksum_bits == packed & (1 << checksum_bits) - 1


def _pack_places(places: list[int]) -> int:
    """Join the 11 bits of each word to one number, the first word highest."""
    return sum(number << 11 * place for place, number in enumerate(reversed(places)))


def is_electrum(value: bytes) -> bool:
    """Check 12 or 13 words of the English list: their HMAC begins with a seed version.

    Source: Electrum, electrum/mnemonic.py and version.py.
    """
    words = _split_words(value, 12, 13)
    if not words or not _find_places(words):
        return False
    digest = hmac.digest(b'Seed version', ' '.join(words).encode(), 'sha512')
    return digest.hex().startswith(_ELECTRUM_VERSIONS)


def is_ton(value: bytes) -> bool:
    """Check 24 words of the English list by TON's test of a phrase without a password.

    Source: ton-crypto, mnemonicValidate.
    """
    words = _split_words(value, 24)
    if not words or not _find_places(words):
        return False
    entropy = hmac.digest(' '.join(words).encode(), b'', 'sha512')
    return hashlib.pbkdf2_hmac('sha512', entropy, b'TON seed version', 100_000 // 256)[0] == 0


def is_algorand(value: bytes) -> bool:
    """Check 24 words for 256 bits, lowest first, and one for the first 11 bits of their digest.

    Source: py-algorand-sdk, mnemonic.py.
    """
    places = _find_places(_split_words(value, 25))
    if not places:
        return False
    packed = _pack_places(places[23::-1])
    if packed >> 256:
        return False
    digest = _digest_sha512_256(packed.to_bytes(32, 'little'))
    return int.from_bytes(digest[:2], 'little') & 0x7FF == places[24]


def _digest_sha512_256(data: bytes) -> bytes:
    """Compute SHA-512/256 (FIPS 180-4), which not every build of OpenSSL provides to hashlib."""
    from cryptography.hazmat.primitives.hashes import SHA512_256, Hash  # noqa: PLC0415 - 30 ms

    digest = Hash(SHA512_256())
    digest.update(data)
    return digest.finalize()


def is_aezeed(value: bytes) -> bool:
    """Check 24 words that encode version 0, an enciphered seed, a salt and a CRC-32C of these.

    Source: lnd, aezeed/cipherseed.go.
    """
    places = _find_places(_split_words(value, 24))
    if not places:
        return False
    data = _pack_places(places).to_bytes(33)
    return data[0] == 0 and _compute_crc32c(data[:29]) == int.from_bytes(data[29:])


def _compute_crc32c(data: bytes) -> int:
    check = 0xFFFFFFFF
    for byte in data:
        check ^= byte
        for _ in range(8):
            check = check >> 1 ^ (_CASTAGNOLI if check & 1 else 0)
    return check ^ 0xFFFFFFFF


def is_monero(value: bytes) -> bool:
    """Check 25 words: the last repeats the word that a CRC-32 of the others' first letters picks.

    The English list is not needed: its words differ in their first three letters, and a random
    phrase rarely repeats one. Source: monero, electrum-words.cpp.
    """
    words = _split_words(value, 25)
    distinct = set(words)
    prefixes = [word[:_MONERO_PREFIX_LETTERS] for word in words]
    if len(distinct) < _MIN_DISTINCT_MONERO_WORDS or len(set(prefixes)) < len(distinct):
        return False
    if not all(_MONERO_WORD.fullmatch(word) for word in words):
        return False
    return words[24] == words[zlib.crc32(''.join(prefixes[:24]).encode()) % 24]


def is_slip39(value: bytes) -> bool:
    """Check the checksum (RS1024) of a share of 20 or 33 words.

    Source: SLIP-39 and its reference implementation.
    """
    words = _split_words(value, 20, 33)
    if not words:
        return False
    library = _load_slip39()
    try:
        share = library.Share.from_mnemonic(' '.join(words))
    except library.MnemonicError:
        return False
    return share is not None


def load_slip39_words() -> frozenset[str]:
    """Load the word list of SLIP-39."""
    return frozenset(_load_slip39().wordlist.WORDLIST)


# The checks of phrases, and the numbers of words that each one accepts.
PHRASE_CHECKS: dict[str, tuple[Callable[[bytes], bool], tuple[int, ...]]] = {
    'slip39': (is_slip39, (33, 20)),
    'algorand': (is_algorand, (25,)),
    'monero': (is_monero, (25,)),
    'bip39': (is_bip39, (24, 21, 18, 15, 12)),
    'aezeed': (is_aezeed, (24,)),
    'ton': (is_ton, (24,)),
    'electrum': (is_electrum, (13, 12)),
}
