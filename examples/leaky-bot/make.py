"""Writes the bot beside it, with keys made from a seed.

Random, belonging to nobody, the same every time.

Run `python examples/leaky-bot/make.py` after changing a template. Only shapes are used that no
hosting site's push protection stops: no cloud, chat, payment or source-hosting tokens.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from keylint.rules.recipes import expand_recipes

HERE = Path(__file__).resolve().parent / 'bot'

FILES = {
    '.env': """\
# Binance, live account
BINANCE_API_KEY={alnum:64}
BINANCE_API_SECRET={alnum:64}
# Crypto.com Exchange
CDCX_API_KEY={base58:22}
CDCX_API_SECRET=cxakp_{base58:22}
""",
    'arbitrage.py': """\
import ccxt

okx = ccxt.okx({{
    'apiKey': '{uuid}',
    'secret': '{HEX:32}',
    'password': '{pass:12}',
}})
kraken = ccxt.kraken({{'apiKey': '{base64:42}', 'secret': '{base64:64}'}})

if okx.fetch_balance()['free'].get('USDT', 0) > 100:
    okx.create_order('BTC/USDT', 'market', 'buy', 0.001)
    kraken.create_order('BTC/USDT', 'market', 'sell', 0.001)
""",
    # What the owner knows of the two keys: rights that no call needs, and no address that is
    # required.
    'keys.yaml': """\
keys:
  - exchange: kraken
    label: arbitrage
    account: main
    purpose: trading-bot
    permissions: [Query Funds, Create & Modify Orders, Withdraw Funds]
    ip_allowlist: []
    created: 2024-03-01
    used_by: [arbitrage.py]
    secret_ref: env:KRAKEN_API_SECRET
  - exchange: okx
    label: arbitrage
    account: main
    purpose: trading-bot
    permissions: [Read, Trade]
    ip_allowlist: [0.0.0.0/0]
    created: 2025-12-01
    rotate_after: 90d
    used_by: [arbitrage.py]
    secret_ref: env:OKX_API_SECRET
""",
    'config.json': """\
{{
    // a freqtrade configuration
    "dry_run": false,
    "exchange": {{
        "name": "kucoin",
        "key": "{hex:24}",
        "secret": "{uuid}",
        "password": "{pass:10}"
    }},
    "api_server": {{"jwt_secret_key": "{hex:64}"}}
}}
""",
    'accounts.yaml': """\
accounts:
  - exchange: bitget
    api_key: bg_{hex:32}
    api_secret: {hex:64}
    passphrase: {pass:11}
  - exchange: alpaca
    key_id: PK{upper:18}
    secret_key: {alnum:40}
""",
    'wallet.py': """\
import os

from web3 import Web3

PRIVATE_KEY = os.getenv('PRIVATE_KEY', '0x{evm}')
MNEMONIC = '{mnemonic:12}'
w3 = Web3()
""",
    'accounts.csv': """\
exchange,api_key,secret
bybit,{alnum:18},{alnum:36}
""",
    'deploy.sh': """\
#!/bin/sh
# password of the dashboard
export DASHBOARD_PASSWORD='{pass:14}'
exec python arbitrage.py
""",
}

NOTEBOOK_SOURCE = """\
from pybit.unified_trading import HTTP

session = HTTP(testnet=True, api_key="{alnum:18}", api_secret="{alnum:36}")
"""


def files() -> dict[str, str]:
    """Name and text of every file of the leaky bot but its READMEs."""
    made = {name: expand_recipes(text, f'leaky-bot/{name}') for name, text in FILES.items()}
    made['research.ipynb'] = notebook(expand_recipes(NOTEBOOK_SOURCE, 'leaky-bot/research.ipynb'))
    return made


def notebook(source: str) -> str:
    """Return a notebook of one code cell, as nbformat writes it."""
    cell = {
        'cell_type': 'code',
        'execution_count': 1,
        'id': 'a1',
        'metadata': {},
        'outputs': [],
        'source': source.splitlines(keepends=True),
    }
    document = {
        'cells': [cell],
        'metadata': {'language_info': {'name': 'python'}},
        'nbformat': 4,
        'nbformat_minor': 5,
    }
    return json.dumps(document, indent=1) + '\n'


def main() -> int:
    """Write the files; with `--check` only compare, and return 1 when one differs."""
    is_check = sys.argv[1:] == ['--check']
    differing = []
    for name, text in files().items():
        path = HERE / name
        if is_check:
            if not path.is_file() or path.read_text(encoding='utf-8') != text:
                differing.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding='utf-8', newline='\n')
    for name in differing:
        print(f'{name} is not what make.py writes', file=sys.stderr)
    return int(bool(differing))


if __name__ == '__main__':
    sys.exit(main())
