"""Recipes of leaks for the tests of `keylint publish`, and what their values are."""

from __future__ import annotations

import re
from typing import Any

from keylint.rules.recipes import expand_recipes

BINANCE = '{{"exchange": {{"name": "binance", "key": "{alnum:64}", "secret": "{alnum:64}"}}}}\n'
KRAKEN = 'KRAKEN_KEY={base64:42}\nKRAKEN_SECRET={base64:64}\n'
TESTNET = 'BINANCE_TESTNET_API_KEY={alnum:64}\nBINANCE_TESTNET_API_SECRET={alnum:64}\n'


def made(recipe: str, seed: str = 'publish') -> str:
    return expand_recipes(recipe, seed)


def values(text: str) -> list[str]:
    """Return the random runs of an expanded recipe."""
    return re.findall(r'[A-Za-z0-9+/]{32,}={0,2}', text)


def kinds(answer: dict[str, Any]) -> set[tuple[str, str]]:
    assert answer['accidents'] == answer['exposures']  # its former name
    return {(item['kind'], item['level']) for item in answer['exposures']}
