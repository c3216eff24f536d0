"""Pairs without names: found where all of their shapes fit the issuer beside them, else silent."""

from __future__ import annotations

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes

K, S = '{alnum:64}', '{alnum:64}'


def find_parts(name: str, recipe: str) -> list[tuple[str | None, list[str]]]:
    data = expand_recipes(recipe, recipe).encode()
    found = scan_blob(Blob(data, Origin(name)), load_rules(), Config()).findings
    return [(finding.issuer, [part.role for part in finding.parts]) for finding in found]


@pytest.mark.parametrize(
    ('name', 'recipe'),
    [
        ('keys.txt', f'binance - {K} - {S}\n'),
        ('keys.txt', f'Binance\n{K}\n{S}\n'),
        ('accounts.csv', f'binance,{K},{S}\n'),
        ('a.yaml', f'binance:\n  - {K}\n  - {S}\n'),
        ('a.json', f'["binance", "{K}", "{S}"]\n'),
        ('a.py', f'BINANCE = "{K}:{S}"\n'),
        ('a.py', f'import binance\n\nAPI = "{K}"; SEC = "{S}"\n'),
        ('a.env', f'BINANCE_API={K}\nBINANCE_SECRET={S}\n'),
        ('start.sh', f'python bot.py binance {K} {S}\n'),
        ('a.ts', f"class BinanceLive {{{{\n  f() {{{{ super('{K}', '{S}'); }}}}\n}}}}\n"),
        ('a.py', f'def binance_credentials():\n    return "{K}", "{S}"\n'),
    ],
)
def test_a_pair_beside_its_issuer_is_found(name: str, recipe: str) -> None:
    assert find_parts(name, recipe) == [('binance', ['api-key', 'secret'])]


@pytest.mark.parametrize(
    ('name', 'recipe'),
    [
        pytest.param(
            'a.json',
            f'{{{{"exchange": "binance", "uuid": "{K}", "txid": "{S}"}}}}',
            id='other names',
        ),
        pytest.param('keys.txt', f'{K}\n\n\n\n\n\nbinance\n', id='one value'),
        pytest.param('a.csv', 'binance,{hex:40},{hex:40}\n', id='shapes of nothing that it has'),
        pytest.param('a.csv', f'binance,{K},{{hex:64}}\n', id='one shape does not fit'),
        pytest.param('a.csv', f'venue,{K},{S}\n', id='no issuer'),
        pytest.param('a.csv', f'binance,{K},{{hex:12}},{{hex:12}},{S}\n', id='not side by side'),
        pytest.param('a.txt', 'binance sha256: {hex:64} {hex:64}\n', id='digests'),
        pytest.param('yarn.lock', f'binance@1.0.0:\n  {K} {S}\n', id='a lock file'),
    ],
)
def test_what_is_no_pair_is_silent(name: str, recipe: str) -> None:
    assert find_parts(name, recipe) == []


def test_a_key_with_a_name_takes_no_value_that_is_not_called_a_secret() -> None:
    for behind, roles in (
        (f'the secret {S}', ['api-key', 'secret']),
        (f'order {S}', ['api-key']),
        (S, ['api-key']),
    ):
        found = find_parts('notes.txt', f'binance\napi key: {K}\n{behind}\n')
        assert found == [('binance', roles)], behind


def test_the_first_letter_of_a_text_belongs_to_the_name_of_the_issuer() -> None:
    """A common word is no mention of an issuer: right before a pair alone it is one."""
    recipe = 'aster - {hex:64} - {hex:64}\n'
    assert find_parts('keys.txt', recipe) == [('aster', ['api-key', 'secret'])]
    assert find_parts('keys.txt', recipe.removeprefix('a')) == []
