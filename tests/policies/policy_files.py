"""Files with declarations, and what a scan says of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.conftest import Run

ARGUMENTS = ('scan', '--format', 'json', '--today', '2026-01-01', '--pedantic')


def found(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    report = json.loads(done.stdout)
    assert report['failures'] == [], report['failures']
    findings: list[dict[str, Any]] = report['findings']
    return findings


def key(**lines: str) -> str:
    """Return an inventory of one key that nothing is wrong with, with the given lines changed.

    A line of `''` is left out.
    """
    sound = {
        'exchange': 'kraken',
        'label': 'grid',
        'purpose': 'trading-bot',
        'permissions': '[read, trade]',
        'ip_allowlist': '[52.54.32.109]',
        'created': '2025-12-01',
        'rotate_after': '90d',
        'secret_ref': 'env:KRAKEN_SECRET',
        'two_factor': 'true',
    }
    entries = [f'{name}: {value}' for name, value in {**sound, **lines}.items() if value]
    return 'keys:\n  - ' + '\n    '.join(entries) + '\n'


def rules(keylint: Run, folder: Path, text: str, name: str = 'keys.yaml') -> dict[str, str]:
    """Return the rules that a file breaks, with their severities."""
    (folder / name).write_text(text, encoding='utf-8')
    return {finding['rule']: finding['severity'] for finding in found(keylint(*ARGUMENTS, name))}
