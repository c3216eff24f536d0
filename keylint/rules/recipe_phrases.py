"""Recipes of recovery phrases: BIP-39 and the kinds that have words or checks of their own."""

from __future__ import annotations

import random
import zlib

from cryptography.hazmat.primitives.hashes import SHA512_256, Hash
from mnemonic import Mnemonic
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

from keylint.rules.recipe_texts import Maker
from keylint.validators.phrases import PHRASE_CHECKS


def _make_mnemonic(rng: random.Random, words: str) -> str:
    return str(Mnemonic('english').to_mnemonic(rng.randbytes(int(words) * 4 // 3)))


def _make_wrong_mnemonic(rng: random.Random, words: str) -> str:
    language = Mnemonic('english')
    while True:
        phrase = ' '.join(rng.choices(language.wordlist, k=int(words)))
        if not language.check(phrase):
            return phrase


def _list_english() -> list[str]:
    return list(Mnemonic('english').wordlist)


def _draw_phrase(rng: random.Random, words: int, check: str) -> str:
    """Draw English words until they pass this check and not that of BIP-39."""
    english = _list_english()
    while True:
        phrase = ' '.join(rng.choices(english, k=words))
        is_wanted, is_bip39 = (PHRASE_CHECKS[name][0](phrase.encode()) for name in (check, 'bip39'))
        if is_wanted and not is_bip39:
            return phrase


def _spell_number(number: int, count: int) -> list[str]:
    """Spell the lowest bits of a number in words of 11 bits, the lowest first."""
    english = _list_english()
    return [english[number >> 11 * place & 0x7FF] for place in range(count)]


def _make_algorand(rng: random.Random, _: str) -> str:
    key = rng.randbytes(32)
    digest = Hash(SHA512_256())
    digest.update(key)
    return ' '.join(
        _spell_number(int.from_bytes(key, 'little'), 24)
        + _spell_number(int.from_bytes(digest.finalize()[:2], 'little'), 1)
    )


def _make_aezeed(rng: random.Random, _: str) -> str:
    body = b'\x00' + rng.randbytes(28)
    check = 0xFFFFFFFF
    for bit in (byte >> place & 1 for byte in body for place in range(8)):
        check = check >> 1 ^ (0x82F63B78 if check & 1 ^ bit else 0)
    return ' '.join(
        reversed(_spell_number(int.from_bytes(body + (check ^ 0xFFFFFFFF).to_bytes(4)), 24))
    )


def _make_monero(rng: random.Random, _: str) -> str:
    """Make a phrase of words as long and as distinct as Monero's, whose list is in no library."""
    different = {word[:3]: word for word in sorted(set(WORDLIST) - set(_list_english()))}
    words = rng.sample(sorted(different.values()), 24)
    return ' '.join([*words, words[zlib.crc32(''.join(word[:3] for word in words).encode()) % 24]])


def _make_slip39(rng: random.Random, words: str) -> str:
    value = rng.randbytes({'20': 16, '33': 32}[words])
    return str(Share(rng.getrandbits(15), True, 1, 0, 1, 1, rng.randrange(3), 2, value).mnemonic())


PHRASE_MAKERS: dict[str, Maker] = {
    'mnemonic': _make_mnemonic,
    'mnemonic-bad': _make_wrong_mnemonic,
    'algorand': _make_algorand,
    'aezeed': _make_aezeed,
    'electrum': lambda rng, _: _draw_phrase(rng, 12, 'electrum'),
    'monero': _make_monero,
    'slip39': _make_slip39,
    'ton': lambda rng, _: _draw_phrase(rng, 24, 'ton'),
}
