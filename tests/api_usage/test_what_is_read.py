"""What the code of a tree is said to need, and when that is only 'at least'.

Never exact where something was not read: a method that no table has, a path that only running
tells, a client that code elsewhere is given.
"""

from __future__ import annotations

import pytest

from keylint.policies.code_permissions import read_code_permissions
from keylint.policies.least_privilege import RequiredPermissions
from keylint.rules.load import load_rules

KRAKEN = 'import ccxt\nx = ccxt.kraken({"apiKey": k, "secret": s})\n'
KRAKENEX = 'import krakenex, sys\nx = krakenex.API(key, secret)\n'
BINANCE = 'from binance.client import Client\nx = Client(key, secret)\n'
COINBASE = 'from coinbase.rest import RESTClient\nx = RESTClient(api_key=k, api_secret=s)\n'
ALPACA = 'from alpaca.trading.client import TradingClient\nx = TradingClient(key, secret)\n'
PYBIT = 'from pybit.unified_trading import HTTP\nx = HTTP(api_key=k, api_secret=s)\n'
KUCOIN = (
    'from kucoin_universal_sdk.api import DefaultClient\n'
    'from kucoin_universal_sdk.model import ClientOptionBuilder\n'
    'option = ClientOptionBuilder().set_key(KEY).set_secret(SECRET).build()\n'
    'rest = DefaultClient(option).rest_service()\n'
)
OANDA = (
    'import oandapyV20\nimport oandapyV20.endpoints.orders as orders\n'
    'x = oandapyV20.API(access_token=token)\n'
)


def needs_of(files: dict[str, str] | str) -> dict[str | None, RequiredPermissions]:
    tree = {'bot.py': files} if isinstance(files, str) else files
    return read_code_permissions(
        list(tree), lambda path: tree[path].encode(), load_rules().pack
    ).needs


def only_need(files: dict[str, str] | str) -> RequiredPermissions:
    (need,) = needs_of(files).values()
    return need


EXACT = [
    (KRAKEN + 'x.fetch_balance()\nx.iso8601(x.milliseconds())\nx.markets.keys()\n', 'read'),
    (KRAKEN + 'x.request("Withdraw", "private", "POST", {})\n', 'withdraw'),
    (KRAKENEX + 'x.query_private("Balance")\n', 'read'),
    (KRAKENEX + 'for m in ("Balance", "AddOrder"):\n    x.query_private(m)\n', 'read trade'),
    (
        KRAKENEX + 'def ask(m, d=None):\n    return x.query_private(m, d)\n'
        'ask("Balance")\nask("Withdraw", {})\n',
        'read withdraw',
    ),
    (BINANCE + 'x._request_margin_api("post", "capital/withdraw/apply", True)\n', 'withdraw'),
    (BINANCE + 'x._post("order", True, data={})\n', 'trade'),
    (COINBASE + 'x.post("/v2/accounts/x/transactions", data={})\n', 'withdraw'),
    (COINBASE + 'x.post("/api/v3/brokerage/orders", data={})\n', 'trade'),
    (ALPACA + 'x.post("/wallets/transfers", {})\n', 'withdraw'),
    (KUCOIN + 'rest.get_spot_service().get_order_api().add_order(r)\n', 'trade'),
    (KUCOIN + 'rest.get_futures_service().get_order_api().add_order(r)\n', 'derivatives'),
    (
        KUCOIN + 'api = rest.get_account_service().get_withdrawal_api()\napi.withdrawal_v3(r)\n',
        'withdraw',
    ),
    (OANDA + 'r = orders.OrderCreate(a, data=d)\nx.request(r)\n', 'trade'),
    (OANDA + 'x.request(orders.OrderList(a))\n', 'read'),
    (
        'import gate_api\nx = gate_api.SubAccountApi(gate_api.ApiClient(c))\n'
        'x.create_sub_account_keys(1, {})\n',
        'admin',
    ),
    ('import gate_api\nx = gate_api.WithdrawalApi(c)\nx.withdraw_with_http_info(o)\n', 'withdraw'),
]


