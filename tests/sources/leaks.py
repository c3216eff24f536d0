"""Files with and without a leak, and what a scan says of them."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from keylint.rules.recipes import expand_recipes

LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'sources')


OTHER = expand_recipes('BYBIT_API_KEY={alnum:18}\nBYBIT_API_SECRET={alnum:36}\n', 'sources/other')


CLEAN = 'BINANCE_API_KEY=your_key\n'


def findings(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)['findings']
    return found


def places(done: subprocess.CompletedProcess[str]) -> list[tuple[str, int]]:
    return sorted(
        (place['path'], place['line']) for finding in findings(done) for place in finding['places']
    )
