"""Texts with findings, and what a baseline and a report hold."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

NAME = '.keylint-baseline.json'
LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'baseline')
OTHER = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'another')
TOKEN = expand_recipes('ghp_{alnum:36}', 'baseline')
NEXT_TOKEN = expand_recipes('ghp_{alnum:36}', 'next')
PASSWORD = expand_recipes('{pass:12}', 'baseline')
WEAK = f"import db\nDB_PASSWORD = '{PASSWORD}'\n"
ROOT = Path(__file__).parent.parent.parent
PLUGIN = ROOT / 'keylint' / 'integrations' / 'detect_secrets_plugin.py'
# A salt of its own makes ids the same every time.
EMPTY = (
    '{"keylint-baseline": 1, "salt": "' + '00112233445566778899aabbccddeeff' + '", "entries": []}\n'
)


def states(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    return sorted(
        (place['path'], finding['state'])
        for finding in json.loads(done.stdout)['findings']
        for place in finding['places']
    )


def entries(folder: Path) -> list[dict[str, Any]]:
    document: dict[str, Any] = json.loads((folder / NAME).read_text())
    return list(document['entries'])


def scan(keylint: Run, folder: Path, *arguments: str) -> list[tuple[str, str]]:
    return states(keylint('scan', '--format', 'json', *arguments, cwd=folder))


def three(folder: Path) -> None:
    (folder / NAME).write_text(EMPTY)
    (folder / 'a.env').write_text(LEAK)
    (folder / 'b.py').write_text(f"TOKEN = '{TOKEN}'\n")
    (folder / 'c.py').write_text(WEAK)


def verdicts(folder: Path) -> dict[str, tuple[str, str, str]]:
    return {
        entry['path']: (entry['verdict'], entry.get('reason', ''), entry.get('until', ''))
        for entry in entries(folder)
    }
