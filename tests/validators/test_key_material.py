"""Keys that no checksum proves: what is filler, and what may be a key."""

from __future__ import annotations

import pytest

from keylint.rules.recipes import expand_recipes
from keylint.validators.key_material import is_key_material, is_stark_key, is_sui_key_file_entry

STARK_ORDER = 0x800000000000010FFFFFFFFFFFFFFFFB781126DCAE7B2321E66A241ADC64D2F


@pytest.mark.parametrize(
    'recipe', ['{base64:32}', '{base64:64}', '{hex:64}', 'ed25519-priv-0x{hex:64}', '5820{hex:64}']
)
def test_random_keys_may_be_keys(recipe: str) -> None:
    for seed in ('one', 'two', 'three'):
        assert is_key_material(expand_recipes(recipe, seed).encode())


@pytest.mark.parametrize(
    'value',
    [
        b'',
        b'no key at all',
        b'A' * 43 + b'=',
        b'00' * 32,
        b'0123456789abcdef' * 4,
        b'secret=' + b'f' * 64,
        b'5820' + b'11223344' * 8,
    ],
)
def test_filler_is_no_key(value: bytes) -> None:
    assert not is_key_material(value)


def test_a_key_of_starknet_lies_below_the_order() -> None:
    value = expand_recipes('0x0{pick:1|2|3}{hex:62}', 'stark').encode()
    assert is_stark_key(value)
    assert is_stark_key(value.removeprefix(b'0x'))
    assert not is_stark_key(b'%#x' % STARK_ORDER)
    assert is_stark_key(b'%#x' % (STARK_ORDER - 1)) is True
    assert not is_stark_key(b'0x' + b'f' * 64)
    assert not is_stark_key(b'0x1')
    assert not is_stark_key(b'no digits')


def test_an_entry_of_sui_has_a_curve_and_32_bytes() -> None:
    assert is_sui_key_file_entry(expand_recipes('AK{alnum:42}', 'sui').encode())
    assert not is_sui_key_file_entry(expand_recipes('Aw{alnum:42}', 'sui').encode())
    assert not is_sui_key_file_entry(b'A' * 44)
    assert not is_sui_key_file_entry(expand_recipes('{base64:32}', 'sui').encode())
