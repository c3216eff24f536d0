"""Calls that create or edit keys.

What their arguments say of rights and addresses, and the line they stand on.
"""

from __future__ import annotations

import pytest

from keylint.api_usage.key_creation import find_key_creation
from keylint.core.model import KeyDeclaration
from keylint.rules.load import load_rules

BYBIT = 'from pybit.unified_trading import HTTP\ns = HTTP(api_key=K, api_secret=S)\n'
# What one box for trading grants.
SPOT = {'trade', 'margin'}
OKX_TRADE = {'trade', 'margin', 'derivatives', 'transfer'}
OKX = 'import okx.SubAccount as SubAccount\na = SubAccount.SubAccountAPI(k, s, p, False, "0")\n'
CCXT = 'import ccxt\nx = ccxt.okx()\n'


def said(text: str) -> list[KeyDeclaration]:
    return find_key_creation(text.encode(), load_rules().pack)


@pytest.mark.parametrize(
    'text',
    [
        pytest.param('', id='nothing'),
        pytest.param('print "two"\ns.create_sub_api_key(ips=["*"])\n', id='no Python 3'),
        pytest.param(BYBIT + '# s.create_sub_api_key(subuid=1, ips=["*"])\n', id='comment'),
        pytest.param(BYBIT + 's.get_api_key_information()\n', id='only reads'),
        pytest.param('def create_sub_api_key(self, ips="*"):\n    pass\n', id='definition'),
        pytest.param(
            'import requests\n'
            'requests.post("https://example.org/v5/user/other", json={"ips": ["*"]})\n',
            id='another endpoint',
        ),
        pytest.param(
            'import requests\n'
            'requests.post("https://api.bybit.com/v5/user/create-sub-api", data=text)\n',
            id='body that is no dictionary',
        ),
        pytest.param(
            'm = BitgetManager()\n'
            'm.create_subaccount_apikey(subaccount_uid="1", label="a", '
            'permissions=["read"])\n',
            id='a method of the same name that takes other arguments',
        ),
    ],
)
def test_nothing_is_said(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        pytest.param(
            BYBIT
            + 's.create_sub_api_key(subuid=1, ips=["*"], permissions={"Wallet": ["Withdraw"]})\n',
            ('bybit', {'withdraw'}, 'none', (), 3),
            id='keywords',
        ),
        pytest.param(
            BYBIT + 's.create_sub_api_key(subuid=1, permissions={"Spot": ["SpotTrade"]})\n',
            ('bybit', SPOT, 'none', (), 3),
            id='no list',
        ),
        pytest.param(
            BYBIT + 's.modify_sub_api_key(readOnly=1, ips="52.54.32.109,52.54.32.110")\n',
            ('bybit', {'read'}, 'listed', ('52.54.32.109', '52.54.32.110'), 3),
            id='read only, listed',
        ),
        pytest.param(
            BYBIT + 's.modify_master_api_key(ips=[HOME], permissions=dict(Spot=["SpotTrade"]))\n',
            ('bybit', SPOT, 'placeholder', (), 3),
            id='dict(…) and a name',
        ),
        pytest.param(
            BYBIT + 'rights = {"Wallet": ["Withdraw"]}\n'
            's.create_sub_api_key(subuid=1, permissions=rights)\n',
            ('bybit', {'withdraw'}, 'none', (), 4),
            id='dictionary in a name',
        ),
        pytest.param(
            BYBIT
            + 's.create_sub_api_key(**{"subuid": 1, "permissions": {"Wallet": ["Withdraw"]}})\n',
            ('bybit', {'withdraw'}, 'none', (), 3),
            id='two stars',
        ),
        pytest.param(
            BYBIT + 'base = {"subuid": 1}\n'
            's.create_sub_api_key(**{**base, "permissions": {"Wallet": ["Withdraw"]}})\n',
            ('bybit', {'withdraw'}, 'none', (), 4),
            id='dictionary in a dictionary',
        ),
        pytest.param(
            BYBIT + 's.create_sub_api_key(subuid=1, ips=["*"], permissions=rights)\n',
            ('bybit', None, 'none', (), 3),
            id='unknown rights',
        ),
        pytest.param(
            OKX + 'a.reset_subaccount_apikey("sub", "key", "label", "read_only,trade", "")\n',
            ('okx', {'read', *OKX_TRADE}, 'none', (), 3),
            id='positional',
        ),
        pytest.param(
            OKX + 'a.reset_subaccount_apikey("sub", "key", perm="withdraw", ip=IP)\n',
            ('okx', {'withdraw'}, 'placeholder', (), 3),
            id='both',
        ),
        pytest.param(
            CCXT + 'x.privatePostUsersSubaccountApikey({"perm": "trade", "ip": "52.54.32.109"})\n',
            ('okx', OKX_TRADE, 'listed', ('52.54.32.109',), 3),
            id='implicit method of ccxt',
        ),
        pytest.param(
            CCXT + 'q = {}\nq["perm"] = "withdraw"\nq.update({"ip": "52.54.32.109"})\n'
            'x.privatePostUsersSubaccountApikey(q)\n',
            ('okx', {'withdraw'}, 'listed', ('52.54.32.109',), 6),
            id='dictionary filled line by line',
        ),
        pytest.param(
            'from binance import Client\nc = Client(K, S)\n'
            'c.margin_v1_post_broker_sub_account_api(subAccountId="1", canTrade=True, '
            'futuresTrade="true")\n',
            ('binance', {'trade', 'derivatives'}, 'none', (), 3),
            id='python-binance',
        ),
        pytest.param(
            'import requests\n'
            'requests.post("https://api.bybit.com/v5/user/create-sub-api", '
            'json={"permissions": {"Wallet": ["Withdraw"]}})\n',
            ('bybit', {'withdraw'}, 'none', (), 2),
            id='raw request',
        ),
        pytest.param(
            'import requests\nB = "https://api.bybit.com"\n'
            'requests.post(f"{B}/v5/user/create-sub-api", json={"permissions": {"Wallet": '
            '["Withdraw"]}})\n',
            ('bybit', {'withdraw'}, 'none', (), 3),
            id='raw request, f-string',
        ),
        pytest.param(
            'import okx.NDBroker as NDBroker\na = NDBroker.NDBrokerAPI(k, s, p, False, "0")\n'
            'a.create_subaccount_apikey("sub", "label", "pass", perm="read_only,trade")\n',
            ('okx', {'read', *OKX_TRADE}, 'none', (), 3),
            id='broker of python-okx',
        ),
        pytest.param(
            'from binance_sdk_margin_trading.margin_trading import MarginTrading\n'
            'c = MarginTrading()\n'
            'c.rest_api.edit_ip_for_special_key(ip="52.54.32.109")\n',
            ('binance', None, 'listed', ('52.54.32.109',), 3),
            id='special key',
        ),
        pytest.param(
            'import requests\n'
            'requests.get("https://www.deribit.com/api/v2/private/create_api_key", '
            'params={"max_scope": "wallet:read_write"})\n',
            ('deribit', {'read', 'transfer', 'withdraw'}, 'none', (), 2),
            id='request with parameters',
        ),
        pytest.param(
            'import ccxt\nd = ccxt.deribit()\n'
            'd.privateGetCreateApiKey({"max_scope": "wallet:read_write", "name": "a"})\n',
            ('deribit', {'read', 'transfer', 'withdraw'}, 'none', (), 3),
            id='deribit cannot set addresses here',
        ),
    ],
)
def test_declarations(
    text: str, want: tuple[str, set[str] | None, str, tuple[str, ...], int]
) -> None:
    [one] = said(text)
    line = text.encode().count(b'\n', 0, one.start) + 1
    assert (
        one.issuer,
        one.permissions and set(one.permissions),
        one.restriction,
        one.addresses,
        line,
    ) == want
    assert one.source == 'call'
    assert 'later' not in one.label


