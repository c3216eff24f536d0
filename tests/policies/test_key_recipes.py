"""Recipes that a reader can follow: boxes of the page, or what is made there instead."""

from __future__ import annotations

import pytest

from keylint.core.terms import Permission
from keylint.policies.key_recipes import recommend_key
from tests.policies.key_pages import load_pack, need_of, recipe_of, recommend

# What is ticked where the code reads and does one thing more.
TICKED: dict[str, tuple[str, Permission, tuple[str, ...]]] = {
    'one box for all trading': ('okx', 'derivatives', ('Read', 'Trade')),
    'transfers by the same box': ('okx', 'transfer', ('Read', 'Trade')),
    'Crypto.com': ('cryptocom', 'derivatives', ('Can Read', 'Enable Trading')),
    'Gemini: Auditor excludes the others': ('gemini', 'trade', ('Trader',)),
    'Gemini: reading': ('gemini', 'read', ('Auditor',)),
    'Bitget: read-only or read-write': ('bitget', 'trade', ('Read-write', 'Spot')),
    'Bitget: futures': (
        'bitget',
        'derivatives',
        ('Read-write', 'Futures Orders', 'Futures Holdings'),
    ),
    'Kraken Futures': ('kraken-futures', 'derivatives', ('General API: Full Access',)),
    'MEXC': ('mexc', 'trade', ('SPOT_ACCOUNT_READ', 'SPOT_DEAL_READ', 'SPOT_DEAL_WRITE')),
    'bitFlyer': (
        'bitflyer',
        'trade',
        (
            '/v1/me/getbalance',
            '/v1/me/getchildorders',
            '/v1/me/sendchildorder',
            '/v1/me/cancelchildorder',
        ),
    ),
    'Bybit': ('bybit', 'derivatives', ('Read-Write', 'Contract - Orders', 'Contract - Positions')),
    'the set of Kraken`s guide': (
        'kraken',
        'trade',
        (
            'Query Funds',
            'Query Open Orders & Trades',
            'Create & Modify Orders',
            'Cancel/Close Orders',
        ),
    ),
    'Luno makes no addresses': ('luno', 'trade', ('View balance', 'View orders', 'Create orders')),
    'KuCoin by newest names': ('kucoin', 'trade', ('General', 'Spot')),
    'KuCoin withdraws by the newest name': ('kucoin', 'withdraw', ('General', 'Withdrawal')),
    'Bitfinex Pay is not ticked': ('bitfinex', 'trade', ('Orders', 'Wallets (read only)')),
    'Coinbase': ('coinbase-cdp', 'trade', ('View', 'Trade')),
    'Binance margin': ('binance', 'margin', ('Enable Reading', 'Enable Spot & Margin Trading')),
    'Gate by groups': ('gate', 'derivatives', ('Account (read only)', 'Perpetual Futures')),
    'Hyperliquid approves': ('hyperliquid', 'derivatives', ('API wallet',)),
    'Paradex': ('paradex', 'derivatives', ('Subkey',)),
    'no right to read at BitMEX': ('bitmex', 'derivatives', ('Order',)),
}


@pytest.mark.parametrize('case', TICKED)
def test_recipe_ticks(case: str) -> None:
    issuer, need, ticked = TICKED[case]
    recipe = recipe_of(issuer, need)
    assert recipe.tick == ticked
    assert recipe.missing == ()


@pytest.mark.parametrize('issuer', ['alpaca', 'oanda', 'ibkr', 'polymarket', 'tradier'])
def test_recipe_where_a_token_is_everything(issuer: str) -> None:
    recipe = recipe_of(issuer, 'trade')
    assert (recipe.rights, recipe.tick, recipe.leave) == ('none', (), ())


@pytest.mark.parametrize('issuer', ['phemex', 'xt', 'backpack', 'wazirx', 'binanceus'])
def test_recipe_claims_nothing_of_unknown_pages(issuer: str) -> None:
    recipe = recipe_of(issuer, 'derivatives')
    assert (recipe.rights, recipe.tick, recipe.missing) == ('unknown', (), ())


def test_recipe_says_which_need_has_no_known_box() -> None:
    recipe = recipe_of('poloniex', 'derivatives')
    assert (recipe.tick, recipe.missing) == (('Read',), ('derivatives',))


def test_recipe_says_what_comes_along() -> None:
    assert recipe_of('okx', 'trade').beyond == ('transfer',)
    assert recipe_of('coinspot', 'trade').beyond == ('withdraw',)
    assert recipe_of('binance', 'trade').beyond == ()


