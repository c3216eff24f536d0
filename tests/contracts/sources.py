"""A tree with a finding of every kind that a baseline names in a way of its own.

Its values are the same every time.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

from keylint.rules.recipes import expand_recipes

PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
TEXTS = {
    'pair.env': PAIR,
    'token.py': 'import bot\nGITHUB = "ghp_{alnum:36}"\n',
    'password.py': 'import db\nDB_PASSWORD = "{pass:12}"\n',
    'twice.py': 'if test:\n    DB_PASSWORD = "{pass:10}"\nelse:\n    DB_PASSWORD = "{pass:10}"\n',
    'generic.py': 'MY_SECRET_KEY = "{alnum:40}"\n',
    'dsn.py': 'DSN = "postgres://bot:{pass:12}@db.example.org/bot"\n',
    'words.yaml': 'okx:\n  api_key: {uuid}\n  secret: {HEX:32}\n  passphrase: {pass:12}\n',
    'url.py': 'DSN = "postgres://bot:{alnum:24}@db.example.org/bot"\n',
    'rpc.py': 'RPC = "https://mainnet.infura.io/v3/{hex:32}"\n',
    'wallet.py': 'MNEMONIC = "{mnemonic:12}"\n',
    'key.pem': '{pem:ec}\n',
    'keys.yaml': 'keys:\n  - exchange: kraken\n    label: grid\n'
    '    permissions: [read, trade, withdraw]\n'
    '    ip_allowlist: []\n    secret_ref: env:KRAKEN_NOWHERE\n',
    'bot.py': 'import ccxt\nbot = ccxt.kraken({{"apiKey": key, "secret": secret}})\n'
    'bot.create_order("a", "b", "c", 1)\n',
}
# A weak value moves along with its file.
RENAMED = ('before.py', 'after.py', 'import db\nADMIN_PASSWORD = "{pass:14}"\n')
GONE = ('gone.env', 'KRAKEN_KEY={base64:42}\nKRAKEN_SECRET={base64:64}\n')


def text_of(name: str, recipe: str) -> str:
    """Expand the recipe of a file."""
    return expand_recipes(recipe, f'contract/{name}')


def write_tree(folder: Path) -> None:
    """Write all files but the renamed and the gone one."""
    for name, recipe in TEXTS.items():
        (folder / name).write_text(text_of(name, recipe), encoding='utf-8')
    encoded = base64.b64encode(text_of('layer', PAIR).encode()).decode()
    (folder / 'layer.py').write_text(
        f'import base64\nCONFIG = base64.b64decode("{encoded}")\n', encoding='utf-8'
    )
    code = text_of('cell', PAIR.replace('=', ' = "').replace('\n', '"\n')).splitlines(keepends=True)
    cell: dict[str, object] = {
        'cell_type': 'code',
        'metadata': {},
        'outputs': [],
        'execution_count': None,
        'source': code,
    }
    notebook = {'cells': [cell], 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}
    (folder / 'cell.ipynb').write_text(json.dumps(notebook), encoding='utf-8')
    data = io.BytesIO()
    with zipfile.ZipFile(data, 'w') as archive:
        archive.writestr('inner/pair.env', text_of('member', PAIR))
    (folder / 'archive.zip').write_bytes(data.getvalue())


def write_moving(folder: Path, is_before: bool) -> None:
    """Write what an earlier state of the tree held, or take it on to the later one."""
    before, after, recipe = RENAMED
    (folder / (before if is_before else after)).write_text(
        text_of(before, recipe), encoding='utf-8'
    )
    if is_before:
        (folder / GONE[0]).write_text(text_of(*GONE), encoding='utf-8')
    else:
        (folder / before).unlink()
        (folder / GONE[0]).unlink()