@pytest.mark.parametrize(('text', 'levels'), EXACT)
def test_all_is_read(text: str, levels: str) -> None:
    need = only_need(text)
    assert (' '.join(need.permissions), need.is_exact, need.doubts) == (levels, True, ())


AT_LEAST = [
    (KRAKEN + 'x.fetch_balance()\nx.brand_new()\n', 'read', 'x.brand_new'),
    (KRAKEN + 'x.private_post_something_else()\n', '', 'x.private_post_something_else'),
    (KRAKEN + 'x.fetch_balance()\ngetattr(x, name)()\n', 'read', 'x.getattr'),
    (KRAKEN + 'x.request(path, "private", "POST")\n', '', 'x.request'),
    (KRAKENEX + 'x.query_private(sys.argv[1], {})\n', '', 'x.query_private'),
    (KRAKENEX + 'x.query_private("BrandNew")\n', '', 'x.query_private'),
    (KRAKENEX + 'def ask(m):\n    return x.query_private(m)\n', '', 'x.query_private'),
    (KRAKENEX + 'm = "Balance"\nif y:\n    m = y\nx.query_private(m)\n', 'read', 'x.query_private'),
    (BINANCE + 'x._request_margin_api("post", path, True)\n', '', 'x._request_margin_api'),
    (COINBASE + 'x.post("/no/such/thing", data={})\n', '', 'x.post'),
    (ALPACA + 'x.get_account()\nx.delete(path)\n', 'read', 'x.delete'),
    (
        PYBIT + 'x.get_wallet_balance()\nx.place_brand_new_thing(a=1)\n',
        'read',
        'x.place_brand_new_thing',
    ),
    (KUCOIN + 'rest.get_spot_service().get_order_api().brand_new(r)\n', '', 'brand_new'),
    (OANDA + 'x.request(thing)\n', '', 'x.request'),
    # A client that code elsewhere is given.
    (KRAKEN + 'import lib\nx.fetch_balance()\nlib.use(x)\n', 'read', 'use(…)'),
    (
        KRAKEN + 'from threading import Thread\nThread(target=f, args=(x,)).start()\n',
        '',
        'Thread(…)',
    ),
]


@pytest.mark.parametrize(('text', 'levels', 'call'), AT_LEAST)
def test_something_is_not_read(text: str, levels: str, call: str) -> None:
    need = only_need(text)
    assert (' '.join(need.permissions), need.is_exact) == (levels, False)
    assert call in [doubt.call for doubt in need.doubts]
    assert all(doubt.place.line > 2 for doubt in need.doubts)


def test_a_file_of_its_own_that_calls_the_wrapper_is_no_secret() -> None:
    wrapper = KRAKENEX + 'def ask(m):\n    return x.query_private(m)\nask("Balance")\n'
    assert only_need(wrapper).is_exact
    assert not only_need({'bot.py': wrapper, 'pay.py': 'import bot\nbot.ask(method)\n'}).is_exact


MAIN = 'import ccxt\nfrom strategy import Bot, run\nx = ccxt.kraken({"apiKey": k, "secret": s})\n'
FOLLOWED = {
    'a function': (
        {'main.py': MAIN + 'run(x)\n', 'strategy.py': 'def run(ex):\n    ex.withdraw("A")\n'},
        'strategy.py:2',
    ),
    'a keyword': (
        {'main.py': MAIN + 'run(1, ex=x)\n', 'strategy.py': 'def run(a, ex):\n    ex.withdraw()\n'},
        'strategy.py:2',
    ),
    'a class': (
        {
            'main.py': MAIN + 'Bot(x).go()\n',
            'strategy.py': 'class Bot:\n    def __init__(self, exchange):\n'
            '        self.ex = exchange\n    def go(self):\n        self.ex.withdraw("A")\n',
        },
        'strategy.py:5',
    ),
    'two files further on': (
        {
            'main.py': MAIN + 'Bot(x).go()\n',
            'strategy.py': 'from deep import Deep\nclass Bot:\n    def __init__(self, ex):\n'
            '        self.deep = Deep(ex)\n    def go(self):\n        self.deep.go()\n',
            'deep.py': 'class Deep:\n    def __init__(self, api):\n        self.api = api\n'
            '    def go(self):\n        self.api.withdraw("A")\n',
        },
        'deep.py:5',
    ),
    'a base class': (
        {
            'main.py': 'import ccxt\nfrom strategy import Bot\nclass Mine(Bot):\n'
            '    def __init__(self):\n        x = ccxt.kraken({"apiKey": k})\n'
            '        super().__init__(x)\nMine().go()\n',
            'strategy.py': 'class Bot:\n    def __init__(self, api):\n        self.api = api\n'
            '    def go(self):\n        self.api.withdraw("A")\n',
        },
        'strategy.py:5',
    ),
    'the class that is the client': (
        {
            'main.py': 'from binance.client import Client\nfrom strategy import Bot\n'
            'class Mine(Client):\n    def __init__(self, api_key, api_secret):\n'
            '        super().__init__(api_key, api_secret)\n        self.bot = Bot(self)\n'
            'Mine(k, s).bot.go()\n',
            'strategy.py': 'class Bot:\n    def __init__(self, api):\n        self.api = api\n'
            '    def go(self):\n        self.api._post("order", True)\n'
            '        self.api.withdraw()\n',
        },
        'strategy.py:6',
    ),
}


