"""Keys of wallets with a wrong checksum are told for what they look like."""

from __future__ import annotations

import pytest

from keylint.findings.mistyped import describe_mistyped
from keylint.rules.recipes import expand_recipes
from tests.detect.layered import found


def mistype(value: str) -> str:
    """Replace the last character but one by another of the alphabet."""
    return value[:-2] + ('A' if value[-2] != 'A' else 'B') + value[-1]


@pytest.mark.parametrize('recipe', ['{wif}', '{xprv}', '{stellar}', '{alnum:52}', '{hex:64}'])
def test_right_and_other_values_are_not_mistyped(recipe: str) -> None:
    assert describe_mistyped(expand_recipes(recipe, 'mistyped').encode()) == ''


@pytest.mark.parametrize(
    ('recipe', 'name'),
    [
        ('{wif}', 'a WIF (Bitcoin private key)'),
        ('{xprv}', 'an extended private key (BIP-32)'),
        ('{stellar}', 'a Stellar seed'),
    ],
)
def test_a_wrong_checksum_is_told(recipe: str, name: str) -> None:
    value = mistype(expand_recipes(recipe, 'mistyped'))
    assert describe_mistyped(value.encode()) == f'looks like {name} with a wrong checksum'
    (finding,) = found('.env', f'PRIVATE_KEY={value}\n')
    assert finding.rule == 'generic-credential'
    assert f'It looks like {name} with a wrong checksum' in finding.message
    assert value not in finding.message
