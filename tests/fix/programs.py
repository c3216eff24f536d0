"""Programs with keys, and what they are after a repair."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from keylint.fix.env import read_values
from keylint.rules.recipes import expand_recipes

CCXT = """
class Exchange:
    def __init__(self, config=None):
        print(sorted((config or {}).items()))
binance = kraken = kucoin = bybit = Exchange
"""


def secrets_of(text: str) -> list[str]:
    """Return the long runs of a text that only a recipe can have made, and PEM bodies."""
    return re.findall(r'[A-Za-z0-9+/]{32,}={0,2}|[0-9a-f]{24}', text)


def ran(folder: Path, name: str = 'bot.py', **variables: str) -> str:
    """Return what a program prints, with a stand-in for ccxt; `variables` are its environment."""
    stand_in = folder.parent / 'stand-in'
    stand_in.mkdir(exist_ok=True)
    (stand_in / 'ccxt.py').write_text(CCXT)
    environment = {
        'PATH': os.environ['PATH'],
        'PYTHONPATH': str(stand_in),
        'PYTHONDONTWRITEBYTECODE': '1',
        **variables,
    }
    done = subprocess.run(
        [sys.executable, name],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def dotenv(folder: Path) -> dict[str, str]:
    return read_values((folder / '.env').read_bytes())


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob('*')
        if path.is_file() and '.git/' not in f'{path}/'
    }


HEAD = 'import ccxt\n'


PROGRAMS = {
    'variables': HEAD
    + (
        "KEY = 'x'\nBINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = '{alnum:64}'\n"
        'print(BINANCE_API_KEY, BINANCE_API_SECRET)\n'
    ),
    'dictionary': HEAD
    + "ccxt.binance({{\n    'apiKey': '{alnum:64}',  # mine\n    'secret': \"{alnum:64}\",\n}})\n",
    'adjacent strings': HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:32}'\n    '{alnum:32}'}})\n",
    'concatenation': HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:32}' + '{alnum:32}'}})\n",
    'default of a parameter': HEAD + "def f(api_key='{alnum:64}', api_secret='{alnum:64}'):\n"
    "    ccxt.binance({{'apiKey': api_key, 'secret': api_secret}})\nf()\n",
    'positional arguments': 'class Client:\n    def __init__(self, key, secret):\n'
    '        print(key, secret)\n'
    'try:\n    from binance.client import Client\nexcept ImportError:\n    pass\n'
    "Client('{alnum:64}', '{alnum:64}')\n",
    'f-string': HEAD + 'kraken_url = f"https://x.example/?kraken_api_key={base64:56}&n={{1 + 1}}"\n'
    "kraken_secret = f'{base64:88}'\nprint(kraken_url, kraken_secret)\n",
    'part of a string': HEAD
    + (
        "binance_header = 'BINANCE_API_KEY={alnum:64};BINANCE_API_SECRET={alnum:64};x' % ()\n"
        'print(binance_header)\n'
    ),
    'part of adjacent strings': HEAD
    + "h = ('a' 'BINANCE_API_KEY={alnum:64};BINANCE_API_SECRET={alnum:64};' 'z')\nprint(h)\n",
    'bytes': HEAD
    + (
        "BINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = b'{alnum:64}'\n"
        'print(BINANCE_API_KEY, BINANCE_API_SECRET)\n'
    ),
    'default of a look-up': 'import os\n'
    + HEAD
    + "BINANCE_API_KEY = os.getenv('MY_KEY', '{alnum:64}')\n"
    'BINANCE_API_SECRET = os.environ.get("MY_SECRET", "{alnum:64}")\n'
    'print(BINANCE_API_KEY, BINANCE_API_SECRET)\n',
    'docstring and future': '#!/usr/bin/env python3\n"""A bot."""\n'
    'from __future__ import annotations\nimport sys\n'
    + HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\n",
    'a variable called os': HEAD
    + "os = 'linux'\nccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\nprint(os)\n",
    'os comes too late': HEAD
    + (
        "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\nimport os\n"
        'print(os.sep)\n'
    ),
    'lines end with CR LF': HEAD.replace('\n', '\r\n')
    + "ccxt.binance({{'apiKey': '{alnum:64}',\r\n 'secret': '{alnum:64}'}})\r\n",
    'other letters': HEAD
    + (
        "print('Schlüssel → ключ'); ccxt.binance({{'apiKey': '{alnum:64}', 'secret': "
        "'{alnum:64}'}})  # größer\n"
    ),
    'the same value twice': HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\n" * 2,
    'passphrase': HEAD
    + "ccxt.kucoin({{'apiKey': '{hex:24}', 'secret': '{uuid}', 'password': 'Tr4de-{alnum:9}'}})\n",
    'private key in lines': HEAD
    + "ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '''{pem:ed25519}'''}})\n",
}


def program(name: str) -> str:
    text = PROGRAMS[name]
    text = (
        text.replace('{{', '\x01').replace('}}', '\x02') if '{{' in text or '}}' in text else text
    )
    return expand_recipes(text, f'fix/{name}').replace('\x01', '{').replace('\x02', '}')