def test_each_call_sees_the_dictionary_of_its_own_function() -> None:
    text = BYBIT + ''.join(
        f'def {name}():\n    p = {{"{group}": ["{right}"]}}\n'
        f'    s.create_sub_api_key(subuid=1, permissions=p)\n'
        for name, group, right in (('one', 'Wallet', 'Withdraw'), ('two', 'Spot', 'SpotTrade'))
    )
    assert [set(one.permissions or ()) for one in said(text)] == [{'withdraw'}, SPOT]


def test_dictionaries_that_hold_each_other_end() -> None:
    assert len(said(BYBIT + 'a = {"ips": ["*"]}\nb = a\na = b\ns.create_sub_api_key(**a)\n')) <= 1


def test_spans_are_bytes() -> None:
    text = BYBIT + '# grün €\ns.create_sub_api_key(subuid=1, ips=["*"])\n'
    [one] = said(text)
    assert text.encode()[one.start : one.end].startswith(b's.create_sub_api_key(')


BROKER = (
    'from binance import Client\nd = Client(K, S)\n'
    'd.margin_v1_post_broker_sub_account_api(subAccountId="1", canTrade=True)\n'
)


@pytest.mark.parametrize(
    ('line', 'restriction'),
    [
        pytest.param('', 'none', id='nothing else'),
        pytest.param('d.log(ip="52.54.32.109")\n', 'none', id='another call'),
        pytest.param('d.edit_key(name="a")\n', 'none', id='an edit without addresses'),
        pytest.param('d.edit_key(ip="52.54.32.109")\n', 'unknown', id='an edit'),
        pytest.param('d.edit_key(ips="52.54.32.109")\n', 'unknown', id='a list'),
        pytest.param('d.setRestriction(ip_whitelist=x)\n', 'unknown', id='a restriction'),
        pytest.param('d.edit_key(ip=x)\nd.log(ip=x)\n', 'unknown', id='one of two calls'),
    ],
)
def test_another_call_may_set_the_addresses(line: str, restriction: str) -> None:
    assert [one.restriction for one in said(BROKER + line)] == [restriction]


