"""The samples of the vendors' own documentation, saved as a configuration.

The unsafe ones are found, the safe ones are silent.

The shapes are those of the pages named beside them; keys are recipes, so nothing of the vendors'
own values stands here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

BYBIT_EMPTY: dict[str, list[str]] = {
    'CopyTrading': [],
    'BlockTrade': [],
    'NFT': [],
    'Affiliate': [],
}


def bybit(read_only: int, wallet: list[str], ips: list[str]) -> dict[str, Any]:
    """GET /v5/user/query-api.

    Source: bybit-exchange/docs, docs/v5/user/apikey-info.mdx; the sample there may withdraw from
    anywhere.
    """
    rights = {
        'ContractTrade': ['Order', 'Position'],
        'Spot': ['SpotTrade'],
        'Wallet': wallet,
        'Options': ['OptionsTrade'],
    }
    result = {
        'id': '{digits:8}',
        'note': 'grid',
        'apiKey': '{alnum:18}',
        'readOnly': read_only,
        'secret': '',
        'permissions': {
            **rights,
            'Derivatives': ['DerivativesTrade'],
            'Exchange': ['ExchangeHistory'],
            'Earn': ['Earn'],
            **BYBIT_EMPTY,
        },
        'ips': ips,
        'type': 1,
        'deadlineDay': 83,
        'expiredAt': '2026-05-15T03:21:05Z',
        'createdAt': '2025-12-16T03:21:05Z',
        'unified': 0,
        'uta': 1,
        'userID': 24617703,
        'inviterID': 0,
        'vipLevel': 'No VIP',
        'mktMakerLevel': '0',
        'affiliateID': 0,
        'rsaPublicKey': '',
        'isMaster': True,
        'parentUid': '0',
        'kycLevel': 'LEVEL_DEFAULT',
        'kycRegion': '',
    }
    return {'retCode': 0, 'retMsg': '', 'result': result, 'retExtInfo': {}, 'time': 1767225600000}


def bybit_sub(ips: list[str], wallet: list[str]) -> dict[str, Any]:
    """GET /v5/user/sub-apikeys.

    Source: bybit-exchange/docs, docs/v5/user/list-sub-apikeys.mdx; the sample there has ips ["*"].
    """
    row = {
        'id': '{digits:8}',
        'ips': ips,
        'apiKey': '{alnum:18}',
        'note': 'UTA',
        'status': 3,
        'expiredAt': '2026-05-15T03:21:05Z',
        'createdAt': '2025-12-16T03:21:05Z',
        'type': 1,
        'permissions': {'ContractTrade': ['Order'], 'Spot': [], 'Wallet': wallet, 'Earn': []},
        'secret': '******',
        'readOnly': False,
        'deadlineDay': 21,
        'flag': 'hmac',
    }
    return {'retCode': 0, 'retMsg': '', 'result': {'result': [row], 'nextPageCursor': ''}}


def htx(permission: str, addresses: str) -> dict[str, Any]:
    """GET /v2/user/api-key.

    Source: huobiapi/docs, branch v1_en; the sample there may withdraw and has no address.
    """
    row = {
        'accessKey': '{hex:8}-{hex:8}-{hex:8}-{hex:5}',
        'note': 'host',
        'permission': permission,
        'ipAddresses': addresses,
        'validDays': -1,
        'status': 'normal',
        'createTime': 1766000000000,
        'updateTime': 1766000000000,
    }
    return {'code': 200, 'message': 'success', 'data': [row]}


def binance(is_restricted: bool, withdrawals: bool, trading: bool) -> dict[str, Any]:
    """GET /sapi/v1/account/apiRestrictions.

    Source: developers.binance.com, wallet/account/api-key-permission.
    """
    return {
        'ipRestrict': is_restricted,
        'createTime': 1766000000000,
        'enableReading': True,
        'enableWithdrawals': withdrawals,
        'enableInternalTransfer': False,
        'enableMargin': False,
        'enableFutures': False,
        'permitsUniversalTransfer': False,
        'enableVanillaOptions': False,
        'enableFixApiTrade': False,
        'enableFixReadOnly': True,
        'enableSpotAndMarginTrading': trading,
        'enablePortfolioMarginTrading': False,
    }


ADDRESS = '52.54.32.109'
SAFE = {
    'bybit, bound, no withdrawals': ('bybit_key.json', bybit(0, [], [ADDRESS])),
    'bybit, read only, bound': ('bybit_key.json', bybit(1, [], [ADDRESS])),
    'bybit, key of a sub-account, bound': ('bybit_sub.json', bybit_sub([ADDRESS], [])),
    'htx, bound, no withdrawals': ('htx_key.json', htx('readOnly,trade', ADDRESS)),
    'htx, two addresses': ('htx_key.json', htx('readOnly,trade', f'{ADDRESS},52.54.32.110')),
    'binance, bound, reading': ('binance_key.json', binance(True, False, False)),
    'binance, bound, trading': ('binance_key.json', binance(True, False, True)),
}
UNSAFE: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    'bybit as documented': (
        'bybit_key.json',
        bybit(0, ['AccountTransfer', 'SubMemberTransfer', 'Withdraw'], ['*']),
        {'key-can-withdraw', 'key-can-transfer', 'key-unrestricted-ip'},
    ),
    'bybit, bound, withdrawals': (
        'bybit_key.json',
        bybit(0, ['Withdraw'], [ADDRESS]),
        {'key-can-withdraw'},
    ),
    'bybit, no list': ('bybit_key.json', bybit(0, [], []), {'key-unrestricted-ip'}),
    'bybit, key of a sub-account as documented': (
        'bybit_sub.json',
        bybit_sub(['*'], ['SubMemberTransferList']),
        {'key-can-transfer', 'key-unrestricted-ip'},
    ),
    'htx as documented': (
        'htx_key.json',
        htx('readOnly,trade,withdraw', ''),
        {'key-can-withdraw', 'key-unrestricted-ip'},
    ),
    'htx, bound, withdrawals': (
        'htx_key.json',
        htx('readOnly,trade,withdraw', ADDRESS),
        {'key-can-withdraw'},
    ),
    'htx, no list': ('htx_key.json', htx('readOnly,trade', ''), {'key-unrestricted-ip'}),
    'binance as documented': (
        'binance_key.json',
        binance(False, False, False),
        {'key-unrestricted-ip'},
    ),
    'binance, open, trading': (
        'binance_key.json',
        binance(False, False, True),
        {'key-unrestricted-ip'},
    ),
    'binance, withdrawals': ('binance_key.json', binance(True, True, False), {'key-can-withdraw'}),
}


def carried(name: str, document: dict[str, Any], carrier: str) -> tuple[str, str]:
    """Return the sample as a file of its own, as a Python literal, in a README, or as YAML."""
    import yaml

    text = json.dumps(document, indent=2)
    stem = name.removesuffix('.json')
    return {
        'json': (name, text),
        'python': (f'{stem}.py', f'ANSWER = {document!r}\n'),
        'markdown': ('README.md', f'# {stem}\n\n```json\n{text}\n```\n'),
        'yaml': (f'{stem}.yaml', yaml.safe_dump(document, sort_keys=False)),
    }[carrier]


def broken(keylint: Run, folder: Path, name: str, text: str) -> set[str]:
    for plain, recipe in (('{', '{{'), ('}', '}}')):
        text = text.replace(plain, recipe)
    for recipe in ('alnum:18', 'digits:8', 'hex:8', 'hex:5'):
        text = text.replace(f'{{{{{recipe}}}}}', f'{{{recipe}}}')
    (folder / name).write_text(expand_recipes(text, name), encoding='utf-8')
    report = json.loads(keylint('scan', '--format', 'json', '--today', '2026-01-01').stdout)
    assert report['failures'] == []
    return {finding['rule'] for finding in report['findings'] if finding['declaration']}


@pytest.mark.parametrize('carrier', ['json', 'python', 'markdown', 'yaml'])
@pytest.mark.parametrize('case', SAFE)
def test_safe_samples_are_silent(case: str, carrier: str, keylint: Run, tmp_path: Path) -> None:
    name, document = SAFE[case]
    assert broken(keylint, tmp_path, *carried(name, document, carrier)) == set()


@pytest.mark.parametrize('carrier', ['json', 'python', 'markdown', 'yaml'])
@pytest.mark.parametrize('case', UNSAFE)
def test_unsafe_samples_are_found(case: str, carrier: str, keylint: Run, tmp_path: Path) -> None:
    name, document, rules = UNSAFE[case]
    assert broken(keylint, tmp_path, *carried(name, document, carrier)) == rules
