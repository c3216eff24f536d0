"""Least privilege over a generated tree.

1,000 files in Python, TypeScript, Go, Rust, Java and C#, of which 50 build and use an exchange
client. Budget: 5 seconds.

    python benchmarks/privileges.py [--files 1000] [--clients 50] [--lines 200] [--runs 3]

Prints one table: medians of `keylint keys` and of `keylint scan` in a process of their own, with a
warm cache of rules, in seconds and in seconds of CPU. The tree is the same in every run; nothing in
it is a value.
"""

from __future__ import annotations

import argparse
import os
import resource
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


# Of other languages: the ending, what a file begins with (with a client, without one), a step.
OTHERS = (
    (
        'ts',
        "import ccxt from 'ccxt'\nconst exchange = new ccxt.kraken({ apiKey: process.env.KEY })\n",
        "import { readFile } from 'node:fs'\n",
        """
export class Step{number} extends Base {
  private history: number[] = []
  async update(price: number, volume: number): Promise<number> {
    this.history.push(price * volume)
    const mean = this.history.slice(-10).reduce((a, b) => a + b, 0) / 10
    if (mean > price) { return this.settings.size * mean }
    return {action}
  }
}
""",
        "await exchange.createOrder('BTC/EUR', 'limit', 'buy', 1, price)",
    ),
    (
        'go',
        'package bot\n\nimport "github.com/adshao/go-binance/v2"\n\n'
        'var exchange = binance.NewClient(os.Getenv("KEY"), os.Getenv("SECRET"))\n',
        'package bot\n\nimport "math"\n',
        """
type Step{number} struct {
	history []float64
}

func (s *Step{number}) Update(price, volume float64) any {
	s.history = append(s.history, price*volume)
	mean := sum(s.history) / float64(len(s.history))
	if mean > price {
		return mean
	}
	return {action}
}
""",
        'exchange.NewCreateOrderService().Symbol("BTCEUR").Do(ctx)',
    ),
    (
        'rs',
        'use binance::account::Account;\nuse binance::api::*;\n'
        'fn exchange() -> Account { Binance::new(env::var("KEY").ok(), None) }\n',
        'use std::collections::HashMap;\n',
        """
pub struct Step{number} { history: Vec<f64> }

impl Step{number} {
    pub fn update(&mut self, price: f64, volume: f64) -> f64 {
        self.history.push(price * volume);
        let mean = self.history.iter().sum::<f64>() / self.history.len() as f64;
        if mean > price { return mean; }
        {action}
    }
}
""",
        'exchange().limit_buy("BTCEUR", 1.0, price)',
    ),
    (
        'java',
        'import com.binance.connector.client.impl.SpotClientImpl;\n',
        'import java.util.List;\n',
        """
class Step{number} extends Base {
    private final List<Double> history = new ArrayList<>();
    Object update(double price, double volume) {
        history.add(price * volume);
        double mean = history.stream().mapToDouble(v -> v).average().orElse(0);
        if (mean > price) { return mean; }
        return {action};
    }
}
""",
        'new SpotClientImpl(key, secret).createTrade().newOrder(parameters)',
    ),
    (
        'cs',
        'using Binance.Net.Clients;\n',
        'using System.Linq;\n',
        """
class Step{number} : Base
{
    private readonly List<decimal> history = new();
    public async Task<object> Update(decimal price, decimal volume)
    {
        history.Add(price * volume);
        var mean = history.TakeLast(10).Average();
        if (mean > price) { return mean; }
        return {action};
    }
}
""",
        'await new BinanceRestClient().SpotApi.Trading.PlaceOrderAsync("BTCEUR", side, type)',
    ),
)


def make(folder: Path, files: int, clients: int, lines: int) -> int:
    """Write the tree and returns its lines."""
    total = 0
    for number in range(files):
        uses = number < clients
        if number % (len(OTHERS) + 1) == len(OTHERS):
            ending, text = 'py', make_python(number, uses, lines)
        else:
            ending, own, plain, step, call = OTHERS[number % (len(OTHERS) + 1)]
            parts = [own if uses else plain]
            for place in range(lines // (step.count('\n') + 1)):
                action = call if uses and place % 3 == 0 else 'price'
                named = step.replace('{number}', f'{number}x{place}')
                parts.append(named.replace('{action}', action))
            text = ''.join(parts)
        path = folder / f'part_{number % 20}' / f'module_{number}.{ending}'
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding='utf-8')
        total += text.count('\n')
    return total


def make_python(number: int, uses: bool, lines: int) -> str:
    """Return the text of one file in Python."""
    kind = number % len(HEADS)
    head, built = HEADS[kind] if uses else ('import json\n', "settings = json.loads('{}')\n")
    steps = lines // (STEP.count('\n') + 1)
    body = ''.join(
        STEP.format(number=step, action=CALLS[kind] if uses and step % 3 == 0 else 'price')
        for step in range(steps)
    )
    return f'{head}\nfrom base import Base\n\n{built}{body}'


def seconds(command: list[str], environment: dict[str, str], runs: int) -> tuple[float, float]:
    """Return the medians of wall time and of CPU time behind one unmeasured run."""
    taken, spent = [], []
    for _ in range(runs + 1):
        started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, capture_output=True, check=True)
        taken.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(sum(after[:2]) - sum(before[:2]))
    return statistics.median(taken[1:]), statistics.median(spent[1:])


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
            '| seconds | CPU seconds | budget |\n|---|---|---|---|'
        )
        for what in (['keys'], ['scan', '--exit-zero'], ['scan', '--exit-zero', '--pedantic']):
            taken, spent = seconds(
                [*start, *what, str(tree), '--isolated', '--no-progress'],
                environment,
                arguments.runs,
            )
            print(f'| keylint {" ".join(what)} | {taken:.2f} | {spent:.2f} | at most 5 |')


if __name__ == '__main__':
    main()
