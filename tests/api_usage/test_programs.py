"""Requests without a client, and clients that several files and cells make."""

from __future__ import annotations

import json

import pytest

from keylint.policies.code_permissions import read_code_permissions
from keylint.policies.least_privilege import RequiredPermissions, join_code_facts
from keylint.rules.load import load_rules
from tests.api_usage.needs import facts, libraries, told


def needs(**files: str) -> dict[str | None, RequiredPermissions]:
    """Return the needs of a tree whose files are given as `name='text'` (with `.py` added)."""
    tree = {f'{name}.py': text.encode() for name, text in files.items()}
    return read_code_permissions(sorted(tree), tree.__getitem__, load_rules().pack).needs


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        pytest.param(
            'import requests\n'
            'requests.post("https://api.binance.com/sapi/v1/capital/withdraw/apply", '
            'headers={"X-MBX-APIKEY": KEY})\n',
            [('binance', 'withdraw', 2)],
            id='one address',
        ),
        pytest.param(
            'import requests\nB = "https://api.binance.com"\n'
            'requests.post(B + "/api/v3/order", headers={"X-MBX-APIKEY": KEY})\n',
            [('binance', 'trade', 3)],
            id='a sum',
        ),
        pytest.param(
            'import requests\nB = "https://api.binance.com"\n'
            'requests.get(f"{B}/api/v3/order?{q}", headers={"X-MBX-APIKEY": KEY})\n',
            [('binance', 'read', 3)],
            id='an f-string, only read',
        ),
        pytest.param(
            'import requests\nrequests.get("https://fapi.binance.com/fapi/v1/klines")\n',
            [('binance', 'public', 2)],
            id='public',
        ),
        pytest.param(
            'B = "https://api.bybit.com"\nH = {"X-BAPI-API-KEY": KEY}\n'
            'signed("POST", "/v5/asset/withdraw/create", data)\n',
            [('bybit', 'withdraw', 3)],
            id='helper',
        ),
        pytest.param(
            'U = "https://api.kraken.com"\nH = {"API-Key": KEY}\n'
            'ADD = "/0/private/AddOrder"\ncall(ADD)\n',
            [('kraken', 'trade', 4)],
            id='constant',
        ),
        pytest.param(
            'from config import URL\nH = {"OK-ACCESS-KEY": KEY}\n'
            'def send(verb, path):\n    return requests.request(verb, URL + path, headers=H)\n'
            'send("POST", "/api/v5/trade/order")\n',
            [('okx', 'trade', 5)],
            id='the host is named elsewhere',
        ),
        pytest.param(
            'U = "https://www.okx.com"\nH = {"OK-ACCESS-KEY": KEY}\nclass Paths:\n'
            '    ORDER = "/api/v5/trade/order"\n',
            [('okx', 'trade', 4)],
            id='a table of paths',
        ),
    ],
)
def test_raw_requests(text: str, want: list[tuple[str | None, str, int]]) -> None:
    assert told(text) == want


@pytest.mark.parametrize(
    'text',
    [
        pytest.param('import ccxt\nx = ccxt.okx()\ngetattr(x, method)()\n', id='method'),
        pytest.param('import ccxt\nx = getattr(ccxt, name)()\nx.fetch_balance()\n', id='exchange'),
        pytest.param(
            'import ccxt, os\nx = getattr(ccxt, os.getenv("EX", "okx"))()\nx.fetch_balance()\n',
            id='exchange with a default',
        ),
        pytest.param(
            'import requests\nH = {"X-MBX-APIKEY": KEY}\n'
            'requests.post("https://api.binance.com" + path, headers=H)\n',
            id='path',
        ),
        pytest.param(
            'from pybit.unified_trading import HTTP\ns = HTTP(api_key=k)\n'
            's.place_order(category=kind, symbol="A")\n',
            id='category',
        ),
    ],
)
def test_what_only_running_would_tell_is_at_least(text: str) -> None:
    found = needs(bot=text)
    assert found
    assert not any(need.is_exact for need in found.values())