@pytest.mark.parametrize('client', ['s', 'HTTP(api_key=K)', 'self.clients[0].http', 'make()()'])
def test_whatever_the_method_is_called_on(client: str) -> None:
    text = f'{BYBIT}{client}.create_sub_api_key(subuid=1, ips=["*"])\n'
    assert [one.restriction for one in said(text)] == ['none']


def test_a_name_is_what_it_was_bound_to_last_before_the_call() -> None:
    text = (
        BYBIT + 'a: dict = {"Spot": ["SpotTrade"]}\n'
        's.create_sub_api_key(subuid=1, permissions=a)\n'
        'a = {"Wallet": ["Withdraw"]}\n'
        's.create_sub_api_key(subuid=1, permissions=a)\n'
    )
    assert [set(one.permissions or ()) for one in said(text)] == [SPOT, {'withdraw'}]


def test_only_names_bound_to_a_dictionary_are_filled() -> None:
    text = (
        CCXT + 'q.update({"ip": "52.54.32.109"})\nr = {}\nr[key] = 1\nr["perm"] = "trade"\n'
        'x.privatePostUsersSubaccountApikey(r)\n'
    )
    (one,) = said(text)
    assert (set(one.permissions or ()), one.restriction) == (OKX_TRADE, 'none')


def test_a_raw_request_needs_a_dictionary() -> None:
    url = '"https://api.bybit.com/v5/user/create-sub-api"'
    for argument, count in (('json={"ips": ["*"]}', 1), ('data=text', 0), ('', 0)):
        assert len(said(f'import requests\nrequests.post(x, {url}, {argument})\n')) == count