@pytest.mark.parametrize('name', FOLLOWED)
def test_clients_are_followed_into_files_that_are_given_them(name: str) -> None:
    files, place = FOLLOWED[name]
    proof = only_need(files).proof_of('withdraw')
    assert proof is not None
    assert f'{proof.path}:{proof.place.line}' == place


HOLDER = (
    'from binance.client import Client\nclass B(Interface):\n    def __init__(self):\n'
    '        self.calls = Client(key, secret)\n    def look(self):\n'
    '        return self.calls.get_account()\n'
)


def test_the_class_of_an_object_decides_whose_call_it_is() -> None:
    user = (
        'import alpaca_trade_api\nclass A(Interface):\n    def stop(self, order):\n'
        '        assert isinstance(self.calls, alpaca_trade_api.REST)\n'
        '        self.calls.cancel_order(order)\n'
    )
    found = needs_of({'a.py': user, 'b.py': HOLDER})
    assert {issuer: need.permissions for issuer, need in found.items()} == {
        'alpaca': ('trade',),
        'binance': ('read',),
    }


def test_an_attribute_of_another_class_is_not_the_client() -> None:
    user = (
        'class A(Interface):\n    def stop(self, order):\n        self.calls.cancel_order(order)\n'
    )
    need = only_need({'a.py': user, 'b.py': HOLDER})
    assert (need.permissions, need.is_exact) == (('read',), False)
    assert [(doubt.path, doubt.place.line) for doubt in need.doubts] == [('a.py', 3)]


def test_an_attribute_that_two_libraries_hold_is_neither_for_certain() -> None:
    files = {
        'a.py': 'import ccxt\nclass A:\n    def __init__(self):\n'
        '        self.calls = ccxt.okx({"apiKey": k})\n',
        'b.py': HOLDER,
        'c.py': 'class C:\n    def stop(self):\n        self.calls.cancel_order(1)\n',
    }
    found = needs_of(files)
    assert {issuer: need.is_exact for issuer, need in found.items()} == {
        'binance': False,
        'okx': False,
    }


def test_methods_of_the_tree_are_no_calls_of_the_client() -> None:
    files = {
        'main.py': KRAKEN + 'x.fetch_balance()\n',
        'book.py': 'class Book:\n    def create_order(self, o):\n        pass\n',
        'go.py': 'def go(book):\n    book.create_order(1)\n',
    }
    assert only_need(files).is_exact


IDLE: dict[str, tuple[dict[str, str] | str, str]] = {
    'a test': (
        {
            'bot.py': KRAKEN + 'x.create_order("A")\n',
            'tests/test_bot.py': KRAKEN + 'x.withdraw()\n',
        },
        'test',
    ),
    'a function that nothing calls': (
        KRAKEN + 'x.create_order("A")\ndef pay():\n    x.withdraw("A", 1, a)\n',
        'unreached',
    ),
    'a method that only another such calls': (
        KRAKEN + 'class B:\n    def buy(self):\n        x.create_order("A")\n'
        '    def all(self):\n        self.pay()\n    def pay(self):\n        x.withdraw("A")\n'
        'B().buy()\n',
        'unreached',
    ),
}