@pytest.mark.parametrize(
    ('files', 'want'),
    [
        pytest.param(
            {
                'a': 'import ccxt\nclient = ccxt.okx()\n',
                'b': 'from a import client\nclient.withdraw("A", 1, x)\n',
            },
            ('b.py', 2),
            id='name',
        ),
        pytest.param(
            {
                'a': 'import ccxt\nclient = ccxt.okx()\n',
                'b': 'from a import client as c\nc.withdraw("A", 1, x)\n',
            },
            ('b.py', 2),
            id='alias',
        ),
        pytest.param(
            {
                'a': 'import ccxt\nclient = ccxt.okx()\n',
                'b': 'import a\na.client.withdraw("A", 1, x)\n',
            },
            ('b.py', 2),
            id='module',
        ),
        pytest.param(
            {
                'a': 'import ccxt\ndef make():\n    return ccxt.okx()\n',
                'b': 'from a import make\nc = make()\nc.withdraw("A", 1, x)\n',
            },
            ('b.py', 3),
            id='factory',
        ),
        pytest.param(
            {
                'a': 'from binance import Client\nclass Mine(Client):\n    pass\n',
                'b': 'from a import Mine\nc = Mine(k, s)\nc.withdraw(coin="A")\n',
            },
            ('b.py', 3),
            id='derived class',
        ),
        pytest.param(
            {
                'a': 'import ccxt\nclass Bot:\n    def __init__(self):\n'
                '        self.ex = ccxt.okx()\n',
                'b': 'from a import Bot\nclass More(Bot):\n    def go(self):\n'
                '        self.ex.withdraw("A", 1, x)\n',
            },
            ('b.py', 4),
            id='attribute of a base class',
        ),
    ],
)
def test_clients_of_other_files(files: dict[str, str], want: tuple[str, int]) -> None:
    [need] = needs(**files).values()
    proof = need.proof_of('withdraw')
    assert proof is not None
    assert (proof.path, proof.place.line) == want


def test_a_name_of_two_exchanges_is_either() -> None:
    clients = {
        'a': 'import ccxt\nclient = ccxt.okx()\n',
        'b': 'import ccxt\nclient = ccxt.kraken()\n',
    }
    found = needs(**clients, c='from somewhere import client\nclient.withdraw(1)\n')
    assert {issuer: (need.permissions, need.is_exact) for issuer, need in found.items()} == {
        'kraken': ((), False),
        'okx': ((), False),
        None: (('withdraw',), False),
    }


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        pytest.param('import ccxt\nx = ccxt.okx()\n', (False, (), 'unknown'), id='no key'),
        pytest.param(
            'import ccxt\nx = ccxt.okx({"apiKey": "", "secret": None})\n',
            (False, (), 'unknown'),
            id='empty',
        ),
        pytest.param(
            'import ccxt, os\nx = ccxt.okx({"apiKey": os.environ["OKX_KEY"]})\n',
            (True, ('OKX_KEY',), 'unknown'),
            id='environment',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.okx()\nx.apiKey = settings.okx_key\n',
            (True, ('okx_key',), 'unknown'),
            id='set later',
        ),
        pytest.param(
            'import ccxt\nc = {"apiKey": MY_KEY}\nx = ccxt.okx(c)\n',
            (True, ('MY_KEY',), 'unknown'),
            id='dictionary in a name',
        ),
        pytest.param(
            'from binance import Client\nx = Client(MY_KEY, MY_SECRET, testnet=True)\n',
            (True, ('MY_KEY', 'MY_SECRET'), 'testnet'),
            id='testnet',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.okx({"apiKey": MY_KEY})\nx.set_sandbox_mode(True)\n',
            (True, ('MY_KEY',), 'testnet'),
            id='sandbox',
        ),
        pytest.param(
            'import requests\n'
            'requests.post("https://api.binance.com/api/v3/order", '
            'headers={"X-MBX-APIKEY": MY_KEY})\n',
            (True, ('MY_KEY',), 'unknown'),
            id='header',
        ),
    ],
)
def test_keys_of_clients(text: str, want: tuple[bool, tuple[str, ...], str]) -> None:
    [client] = facts(text).clients
    assert (client.has_key, client.references, client.environment) == want


def notebook(*cells: str) -> bytes:
    sources = [
        {
            'cell_type': 'code',
            'source': cell.splitlines(keepends=True),
            'outputs': [],
            'metadata': {},
        }
        for cell in cells
    ]
    return json.dumps(
        {'cells': sources, 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}, indent=1
    ).encode()


def test_cells_of_a_notebook_are_one_program() -> None:
    data = notebook(
        '!pip install ccxt\nimport ccxt',
        'x = ccxt.okx()',
        '%time x.fetch_balance()',
        'x.withdraw("A", 1, y)',
    )
    [need] = read_code_permissions(
        ['a.ipynb'], {'a.ipynb': data}.__getitem__, load_rules().pack
    ).needs.values()
    [call] = need.calls
    assert (call.permission, call.cell) == ('withdraw', 3)
    assert b'x.withdraw' in data.split(b'\n')[call.place.line - 1]
    assert need.is_exact


