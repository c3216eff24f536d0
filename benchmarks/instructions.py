"""Count instructions of the hook and of a scan, and fail where they have grown.

    python benchmarks/instructions.py             # what CI runs: compare with instructions.toml
    python benchmarks/instructions.py --update WHY

A count does not depend on how busy a machine is, as seconds do. Each is told as a ratio to that of
`python -c pass` in the same run, so that the patch of Python and the machine matter little; figures
are kept for each minor version of Python. Growth by more than 5 % fails; `--update` writes today's
figures, with the reason, which stays in the file. Needs valgrind, and says so where there is none.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

from keylint.rules.recipes import expand_recipes

FIGURES = Path(__file__).with_suffix('.toml')
VERSION = f'{sys.version_info[0]}.{sys.version_info[1]}'
GROWTH = 1.05
_COUNT = re.compile(r'Collected : (\d+)')
_ENTRY = 'from keylint.front import entry; entry()'
_CODE = '''
def fetch_{number}(client, symbol, api_key=None):
    """Read the order book of a symbol."""
    token = client.read_token_from_environment("EXCHANGE_{number}")
    headers = {{'X-API-KEY': api_key or token, 'path': '/api/v{number}/orders'}}
    return client.fetch_order_book(symbol, limit={number}, headers=headers)
'''
_LEAK = (
    'import ccxt\n\nexchange = ccxt.binance({\n'
    "    'apiKey': '{alnum:64}',\n    'secret': '{alnum:64}',\n})\n"
)
_FILES, _FUNCTIONS = 60, 40


class Case(NamedTuple):
    """A run that is counted: name, arguments, exit code, workers, file for standard input."""

    name: str
    arguments: tuple[str, ...]
    code: int
    workers: str = ''
    given: str = ''


CASES = (
    Case('hook, clean', ('scan', '--staged', 'a.py', 'b.py', 'c.py'), 0),
    Case('hook, with a finding', ('scan', '--staged', 'a.py', 'leak.py'), 1),
    Case('agent hook, clean', ('agent-hook',), 0, given='clean.json'),
    Case('agent hook, with a finding', ('agent-hook',), 0, given='leak.json'),
    Case('tree', ('scan', 'tree', '--isolated', '--no-cache'), 1, '1'),
)


def make_files(folder: Path) -> None:
    """Make a repository with staged files, and the tree. All is the same in every run."""
    functions = [_CODE.format(number=number) for number in range(_FUNCTIONS)]
    for name, count in (('a', 3), ('b', 6), ('c', 9)):
        (folder / f'{name}.py').write_text(''.join(functions[:count]))
    (folder / 'leak.py').write_text(expand_recipes(_LEAK, 'instructions'))
    tree = folder / 'tree'
    tree.mkdir()
    for number in range(_FILES):
        (tree / f'part_{number}.py').write_text(''.join(functions[number % 7 :]))
    for number in range(3):
        (tree / f'leak_{number}.py').write_text(expand_recipes(_LEAK, str(number)))
    for name in ('clean', 'leak'):
        text = (folder / ('c.py' if name == 'clean' else 'leak.py')).read_text()
        (folder / f'{name}.json').write_text(json.dumps(_make_event(folder, text)))
    for arguments in (['init', '-q'], ['add', 'a.py', 'b.py', 'c.py', 'leak.py']):
        subprocess.run(['git', '-C', str(folder), *arguments], check=True)


def _make_event(folder: Path, text: str) -> dict[str, object]:
    """Make the event of a file that Claude Code is about to write."""
    return {
        'session_id': 'abc123',
        'transcript_path': '/home/user/.claude/projects/bot/session.jsonl',
        'cwd': str(folder),
        'permission_mode': 'default',
        'hook_event_name': 'PreToolUse',
        'tool_name': 'Write',
        'tool_input': {'file_path': str(folder / 'new.py'), 'content': text},
    }


def count_instructions(
    command: list[str], folder: Path, code: int = 0, workers: str = '', given: str = ''
) -> int:
    """Count the instructions of a command in millions. Raises SystemExit for another exit code."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith('KEYLINT_')}
    kept.pop('PYTHONDONTWRITEBYTECODE', None)
    kept |= {'PYTHONHASHSEED': '0', 'KEYLINT_CACHE_DIR': str(folder / '.cache')}
    if workers:
        kept['KEYLINT_WORKERS'] = workers
    # The first run compiles what is missing: modules and rules.
    data = (folder / given).read_bytes() if given else b''
    subprocess.run(command, cwd=folder, env=kept, capture_output=True, check=False, input=data)
    counted = ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', *command]
    done = subprocess.run(
        counted, cwd=folder, env=kept, capture_output=True, check=False, input=data
    )
    errors = done.stderr.decode()
    found = _COUNT.search(errors)
    if done.returncode != code or found is None:
        raise SystemExit(f'{command}: exit code {done.returncode}\n{done.stdout.decode()}{errors}')
    return int(found[1])


def measure() -> dict[str, float]:
    """Return the ratio of each case to `python -c pass`."""
    python = [sys.executable, '-P', '-c']
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_files(folder)
        usual = count_instructions([*python, 'pass'], folder)
        return {
            case.name: round(
                count_instructions([*python, _ENTRY, *case.arguments], folder, *case[2:]) / usual, 2
            )
            for case in CASES
        }


def write_figures(figures: dict[str, object], ratios: dict[str, float], why: str) -> None:
    """Write today's ratios of this Python, and why they have changed."""
    changes = figures.get('changes')
    lines = [
        '# Written by benchmarks/instructions.py --update WHY: ratios to `python -c pass`.',
        '',
    ]
    listed = [*(changes if isinstance(changes, list) else []), f'{VERSION}: {why}']
    quoted = [f"    '{str(change).replace(chr(39), chr(96))}'," for change in listed]
    lines += ['changes = [', *quoted, ']']
    tables = {key: value for key, value in figures.items() if isinstance(value, dict)}
    for version, table in sorted((tables | {VERSION: ratios}).items()):
        lines += ['', f"['{version}']", *(f"'{case}' = {ratio}" for case, ratio in table.items())]
    FIGURES.write_text('\n'.join(lines) + '\n')


def compare(kept: object, ratios: dict[str, float]) -> int:
    """Print each ratio beside the kept one; return 1 where one has grown too far."""
    known = kept if isinstance(kept, dict) else {}
    has_grown = False
    for case, ratio in ratios.items():
        before = known.get(case)
        is_worse = before is None or ratio > before * GROWTH
        has_grown |= is_worse
        print(f'{case}: {ratio:.2f} x python -c pass, was {before}{" GROWN" if is_worse else ""}')
    if has_grown:
        print('mend it, or say why: python benchmarks/instructions.py --update WHY')
    return int(has_grown)


def main() -> int:
    """Measure and compare, or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--update', metavar='WHY', help='write the figures, with this reason')
    arguments = parser.parse_args()
    if shutil.which('valgrind') is None:
        print('no valgrind: instructions cannot be counted here, so nothing was compared')
        return 0
    figures: dict[str, object] = tomllib.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    if not arguments.update and VERSION not in figures:
        print(f'{FIGURES.name} has no figures for Python {VERSION}: nothing was compared')
        return 0
    ratios = measure()
    if arguments.update:
        write_figures(figures, ratios, arguments.update)
        return 0
    return compare(figures[VERSION], ratios)


if __name__ == '__main__':
    sys.exit(main())
