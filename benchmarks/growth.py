"""Measure how the work of a scan grows with what is scanned; fail where it is worse than linear.

    python benchmarks/growth.py [--only WORDS] [--largest 4]

Each kind of input is scanned in several sizes, each twice the one before. Seconds are CPU of one
process, without those that an empty file takes; the exponent is that from the first size to the
last: 1 is linear. Prints a table; exits with 1 where the exponent is above 1.3.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from keylint.rules.recipes import expand_recipes

MOST = 1.3
LEAST_SECONDS = 0.1  # less is the noise of a start
PAIR = '"apiKey": "{alnum:64}", "secret": "{alnum:64}"'
CLEAN = 'def size_{n}(price, limit={n}):\n    """Return a size."""\n    return limit / price\n\n'
KEY = '{"exchange": "kraken", "permissions": ["withdraw"], "ip_allowlist": []}'
CANDLE = '[1700000000,42000.5,42001.5,41999.5,42000.0]'


def make_rows(count: int, row: Callable[[int], str], between: str = '') -> str:
    """Return rows, each expanded from a seed of its own."""
    return between.join(expand_recipes(row(number), f'growth {number}') for number in range(count))


def write(folder: Path, name: str, text: str) -> None:
    """Write the only file of a folder."""
    folder.mkdir()
    (folder / name).write_text(text)


def write_many(folder: Path, count: int) -> None:
    """Write many small files, a hundred in a folder."""
    for number in range(count):
        below = folder / f'{number // 100:04}'
        below.mkdir(parents=True, exist_ok=True)
        (below / f'm{number}.py').write_text(CLEAN.replace('{n}', str(number)) * 4)


def write_commits(folder: Path, count: int) -> None:
    """Write a repository in which a file changes again and again."""
    subprocess.run(['git', 'init', '-q', '-b', 'main', folder], check=True)
    lines = [f'x{line} = price * {line}\n' for line in range(200)]
    commands = []
    for commit in range(count):
        lines[commit * 7 % 200] = f'limit{commit} = {commit}  # {commit * 31}\n'
        data = ''.join(lines)
        commands.append(
            f'commit refs/heads/main\ncommitter a <a@example.org> {1700000000 + commit} +0000\n'
            f'data 1\nx\nM 100644 inline bot.py\ndata {len(data)}\n{data}\n'
        )
    subprocess.run(
        ['git', '-C', folder, 'fast-import', '--quiet'],
        input=''.join(commands).encode(),
        check=True,
    )


# What grows: the first size, and what writes it.
KINDS: dict[str, tuple[int, Callable[[Path, int], None]]] = {
    'pairs in a Python file': (
        500,
        lambda folder, n: write(
            folder,
            'a.py',
            'A = [\n'
            + make_rows(n, lambda _: '  {"exchange": "binance", ' + PAIR + '},\n')
            + ']\n',
        ),
    ),
    'pairs in an .env file': (
        500,
        lambda folder, n: write(
            folder,
            'a.env',
            make_rows(
                n, lambda i: f'BINANCE_{i}_KEY={{alnum:64}}\nBINANCE_{i}_SECRET={{alnum:64}}\n'
            ),
        ),
    ),
    'pairs in a CSV table': (
        500,
        lambda folder, n: write(
            folder,
            'a.csv',
            'exchange,api_key,api_secret\n'
            + make_rows(n, lambda _: 'binance,{alnum:64},{alnum:64}\n'),
        ),
    ),
    'pairs in a JSON file': (
        500,
        lambda folder, n: write(
            folder,
            'a.json',
            '[' + make_rows(n, lambda _: '{"exchange": "binance", ' + PAIR + '}', ',\n') + ']',
        ),
    ),
    'pairs in a log': (
        500,
        lambda folder, n: write(
            folder,
            'a.log',
            make_rows(n, lambda _: 'INFO binance apiKey={alnum:64} secret={alnum:64} connected\n'),
        ),
    ),
    'declared keys': (
        500,
        lambda folder, n: write(folder, 'keys.json', '[' + ',\n'.join([KEY] * n) + ']'),
    ),
    'clean Python, functions': (
        8000,
        lambda folder, n: write(
            folder, 'a.py', ''.join(CLEAN.replace('{n}', str(one)) for one in range(n))
        ),
    ),
    'clean JSON on one line, rows': (
        100_000,
        lambda folder, n: write(folder, 'a.json', '[' + ','.join([CANDLE] * n) + ']'),
    ),
    'small clean files': (2000, write_many),
    'commits of one file': (500, write_commits),
}


def measure(folder: Path, environment: dict[str, str]) -> float:
    """Return the seconds of CPU that a scan takes."""
    command = [sys.executable, '-m', 'keylint', 'scan', str(folder), '--isolated', '--no-cache']
    command += ['--exit-zero', '--format', 'json', '--output', os.devnull]
    if (folder / '.git').is_dir():
        command.append('--history')
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure each kind of input in three sizes and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or '').partition('\n')[0])
    parser.add_argument('--only', default='', help='kinds with these words')
    parser.add_argument('--largest', type=int, default=4, help='how many times the first size')
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix='growth-'))
    environment = {**os.environ, 'KEYLINT_WORKERS': '1', 'KEYLINT_CACHE_DIR': str(place / 'cache')}
    write(place / 'empty', 'a.py', '')
    measure(place / 'empty', environment)  # compiles the rules
    start = min(measure(place / 'empty', environment) for _ in range(3))
    print('| what grows | sizes | CPU seconds | exponent |\n|---|---|---|---|')
    worst = 0.0
    for name, (first, make) in KINDS.items():
        if options.only not in name:
            continue
        sizes = [first]
        while sizes[-1] < first * options.largest:
            sizes.append(sizes[-1] * 2)
        taken = []
        for size in sizes:
            folder = place / f'{first} {size}'
            make(folder, size)
            taken.append(max(LEAST_SECONDS, measure(folder, environment) - start))
            shutil.rmtree(folder)
        exponent = math.log2(taken[-1] / taken[0]) / math.log2(sizes[-1] / sizes[0])
        worst = max(worst, exponent)
        print(
            f'| {name} | {", ".join(f"{size:,}" for size in sizes)} |'
            f' {", ".join(f"{one:.2f}" for one in taken)} | {exponent:.2f} |',
            flush=True,
        )
    shutil.rmtree(place)
    return int(worst > MOST)


if __name__ == '__main__':
    sys.exit(main())