def test_a_cell_that_is_no_python_is_left_out() -> None:
    data = notebook('import ccxt\nx = ccxt.okx()', 'print "two"', 'x.withdraw("A", 1, y)')
    code = read_code_permissions(['a.ipynb'], {'a.ipynb': data}.__getitem__, load_rules().pack)
    assert [(need.permissions, need.is_exact) for need in code.needs.values()] == [
        (('withdraw',), False)
    ]


def test_f_strings_of_newer_versions_are_no_obstacle() -> None:
    text = (
        "import ccxt\nx = ccxt.okx()\nprint(f\"{d[\"a\"]}\", f'''\n{d['b']}\n''')\n"
        'x.withdraw("A", 1, y)\n'
    )
    assert told(text) == [('okx', 'withdraw', 6)]


@pytest.mark.parametrize(
    'text',
    [
        pytest.param('import ccxt\nprint "two"\n', id='python 2'),
        pytest.param('import ccxt\nx = (((\n', id='broken'),
        pytest.param('import ccxt\nx = ' + '1 + ' * 3000 + '1\n', id='long sum'),
        pytest.param('import ccxt\nx = ' + '(' * 3000 + '1' + ')' * 3000 + '\n', id='deep'),
    ],
)
def test_what_cannot_be_parsed_is_named(text: str) -> None:
    code = read_code_permissions(
        ['old.py'], {'old.py': text.encode()}.__getitem__, load_rules().pack
    )
    assert code.unparsed == ('old.py',)


@pytest.mark.parametrize(
    ('path', 'text', 'want'),
    [
        pytest.param(
            'config.json',
            '{"stake_currency": "USDT", "exchange": {"name": "kraken"}}',
            {'kraken': ('read', 'trade')},
            id='freqtrade',
        ),
        pytest.param(
            'config.json',
            '{"stake_currency": "USDT", "trading_mode": "futures", "exchange": {"name": "okx"}}',
            {'okx': ('read', 'trade', 'derivatives')},
            id='freqtrade futures',
        ),
        pytest.param(
            'user/config.json',
            '{"crypto-currencies": {}, "exchanges": {"binance": {"enabled": true}}}',
            {'binance': ('read', 'trade')},
            id='OctoBot',
        ),
        pytest.param(
            'conf/a.yml',
            'strategy: pure_market_making\nexchange: kucoin\nconnector: kucoin\n',
            {'kucoin': ('read', 'trade')},
            id='hummingbot',
        ),
        pytest.param(
            'conf/a.yml',
            'connector: binance_perpetual\n',
            {'binance': ('read', 'trade', 'derivatives')},
            id='hummingbot perpetual',
        ),
        pytest.param(
            'routes.py',
            'from jesse.utils import x\n'
            "routes = [{'exchange': 'Binance Perpetual Futures', 'symbol': 'A-B', "
            "'strategy': 'S'}]\n",
            {'binance': ('read', 'trade', 'derivatives')},
            id='jesse',
        ),
        pytest.param('config.json', '{"stake_currency": "USDT"}', {}, id='no exchange'),
        pytest.param(
            'config.json', '{"exchange": {"name": "kraken"}}', {}, id='some other program'
        ),
    ],
)
def test_frameworks_trade_and_never_withdraw(
    path: str, text: str, want: dict[str, tuple[str, ...]]
) -> None:
    code = read_code_permissions([path], {path: text.encode()}.__getitem__, load_rules().pack)
    assert {issuer: need.permissions for issuer, need in code.needs.items()} == want


def test_facts_are_joined_in_a_fixed_order() -> None:
    files = [
        facts('import ccxt\nx = ccxt.okx()\nx.withdraw("A", 1, y)\n', name)
        for name in ('b.py', 'a.py', 'c.py')
    ]
    orders = [join_code_facts(order, [], libraries()) for order in (files, files[::-1])]
    assert orders[0] == orders[1]
    assert orders[0]['okx'].proof_of('withdraw').path == 'a.py'  # type: ignore[union-attr]


@pytest.mark.parametrize(
    'text',
    [
        pytest.param(
            'import ccxt\nx = ccxt.okx()\nü = "ü"; x.withdraw("A", 1, y)\n', id='of a library'
        ),
        pytest.param(
            'import requests\n\n'
            'ü = "ü"; requests.post("https://api.binance.com/sapi/v1/capital/withdraw/'
            'apply")\n',
            id='of its own',
        ),
    ],
)
def test_columns_are_characters(text: str) -> None:
    """Once those of a request counted bytes."""
    code = read_code_permissions(['a.py'], {'a.py': text.encode()}.__getitem__, load_rules().pack)
    [need] = code.needs.values()
    proof = need.proof_of('withdraw')
    assert proof is not None
    line = text.split('\n')[proof.place.line - 1]
    assert line[proof.place.column - 1 :].startswith(('x.withdraw', '"https://'))
