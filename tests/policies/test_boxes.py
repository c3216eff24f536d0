"""Levels where boxes are: the smallest key of an exchange is never too much for its code."""

from __future__ import annotations

import pytest

from keylint.core.terms import Permission
from tests.declarations.entries import declare
from tests.policies.declared import call
from tests.policies.key_pages import judge_key, load_pack, need_of, read_key, read_needs

_MARGIN = """\
import os
from binance.client import Client
c = Client(os.environ['X_KEY'], os.environ['X_SECRET'])
c.create_margin_order(symbol='BTCUSDT', side='BUY', type='MARKET', quantity=1)
"""


def excess(issuer: str, words: list[str], *needs: Permission) -> list[str]:
    """Return what is said of a key that may do more than its code needs."""
    found = judge_key(read_key(issuer, words), need_of(issuer, 'read', *needs))
    return [one.message for one in found if one.rule == 'key-exceeds-code']


def test_margin_order_needs_the_box_for_spot_and_margin() -> None:
    """The reproduction of the whole kind: code, key and scan as a trader has them."""
    need = read_needs(_MARGIN)['binance']
    assert need.permissions == ('margin',)
    key = read_key('binance', ['Enable Reading', 'Enable Spot & Margin Trading'])
    assert [one.rule for one in judge_key(key, need)] == []


# The smallest key that the exchange can issue, with code that trades what its box opens.
SMALLEST: dict[str, tuple[str, list[str], Permission]] = {
    'OKX': ('okx', ['Read', 'Trade'], 'derivatives'),
    'OKX, margin': ('okx', ['read_only', 'trade'], 'margin'),
    'OKX, transfer': ('okx', ['Read', 'Trade'], 'transfer'),
    'HTX': ('htx', ['readOnly', 'trade'], 'derivatives'),
    'HTX, transfer': ('htx', ['Read', 'Trade'], 'transfer'),
    'Crypto.com': ('cryptocom', ['Can Read', 'Enable Trading'], 'derivatives'),
    'Coinbase': ('coinbase-cdp', ['View', 'Trade'], 'derivatives'),
    'WOO X': ('woox', ['READ', 'TRADE'], 'derivatives'),
    'CoinEx': ('coinex', ['Trade'], 'derivatives'),
    'XT': ('xt', ['query', 'trading'], 'derivatives'),
    'WhiteBIT': ('whitebit', ['Order management'], 'derivatives'),
    'Phemex': ('phemex', ['Read Only', 'Trade'], 'derivatives'),
    'Phemex, spot': ('phemex', ['Read Only', 'Trade'], 'trade'),
    'Hyperliquid': ('hyperliquid', ['API wallet'], 'derivatives'),
    'Hyperliquid, agent': ('hyperliquid', ['agent'], 'trade'),
    'Bitget': ('bitget', ['read', 'trade'], 'derivatives'),
    'Bitget, kind of the key': ('bitget', ['read-and-write'], 'derivatives'),
    'Bitget, boxes': (
        'bitget',
        ['Read-write', 'Futures Orders', 'Futures Holdings'],
        'derivatives',
    ),
    'BitMEX': ('bitmex', ['order', 'orderCancel'], 'derivatives'),
    'Kraken with leverage': ('kraken', ['Query Funds', 'Create & Modify Orders'], 'margin'),
    'Binance': ('binance', ['Enable Reading', 'Enable Spot & Margin Trading'], 'margin'),
    'Bybit, unified account': ('bybit', ['SpotTrade', 'DerivativesTrade'], 'trade'),
    'Bybit': ('bybit', ['Read-Write', 'Order', 'Position'], 'derivatives'),
    'Gate': ('gate', ['account:r', 'spot:rw'], 'margin'),
    'Deribit': ('deribit', ['account:read', 'trade:read_write'], 'derivatives'),
    'Gemini': ('gemini', ['Trader'], 'derivatives'),
    'MEXC': ('mexc', ['SPOT_ACCOUNT_READ', 'SPOT_DEAL_READ', 'SPOT_DEAL_WRITE'], 'trade'),
    'a token is everything': ('oanda', ['read', 'trade', 'withdraw'], 'read'),
    'AscendEX': ('ascendex', ['View', 'Trade'], 'derivatives'),
}


