"""Measure what the language server computes for a text of 1,000 lines, each time it has changed.

    python benchmarks/lsp.py

CPU seconds of one process, the median of twenty changes in the middle of a line, for texts without
a key, with one, and with twenty; one function in five handles keys. More than 50 ms fails.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from pygls.workspace import PositionCodec

from keylint.lsp.diagnostics import list_diagnostics
from keylint.lsp.documents import check_text
from keylint.lsp.positions import PositionMap
from keylint.rules.recipes import expand_recipes

_MOST_MS = 50
_LINES, _CHANGES = 1_000, 20
_CODE = (
    'def fetch_{number}(client, symbol, api_key=None):\n'
    '    """Read the order book of a symbol."""\n'
    '    token = client.read_token_from_environment("EXCHANGE_{number}")\n'
    "    headers = {{'X-API-KEY': api_key or token, 'path': '/api/v{number}/orders'}}\n"
    '    return client.fetch_order_book(symbol, limit={number}, headers=headers)\n'
)
_PLAIN = (
    'def average_{number}(prices, window):\n'
    '    """Average the last prices of a window."""\n'
    '    kept = prices[-window:] or [{number}.0]\n'
    '    total = sum(price * weight for price, weight in zip(kept, count_down(window)))\n'
    '    return total / len(kept)\n'
)
_LEAK = "client_{number} = ccxt.kraken({{'apiKey': '{{alnum:56}}', 'secret': '{{base64:64}}'}})\n"


def make_text(leaks: int) -> str:
    """Make a program of 1,000 lines with so many keys in it."""
    rows = ['import ccxt\n']
    rows += [
        (_PLAIN if number % 5 else _CODE).format(number=number) for number in range(_LINES // 5)
    ]
    for number in range(leaks):
        rows[(number + 1) * len(rows) // (leaks + 1)] += expand_recipes(
            _LEAK.format(number=number), str(number)
        )
    return ''.join(''.join(rows).splitlines(keepends=True)[:_LINES])


def measure(folder: Path, leaks: int) -> tuple[float, int]:
    """Return the median CPU milliseconds of a change, and how much is shown for it."""
    path, text, spent, shown = folder / 'bot.py', make_text(leaks), [], 0
    for number in range(_CHANGES + 2):
        changed = text.replace('average_101(', f'average_101_{number}(')
        started = time.process_time()
        checked = check_text(str(path), changed)
        shown = len(list_diagnostics(checked, path.as_uri(), PositionMap(changed, PositionCodec())))
        spent.append((time.process_time() - started) * 1000)
    return statistics.median(spent[2:]), shown


def main() -> int:
    """Measure each text; return 1 where one takes too long."""
    is_slow = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / '.git').mkdir()
        for leaks in (0, 1, 20):
            spent, shown = measure(folder, leaks)
            assert bool(shown) == bool(leaks), 'the text is not what it should be'
            is_slow |= spent > _MOST_MS
            print(f'{_LINES} lines, {leaks} keys: {spent:.1f} ms, {shown} shown')
    return int(is_slow)


if __name__ == '__main__':
    sys.exit(main())
