"""Small bots of the frozen corpus, each scanned alone: what declarations say, held against what the code does."""

from __future__ import annotations

from pathlib import Path

from tests.frozen.corpus import Files, write

KRAKEN_BOT = """\
import ccxt

kraken = ccxt.kraken({{'apiKey': KEY, 'secret': SECRET}})
kraken.fetch_balance()
kraken.create_order('BTC/USD', 'market', 'buy', 1)
"""
WITHDRAWING = """\
import ccxt

kraken = ccxt.kraken({{'apiKey': KEY}})
binance = ccxt.binance({{'apiKey': KEY}})
kraken.withdraw('BTC', 1, 'address')
binance.withdraw('BTC', 1, 'address')
binance.transfer('USDT', 1, 'spot', 'future')
"""


def inventory(*keys: dict[str, str]) -> str:
    """Write an inventory; each key has what is given, over a sound key's lines."""
    sound = {
        'exchange': 'kraken',
        'label': 'grid',
        'purpose': 'trading-bot',
        'permissions': '[read, trade]',
        'ip_allowlist': '[52.54.32.109]',
        'created': '2025-12-01',
        'rotate_after': '90d',
        'secret_ref': 'env:KRAKEN_SECRET',
    }
    entries = [
        '\n    '.join(f'{name}: {text}' for name, text in {**sound, **key}.items() if text)
        for key in keys
    ]
    return 'version: 1\nkeys:\n' + ''.join(f'  - {entry}\n' for entry in entries)


def _denying() -> Files:
    """Two issuers: one key must not withdraw, the code withdraws from both."""
    first = {'forbidden_permissions': '[withdraw]'}
    return {
        'bot.py': WITHDRAWING,
        'keys.yaml': inventory(first, {'exchange': 'binance', 'label': 'b'}),
    }


def _exceeding() -> Files:
    return {
        'bot.py': KRAKEN_BOT,
        'keys.yaml': inventory({'permissions': '[read, trade, withdraw]', 'ip_allowlist': '[]'}),
    }


def _siblings() -> Files:
    same = [{'label': f'k{number}', 'account': 'main'} for number in range(12)]
    return {
        'bot.py': KRAKEN_BOT,
        'keys.yaml': inventory(
            *same,
            {
                'label': 'drifts',
                'account': 'main',
                'permissions': '[read]',
                'ip_allowlist': '[10.0.0.1]',
            },
        ),
    }


def _undeclared() -> Files:
    return {
        'bot.py': WITHDRAWING,
        'keys.yaml': inventory({'exchange': 'okx', 'label': 'unused', 'used_by': '[gone.py]'}),
    }


def _through_modules() -> Files:
    """Clients that live in another module, found through its name, an alias of it, and an import of it."""
    return {
        'settings.py': "import ccxt\n\nclient = ccxt.kraken({{'apiKey': KEY}})\n",
        'attribute.py': "import settings\n\nsettings.client.withdraw('BTC', 1, 'a')\n",
        'alias.py': "import settings\n\nmodule = settings\nmodule.client.withdraw('BTC', 2, 'a')\n",
        'from_it.py': "from settings import client\n\nclient.withdraw('BTC', 3, 'a')\n",
        'given.py': "import settings\n\n\ndef run(conf):\n    conf.client.withdraw('BTC', 4, 'a')\n\n\nrun(settings)\n",
        'held.py': "import settings as s\n\n\nclass Bot:\n    conf = s\n\n    def run(self):\n        self.conf.client.withdraw('BTC', 5, 'a')\n",
        'keys.yaml': inventory({'permissions': '[read, trade, withdraw]'}),
    }


def _functions() -> Files:
    """Clients handed over as arguments, by place and by name, to functions of one name or of two."""
    return {
        'one.py': "import ccxt\n\n\ndef pay(client, amount=1):\n    client.withdraw('BTC', amount, 'a')\n\n\npay(ccxt.kraken({{'apiKey': K}}))\n",
        'named.py': "import ccxt\n\n\ndef pay(amount, client):\n    client.withdraw('BTC', amount, 'a')\n\n\npay(1, client=ccxt.kraken({{'apiKey': K}}))\n",
        'twice.py': "import ccxt\n\n\nclass A:\n    def pay(self, client):\n        client.withdraw('BTC', 1, 'a')\n\n\nclass B:\n    def pay(self, client):\n"
        "        client.transfer('BTC', 1, 'a', 'b')\n\n\nA().pay(ccxt.kraken({{'apiKey': K}}))\n",
        'method.py': "import ccxt\n\n\nclass A:\n    def send(self, client, amount):\n        client.withdraw('BTC', amount, 'a')\n\n\n"
        "A().send(ccxt.kraken({{'apiKey': K}}), 2)\n",
        'global.py': "import ccxt\n\nclient = None\n\n\ndef start():\n    global client\n    client = ccxt.kraken({{'apiKey': K}})\n\n\ndef run():\n    client.withdraw('BTC', 1, 'a')\n",
        'walrus.py': "import ccxt\n\nif (client := ccxt.kraken({{'apiKey': K}})):\n    client.withdraw('BTC', 1, 'a')\n",
        'annotated.py': "import ccxt\n\n\ndef run(client: ccxt.kraken):\n    client.withdraw('BTC', 1, 'a')\n",
        'keys.yaml': inventory({'permissions': '[read, trade, withdraw]'}),
    }


