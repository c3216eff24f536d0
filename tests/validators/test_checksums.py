"""Every check of keylint/validators/checksums.py.

Made values pass, the same with one character changed do not, junk never raises.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.rules.recipes import expand_recipes
from keylint.validators.checksums import CHECKS, is_short_lived_jwt

BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
BECH32_CONST, BECH32M_CONST = 1, 0x2BC830A3  # BIP-173, BIP-350
SEEDS = ('one', 'two', 'three')


class Row(NamedTuple):
    """A check with its maker.

    `swaps` are what a changed character becomes, `spots` where the check can see a change.
    """

    check: str
    make: Callable[[str], str]
    swaps: str
    spots: Callable[[str], range] = lambda value: range(len(value))


def recipe(text: str) -> Callable[[str], str]:
    return lambda seed: expand_recipes(text, f'checksums/{seed}')


def polymod(values: list[int]) -> int:
    """Return the checksum of BIP-173, as the standard writes it."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(
            (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        ):
            check ^= generator if (top >> bit) & 1 else 0
    return check


def bech32(prefix: str, constant: int = BECH32_CONST) -> Callable[[str], str]:
    """Return an encoder apart from the checker's code.

    Prefix, separator, 32 random bytes, checksum.
    """

    def make(seed: str) -> str:
        number = int(expand_recipes('{evm}', f'bech32/{seed}'), 16)
        data = [(number >> 5 * n) & 31 for n in range(52)]
        head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
        check = polymod(head + data + [0] * 6) ^ constant
        return f'{prefix}1' + ''.join(
            BECH32[n] for n in data + [(check >> 5 * (5 - n)) & 31 for n in range(6)]
        )

    return make