@pytest.mark.parametrize('case', SMALLEST)
def test_smallest_key_is_not_too_much(case: str) -> None:
    issuer, words, need = SMALLEST[case]
    assert excess(issuer, words, need) == []


@pytest.mark.parametrize('need', ['trade', 'margin', 'derivatives'])
@pytest.mark.parametrize('issuer', ['okx', 'bitget', 'binance', 'kucoin', 'backpack', 'bybit'])
def test_plain_words_name_no_box(issuer: str, need: Permission) -> None:
    """`trade` in plain words says that a key trades, not which of several boxes is ticked."""
    assert excess(issuer, ['read', 'trade'], need) == []


# A whole box can go.
TOO_MUCH: dict[str, tuple[str, list[str], Permission, str]] = {
    'Gate': (
        'gate',
        ['spot:rw', 'futures:rw'],
        'derivatives',
        'It may trade spot and margin (Spot)',
    ),
    'KuCoin': (
        'kucoin',
        ['General', 'Spot', 'Futures'],
        'trade',
        'It may trade derivatives (Futures)',
    ),
    'Bybit': (
        'bybit',
        ['Read-Write', 'SpotTrade', 'Order', 'Position'],
        'derivatives',
        'SPOT - Trade',
    ),
    'Binance': (
        'binance',
        ['Enable Reading', 'Enable Spot & Margin Trading', 'Enable Futures'],
        'trade',
        'It may trade derivatives (Enable Futures)',
    ),
    'OKX': ('okx', ['Read', 'Trade'], 'read', 'transfer between accounts (Trade)'),
    'withdrawals': (
        'okx',
        ['Read', 'Trade', 'Withdraw'],
        'derivatives',
        'It may withdraw (Withdraw)',
    ),
    'plain withdrawals': ('okx', ['read', 'trade', 'withdraw'], 'derivatives', 'It may withdraw'),
    'plain futures': (
        'binance',
        ['read', 'trade', 'derivatives'],
        'trade',
        'It may trade derivatives',
    ),
    'unknown exchange page': (
        'backpack',
        ['read', 'trade', 'withdraw'],
        'trade',
        'It may withdraw',
    ),
    'covered by a narrower box': (
        'whitebit',
        ['Order management', 'Info + Trading + Deposit + Withdraw'],
        'trade',
        'withdraw',
    ),
    'main key beside an agent': ('hyperliquid', ['agent', 'usdSend'], 'derivatives', 'transfer'),
}


@pytest.mark.parametrize('case', TOO_MUCH)
def test_box_that_can_go_is_told(case: str) -> None:
    issuer, words, need, said = TOO_MUCH[case]
    (message,) = excess(issuer, words, need)
    assert said in message


def test_a_box_that_another_one_needs_stays() -> None:
    assert excess('bitget', ['Read-write', 'Futures Orders'], 'derivatives') == []
    (message,) = excess('bitget', ['Read-write', 'Futures Orders', 'Spot'], 'derivatives')
    assert message.startswith('It may trade (Spot); the code needs to read and trade derivatives:')


@pytest.mark.parametrize(
    ('issuer', 'words', 'rules'),
    [
        ('okx', ['Read', 'Trade'], []),
        ('htx', ['Read', 'Trade'], []),
        ('kucoin', ['General', 'Spot', 'Margin', 'Futures'], []),
        ('kraken', ['Query Funds', 'Create & Modify Orders', 'Cancel/Close Orders'], []),
        ('okx', ['Read', 'Trade', 'Withdraw'], ['key-can-withdraw']),
        ('kucoin', ['General', 'Spot', 'FlexTransfers'], ['key-can-transfer']),
        ('kucoin', ['General', 'Transfer'], ['key-can-withdraw']),
    ],
)
def test_purpose_is_judged_by_boxes(issuer: str, words: list[str], rules: list[str]) -> None:
    key = read_key(issuer, words, 'trading-bot')
    found = judge_key(key)
    assert sorted(one.rule for one in found) == rules
    assert all('For trading-bot it does not need that.' in one.message for one in found)


