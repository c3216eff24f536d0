"""Clients as the code builds them: whether they sign with the key that owns the funds."""

from __future__ import annotations

import pytest

from tests.api_usage.needs import facts


@pytest.mark.parametrize(
    ('arguments', 'want'),
    [
        pytest.param('account', True, id='no names'),
        pytest.param('account, base_url=URL', True, id='another name'),
        pytest.param('account, account_address=MAIN', False, id='an agent'),
        pytest.param('account, account_address=None', True, id='an agent of nobody'),
        pytest.param('account, **options', False, id='names that nobody knows'),
        pytest.param('account, base_url=URL, **options', False, id='names that are known in part'),
    ],
)
def test_a_client_signs_with_the_main_wallet_unless_an_agent_may_be_named(
    arguments: str, want: bool
) -> None:
    (client,) = facts(
        'import os, eth_account\nfrom hyperliquid.exchange import Exchange\n'
        'account = eth_account.Account.from_key(os.environ["HL_KEY"])\n'
        f'x = Exchange({arguments})\n'
    ).clients
    assert client.is_main_wallet is want
