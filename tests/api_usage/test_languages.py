"""What code in other languages needs: silent sources first, then one bot in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api_usage.needs import facts
from tests.conftest import Run

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
    pytest.param(
        'a.go', 'package a\n// binance.NewClient(k, s)\nvar words = []string{"x"}\n', id='go'
    ),
    pytest.param('a.rs', 'use std::env;\nfn main() { client.cancel(); }\n', id='rust'),
    pytest.param(
        'A.cs', 'using System;\nclass A { void B() { Console.WriteLine(1); } }\n', id='c#'
    ),
    pytest.param('A.java', 'import java.util.*;\nclass A { void b() { c.place(); } }\n', id='java'),
    pytest.param('a.kt', 'import kotlin.math.*\nfun main() { c.place() }\n', id='kotlin'),
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
    pytest.param(
        'a.go',
        """
package main

import (
	"os"

	"github.com/adshao/go-binance/v2"
)

type Bot struct {
	client *binance.Client
}

func (b *Bot) Run(ctx context.Context) error {
	if _, err := b.client.NewGetAccountService().Do(ctx); err != nil {
		return err
	}
	go func() {
		b.client.NewCreateOrderService().Symbol("BTCUSDT").Do(ctx)
	}()
	return nil
}

func main() {
	bot := &Bot{client: binance.NewClient(os.Getenv("KEY"), os.Getenv("SECRET"))}
	bot.Run(nil)
}
""",
        READ_TRADE,
        id='go',
    ),
    pytest.param(
        'a.rs',
        """
use binance::account::Account;
use binance::api::*;

struct Bot { account: Account }

