"""Make the bot whose reports the golden files hold, and look for its values in a text."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from keylint import __version__
from keylint.reporters import REPORTERS
from keylint.rules.recipes import expand_recipes

GOLDEN = Path(__file__).parents[1] / 'golden'


REPORT_SCHEMA = json.loads((Path(__file__).parents[2] / 'docs' / 'report.schema.json').read_text())


TEMPLATES = {
    'bot.py': """\
import ccxt

okx = ccxt.okx({{'apiKey': '{uuid}', 'secret': '{HEX:32}', 'password': '{pass:12}'}})
BINANCE_TESTNET_API_KEY = '{alnum:64}'
BINANCE_TESTNET_API_SECRET = '{alnum:64}'
kraken_secret = '{base64:64}'  # keylint: ignore[kraken-credential] an account without money
""",
    'conf/.env': """\
WALLET_PRIVATE_KEY=0x{evm}
MNEMONIC="{mnemonic:12}"
DB_PASSWORD={pass:16}
# keylint: ignore
""",
    'research.ipynb': """\
{{
 "cells": [
  {{"cell_type": "markdown", "metadata": {{}}, "source": ["# Research\\n"]}},
  {{"cell_type": "code", "execution_count": 1, "metadata": {{}}, "outputs": [], \
"source": ["import kucoin\\n", "KUCOIN_KEY = '{hex:24}'\\n",
   "KUCOIN_SECRET = '{uuid}'\\n", "KUCOIN_PASSPHRASE = '{pass:10}'\\n"]}},
  {{"cell_type": "code", "execution_count": 2, "metadata": {{}}, "outputs": [], "source": [
   "w3 = Web3(HTTPProvider('https://mainnet.infura.io/v3/{hex:32}'))\\n"]}}
 ],
 "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5
}}
""",
}


FILES = {name: expand_recipes(template, f'output/{name}') for name, template in TEMPLATES.items()}


# Every value that a recipe made: the runs by which an expanded file differs from its template.
RECIPE = re.compile(r'(?<!\{)\{[a-zA-Z][^{}]*\}(?!\})')


def values() -> list[str]:
    found: list[str] = []
    for name, template in TEMPLATES.items():
        literal = [
            re.escape(part.replace('{{', '{').replace('}}', '}')) for part in RECIPE.split(template)
        ]
        match = re.fullmatch('(.*?)'.join(literal), FILES[name], re.DOTALL)
        assert match is not None
        found += match.groups()
    assert len(found) == 13
    return found


VALUES = values()


# Besides the leaks of FILES: an inventory that allows more than the code needs, code in a
# file and in a notebook, and a broken link.
MORE = {
    'keys.yaml': """\
keys:
  - exchange: kraken
    label: "grid|<b>[x](y)"
    permissions: [read, trade, withdraw]
    ip_allowlist: [52.54.32.109]
    secret_ref: env:KRAKEN_SECRET
""",
    'grid.py': """\
import os

import ccxt

kraken = ccxt.kraken({'apiKey': os.environ['KRAKEN_KEY'], 'secret': os.environ['KRAKEN_SECRET']})
kraken.fetch_balance()
kraken.create_order('BTC/USD', 'limit', 'buy', 1, 1)
""",
}


TREE = FILES | MORE


SCAN = ('scan', '.', '--isolated', '--today', '2026-01-01', '--no-ignore')


CLEAN_ENVIRONMENT = {'CI_COMMIT_SHA': ''}


FORMATS = tuple(REPORTERS)
NEW_FORMATS = tuple(name for name in FORMATS if name not in ('text', 'json'))


def steady(text: str) -> str:
    """Return the report without what differs from run to run.

    That is seconds, keylint's own version, and the pages of the rules after their heads.
    """
    text = re.sub(r'"seconds": [\d.]+', '"seconds": 0.0', text)
    text = re.sub(r', \d+\.\d\d s\)', ', 0.00 s)', text)
    text = re.sub(r'("markdown": "# [a-z0-9-]+)\\n(?:[^"\\]|\\.)*"', r'\1 …"', text)
    text = re.sub(r'<h1><bdi>[^<]*</bdi></h1>', '<h1><bdi>folder</bdi></h1>', text)
    return text.replace(f'"{__version__}"', '"0"').replace(
        f'>keylint {__version__},', '>keylint 0,'
    )


BOT_SCAN = ('scan', 'bot.py', 'conf', 'research.ipynb', '--isolated')


def steady_text(text: str) -> str:
    """Return the output with what differs from run to run taken out.

    The seconds and keylint's own version.
    """
    text = re.sub(r'\d+\.\d\d s\)', '0.00 s)', text)
    text = re.sub(r'"seconds": [\d.]+', '"seconds": 0.0', text)
    return text.replace(f'"keylint": "{__version__}"', '"keylint": "0"')


def same_as_golden(name: str, text: str) -> bool:
    path = GOLDEN / name
    if os.environ.get('KEYLINT_WRITE_GOLDEN'):
        path.write_bytes(text.encode())
    return path.read_bytes().decode() == text


def leaked(text: str, length: int) -> list[str]:
    """Pieces of the generated values that stand in a text."""
    pieces = {
        value[i : i + length] for value in VALUES for i in range(max(1, len(value) - length + 1))
    }
    return sorted(piece for piece in pieces if piece in text)


def on_a_terminal(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Return what a scan prints on a pseudo-terminal, and its exit code."""
    pty = pytest.importorskip('pty')
    main, other = pty.openpty()
    environment = {
        name: value for name, value in os.environ.items() if name not in ('NO_COLOR', 'TERM')
    }
    command = [sys.executable, '-m', 'keylint', *arguments, '--no-progress']
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=other,
        stdout=other,
        stderr=other,
        env={**environment, 'TERM': 'xterm', **variables},
    ) as process:
        os.close(other)
        data = b''
        while True:
            try:
                part = os.read(main, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not part:
                break
            data += part
    os.close(main)
    return process.returncode, data.decode().replace('\r\n', '\n')
