"""Exchanges of ccxt without a dossier: what the code needs of them is told under their names."""

from __future__ import annotations

import pytest

from keylint.policies.code_permissions import read_code_permissions
from keylint.rules.load import load_rules


@pytest.mark.parametrize('name', ['weex', 'blofin', 'pacifica', 'grvt', 'lighter', 'kraken'])
@pytest.mark.parametrize(
    ('path', 'text'),
    [
        ('a.py', 'import ccxt\nx = ccxt.{}({{"apiKey": k}})\nx.create_order("A/B", "limit")\n'),
        ('a.js', "const ccxt = require('ccxt')\nnew ccxt.{}().createOrder('A/B', 'limit')\n"),
    ],
)
def test_the_need_is_told(name: str, path: str, text: str) -> None:
    code = text.format(name).encode()
    needs = read_code_permissions([path], lambda _: code, load_rules().pack).needs
    assert {call.permission for call in needs[name].calls} == {'trade'}


def test_what_is_no_exchange_is_none() -> None:
    code = b'import ccxt\nccxt.nosuch().create_order("A/B")\nccxt.exchanges.sort()\n'
    needs = read_code_permissions(['a.py'], lambda _: code, load_rules().pack).needs
    assert not any(need.calls for need in needs.values())
