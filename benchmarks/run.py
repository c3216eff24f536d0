"""The budgets of the hook, the first start, the working tree and the imports.

keylint runs beside kingfisher and detect-secrets.

python benchmarks/run.py [--tree PATH...] [--fast] [--runs 7]

Prints one table; seconds are medians of alternating runs on this machine, ratios are what to trust.
Of trees it has the processor's time too, which other work on the machine distorts less. `--fast`
leaves out the hook and the peers that take minutes.
Peers are the packages of `pip install 'keylint[bench]'`: kingfisher-bin with validation and the
update check off, detect-secrets.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
MORE = 5  # a hook is short: so many times as many rounds for its median
HEAVY = ('libcst', 'detect_secrets', 'rich', 'yaml', 'cryptography', 'base58', 'mnemonic')


def seconds(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Wall and CPU time of one run.

    Findings (exit 1 or 200) and counted files that could not be read (2) are no accident.
    """
    started, before = time.perf_counter(), os.times()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    elapsed, after = time.perf_counter() - started, os.times()
    if done.returncode not in (0, 1, 2, 200):
        raise SystemExit(
            f'{command[0]} ended with {done.returncode}: {done.stderr.decode()[-500:]}'
        )
    busy = after.children_user + after.children_system
    return elapsed, busy - before.children_user - before.children_system


def medians(
    commands: dict[str, list[str]], folder: Path, environment: dict[str, str], runs: int
) -> dict[str, tuple[float, float]]:
    """Median wall and CPU seconds of commands, run in turns after one unmeasured round."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            elapsed = seconds(command, folder, environment)
            if number:
                taken[name].append(elapsed)
    return {
        name: (
            statistics.median(one[0] for one in pairs),
            statistics.median(one[1] for one in pairs),
        )
        for name, pairs in taken.items()
    }


def walls(taken: dict[str, tuple[float, float]]) -> dict[str, float]:
    """Return the wall time of each command."""
    return {name: wall for name, (wall, _) in taken.items()}


def small_repository(folder: Path) -> list[str]:
    """Return a repository with five small staged Python files."""
    names = []
    for number in range(5):
        name = f'module_{number}.py'
        body = '\n'.join(
            f'def step_{i}(price: float) -> float:\n    return price * {i}\n' for i in range(40)
        )
        (folder / name).write_text(body)
        names.append(name)
    git = ['git', '-c', 'user.name=b', '-c', 'user.email=b@example.org']
    for command in (
        ['git', 'init', '-q'],
        [*git, 'commit', '-q', '--allow-empty', '-m', 'start'],
        ['git', 'add', '.'],
    ):
        subprocess.run(command, cwd=folder, check=True)
    return names


def kingfisher(*arguments: str) -> list[str]:
    """Kingfisher's command line with everything off that talks to a network."""
    return [
        str(BIN / 'kingfisher'),
        'scan',
        '--no-validate',
        '--no-update-check',
        '--format',
        'json',
        *arguments,
    ]


def row(what: str, ours: float, theirs: dict[str, float], budget: str) -> None:
    """One line of the table."""
    ratios = ', '.join(
        f'{ours / value:.2f} x {name} ({value:.3f} s)' for name, value in theirs.items()
    )
    print(f'| {what} | {ours:.3f} s | {ratios} | {budget} |')


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--tree',
        type=Path,
        nargs='+',
        default=[],
        help='checkouts to scan whole, such as freqtrade',
    )
    parser.add_argument('--fast', action='store_true', help='trees beside kingfisher, nothing else')
    parser.add_argument('--runs', type=int, default=7)
    arguments = parser.parse_args()
    print('| work | keylint | ratio | budget |\n|---|---|---|---|')
    with tempfile.TemporaryDirectory() as scratch:
        environment = {
            **os.environ,
            'KEYLINT_CACHE_DIR': str(Path(scratch) / 'cache'),
            'HOME': scratch,
        }
        environment.pop('PYTHONDONTWRITEBYTECODE', None)  # users' installations have their bytecode
        if not arguments.fast:
            measure_hook(Path(scratch), environment, arguments.runs)
        for tree in arguments.tree:
            measure_tree(tree, environment, arguments.runs, arguments.fast)
    if not arguments.fast:
        measure_imports()


def measure_hook(scratch: Path, environment: dict[str, str], runs: int) -> None:
    """First start without a cache, then the hook on five small files with one."""
    folder = scratch / 'repository'
    folder.mkdir()
    names = small_repository(folder)
    ours = [str(BIN / 'keylint'), 'scan', '--staged', *names]
    cold = []
    for _ in range(3):
        shutil.rmtree(environment['KEYLINT_CACHE_DIR'], ignore_errors=True)
        cold.append(seconds(ours, folder, environment)[0])
    print(f'| first start, no cache | {statistics.median(cold):.3f} s | | at most 3 s |')
    taken = medians(
        {
            'keylint': ours,
            'python -c pass': [sys.executable, '-c', 'pass'],
            'kingfisher': kingfisher('.', '--staged'),
            'detect-secrets-hook': [str(BIN / 'detect-secrets-hook'), *names],
        },
        folder,
        environment,
        MORE * runs,
    )
    rest = walls(taken)
    mine = rest.pop('keylint')
    row('hook on 5 small files', mine, rest, 'at most 6 x python, under 0.25 x the peers')


def measure_tree(tree: Path, environment: dict[str, str], runs: int, is_fast: bool) -> None:
    """Measure a whole working tree, looked at for the first time, by one worker and by all.

    And once more, when nothing has changed since.
    """
    ours = [str(BIN / 'keylint'), 'scan', '.', '--isolated']
    taken = medians(
        {
            'first': [*ours, '--no-cache'],
            'one worker': ['env', 'KEYLINT_WORKERS=1', *ours, '--no-cache'],
            'again': ours,
            'kingfisher': kingfisher('.', '--git-history', 'none'),
        },
        tree,
        environment,
        runs,
    )
    name, own, peer = tree.resolve().name, taken['first'][1], taken['kingfisher'][1]
    theirs = walls(taken)
    mine, alone, again = theirs.pop('first'), theirs.pop('one worker'), theirs.pop('again')
    slow = {
        'detect-secrets': ['scan'],
        'credsweeper': ['--path', '.', '--jobs', str(os.cpu_count() or 1), '--no-stdout'],
    }
    for program, arguments in () if is_fast else slow.items():  # minutes: once is enough
        theirs[program] = seconds([str(BIN / program), *arguments], tree, environment)[0]
    row(f'working tree of {name}', mine, theirs, 'at most 0.25 x kingfisher')
    row('its processor time', own, {'kingfisher': peer}, 'at most 1 x kingfisher')
    row('the same by one worker', alone, {'all workers': mine}, '')
    row('the same again, nothing changed', again, theirs, '')


def measure_imports() -> None:
    """Return what `import keylint.cli` and a warm scan load."""
    code = (
        'import sys, keylint.cli; keylint.cli.main(["scan", "--isolated", "-"]); '
        'print(*sorted(sys.modules))'
    )
    for _ in range(2):  # the first run fills the cache
        done = subprocess.run(
            [sys.executable, '-c', code], input=b'', capture_output=True, check=True
        )
    loaded = [name for name in HEAVY if name in done.stdout.decode().split()]
    print(
        f'| imports of a warm scan | {len(done.stdout.split())} modules '
        f'| heavy: {", ".join(loaded) or "none"} | none heavy |'
    )


if __name__ == '__main__':
    main()