def b64(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip('=')


def jwt(seed: str, **claims: object) -> str:
    signature = expand_recipes('{base64url:32}', f'jwt/{seed}')
    return f'{b64({"alg": "HS256", "typ": "JWT"})}.{b64({"sub": seed, **claims})}.{signature}'


def body(value: str) -> range:
    """Return the first line below a PEM label."""
    return range(value.index('\n') + 1, value.index('\n') + 65)


def word(text: str) -> Callable[[str], range]:
    return lambda value: range(value.index(text), value.index(text) + len(text))


def last_word(value: str) -> range:
    return range(value.rindex(' ') + 1, len(value))


TABLE = (
    Row('aezeed', recipe('{aezeed}'), 'qx'),
    Row('algorand', recipe('{algorand}'), 'qx'),
    Row('base58', recipe('{base58:44}'), '0OIl+'),
    Row('base58check', recipe('{wif}'), BASE58),
    Row('base58check', recipe('{tezos}'), BASE58),
    Row('bech32', bech32('age-secret-key-'), BECH32),
    Row('bech32', bech32('nsec'), BECH32),
    Row('bech32', bech32('suiprivkey', BECH32M_CONST), BECH32),
    Row('bech32', lambda seed: bech32('AGE-SECRET-KEY-'.lower())(seed).upper(), BECH32.upper()),
    Row('bip38', recipe('{bip38}'), BASE58),
    Row('bip39', recipe('{mnemonic:12}'), 'qx'),
    Row('bip39', recipe('{mnemonic:24}'), 'qx'),
    Row('ed25519-der', recipe('{ed25519}'), 'ABC', lambda value: range(20)),
    Row(
        'ed25519-pair', recipe('{ed25519-pair}'), 'ABC+', lambda value: range(85)
    ),  # the last character has spare bits
    Row('electrum', recipe('{electrum}'), 'qx'),
    Row('jwt', jwt, '!', word('.')),
    Row('jwt', jwt, 'AZ', lambda value: range(1)),
    Row('keystore-v3', recipe('{keystore}'), 'XZ', word('ciphertext')),
    Row('keystore-v3', recipe('{keystore}'), 'XZ', word('kdfparams')),
    Row('macaroon', recipe('{macaroon}'), 'gz'),
    Row('macaroon', recipe('{macaroon}'), 'f', lambda value: range(6)),
    Row('macaroon', recipe('{macaroon}'), 'f', word('0000062')),
    Row('macaroon', recipe('{macaroon64}'), '!~'),
    Row('monero', recipe('{monero}'), 'qx', last_word),
    Row('monero-key', recipe('{monero-key}'), 'gZ'),
    Row(
        'near',
        lambda seed: 'ed25519:' + expand_recipes('{solana}', seed),
        BASE58,
        lambda value: range(8, len(value)),
    ),
    Row('pem', recipe('{pem:ec}'), '!-', body),
    Row('pem', recipe('{pem:rsa}'), '!-', body),
    Row('pem', recipe('{pem:ed25519}'), 'XQ', word('BEGIN')),
    Row('polkadot-json', recipe('{polkadot}'), '!~'),
    Row('polkadot-json', recipe('{polkadot:plain}'), 'ABC', lambda value: range(20)),
    Row('secp256k1', recipe('{evm}'), 'gG-'),
    Row('slip39', recipe('{slip39:20}'), 'qx'),
    Row('slip39', recipe('{slip39:33}'), 'qx'),
    Row('solana-array', recipe('{solana-array}'), '0123456789'),
    Row('solana-base58', recipe('{solana}'), BASE58),
    Row('stellar-seed', recipe('{stellar}'), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
    Row('sui', recipe('{bech32:suiprivkey:01:32}'), BECH32),
    Row('tezos', recipe('{tezos}'), BASE58),
    Row('tezos', recipe('{tezos:encrypted}'), BASE58),
    Row('ton', recipe('{ton}'), 'qx'),
    Row('wif', recipe('{wif}'), BASE58),
    Row('xprv', recipe('{xprv}'), BASE58),
    Row('xrp-seed', recipe('{xrp}'), BASE58),
)
IDS = [f'{row.check}-{number}' for number, row in enumerate(TABLE)]


def changed(value: str, row: Row) -> list[str]:
    """Yield the value with one character changed, at every spot.

    The replacements are taken in turn.
    """
    found = []
    for number, spot in enumerate(row.spots(value)):
        if row.check == 'solana-array' and not value[spot].isdigit():
            continue
        other = next(
            c for c in row.swaps[number % len(row.swaps) :] + row.swaps if c != value[spot]
        )
        found.append(value[:spot] + other + value[spot + 1 :])
    return found


def test_every_check_stands_in_the_table() -> None:
    others = {'key-material', 'stark-key', 'sui-keystore'}  # tests/validators/test_key_material.py
    assert {row.check for row in TABLE} | others == set(CHECKS)


@pytest.mark.parametrize('row', TABLE, ids=IDS)
@pytest.mark.parametrize('seed', SEEDS)
def test_made_values_pass(row: Row, seed: str) -> None:
    assert CHECKS[row.check](row.make(seed).encode()) is True


@pytest.mark.parametrize('row', TABLE, ids=IDS)
def test_one_changed_character_fails(row: Row) -> None:
    value = row.make('changed')
    mutants = changed(value, row)
    assert mutants
    assert [mutant for mutant in mutants if CHECKS[row.check](mutant.encode())] == []


@pytest.mark.parametrize('row', TABLE, ids=IDS)
def test_a_cut_value_fails(row: Row) -> None:
    value = row.make('cut')
    if row.check == 'base58':
        assert CHECKS['base58'](value[:-1].encode()) is True, 'an alphabet has no length'
    elif row.check == 'jwt':
        assert CHECKS['jwt'](value.rpartition('.')[0].encode()) is False
    elif row.check == 'keystore-v3':
        assert CHECKS['keystore-v3'](value[:-20].encode()) is True, (
            'a cut document still holds the ciphertext'
        )
        assert CHECKS['keystore-v3'](value[: value.index('ciphertext')].encode()) is False
    else:
        assert CHECKS[row.check](value[: len(value) * 2 // 3].encode()) is False


JUNK = {
    'empty': b'',
    'space': b' ',
    'newlines': b'\n' * 2000,
    'zeros': bytes(2000),
    'not ascii': 'ключ é 秘密'.encode() * 100,
    'not utf-8': b'\xff\xfe\x80' * 500,
    'brackets': b'[' * 5000,
    'braces': b'{' * 5000,
    'dots': b'.' * 5000,
    'two dots': b'..',
    'quotes': b'"' * 5000,
    'prefix': b'0x',
    'near prefix': b'ed25519:',
    'bech32 without a checksum': b'nsec-1qqqqq',
    'pem labels': b'-----BEGIN PRIVATE KEY-----' * 20,
    'empty pem': b'-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----',
    'json null': b'null',
    'json list': b'[1, 2, 3]',
    'json crypto': b'{"crypto": {}}',
    'jwt of lists': b'W10.W10.',
    'words': b'abandon ' * 12,
    'huge with a symbol': b'A1b2C3d4~' * 300,
}


@pytest.mark.parametrize('check', CHECKS)
@pytest.mark.parametrize('junk', JUNK)
def test_junk_is_nothing(check: str, junk: str) -> None:
    assert CHECKS[check](JUNK[junk]) is False


@pytest.mark.parametrize('check', sorted(set(CHECKS) - {'base58'}))
def test_a_huge_run_is_nothing(check: str) -> None:
    assert [char for char in 'az19A' if CHECKS[check](char.encode() * 4000)] == []


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_never_raise(data: bytes) -> None:
    passed = {name for name, check in CHECKS.items() if check(data)}
    assert passed - {'base58'} == set()
    assert ('base58' in passed) == (data != b'' and set(data) <= set(BASE58.encode()))


@settings(max_examples=100, deadline=None)
@given(st.text(BASE58, min_size=1, max_size=120))
def test_base58_text_proves_nothing(text: str) -> None:
    assert [name for name, check in CHECKS.items() if check(text.encode())] == ['base58']


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(('abandon', 'zoo', 'wolf', 'кит', 'あい', '0', '255', '.', ',')),
        max_size=70,
    )
)
def test_words_and_numbers_never_raise(words: list[str]) -> None:
    """What a phrase, an array or a token is made of, in a wrong order."""
    text = ' '.join(words)
    passed = {
        name
        for name, check in CHECKS.items()
        if check(text.encode()) or check(text.replace(' ', '').encode())
    }
    assert passed <= {'base58', 'bip39'}


KNOWN_PHRASES = {
    'abandon ' * 11 + 'about': False,
    'zoo ' * 11 + 'wrong': False,
    'test test test test test test test test test test test junk': False,
    'legal winner thank year wave sausage worth useful legal winner thank yellow': True,
    'legal winner thank year wave sausage worth useful legal winner thank zoo': False,
}


@pytest.mark.parametrize('phrase', KNOWN_PHRASES)
def test_vectors_of_bip39(phrase: str) -> None:
    """Right checksums, but phrases of two words are vectors and no wallets."""
    assert CHECKS['bip39'](phrase.encode()) is KNOWN_PHRASES[phrase]


def test_a_phrase_in_order_is_a_list() -> None:
    words = sorted(expand_recipes('{mnemonic:12}', 'list').split())
    assert CHECKS['bip39'](' '.join(words).encode()) is False


@pytest.mark.parametrize(
    'language',
    [
        'french',
        'italian',
        'spanish',
        'japanese',
        'korean',
        'chinese_simplified',
        'czech',
        'portuguese',
    ],
)
def test_other_languages(language: str) -> None:
    from mnemonic import Mnemonic

    entropy = bytes.fromhex(expand_recipes('{hex:32}', f'entropy/{language}'))
    phrase = Mnemonic(language).to_mnemonic(entropy)
    words = phrase.split()
    assert CHECKS['bip39'](phrase.encode()) is True
    assert CHECKS['bip39'](' '.join([*words[:-1], 'keylint']).encode()) is False


GROUP_ORDER = (
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141  # SEC 2 v2, section 2.4.1
)


@pytest.mark.parametrize(
    'number',
    [0, 1, 2**32 - 1, GROUP_ORDER // 2, GROUP_ORDER - 1, GROUP_ORDER, GROUP_ORDER + 1, 2**256 - 1],
)
def test_constants_are_no_keys(number: int) -> None:
    assert CHECKS['secp256k1'](f'{number:064x}'.encode()) is False


@pytest.mark.parametrize('prefix', ['', '0x', '0X'])
def test_keys_with_and_without_a_prefix(prefix: str) -> None:
    key = expand_recipes('{evm}', f'prefix/{prefix}')
    assert CHECKS['secp256k1']((prefix + key).encode()) is True
    assert CHECKS['secp256k1']((prefix + key.upper()).encode()) is True
    assert CHECKS['secp256k1']((prefix + key[1:]).encode()) is False


def test_pem_on_one_line_and_with_headers() -> None:
    assert CHECKS['pem'](expand_recipes('{pem1:ec}', 'line').encode()) is True
    head, _, rest = expand_recipes('{pem:rsa}', 'headers').partition('\n')
    assert CHECKS['pem'](f'{head}\nComment: mine\n\n{rest}'.encode()) is True
    assert (
        CHECKS['pem'](f'{head}\n{rest}'.replace('RSA PRIVATE', 'ENCRYPTED PRIVATE').encode())
        is False
    )
    assert (
        CHECKS['pem'](b'-----BEGIN PRIVATE KEY-----\n' + b'A' * 64 + b'\n-----END PRIVATE KEY-----')
        is False
    )


def test_the_sample_of_jwt_io_is_no_token() -> None:
    assert CHECKS['jwt'](jwt('mine', name='Jane Roe').encode()) is True
    assert CHECKS['jwt'](jwt('mine', name='John Doe').encode()) is False


@pytest.mark.parametrize(
    ('claims', 'is_short'),
    [
        ({'iat': 1700000000, 'exp': 1700003600}, True),
        ({'iat': 1700000000, 'exp': 1700000000 + 31 * 24 * 3600}, True),
        ({'iat': 1700000000, 'exp': 1700000001 + 31 * 24 * 3600}, False),
        ({'iat': 1700000000, 'exp': 1700000000}, False),
        ({'iat': 1700003600, 'exp': 1700000000}, False),
        ({'exp': 1700003600}, False),
        ({'iat': '1700000000', 'exp': '1700003600'}, False),
        ({'iat': None, 'exp': 1700003600}, False),
        ({}, False),
    ],
)
def test_short_lived_tokens(claims: dict[str, object], is_short: bool) -> None:
    assert is_short_lived_jwt(jwt('short', **claims).encode()) is is_short


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_short_lived_never_raises(data: bytes) -> None:
    assert is_short_lived_jwt(data) is False
    assert (
        is_short_lived_jwt(b'.'.join((b'e30', base64.urlsafe_b64encode(data).rstrip(b'='), b'')))
        is False
    )