def test_a_tracker_needs_no_box_that_trades() -> None:
    (found,) = judge_key(read_key('okx', ['Read', 'Trade'], 'tax'))
    assert found.message.startswith(
        'For tax it needs to read; it may also trade spot, margin and derivatives and transfer '
        'between accounts (Trade).'
    )


@pytest.mark.parametrize(
    ('word', 'level'),
    [
        ('spot:rw', {'read', 'trade', 'margin'}),
        ('spot:r', {'read'}),
        ('Spot (read only)', {'read'}),
        ('Spot (read and write)', {'read', 'trade', 'margin'}),
        ('wallet: ro', {'read'}),
        ('Perpetual Futures', {'read', 'derivatives'}),
    ],
)
def test_extent_of_a_box(word: str, level: set[str]) -> None:
    assert set(read_key('gate', [word]).permissions or ()) == level


def test_a_label_with_a_comma_is_one_label() -> None:
    key = read_key('binance', ['Enable Margin Loan, Repay & Transfer'])
    assert set(key.permissions or ()) == {'margin', 'transfer'}
    assert key.unknown == ()


def test_a_word_for_everything_is_each_thing_by_itself() -> None:
    key = read_key('kraken', ['all'], 'trading-bot')
    found = {one.rule: one.message for one in judge_key(key, need_of('kraken', 'read', 'trade'))}
    heavy = {'key-can-withdraw', 'key-can-transfer', 'key-can-administer'}
    assert heavy < found.keys()
    assert all('For trading-bot it does not need that.' in found[rule] for rule in heavy)
    assert 'It may transfer between accounts, withdraw and manage' in found['key-exceeds-code']


def test_a_switch_of_a_document_is_one_box() -> None:
    """Type 2 of WhiteBIT trades and withdraws at once: it is told once, as withdrawing."""
    text = (
        b"""{"subAccountId": "grid", "type": 2, "restrictAccess": false, "accessEndpoints": []}"""
    )
    (key,) = declare(text, 'whitebit/key.json', load_pack())
    assert [one.rule for one in judge_key(key)] == ['key-can-withdraw']
    (trading,) = declare(text.replace(b'2', b'"trade"'), 'whitebit/key.json', load_pack())
    assert set(trading.permissions or ()) == {'read', 'trade', 'margin', 'derivatives'}
    assert judge_key(trading, need_of('whitebit', 'read', 'derivatives')) == []


def test_a_right_that_came_later_is_not_lost() -> None:
    """A key with nothing but the newest right of Gate may do something."""
    text = b"""{"user_id": 7, "state": 1, "name": "grid", "ip_whitelist": ["52.54.32.109"],
        "perms": [{"name": "pilot", "read_only": false}, {"name": "crossx", "read_only": true}]}"""
    (key,) = declare(text, 'gate/key.json', load_pack())
    assert set(key.permissions or ()) == {'read', 'trade'}


@pytest.mark.parametrize(
    ('issuer', 'words', 'calls'),
    [
        (
            'binance',
            [
                'Enable Reading',
                'Enable Spot & Margin Trading',
                'Enable Margin Loan, Repay & Transfer',
            ],
            {'margin': 'create_margin_loan'},
        ),
        (
            'kucoin',
            ['General', 'Spot', 'Withdrawal'],
            {'read': 'fetch_deposit_address', 'trade': 'x'},
        ),
    ],
)
def test_a_box_for_a_finer_use_is_not_too_much(
    issuer: str, words: list[str], calls: dict[Permission, str]
) -> None:
    made = tuple(call(level, name, issuer) for level, name in calls.items())
    key = read_key(issuer, words)
    rules = [one.rule for one in judge_key(key, need_of(issuer)._replace(calls=made))]
    assert 'key-exceeds-code' not in rules
    plain = tuple(call(level, 'create_order', issuer) for level in calls)
    rules = [one.rule for one in judge_key(key, need_of(issuer)._replace(calls=plain))]
    assert 'key-exceeds-code' in rules
