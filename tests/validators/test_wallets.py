"""Keys of single wallets.

The vectors that their vendors publish, and the structure behind each check.
"""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.rules.recipes import expand_recipes
from keylint.validators.checksums import CHECKS
from keylint.validators.encodings import convert_fives_to_bytes
from keylint.validators.phrases import PHRASE_CHECKS
from tests.dossiers import BUILT_IN

# Checks that refuse constants such as the key 1, which vendors publish, or that know no vectors.
NOT_FOR_VECTORS = frozenset(('secp256k1', 'wif', 'pem', 'keystore-v3', 'jwt'))
VECTORS = [
    (dossier['id'], entry['check'], value)
    for dossier in BUILT_IN
    if dossier['kind'] == 'wallet'
    for entry in dossier['credentials']
    if entry.get('check') and entry['check'] not in {*PHRASE_CHECKS, *NOT_FOR_VECTORS}
    for value in entry.get('published', [])
]


@pytest.mark.parametrize(
    ('rule', 'check', 'value'), VECTORS, ids=[f'{rule}-{value[:12]}' for rule, _, value in VECTORS]
)
def test_vectors(rule: str, check: str, value: str) -> None:
    assert CHECKS[check](value.encode()) is True


# What wallets show to everybody: never a key.
PUBLIC = {
    'npub': ('bech32:npub:32', 'sui'),
    'sui with an unknown curve': ('bech32:suiprivkey:03:32', 'sui'),
    'sui with a short key': ('bech32:suiprivkey:00:31', 'sui'),
    'sui with a long key': ('bech32:suiprivkey:00:33', 'sui'),
    'a signature in base64': ('base64:64', 'ed25519-pair'),
    'a hash': ('HEX:64', 'monero-key'),
    'base64 of nothing in particular': ('base64:200', 'polkadot-json'),
    'hex of nothing in particular': ('hex:200', 'macaroon'),
    'a WIF key': ('wif', 'tezos'),
}


@pytest.mark.parametrize('name', PUBLIC)
@pytest.mark.parametrize('seed', ['one', 'two', 'three', 'four'])
def test_public_and_foreign_values(name: str, seed: str) -> None:
    recipe, check = PUBLIC[name]
    assert CHECKS[check](expand_recipes('{' + recipe + '}', f'public/{seed}').encode()) is False


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_one_hash_in_sixteen_is_a_scalar(digest: bytes) -> None:
    """Below the order of the curve: the highest nibble is 1, the next 31 are 0 (RFC 8032)."""
    is_below = (
        1 << 32
        < int.from_bytes(digest, 'little')
        < 0x1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED
    )
    assert CHECKS['monero-key'](digest.hex().encode()) is is_below


@pytest.mark.parametrize(
    ('n', 'p', 'r', 'is_right'),
    [
        (32768, 1, 8, True),
        (131072, 1, 8, True),
        (32767, 1, 8, False),
        (32768, 0, 8, False),
        (32768, 1, 0, False),
        (0, 1, 8, False),
        (1 << 31, 1, 8, False),
    ],
)
def test_parameters_of_polkadot_accounts(n: int, p: int, r: int, is_right: bool) -> None:
    raw = (
        bytes(range(32))
        + b''.join(number.to_bytes(4, 'little') for number in (n, p, r))
        + bytes(range(100, 250))
    )
    assert CHECKS['polkadot-json'](base64.b64encode(raw)) is is_right


def field(number: int, value: bytes) -> bytes:
    return (
        bytes([number])
        + (
            bytes([len(value)])
            if len(value) < 128
            else bytes([len(value) & 127 | 128, len(value) >> 7])
        )
        + value
    )


SIGNATURE = field(6, bytes(range(32)))
MACAROONS = {
    'no caveats': (field(1, b'lnd') + field(2, b'id') + b'\0' + b'\0' + SIGNATURE, True),
    'no location': (field(2, b'id') + b'\0' + b'\0' + SIGNATURE, True),
    'a long identifier': (
        field(1, b'lnd') + field(2, bytes(300)) + b'\0' + b'\0' + SIGNATURE,
        True,
    ),
    'two caveats': (
        field(1, b'lnd')
        + field(2, b'id')
        + b'\0'
        + (field(2, b'ipaddr 10.0.0.5') + b'\0') * 2
        + b'\0'
        + SIGNATURE,
        True,
    ),
    'a caveat of a third party': (
        field(2, b'id')
        + b'\0'
        + field(1, b'there')
        + field(2, b'c')
        + field(4, b'v')
        + b'\0'
        + b'\0'
        + SIGNATURE,
        True,
    ),
    'no identifier': (field(1, b'lnd') + b'\0' + b'\0' + SIGNATURE, False),
    'fields in the wrong order': (
        field(2, b'id') + field(1, b'lnd') + b'\0' + b'\0' + SIGNATURE,
        False,
    ),
    'a field of no kind': (field(3, b'id') + b'\0' + b'\0' + SIGNATURE, False),
    'no end': (field(1, b'lnd') + field(2, b'id'), False),
    'no signature': (field(1, b'lnd') + field(2, b'id') + b'\0' + b'\0', False),
    'a short signature': (
        field(1, b'lnd') + field(2, b'id') + b'\0' + b'\0' + field(6, bytes(31)),
        False,
    ),
    'something behind the signature': (
        field(1, b'lnd') + field(2, b'id') + b'\0' + b'\0' + SIGNATURE + b'\0',
        False,
    ),
    'nothing': (b'', False),
}


@pytest.mark.parametrize('name', MACAROONS)
def test_macaroons(name: str) -> None:
    body, is_whole = MACAROONS[name]
    raw = b'\x02' + body
    texts = (
        raw.hex().encode(),
        raw.hex().upper().encode(),
        base64.b64encode(raw),
        base64.urlsafe_b64encode(raw).rstrip(b'='),
    )
    assert [CHECKS['macaroon'](text) for text in texts] == [is_whole] * 4
    assert CHECKS['macaroon'](b'\x01'.hex().encode() + body.hex().encode()) is False, (
        'version 1 is another format'
    )


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_macaroon_or_not(body: bytes) -> None:
    assert CHECKS['macaroon']((b'\x02' + body).hex().encode()) in (True, False)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
def test_fives_and_eights(data: bytes) -> None:
    """What was bytes comes back; spare bits must be fewer than five, and zero."""
    spare = -len(data) * 8 % 5
    count = (len(data) * 8 + spare) // 5
    number = int.from_bytes(data) << spare
    fives = [number >> 5 * place & 31 for place in reversed(range(count))]
    assert convert_fives_to_bytes(fives) == data
    assert convert_fives_to_bytes([*fives, 0]) in (None, data + b'\0')
    if spare:
        assert convert_fives_to_bytes([*fives[:-1], fives[-1] | 1]) is None
