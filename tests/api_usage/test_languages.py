"""What code in other languages needs: silent sources first, then one bot in every language."""

from __future__ import annotations

import pytest

from tests.api_usage.needs import facts

Need = tuple[str | None, str]


def needs_of(path: str, text: str) -> list[Need]:
    return sorted({(call.issuer, call.permission) for call in facts(text, path).calls}, key=str)


def doubts_of(path: str, text: str) -> list[str]:
    return sorted({doubt.call for doubt in facts(text, path).doubts})


SILENT = [
    pytest.param('a.js', 'const words = ["ccxt"]\nwords.createOrder("a")\n', id='a list'),
    pytest.param(
        'a.js', 'const ccxt = require("ccxt-like")\nnew ccxt.kraken()\n', id='other package'
    ),
    pytest.param('a.ts', 'import type { Order } from "ccxt"\nlet o: Order\n', id='a type'),
    pytest.param('a.ts', 'interface Client { createOrder(): void }\n', id='an interface'),
    pytest.param('a.js', '// new ccxt.kraken().withdraw()\n/* ccxt */\n', id='comments'),
    pytest.param('a.js', '', id='nothing'),
]


@pytest.mark.parametrize(('path', 'text'), SILENT)
def test_nothing_is_needed(path: str, text: str) -> None:
    found = facts(text, path)
    assert (found.clients, found.calls, found.doubts) == ((), (), ())


READ_TRADE = [('binance', 'read'), ('binance', 'trade')]
BOTS = [
    pytest.param(
        'a.js',
        """
const ccxt = require('ccxt');
const { KEY, SECRET } = process.env;
const exchange = new ccxt.binance({ apiKey: KEY, secret: SECRET });
async function main() {
  await exchange.fetchBalance();
  await exchange.createOrder('BTC/USDT', 'limit', 'buy', 1, 2);
}
main();
""",
        READ_TRADE,
        id='javascript',
    ),
    pytest.param(
        'a.ts',
        """
import ccxt from 'ccxt';
export class Bot {
  private readonly exchange: any;
  constructor(private readonly pair: string = 'BTC/USDT') {
    this.exchange = new ccxt.pro.binance({ apiKey: process.env.KEY!, secret: process.env.SECRET! });
  }
  async run(): Promise<void> {
    setInterval(async () => {
      const balance = await this.exchange.fetchBalance();
      if (balance) await this.exchange.createOrder(this.pair, 'limit', 'buy', 1, 2);
    }, 1000);
  }
}
""",
        READ_TRADE,
        id='typescript',
    ),
    pytest.param(
        'a.mjs',
        """
import { MainClient as Client } from 'binance';
const client = new Client({ api_key: process.env.KEY, api_secret: process.env.SECRET });
const handlers = { buy: () => client.submitNewOrder({ side: 'BUY' }) };
client.getBalances().then(console.log);
export default handlers;
""",
        READ_TRADE,
        id='a callback in an object',
    ),
    pytest.param(
        'a.js',
        """
const Binance = require('node-binance-api');
const binance = new Binance().options({ APIKEY: process.env.KEY, APISECRET: process.env.SECRET });
['BTCUSDT'].forEach((pair) => { binance.marketBuy(pair, 1); });
binance.balance();
""",
        READ_TRADE,
        id='keys by a method',
    ),
    pytest.param(
        'a.js',
        """
import axios from 'axios';
const BASE = 'https://api.binance.com';
const send = (path, verb) => axios({ method: verb, url: `${BASE}${path}` });
axios.get(`${BASE}/api/v3/account`, { headers: { 'X-MBX-APIKEY': process.env.KEY } });
axios({ method: 'POST', url: BASE + '/api/v3/order' });
""",
        READ_TRADE,
        id='requests by hand',
    ),
]


@pytest.mark.parametrize(('path', 'text', 'needs'), BOTS)
def test_the_same_bot_needs_the_same(path: str, text: str, needs: list[Need]) -> None:
    assert needs_of(path, text) == needs


