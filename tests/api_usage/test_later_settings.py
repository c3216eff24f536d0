"""What code says of clients beside the exchange: the market that they trade on."""

from __future__ import annotations

import pytest

from tests.api_usage.needs import told


@pytest.mark.parametrize(
    ('options', 'permission'),
    [
        pytest.param('"defaultType": "spot"', 'trade', id='a market without derivatives'),
        pytest.param('"defaultType": "swap"', 'derivatives', id='derivatives'),
        pytest.param('"defaultSubType": "linear"', 'derivatives', id='their kind'),
        pytest.param('"label": "swap"', 'trade', id='a word for them in another option'),
    ],
)
def test_the_market_of_a_client_is_what_its_options_say(options: str, permission: str) -> None:
    text = (
        f'import ccxt\nx = ccxt.binance({{"options": {{{options}}}}})\n'
        'x.create_order("A/B", "market", "buy", 1)\n'
    )
    assert told(text) == [('binance', permission, 3)]
