"""Whether all that the code needs of a key is known, as `keys` and `key-exceeds-code` tell it.

`key-exceeds-code` says that a right is not needed. It may be said only where every call is known:
one call that nobody can place, of any library in the file, and it must be silent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import Run

INVENTORY = ''.join(
    f'  - exchange: {exchange}\n    label: {exchange}\n'
    '    permissions: [read, trade, withdraw]\n    ip_allowlist: [52.54.32.109]\n'
    for exchange in ('kraken', 'binance')
)
CLIENT = 'import ccxt\nx = ccxt.kraken({"apiKey": k})\n'
REST = 'import requests\n'
HOST = 'HOST = "https://api.binance.com"\n'
KNOWN = 'requests.get("https://api.binance.com/api/v3/openOrders")\n'
UNKNOWN = 'requests.get("https://api.binance.com/no/such/thing")\n'
KRAKEN_KNOWN = 'requests.get("https://api.kraken.com/0/private/Balance")\n'
KRAKEN_UNKNOWN = 'requests.get("https://api.kraken.com/0/private/Nothing/known")\n'


class Case(NamedTuple):
    """Files of a bot; by exchange the levels that are known to be needed, and whether exactly."""

    files: dict[str, str]
    needs: dict[str, tuple[str, bool]]


def bot(text: str, **needs: tuple[str, bool]) -> Case:
    return Case({'bot.py': text}, needs)


EXACT, INEXACT = True, False
READ = ('read', EXACT)
READ_AT_LEAST = ('read', INEXACT)
CASES = {
    # One library, and the same with a call that nobody can place.
    'a client': bot(CLIENT + 'x.fetch_balance()\n', kraken=READ),
    'a method that only running would tell': bot(
        CLIENT + 'x.fetch_balance()\ngetattr(x, name)()\n', kraken=READ_AT_LEAST
    ),
    'a client of an unknown exchange beside it': bot(
        CLIENT + 'x.fetch_balance()\ny = getattr(ccxt, name)()\ny.fetch_balance()\n',
        kraken=READ_AT_LEAST,
    ),
    'requests': bot(REST + KNOWN, binance=READ),
    'one request is unknown': bot(REST + KNOWN + UNKNOWN, binance=READ_AT_LEAST),
    # Two libraries in a file: one that is not exact spoils what is said of both.
    'requests to two, all known': bot(REST + KRAKEN_KNOWN + KNOWN, kraken=READ, binance=READ),
    'requests to two, those to the first unknown': bot(
        REST + KRAKEN_UNKNOWN + KNOWN, kraken=('', INEXACT), binance=READ_AT_LEAST
    ),
    'requests to two, those to the second unknown': bot(
        REST + KRAKEN_KNOWN + UNKNOWN, kraken=READ_AT_LEAST, binance=('', INEXACT)
    ),
    'a client, and requests to another that are unknown': bot(
        CLIENT + 'x.fetch_balance()\nimport requests\n' + UNKNOWN,
        kraken=READ_AT_LEAST,
        binance=('', INEXACT),
    ),
    'a file that cannot be parsed': bot(REST + KNOWN + 'print "x"\n', binance=('trade', INEXACT)),
    # How a client is reached.
    'an attribute of a module': Case(
        {
            'settings.py': 'import ccxt\nclient = ccxt.kraken({"apiKey": k})\n',
            'bot.py': 'import settings\nsettings.client.fetch_balance()\n',
        },
        {'kraken': READ},
    ),
    'an attribute of either of two modules': bot(
        'import ccxt as a\nimport lib\nx = (a or lib).kraken({"apiKey": k})\nx.fetch_balance()\n',
        kraken=READ,
    ),
    'the class of a submodule of its name': bot(
        'from ccxt.kraken import kraken\nx = kraken({"apiKey": k})\nx.fetch_balance()\n',
        kraken=READ,
    ),
    'a class of the same name in another submodule': bot(
        'from ccxt.base import kraken\nx = kraken({"apiKey": k})\nx.fetch_balance()\n',
        kraken=('', EXACT),
    ),
    'a global name': bot(
        'import ccxt\ndef start():\n    global x\n    x = ccxt.kraken({"apiKey": k})\n'
        'def go():\n    x.fetch_balance()\n',
        kraken=READ,
    ),
    'a name bound within an expression': bot(
        'import ccxt\nif (x := ccxt.kraken({"apiKey": k})):\n    x.fetch_balance()\n', kraken=READ
    ),
    # How an address is put together.
    'a sum': bot(REST + HOST + 'requests.get(HOST + "/api/v3/openOrders")\n', binance=READ),
    'a formatted string': bot(
        REST + HOST + 'requests.get(f"{HOST}/api/v3/openOrders")\n', binance=READ
    ),
    'format': bot(
        REST + 'requests.get("https://api.binance.com/api/{}/openOrders".format(version))\n',
        binance=READ,
    ),
    'format in the query': bot(
        REST + 'requests.get("https://api.binance.com/api/v3/openOrders?s={}".format(s))\n',
        binance=READ,
    ),
    'per cent': bot(
        REST + 'requests.get("https://api.binance.com/api/%s/openOrders" % version)\n', binance=READ
    ),
    'a host that is filled in': bot(
        REST + HOST + 'requests.get("%s/api/v3/openOrders" % HOST)\n', binance=READ
    ),
    # What the method says.
    'a verb as an argument': bot(
        REST + 'requests.request("DELETE", "https://api.binance.com/api/v3/order")\n',
        binance=('trade', EXACT),
    ),
    'a verb by name': bot(
        REST + 'requests.request(url="https://api.binance.com/api/v3/order", method="POST")\n',
        binance=('trade', EXACT),
    ),
    'a verb in the name of the call': bot(
        REST + 'requests.post("https://api.binance.com/sapi/v1/capital/withdraw/apply")\n',
        binance=('withdraw', EXACT),
    ),
}


@pytest.mark.parametrize('name', CASES)
def test_needs_are_exact_or_said_not_to_be(keylint: Run, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    (tmp_path / 'keys.yaml').write_text(f'keys:\n{INVENTORY}')
    for file, text in case.files.items():
        (tmp_path / file).write_text(text)
    rows = json.loads(keylint('keys', '.', '--isolated', '--format', 'json').stdout)['keys']
    told = {
        row['exchange']: (' '.join(proof['level'] for proof in row['proofs']), row['is_exact'])
        for row in rows
    }
    assert told == {'kraken': ('', EXACT), 'binance': ('', EXACT), **case.needs} | {
        exchange: need for exchange, need in told.items() if exchange is None
    }
    exceeding = {exchange for exchange, (levels, exact) in case.needs.items() if levels and exact}
    command = ('scan', '.', '--isolated', '--pedantic', '--select', 'key-exceeds-code')
    found = json.loads(keylint(*command, '--format', 'json').stdout)['findings']
    assert {finding['issuer'] for finding in found} == exceeding


def rows_of(keylint: Run, folder: Path, text: str) -> list[tuple[str, str, str]]:
    (folder / 'bot.py').write_text(text)
    rows = json.loads(keylint('keys', '.', '--isolated', '--format', 'json').stdout)['keys']
    return [(row['exchange'], row['source'], row['place']) for row in rows]


@pytest.mark.parametrize('call', ['fetch_ticker("A/B")', 'fetch_balance()'])
def test_a_client_without_a_key_has_a_row_that_says_so(
    keylint: Run, tmp_path: Path, call: str
) -> None:
    found = rows_of(keylint, tmp_path, f'import ccxt\nx = ccxt.okx()\nx.{call}\n')
    assert found == [('okx', 'no key', 'bot.py:2')]


def test_the_row_stands_at_the_client_that_has_the_key(keylint: Run, tmp_path: Path) -> None:
    keyless, keyed = 'x = ccxt.okx()\n', 'y = ccxt.okx({"apiKey": K})\n'
    for text, line in ((keyless + keyed, 4), (keyed + keyless, 3)):
        found = rows_of(keylint, tmp_path, f'import ccxt\nfrom s import K\n{text}')
        assert found == [('okx', 'inline', f'bot.py:{line}')]