@pytest.mark.parametrize(
    ('path', 'text', 'needs'),
    [
        pytest.param(
            'a.ts',
            "import { RestClientV5 } from 'bybit-api'\n"
            "new RestClientV5({key: K, secret: S}).submitOrder({category: 'linear'})\n",
            [('bybit', 'derivatives')],
            id='by an argument',
        ),
        pytest.param(
            'a.ts',
            "import { USDMClient } from 'binance'\n"
            'new USDMClient({api_key: K}).submitNewOrder({})\n',
            [('binance', 'derivatives')],
            id='by the class',
        ),
        pytest.param(
            'a.ts',
            "import { Hyperliquid } from 'hyperliquid'\n"
            'const sdk = new Hyperliquid({privateKey: K})\n'
            'sdk.exchange.placeOrder({})\nsdk.exchange.initiateWithdrawal(a, 1)\n'
            'sdk.info.perpetuals.getMeta()\n',
            [
                ('hyperliquid', 'derivatives'),
                ('hyperliquid', 'public'),
                ('hyperliquid', 'withdraw'),
            ],
            id='by a part of the client',
        ),
        pytest.param(
            'a.ts',
            "import { ClobClient } from '@polymarket/clob-client'\n"
            'class A { c = new ClobClient(host, 137, signer); go = () => this.c.postOrder(o) }\n',
            [('polymarket', 'trade')],
            id='an attribute and a method that are values',
        ),
        pytest.param(
            'a.js',
            "const ccxt = require('ccxt')\nclass Mine extends ccxt.kraken {\n"
            '  go() { return super.withdraw("a", 1) }\n  stop() { this.cancelAllOrders() }\n}\n',
            [('kraken', 'trade'), ('kraken', 'withdraw')],
            id='a class of its own',
        ),
        pytest.param(
            'a.js',
            "const ccxt = require('ccxt')\n"
            "const all = { kraken: new ccxt['kraken']({apiKey: K}) }\n"
            'for (const one of Object.values(all)) one.fetchBalance()\nall.kraken.withdraw("a")\n',
            [('kraken', 'read'), ('kraken', 'withdraw')],
            id='a name in quotes',
        ),
    ],
)
def test_what_decides(path: str, text: str, needs: list[Need]) -> None:
    assert needs_of(path, text) == needs


CCXT = "const ccxt = require('ccxt')\nconst e = new ccxt.kraken({apiKey: K, secret: S})\n"


@pytest.mark.parametrize(
    ('path', 'text', 'doubts'),
    [
        pytest.param('a.js', CCXT + 'e[name]("a")\n', ['e.getattr'], id='a dynamic method'),
        pytest.param(
            'a.js', CCXT + 'e.brandNewThing()\n', ['e.brandNewThing'], id='unknown method'
        ),
        pytest.param('a.js', CCXT + 'elsewhere({ client: e })\n', [], id='given on in an object'),
        pytest.param(
            'a.js', CCXT + 'e.createOrder("a"\n', ['a.js', 'e.createOrder'][:1], id='broken'
        ),
    ],
)
def test_what_cannot_be_read_is_named(path: str, text: str, doubts: list[str]) -> None:
    found = facts(text, path)
    told = sorted({one.call for one in found.doubts})
    given = [one.callee for one in found.handovers if one.client >= 0]
    assert told == doubts or (not doubts and given)
    assert told or given


def test_a_dynamic_exchange_is_never_exact() -> None:
    found = facts(
        "import ccxt from 'ccxt'\nconst e = new ccxt[id]({apiKey: K})\ne.createOrder()\n", 'a.ts'
    )
    assert not found.is_exact
    assert [(call.issuer, call.permission) for call in found.calls] == [(None, 'trade')]


@pytest.mark.parametrize(
    'text',
    [
        pytest.param('(' * 20_000, id='open parentheses'),
        pytest.param('a<' * 20_000, id='types without an end'),
        pytest.param('f(() => {' * 5_000, id='callbacks in callbacks'),
        pytest.param('x' + '.a()' * 20_000, id='a long chain'),
        pytest.param('x' + '.map(y => y)' * 3_000, id='a chain of callbacks'),
        pytest.param('a + ' * 20_000 + 'a', id='a long sum'),
        pytest.param('if (a) {} else ' * 5_000 + '{}', id='a long ladder'),
        pytest.param('{"a":' * 20_000, id='deep objects'),
        pytest.param('e.a();\n' * 200_000, id='too large'),
    ],
)
def test_hostile_files_cost_themselves_only(text: str) -> None:
    found = facts(CCXT + text, 'a.js')
    assert not found.is_parsed or found.doubts
    assert not found.calls