def test_recipe_of_an_approved_agent() -> None:
    recipe = recipe_of('hyperliquid', 'derivatives', 'withdraw')
    assert recipe.rights == 'approval'
    assert recipe.missing == ('withdraw',)
    assert any('API wallet' in step for step in recipe.steps)
    assert any('never be approved twice' in step for step in recipe.steps)


def test_recipe_of_keys_that_cannot_be_made() -> None:
    recipe = recipe_of('coinbase-legacy', 'trade')
    assert (recipe.rights, recipe.tick) == ('gone', ())
    assert any('CDP' in step for step in recipe.steps)


_CCXT = """\
import os
import ccxt
exchange = ccxt.{name}({{'apiKey': os.environ['KEY'], 'secret': os.environ['SECRET']}})
exchange.fetch_balance()
exchange.create_order('BTC/USD', 'limit', 'buy', 1, 2)
{more}
"""


def test_ccxt_coinbase_means_cdp() -> None:
    (recipe,) = recommend(_CCXT.format(name='coinbase', more=''))
    assert (recipe.exchange, recipe.tick) == ('coinbase-cdp', ('View', 'Trade'))
    assert any('ECDSA' in step for step in recipe.steps)
    assert any('portfolio' in step for step in recipe.steps)


@pytest.mark.parametrize(
    ('more', 'box'),
    [
        ("exchange.fetch_deposit_address('BTC')", 'Deposit Funds'),
        ("exchange.fetch_closed_orders('BTC/USD')", 'Query Closed Orders & Trades'),
        ('exchange.fetch_ledger()', 'Query Ledger Entries'),
        ('exchange.watch_orders()', 'Get WebSocket Token'),
    ],
)
def test_calls_tell_finer_uses(more: str, box: str) -> None:
    (plain,) = recommend(_CCXT.format(name='kraken', more=''))
    (recipe,) = recommend(_CCXT.format(name='kraken', more=more))
    assert box not in plain.tick
    assert set(recipe.tick) == {*plain.tick, box}


def test_no_recipe_where_the_need_is_not_known() -> None:
    recipe = recommend_key(need_of('okx', is_exact=False), load_pack(), 'bot', '2026-04-01')
    assert not recipe.is_known
    assert (recipe.tick, recipe.leave) == ((), ())
    assert recipe.doubts == ('ccxt client in bot.py:3',)


def test_at_least_is_said_of_what_is_partly_read() -> None:
    need = need_of('okx', 'trade', is_exact=False)
    recipe = recommend_key(need, load_pack(), 'bot', '2026-04-01')
    assert recipe.is_known
    assert not recipe.is_exact
    assert recipe.tick == ('Read', 'Trade')
    assert recipe.doubts


def test_no_withdrawals_for_deposit_addresses() -> None:
    """At KuCoin the box for withdrawals also shows deposit addresses: it is told, not ticked."""
    more = "exchange.fetch_deposit_address('BTC')"
    (recipe,) = recommend(_CCXT.format(name='kucoin', more=more))
    assert recipe.tick == ('General', 'Spot')
    assert recipe.refused == ('Withdrawal',)


def test_loans_take_a_box_of_their_own() -> None:
    (recipe,) = recommend(
        'import os\nfrom binance.client import Client\n'
        "c = Client(os.environ['A'], os.environ['B'])\n"
        "c.create_margin_order(symbol='BTCUSDT')\nc.create_margin_loan(asset='BTC', amount='1')\n"
    )
    assert recipe.tick == (
        'Enable Reading',
        'Enable Spot & Margin Trading',
        'Enable Margin Loan, Repay & Transfer',
    )


def test_addresses_as_the_exchange_has_them() -> None:
    assert recipe_of('okx', 'read').ip == (
        'IP address allowlist: the address of your bot, at most 20 entries, ranges allowed'
    )
    trading = recipe_of('okx', 'trade').ip
    assert trading.startswith(recipe_of('okx', 'read').ip + '. A key that may trade or withdraw')
    assert 'expires after 14 days' in trading
    assert 'only be enabled' in recipe_of('binance', 'withdraw').ip
    assert 'only be enabled' not in recipe_of('binance', 'trade').ip
    assert 'has no IP list' in recipe_of('hyperliquid', 'trade').ip
    assert recipe_of('backpack', 'trade').ip == 'IP whitelist: the address of your bot'