def _raw() -> Files:
    """Two REST interfaces in one file, one of them with an address that nobody can read."""
    calls = (
        "import requests\n\nKRAKEN = 'https://api.kraken.com'\nBINANCE = 'https://api.binance.com'\n"
        "requests.post(KRAKEN + '/0/private/Balance', headers={{'API-Key': K, 'API-Sign': S}})\n"
        "requests.get(BINANCE + '/api/v3/account', headers={{'X-MBX-APIKEY': K}})\n"
    )
    return {
        'exact.py': calls,
        'keys.yaml': inventory(
            {'permissions': '[read, trade, withdraw]'},
            {'exchange': 'binance', 'label': 'b', 'permissions': '[read, trade, withdraw]'},
        ),
    }


def _raw_inexact() -> Files:
    files = _raw()
    return files | {
        'exact.py': f'{files["exact.py"]!s}requests.get(BINANCE + path(), headers={{{{"X-MBX-APIKEY": K}}}})\n'
    }


def _raw_forms() -> Files:
    """Addresses built by `%`, `format`, `join` and f-strings."""
    return {
        'forms.py': "import requests\n\nHOST = 'https://api.kraken.com'\n"
        "requests.post('%s/0/private/%s' % (HOST, 'Withdraw'), headers={{'API-Key': K, 'API-Sign': S}})\n"
        "requests.post('{{}}/0/private/{{}}'.format(HOST, 'AddOrder'), headers={{'API-Key': K}})\n"
        "requests.post('/'.join([HOST, '0', 'private', 'Balance']), headers={{'API-Key': K}})\n"
        "requests.post(f'{{HOST}}/0/private/WithdrawInfo', headers={{'API-Key': K}})\n",
        'bot.js': "fetch('https://api.kraken.com/0/private/Withdraw', {{headers: {{'API-Key': K}}}})\n// https://api.kraken.com/0/private/X\n",
        'keys.yaml': inventory({'permissions': '[read, trade, withdraw]'}),
    }


def _clients() -> Files:
    """Clients without a key, two clients of one issuer, leaks beside them: the rows of the list of keys."""
    return {
        'public.py': 'import ccxt\n\nbybit = ccxt.bybit()\nbybit.fetch_ticker("BTC/USDT")\n',
        'both.py': "import ccxt\n\nopen_okx = ccxt.okx()\nokx = ccxt.okx({{'apiKey': KEY, 'secret': S}})\nopen_okx.fetch_balance()\nokx.fetch_balance()\n",
        'leak.py': "import ccxt\n\nkucoin = ccxt.kucoin({{'apiKey': '{hex:24}', 'secret': '{uuid}', 'password': 'x{alnum:11}'}})\nkucoin.fetch_balance()\n",
        'test.py': "import ccxt\n\nmexc = ccxt.mexc({{'apiKey': KEY}})\nmexc.set_sandbox_mode(True)\nmexc.fetch_balance()\n",
        'keys.yaml': inventory({'exchange': 'bybit', 'label': 'p'}),
    }


def _vocabulary() -> Files:
    """Rights in the words of vendors and users: several in one, fillers, unknown ones, lists in programs."""
    said = [
        'Query Funds + Withdraw Funds',
        'read and trade',
        'Query Funds & Create & Modify Orders',
        'everything',
        'read trade',
        'the read',
    ]
    keys = [
        {'label': f'w{number}', 'permissions': f'["{text}"]'} for number, text in enumerate(said)
    ]
    return {
        'keys.yaml': inventory(
            *keys,
            {'label': 'empty', 'permissions': '[]'},
            {'label': 'old', 'created': '2024-01-01'},
        ),
        'lists.py': "KRAKEN_PERMISSIONS = ['Query Funds', 'Withdraw Funds']\nKRAKEN_IP_WHITELIST = []\nBINANCE_PERMISSIONS = ['read']\nBINANCE_IP = ''\n",
        'again.py': "KRAKEN_PERMISSIONS = ['Query Funds']\nKRAKEN_PERMISSIONS = ['Withdraw Funds']\nOTHER_PERMISSIONS = ['Withdraw Funds']\n",
        'settings.env': 'KRAKEN_API_PERMISSIONS=read,withdraw\nKRAKEN_IP_WHITELIST=0.0.0.0/0\n',
        'config.json': '{{"kraken": {{"permissions": ["Withdraw Funds"], "ip_whitelist": ["*"]}}}}\n',
        'setup.md': 'Create a Kraken key, tick "Withdraw Funds" and leave the IP whitelist empty.\n',
    }


def _mentions() -> Files:
    """Names of issuers within other names, and beside them."""
    return {
        'us.py': "# binance.us\napi_key = '{alnum:64}'\napi_secret = '{alnum:64}'\n",
        'inner.py': "# rebinanced, krakenish\napi_key = '{alnum:64}'\napi_secret = '{alnum:64}'\n",
        'camel.py': "class binanceClient:\n    api_key = '{alnum:64}'\n    api_secret = '{alnum:64}'\n",
        'both.py': "# kraken futures and kraken\napi_key = '{base64:42}'\napi_secret = '{base64:64}'\n",
        'list.yaml': 'binance:\n  - {alnum:64}\n  - {alnum:64}\nsecrets:\n  1: {alnum:40}\n  api_secret: [{alnum:40}, {alnum:41}]\n',
        'keys.json': '{{"kraken": {{"keys": ["{base64:42}", "{base64:64}"], "0": {{"secret": "{base64:64}"}}}}}}\n',
    }


BOTS = {
    'denying': _denying,
    'exceeding': _exceeding,
    'siblings': _siblings,
    'undeclared': _undeclared,
    'modules': _through_modules,
    'functions': _functions,
    'raw': _raw,
    'raw-inexact': _raw_inexact,
    'raw-forms': _raw_forms,
    'clients': _clients,
    'vocabulary': _vocabulary,
    'mentions': _mentions,
}


def build_bot(name: str, folder: Path) -> None:
    """Write one of the bots."""
    write(folder, BOTS[name](), f'bots/{name}')
