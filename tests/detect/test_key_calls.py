"""Calls that take keys are told from calls that take ids, mints and signatures."""

from __future__ import annotations

import pytest

from keylint.detect.key_calls import takes_keys
from tests.detect.conftest import FindCredentials

SILENT = {
    'a mint in any method': ('a.py', 'client.any_method("{base58-bytes:32}")\n'),
    'a mint in JavaScript': ('a.ts', 'await client.swap("{base58-bytes:32}");\n'),
    'a balance': ('a.go', 'c, err := client.GetBalance("{base58-bytes:32}")\n'),
    'a signature': ('a.ts', 'await connection.confirmTransaction("{base58-bytes:64}")\n'),
    'a client of an address': ('a.ts', 'const w = new Wallet("{base58-bytes:32}");\n'),
    'a public key': ('a.ts', 'const owner = new PublicKey("{base58-bytes:32}");\n'),
    'an order': (
        'a.py',
        'from py_clob_client.client import ClobClient\nclient.get_order("0x{hex:64}")\n'
        'client.cancel("0x{hex:64}")\nclient.get_market("0x{hex:64}")\n',
    ),
    'an order in JavaScript': (
        'a.ts',
        'import {{ ClobClient }} from "@polymarket/clob-client";\n'
        'await clobClient.cancelOrder("0x{hex:64}");\nawait clobClient.order("0x{hex:64}");\n',
    ),
    'a client order id': (
        'a.py',
        'import kucoin_universal_sdk\nr = Builder().set_client_oid("{uuid}").build()\n',
    ),
    'a client order id in Go': (
        'a.go',
        'import "github.com/Kucoin/kucoin-universal-sdk"\nr := b.SetClientOid("{uuid}").Build()\n',
    ),
    'a client order id in JavaScript': (
        'a.js',
        "import 'kucoin-universal-sdk';\nconst r = b.setClientOid('{uuid}').build();\n",
    ),
    'an order by symbol and id': (
        'a.py',
        'import kucoin\nclient.cancel_order_by_client_oid("BTC-USDT", "{uuid}")\n',
    ),
}
FOUND = {
    'a class': ('a.py', 'c = Client("{alnum:64}", "{alnum:64}")\n', ['api-key', 'secret']),
    'a function that makes': (
        'a.go',
        'c := binance.NewClient("{alnum:64}", "{alnum:64}")\n',
        ['api-key', 'secret'],
    ),
    'new of a type': (
        'a.rs',
        'let c = Binance::new("{alnum:64}", "{alnum:64}");\n',
        ['api-key', 'secret'],
    ),
    'a log-in': ('a.js', 'await bot.login("{alnum:44}");\n', ['token']),
    'a setter': ('a.js', 'ex.setCredentials("{alnum:64}", "{alnum:64}");\n', ['token', 'secret']),
    'a secret of 32 bytes in base58': (
        'a.py',
        'api = tradeapi.REST("PK{upper:18}", "{base58-bytes:32}")\n',
        ['api-key', 'secret'],
    ),
    'a key pair': ('a.ts', 'const k = Keypair.fromSecretKey("{solana}");\n', ['private-key']),
}


@pytest.mark.parametrize('case', SILENT)
def test_calls_of_clients_take_no_keys(case: str, credentials: FindCredentials) -> None:
    path, recipe = SILENT[case]
    assert credentials(recipe, path) == []


@pytest.mark.parametrize('case', FOUND)
def test_keys_of_constructors_are_found(case: str, credentials: FindCredentials) -> None:
    path, recipe, roles = FOUND[case]
    (found,) = credentials(recipe, path)
    assert [part.role for part in found.parts] == roles


def _name_binance(name: str) -> tuple[str, ...]:
    return ('binance',) if 'binance' in name.lower() else ()


@pytest.mark.parametrize(
    ('callee', 'count', 'is_taking'),
    [
        ('Client', 1, True),
        ('ZaifTradeApi', 2, True),
        ('okx.Trade.TradeAPI', 2, True),
        ('ccxt.binance', 2, True),
        ('Binance::new', 2, True),
        ('tradeapi.REST', 2, True),
        ('HTTPBasicAuth', 2, True),
        ('connect', 1, True),
        ('client.with_credentials', 2, True),
        ('set_api_key', 1, True),
        ('Account.from_key', 1, True),
        ('get_client', 2, True),
        ('get_client', 1, False),
        ('client.create_order', 2, False),
        ('client.createMarketOrder', 2, False),
        ('client.swap', 1, False),
        ('exchange.market', 1, False),
        ('client.SetClientOid', 1, False),
        ('set_client_oid', 1, False),
        ('setClientOid', 1, False),
        ('PublicKey', 1, False),
        ('requests.get', 2, False),
        ('_', 1, False),
    ],
)
def test_what_takes_keys(callee: str, count: int, is_taking: bool) -> None:
    assert takes_keys(callee, count, _name_binance) is is_taking
