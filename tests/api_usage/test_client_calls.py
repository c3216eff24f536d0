"""Calls of clients: snippets as people write them, to exchanges, levels and lines."""

from __future__ import annotations

import pytest

from tests.api_usage.needs import facts, told


@pytest.mark.parametrize(
    'text',
    [
        pytest.param('', id='nothing'),
        pytest.param(
            'import requests\nrequests.get("https://example.org/api/v3/order")\n', id='another host'
        ),
        pytest.param(
            'class Client:\n    def withdraw(self): ...\nClient().withdraw()\n',
            id='a class of the same name',
        ),
        pytest.param(
            'import ccxt\nprint(ccxt.__version__, ccxt.exchanges)\n', id='library without a client'
        ),
        pytest.param(
            'import ccxt\nx = ccxt.kraken()\n# x.withdraw("BTC", 1, a)\n', id='call in a comment'
        ),
        pytest.param(
            'import ccxt\nx = ccxt.kraken()\n"""\nx.withdraw("BTC", 1, a)\n"""\n',
            id='call in a string',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.kraken()\nx = Other()\nx.withdraw(1)\n',
            id='name taken over by another object',
        ),
        pytest.param(
            'from binance.client import Client\nc = Client(k, s)\nc.session.get(url)\n',
            id='the session of a client',
        ),
        pytest.param(
            '"""Ask https://api.binance.com/sapi/v1/capital/withdraw/apply"""\n',
            id='address in a docstring',
        ),
    ],
)
def test_nothing_is_used(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        pytest.param(
            'import ccxt\nx = ccxt.kraken({"apiKey": k})\nx.fetch_ticker("A/B")\n',
            [('kraken', 'public', 3)],
            id='public',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.kraken()\nx.fetch_balance()\n'
            'x.create_order("BTC/EUR", "limit", "buy", 1, 1)\n',
            [('kraken', 'read', 3), ('kraken', 'trade', 4)],
            id='assignment',
        ),
        pytest.param(
            'from pybit.unified_trading import HTTP\nsession = HTTP(api_key=k)\n'
            'session.set_leverage(category="linear")\n',
            [('bybit', 'derivatives', 3)],
            id='a client called session',
        ),
        pytest.param(
            'import ccxt\nccxt.kraken().withdraw("BTC", 1, a)\n',
            [('kraken', 'withdraw', 2)],
            id='no name at all',
        ),
        pytest.param(
            'import ccxt.async_support as c\nasync def f():\n    x = c.bybit()\n'
            '    await x.transfer("USDT", 1, "spot", "swap")\n',
            [('bybit', 'transfer', 4)],
            id='async',
        ),
        pytest.param(
            'import ccxt.pro\nx = ccxt.pro.okx()\nx.create_order_ws("A/B", "market", "buy", 1)\n',
            [('okx', 'trade', 3)],
            id='pro',
        ),
        pytest.param(
            'from ccxt.async_support import kraken as K\nx = K()\nx.withdraw("A", 1, a)\n',
            [('kraken', 'withdraw', 3)],
            id='alias',
        ),
        pytest.param(
            'from ccxt import *\nx = kraken()\nx.withdraw("A", 1, a)\n',
            [('kraken', 'withdraw', 3)],
            id='star',
        ),
        pytest.param(
            'import ccxt\nname = "kraken"\nx = getattr(ccxt, name)({"apiKey": k})\n'
            'x.withdraw("A", 1, a)\n',
            [('kraken', 'withdraw', 4)],
            id='getattr with a constant',
        ),
        pytest.param(
            'import ccxt\nmake = getattr(ccxt, "kraken")\nx = make()\nx.withdraw("A", 1, a)\n',
            [('kraken', 'withdraw', 4)],
            id='class in a name',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.__dict__["kraken"]()\nx.withdraw("A", 1, a)\n',
            [('kraken', 'withdraw', 3)],
            id='dict of the module',
        ),
        pytest.param(
            'import ccxt\nfor name in ["kraken", "okx"]:\n    x = getattr(ccxt, name)()\n'
            '    x.withdraw("A", 1, a)\n',
            [('kraken', 'withdraw', 4), ('okx', 'withdraw', 4)],
            id='loop over names',
        ),
        pytest.param(
            'import ccxt\nALL = {"k": ccxt.kraken, "o": ccxt.okx}\nx = ALL[pick]()\n'
            'x.fetch_balance()\n',
            [('kraken', 'read', 4), ('okx', 'read', 4)],
            id='dictionary of classes',
        ),
        pytest.param(
            'import ccxt\nALL = {"k": ccxt.kraken, "o": ccxt.okx}\nx = ALL["o"]()\n'
            'x.fetch_balance()\n',
            [('okx', 'read', 4)],
            id='dictionary of classes, known key',
        ),
        pytest.param(
            'import ccxt\nALL = {n: getattr(ccxt, n)() for n in ("kraken", "okx")}\n'
            'for x in ALL.values():\n    x.fetch_balance()\n',
            [('kraken', 'read', 4), ('okx', 'read', 4)],
            id='comprehension of clients',
        ),
        pytest.param(
            'import ccxt\nxs = []\nxs.append(ccxt.okx())\nfor x in xs:\n'
            '    x.withdraw("A", 1, a)\n',
            [('okx', 'withdraw', 5)],
            id='list of clients',
        ),
        pytest.param(
            'import ccxt\nclass Bot:\n    def __init__(self):\n'
            '        self.x = ccxt.okx()\n    def go(self):\n'
            '        self.x.withdraw("A", 1, a)\n',
            [('okx', 'withdraw', 6)],
            id='attribute',
        ),
        pytest.param(
            'import ccxt\nclass A:\n    def __init__(self):\n        self.x = ccxt.okx()\n'
            'class B(A):\n'
            '    def go(self):\n        self.x.fetch_balance()\n',
            [('okx', 'read', 7)],
            id='attribute of the base class',
        ),
        pytest.param(
            'import ccxt\nclass Bot:\n    def __init__(self, x):\n        self.x = x\n'
            '    def go(self):\n        self.x.withdraw("A", 1, a)\n'
            'Bot(ccxt.okx()).go()\n',
            [('okx', 'withdraw', 6)],
            id='argument of a class',
        ),
        pytest.param(
            'import ccxt\ndef make():\n    return ccxt.okx()\nmake().withdraw("A", 1, a)\n',
            [('okx', 'withdraw', 4)],
            id='factory',
        ),
        pytest.param(
            'import ccxt\ndef go(client):\n    client.withdraw("A", 1, a)\ngo(ccxt.okx())\n',
            [('okx', 'withdraw', 3)],
            id='argument',
        ),
        pytest.param(
            'import ccxt\ndef go(client: "ccxt.okx"):\n    client.withdraw("A", 1, a)\n',
            [('okx', 'withdraw', 3)],
            id='annotation in quotes',
        ),
        pytest.param(
            'from binance import Client\ndef go(c: Client | None):\n    c.withdraw(coin="A")\n',
            [('binance', 'withdraw', 3)],
            id='optional annotation',
        ),
        pytest.param(
            'import ccxt\nif live:\n    x = ccxt.okx()\nelse:\n    x = ccxt.kraken()\n'
            'x.fetch_balance()\n',
            [('kraken', 'read', 6), ('okx', 'read', 6)],
            id='either branch',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.okx()\nx.fetch_balance()\nx = ccxt.kraken()\n'
            'x.withdraw("A", 1, a)\n',
            [('kraken', 'withdraw', 5), ('okx', 'read', 3)],
            id='one after the other',
        ),
        pytest.param(
            'import ccxt\nx = None\ndef init():\n    global x\n    x = ccxt.okx()\ndef go():\n'
            '    x.withdraw("A", 1, a)\n',
            [('okx', 'withdraw', 7)],
            id='global',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.okx()\nloop.run_in_executor(None, x.withdraw, "A", 1, a)\n',
            [('okx', 'withdraw', 3)],
            id='handed on',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.okx()\ngetattr(x, "withdraw")("A", 1, a)\n',
            [('okx', 'withdraw', 3)],
            id='constant method',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.binance({"options": {"defaultType": "future"}})\n'
            'x.create_order("A/B", "market", "buy", 1)\n',
            [('binance', 'derivatives', 3)],
            id='futures by options',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.binance()\nx.options["defaultType"] = "future"\n'
            'x.create_order("A/B", "market", "buy", 1)\n',
            [('binance', 'derivatives', 4)],
            id='futures by later options',
        ),
        pytest.param(
            'import ccxt\ns = "BTC/USDT:USDT"\nx = ccxt.okx()\n'
            'x.create_order(s, "market", "buy", 1)\n',
            [('okx', 'derivatives', 4)],
            id='futures by the symbol',
        ),
        pytest.param(
            'import ccxt\nx = ccxt.binance()\nx.sapiPostCapitalWithdrawApply({})\n'
            'x.sapi_get_account_apirestrictions()\n',
            [('binance', 'read', 4), ('binance', 'withdraw', 3)],
            id='implicit methods',
        ),
        pytest.param(
            'from binance.client import Client\nc = Client(k, s)\n'
            'c.order_limit_buy(symbol="A")\nc.get_account()\n',
            [('binance', 'read', 4), ('binance', 'trade', 3)],
            id='python-binance',
        ),
        pytest.param(
            'from binance import AsyncClient\nasync def f():\n'
            '    c = await AsyncClient.create(k, s)\n    await c.withdraw(coin="A")\n',
            [('binance', 'withdraw', 4)],
            id='python-binance, async',
        ),
        pytest.param(
            'from binance.client import Client\nclass Mine(Client):\n    def go(self):\n'
            '        self.withdraw(coin="A")\n',
            [('binance', 'withdraw', 4)],
            id='derived class',
        ),
        pytest.param(
            'from binance.um_futures import UMFutures\nc = UMFutures(k, s)\n'
            'c.change_leverage(symbol="A", leverage=5)\n',
            [('binance', 'derivatives', 3)],
            id='futures connector',
        ),
        pytest.param(
            'from pybit.unified_trading import HTTP\ns = HTTP(api_key=k, api_secret=s)\n'
            's.place_order(category="linear", symbol="A")\n'
            's.place_order(category="spot", symbol="A")\ns.create_internal_transfer(coin="A")\n',
            [('bybit', 'derivatives', 3), ('bybit', 'trade', 4), ('bybit', 'transfer', 5)],
            id='pybit',
        ),
        pytest.param(
            'import okx.Funding as Funding\nf = Funding.FundingAPI(k, s, p, False, flag)\n'
            'f.withdrawal(ccy="A")\n',
            [('okx', 'withdraw', 3)],
            id='python-okx',
        ),
        pytest.param(
            'import krakenex\nk = krakenex.API()\nk.query_private("Withdraw", {})\n'
            'k.query_private("Balance")\n',
            [('kraken', 'read', 4), ('kraken', 'withdraw', 3)],
            id='krakenex',
        ),
        pytest.param(
            'from alpaca.trading.client import TradingClient\nc = TradingClient(k, s)\n'
            'c.submit_order(o)\n',
            [('alpaca', 'trade', 3)],
            id='alpaca',
        ),
    ],
)
def test_uses(text: str, want: list[tuple[str | None, str, int]]) -> None:
    assert told(text) == want
    assert facts(text).is_exact
