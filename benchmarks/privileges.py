"""Least privilege over a generated tree.

1,000 Python files of which 50 build and use an exchange client. Budget: 5 seconds.

    python benchmarks/privileges.py [--files 1000] [--clients 50] [--lines 200] [--runs 3]

Prints one table: medians of `keylint keys` and of `keylint scan` in a process of their own, with a
warm cache of rules. The tree is the same in every run; nothing in it is a value.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADS = (
    (
        'import os\nimport ccxt\n',
        "exchange = ccxt.kraken({'apiKey': os.environ['KEY'], 'secret': os.environ['SECRET']})\n",
    ),
    (
        'import os\nfrom binance.client import Client\n',
        "exchange = Client(os.environ['KEY'], os.environ['SECRET'])\n",
    ),
    (
        'import os\nfrom pybit.unified_trading import HTTP\n',
        "exchange = HTTP(api_key=os.environ['KEY'], api_secret=os.environ['SECRET'])\n",
    ),
    (
        'import os\nimport okx.Trade as Trade\n',
        "exchange = Trade.TradeAPI(os.environ['KEY'], os.environ['SECRET'], flag='0')\n",
    ),
)
CALLS = (
    "exchange.create_order('BTC/EUR', 'limit', 'buy', 1, price)",
    "exchange.order_limit_buy(symbol='BTCEUR', quantity=1, price=price)",
    "exchange.place_order(category='linear', symbol='BTCUSDT')",
    "exchange.place_order(instId='BTC-USDT', tdMode='cash')",
)
STEP = '''
class Step{number}(Base):
    """One step of the calculation."""

    def __init__(self, window: int = {number}) -> None:
        self.window = window
        self.history = []

    def update(self, price: float, volume: float) -> float:
        self.history.append(price * volume)
        mean = sum(self.history[-self.window:]) / max(1, len(self.history))
        if mean > price:
            return self.settings.get('order_size', 1) * mean
        return {action}
'''


def make(folder: Path, files: int, clients: int, lines: int) -> int:
    """Write the tree and returns its lines."""
    total = 0
    for number in range(files):
        kind = number % len(HEADS)
        uses = number < clients
        head, built = HEADS[kind] if uses else ('import json\n', "settings = json.loads('{}')\n")
        steps = lines // (STEP.count('\n') + 1)
        body = ''.join(
            STEP.format(number=step, action=CALLS[kind] if uses and step % 3 == 0 else 'price')
            for step in range(steps)
        )
        text = f'{head}\nfrom base import Base\n\n{built}{body}'
        path = folder / f'part_{number % 20}' / f'module_{number}.py'
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding='utf-8')
        total += text.count('\n')
    return total


def seconds(command: list[str], environment: dict[str, str], runs: int) -> float:
    """Return the median wall time behind one unmeasured run."""
    taken = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run(command, env=environment, capture_output=True, check=True)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken[1:])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (('files', 1000), ('clients', 50), ('lines', 200), ('runs', 3)):
        parser.add_argument(f'--{name}', type=int, default=default)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / 'tree'
        tree.mkdir()
        lines = make(tree, arguments.files, arguments.clients, arguments.lines)
        environment = {**os.environ, 'KEYLINT_CACHE_DIR': str(Path(scratch) / 'cache')}
        start = [sys.executable, '-m', 'keylint']
        print(
            f'| {arguments.files} files, {arguments.clients} with a client, {lines} lines '
            '| seconds | budget |\n|---|---|---|'
        )
        for what in (['keys'], ['scan', '--exit-zero'], ['scan', '--exit-zero', '--pedantic']):
            taken = seconds(
                [*start, *what, str(tree), '--isolated', '--no-progress'],
                environment,
                arguments.runs,
            )
            print(f'| keylint {" ".join(what)} | {taken:.2f} | at most 5 |')


if __name__ == '__main__':
    main()
