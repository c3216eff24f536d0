"""Inventories of keys, and the schema for them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent


SCHEMA = json.loads((ROOT / 'docs' / 'keys.schema.json').read_text(encoding='utf-8'))


ARGUMENTS = ('scan', '--format', 'json', '--today', '2026-01-01')


def errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    failures = json.loads(done.stdout)['failures']
    assert done.returncode == (2 if failures else done.returncode)
    assert all(failure['stage'] == 'inventory' for failure in failures), failures
    return [failure['error'] for failure in failures]


def configured(folder: Path, names: str) -> None:
    (folder / 'pyproject.toml').write_text(f'[tool.keylint]\ninventory = {names}\n')


def plain(text: str) -> Any:
    """Return the document as an editor's YAML 1.2 reads it: days are texts."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))