@pytest.mark.parametrize('name', IDLE)
def test_calls_that_are_no_need_are_told_apart(name: str) -> None:
    files, standing = IDLE[name]
    need = only_need(files)
    assert need.permissions == ('trade',)
    assert [(call.permission, call.standing) for call in need.idle_calls] == [
        ('withdraw', standing)
    ]


@pytest.mark.parametrize(
    'files',
    [
        {
            'bot.py': KRAKEN + 'x.create_order("A")\ndef pay():\n    x.withdraw("A")\n',
            'go.py': 'import bot\nbot.pay()\n',
        },
        {
            'bot.py': KRAKEN + 'x.create_order("A")\ndef pay():\n    x.withdraw("A")\n',
            'pyproject.toml': '[project.scripts]\npay = "bot:pay"\n',
        },
        {'bot.py': KRAKEN + 'x.create_order("A")\n@app.route("/")\ndef pay():\n    x.withdraw()\n'},
        {
            'bot.py': KRAKEN + 'x.create_order("A")\nimport fw\nclass S(fw.Strategy):\n'
            '    def on_bar(self):\n        x.withdraw("A")\n'
        },
        {'bot.py': KRAKEN + 'x.create_order("A")\ndef pay():\n    x.withdraw()\ncall("pay")\n'},
        {'lib.py': KRAKEN + 'def buy():\n    x.create_order()\ndef pay():\n    x.withdraw()\n'},
    ],
)
def test_calls_that_something_may_reach_count(files: dict[str, str]) -> None:
    assert only_need(files).permissions == ('trade', 'withdraw')


WRAPPERS = {
    'a path with a slash': (
        'BASE = "https://api.binance.com"\ndef call(verb, path):\n'
        '    return requests.request(verb, BASE + path, headers={"X-MBX-APIKEY": KEY})\n'
        'call("POST", "/api/v3/order")\n',
        'trade',
    ),
    'a path without': (
        'BASE = "https://api.binance.com/"\ndef call(verb, path):\n'
        '    return requests.request(verb, BASE + path)\ncall("POST", "api/v3/order")\n',
        'trade',
    ),
    'keywords': (
        'class B:\n    url = "https://www.bitmex.com/api/v1/"\n    def go(self):\n'
        '        return self.curl(path="order", postdict={}, verb="POST")\n'
        '    def pay(self):\n        return self.curl(path="user/requestWithdrawal", '
        'verb="POST")\n',
        'derivatives withdraw',
    ),
    'a word beside a verb': (
        'def call(m, u):\n    return requests.request(m, "https://www.bitmex.com/api/v1/" + u)\n'
        'call("POST", "order")\n',
        'derivatives',
    ),
    'per cent': (
        'class B:\n    BASE = "https://www.binance.com/api/v3"\n    def go(self):\n'
        '        return self.post("%s/order" % self.BASE, {})\n',
        'trade',
    ),
    'format': (
        'BASE = "https://api.binance.com/api/v3"\nsession.post("{base}/order".format(base=BASE))\n',
        'trade',
    ),
    'a parameter': (
        'def ask(name):\n    return requests.post("https://api.kraken.com/0/private/" + name)\n'
        'ask("Balance")\nask("Withdraw")\n',
        'read withdraw',
    ),
    'an id at the end': (
        'session.get(f"https://api.coinbase.com/api/v3/brokerage/accounts/{account}")\n',
        'read',
    ),
    'messages': (
        'URL = "wss://www.deribit.com/ws/api/v2"\nmessage = {"method": "private/buy"}\n',
        'derivatives',
    ),
}


@pytest.mark.parametrize('name', WRAPPERS)
def test_own_wrappers_of_an_api(name: str) -> None:
    text, levels = WRAPPERS[name]
    assert ' '.join(only_need(f'import requests\n{text}').permissions) == levels