impl Bot {
    fn run(&self) -> Result<(), Error> {
        match self.account.get_account() {
            Ok(_) => println!("{:?}", self.account.limit_buy("BTCUSDT", 1, 2.0)?),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn main() {
    let account: Account = Binance::new(env::var("KEY").ok(), env::var("SECRET").ok());
    Bot { account }.run();
}
""",
        READ_TRADE,
        id='rust',
    ),
    pytest.param(
        'A.cs',
        """
using Binance.Net.Clients;

class Bot
{
    private readonly BinanceRestClient client;

    public Bot()
    {
        client = new BinanceRestClient(o => { o.ApiCredentials = new ApiCredentials(Key, Own); });
    }

    public async Task Run()
    {
        var account = await client.SpotApi.Account.GetAccountInfoAsync();
        await client.SpotApi.Trading.PlaceOrderAsync("BTCUSDT", OrderSide.Buy, quantity: 1m);
    }
}
""",
        READ_TRADE,
        id='c#',
    ),
    pytest.param(
        'A.java',
        """
import org.knowm.xchange.*;
import org.knowm.xchange.binance.BinanceExchange;

public class Bot {
    private final Exchange exchange;

    public Bot() {
        ExchangeSpecification specification = new ExchangeSpecification(BinanceExchange.class);
        specification.setApiKey(System.getenv("KEY"));
        exchange = ExchangeFactory.INSTANCE.createExchange(specification);
    }

    void run() throws Exception {
        exchange.getAccountService().getAccountInfo();
        pairs.forEach(pair -> { exchange.getTradeService().placeLimitOrder(order); });
    }
}
""",
        [('binance', 'public'), *READ_TRADE],
        id='java',
    ),
    pytest.param(
        'a.kt',
        """
import org.knowm.xchange.ExchangeFactory
import org.knowm.xchange.binance.BinanceExchange

class Bot(private val pair: String) {
    private val exchange = ExchangeFactory.INSTANCE.createExchange(BinanceExchange::class.java)

    fun run() {
        val account = exchange.accountService.accountInfo
        pairs.forEach { exchange.tradeService.placeLimitOrder(it) }
    }
}
""",
        READ_TRADE,
        id='kotlin',
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
        pytest.param(
            'a.go',
            'package a\nimport "github.com/hirokisan/bybit/v2"\nfunc a() {\n'
            'c := bybit.NewClient().WithAuth(k, s)\n'
            'c.V5().Order().CreateOrder(bybit.P{Category: bybit.CategoryV5Linear})\n}\n',
            [('bybit', 'derivatives')],
            id='by a constant',
        ),
        pytest.param(
            'a.go',
            'package a\nimport "github.com/adshao/go-binance/v2/futures"\n'
            'func a() { futures.NewClient(k, s).NewCreateOrderService().Do(ctx) }\n',
            [('binance', 'derivatives')],
            id='by the package',
        ),
        pytest.param(
            'A.cs',
            'using ExchangeSharp;\nvar api = await ExchangeAPI.GetExchangeAPIAsync("kraken");\n'
            'await api.PlaceOrderAsync(order);\nawait api.WithdrawAsync(request);\n',
            [('kraken', 'trade'), ('kraken', 'withdraw')],
            id='by the name that a factory is given',
        ),
        pytest.param(
            'a.rs',
            'use hyperliquid_rust_sdk::ExchangeClient;\nasync fn a(k: &str) {\n'
            'let wallet: LocalWallet = k.parse().unwrap();\n'
            'let c = ExchangeClient::new(None, wallet, None, None, None).await.unwrap();\n'
            'tokio::join!(c.order(&o, None), c.withdraw_from_bridge("1", "x"));\n}\n',
            [('hyperliquid', 'derivatives'), ('hyperliquid', 'withdraw')],
            id='inside a macro',
        ),
        pytest.param(
            'A.java',
            'import com.binance.connector.client.impl.SpotClientImpl;\nclass A { void b() {\n'
            'new SpotClientImpl(k, s).createWallet().withdraw(p); } }\n',
            [('binance', 'withdraw')],
            id='by a service',
        ),
    ],
)
def test_what_decides(path: str, text: str, needs: list[Need]) -> None:
    assert needs_of(path, text) == needs


@pytest.mark.parametrize(
    ('path', 'text', 'needs'),
    [
        (
            'a.cs',
            'using Bybit.Net.Clients;\nclass A { async Task F() {\n'
            '  var c = new BybitRestClient();\n'
            '  await c.V5Api.Trading.PlaceOrderAsync(Category.Linear, s);\n'
            '  await c.V5Api.SharedClient.PlaceSpotOrderAsync(x);\n'
            '  await c.V5Api.ExchangeData.GetKlinesAsync(Category.Spot, s);\n}}\n',
            [('bybit', 'derivatives'), ('bybit', 'trade')],
        ),
        (
            'a.cs',
            'using OKX.Net.Clients;\nclass A { async Task F() {\n  var c = new OKXRestClient();\n'
            '  await c.UnifiedApi.Account.WithdrawAsync("a", 1);\n}}\n',
            [('okx', 'withdraw')],
        ),
        (
            'a.cs',
            'using ccxt;\nclass A { async Task F() {\n  await new ccxt.okx().FetchBalance();\n'
            '  await ccxt.Exchange.DynamicallyCreateInstance("kraken").Withdraw("a", 1);\n}}\n',
            [('kraken', 'withdraw'), ('okx', 'read')],
        ),
        (
            'a.go',
            'package a\nimport ccxt "github.com/ccxt/ccxt/go/v4"\nfunc f() {\n'
            '  e := ccxt.CreateExchange("bybit", nil)\n  e.FetchBalance()\n}\n',
            [('bybit', 'read')],
        ),
        (
            'A.java',
            'import com.binance.connector.futures.client.impl.UMFuturesClientImpl;\n'
            'class A { void f() {\n  var c = new UMFuturesClientImpl(k, s);\n'
            '  c.account().newOrder(p); c.market().klines(p);\n}}\n',
            [('binance', 'derivatives')],
        ),
    ],
)
def test_what_a_package_is_asked(path: str, text: str, needs: list[Need]) -> None:
    assert [need for need in needs_of(path, text) if need[1] != 'public'] == needs


@pytest.mark.parametrize(
    ('path', 'text', 'needs'),
    [
        (
            'a.kt',
            'class G(private val key: String) {\n  private val host = "https://api.gateio.ws"\n'
            '  suspend fun a() = client.post("$host/api/v4/spot/orders") { setBody(b) }\n'
            '  fun b() = Request.Builder().url("$host/api/v4/withdrawals").post(b).build()\n}\n',
            [('gate', 'trade'), ('gate', 'withdraw')],
        ),
        (
            'a.go',
            'package a\nconst base = "https://api.binance.com"\nfunc f() {\n'
            '  http.NewRequest(http.MethodGet, fmt.Sprintf("%s/api/v3/order?%s", base, q), nil)\n'
            '  http.NewRequest(http.MethodPost, base+"/api/v3/order", body)\n}\n',
            [('binance', 'read'), ('binance', 'trade')],
        ),
        (
            'a.cs',
            'class A { const string H = "https://api.binance.com"; async Task F() {\n'
            '  await http.GetAsync(H + "/api/v3/order");\n'
            '  await http.PostAsync(string.Format("{0}/api/v3/order", H), body);\n}}\n',
            [('binance', 'read'), ('binance', 'trade')],
        ),
    ],
)
def test_requests_by_hand(path: str, text: str, needs: list[Need]) -> None:
    found = facts(text, path)
    assert sorted({(call.issuer, call.permission) for call in found.calls}, key=str) == needs
    assert not found.doubts


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


@pytest.mark.parametrize(
    ('path', 'head', 'text'),
    [
        ('a.go', 'package a\nimport "github.com/adshao/go-binance/v2"\n', 'func f() {' * 5_000),
        ('a.rs', 'use binance::account::Account;\n', 'm!(' * 5_000),
        ('a.rs', 'use binance::account::Account;\n', 'fn f() {' + 'vec![a.b(' * 500),
        ('A.cs', 'using Binance.Net.Clients;\n', 'class A {' * 5_000),
        ('A.java', 'import com.binance.api.client.*;\n', 'class A { void b() {' * 3_000),
        ('a.kt', 'import com.binance.api.client.*\n', 'fun a() { b {' * 3_000),
    ],
)
def test_hostile_files_of_each_language(path: str, head: str, text: str) -> None:
    found = facts(head + text, path)
    assert not found.is_parsed or found.doubts
    assert not found.calls


def test_a_key_that_nothing_is_seen_to_use_is_never_needless(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'wallet.ts').write_text(
        "import { Wallet } from 'ethers'\nexport const w = new Wallet(process.env.PRIVATE_KEY)\n"
    )
    out = keylint('keys', '.', '--details', '--isolated').stdout
    assert 'needs    unknown' in out
    assert 'nothing' not in out
    assert 'what is done with it was not found' in out


def test_keys_reads_a_tree_of_many_languages(keylint: Run, tmp_path: Path) -> None:
    for bot in BOTS[:1] + BOTS[5:]:
        path, text, _ = bot.values
        (tmp_path / str(path)).write_text(str(text))
    (tmp_path / 'other.php').write_text('<?php\n$x = new \\ccxt\\kraken();\n')
    (tmp_path / 'bot_test.go').write_text(
        'package main\nimport "github.com/adshao/go-binance/v2"\n'
        'func a() { binance.NewClient(k, s).NewCreateWithdrawService().Do(ctx) }\n'
    )
    told = keylint('keys', '.', '--details', '--isolated').stdout
    assert 'needs    read trade\n' in told
    shown = ' '.join(told.split())
    assert 'withdraw: NewCreateWithdrawService bot_test.go:3, in a test' in shown
    assert '1 file uses ccxt and was not read' in told
