"""A tree with a leak, and keylint run on it as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from keylint.rules.recipes import expand_recipes
from tests.archives.made import zipped

LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'threat')


SCRIPTS = Path(sys.executable).parent


TREE: dict[str, str | bytes] = {
    '.env': LEAK,
    'config.yaml': expand_recipes(
        'binance:\n  api_key: {alnum:64}\n  api_secret: {alnum:64}\n', 'threat/yaml'
    ),
    'bot.py': expand_recipes(
        'from binance.client import Client\n'
        "Client('{alnum:64}', '{alnum:64}').withdraw(coin='BTC')\n",
        'threat/py',
    ),
    'backup.zip': zipped(**{'bot.env': LEAK.encode()}),
    'keys.csv': expand_recipes(
        'exchange,api_key,api_secret\nbinance,{alnum:64},{alnum:64}\n', 'threat/csv'
    ),
    'web.config': expand_recipes(
        '<add key="BINANCE_API_SECRET" value="{alnum:64}"/>\n', 'threat/xml'
    ),
    'cloud.env': expand_recipes('SOFTLAYER_API_KEY={hex:64}\n', 'threat/cloud'),
}


def process(
    folder: Path, *command: str | Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name != 'PYTHONPATH'
    } | variables
    return subprocess.run(
        list(command),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )


def findings(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)['findings']
    return found


def trapped(folder: Path, marked: Path, names: set[str]) -> Path:
    """Provide a tree with leaks in many forms.

    A module for every name leaves a mark.
    """
    folder.mkdir(exist_ok=True)
    for name, data in TREE.items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    for name in names:
        (folder / f'{name}.py').write_text(
            f'open({str(marked)!r}, "a").write({name!r} + chr(10))\n'
        )
    return folder