@pytest.mark.parametrize(
    'text',
    [
        'orders = {"order": 1}\norders.get("order")\n',
        'print("GET https://api.binance.com/api/v3/order failed")\n',
    ],
)
def test_texts_that_are_no_requests(text: str) -> None:
    known = 'requests.get("https://api.binance.com/api/v3/ping")\n'
    need = only_need(f'import requests\n{known}{text}')
    assert (need.permissions, need.is_exact) == ((), True)


PACKAGES = [
    (
        'from py_clob_client.client import ClobClient\nx = ClobClient(h, key=K)\nx.post_order(o)\n',
        'polymarket',
        'trade',
    ),
    (
        'from mexc_sdk import Spot\nx = Spot(api_key=K, api_secret=S)\nx.new_order(1)\n',
        'mexc',
        'trade',
    ),
    (
        'from python_bitvavo_api.bitvavo import Bitvavo\nx = Bitvavo({"APIKEY": K})\n'
        'x.withdrawAssets("A", 1, a, {})\n',
        'bitvavo',
        'withdraw',
    ),
    (
        'from schwab import auth\nx = auth.easy_client(api_key=K, app_secret=S)\n'
        'x.place_order(h, o)\n',
        'schwab',
        'trade',
    ),
    (
        'import kalshi_python\nx = kalshi_python.KalshiClient(c)\nx.create_order(1)\n',
        'kalshi',
        'trade',
    ),
    (
        'import lighter\nx = lighter.SignerClient(url=u, api_private_keys=K)\nx.create_order(1)\n',
        'lighter',
        'derivatives',
    ),
    (
        'from driftpy.drift_client import DriftClient\nx = DriftClient(c, w)\nx.withdraw(1)\n',
        'drift',
        'withdraw',
    ),
    (
        'from bpx.account import Account\nx = Account(public_key=K, secret_key=S)\n'
        'x.withdrawal(1)\n',
        'backpack',
        'withdraw',
    ),
    (
        'from web3 import Web3\nx = Web3(p)\nx.eth.account.sign_transaction(t, private_key=K)\n',
        'evm-private-key',
        'withdraw',
    ),
]


@pytest.mark.parametrize(('text', 'issuer', 'level'), PACKAGES)
def test_packages_of_single_exchanges(text: str, issuer: str, level: str) -> None:
    need = only_need(text)
    assert (need.issuer, need.permissions) == (issuer, (level,))


@pytest.mark.parametrize(
    'text',
    [
        'from cryptofeed import FeedHandler\nfrom cryptofeed.exchanges import Kraken\n'
        'f = FeedHandler()\nf.add_feed(Kraken(symbols=["A"], config=c))\n',
        'from nautilus_trader.adapters.kraken import KrakenExecClientConfig\n'
        'from nautilus_trader.config import TradingNodeConfig\n'
        'n = TradingNodeConfig(exec_clients={"K": KrakenExecClientConfig(api_key=K)})\n',
    ],
)
def test_packages_that_only_get_a_key_are_named(text: str) -> None:
    need = only_need(text)
    assert (need.issuer, need.is_exact) == ('kraken', False)


HANDED = [
    (KRAKEN + 'buy = x.brand_new\nbuy()\n', '', False),
    (COINBASE + 'pool.submit(x.post, "/v2/accounts/x/transactions")\n', '', False),
    (COINBASE + 'pool.submit(x.get_accounts)\n', 'read', True),
    (KRAKEN + 'print(x.id, x.symbols, x.apiKey)\nx.verbose = True\n', '', True),
    (KRAKEN + 'x.fetch_balance()\nexec(open(name).read())\n', 'read', False),
    (KRAKEN + 'x.fetch_balance()\noperator.methodcaller(name)(x)\n', 'read', False),
]


@pytest.mark.parametrize(('text', 'levels', 'is_exact'), HANDED)
def test_methods_that_are_handed_on(text: str, levels: str, is_exact: bool) -> None:
    need = only_need(text)
    assert (' '.join(need.permissions), need.is_exact) == (levels, is_exact)


def test_what_a_test_calls_is_no_doubt() -> None:
    files = {
        'bot.py': KRAKEN + 'x.fetch_balance()\n',
        'tests/test_bot.py': KRAKEN + 'x.mystery()\n',
    }
    assert only_need(files).is_exact
