"""Measure `keylint fleet` against one scan after another, and model what larger fleets cost.

    python benchmarks/fleet.py --count 940 [--real FOLDER] [--kingfisher] [--folder DIR]
    python benchmarks/fleet.py --count 100 --separate [--keys]

Repositories are made with known leaks; `--real` adds clones and mirrors that lie below a folder.
CPU is that of all processes, whoever started them; memory is the most that one of a role had. What
a run costs before it looks at anything is measured with one repository and told apart.
Every run is checked: the fleet must have found what was hidden.

`--separate` starts a scheduler and two workers as processes of their own and prints what each of
them, the client and the store took. Bytes are those of the loopback interface, which other programs
use too: `unshare -rn` gives the run one of its own. `--keys` also reads declared keys, as a run
does by default; every other run here is one with `--no-keys`.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from keylint.fleet.targets import find_repositories
from keylint.rules.recipes import expand_recipes

PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
COMMITS, LINES = 40, 300
ROLES = {
    'keylint.fleet.child': 'unit process',
    'multiprocessing.spawn': 'Dask worker',
    'keylint': 'client and scheduler',
    'kingfisher\0scan': 'kingfisher',
}
# From prctl(2): whoever loses its parent becomes a child of this process, so that its CPU counts.
PR_SET_CHILD_SUBREAPER = 36


class Measured(NamedTuple):
    """A run: seconds on the clock, seconds of CPU of all its processes, most memory by role."""

    name: str
    wall: float
    cpu: float
    memory: dict[str, float]

    def describe(self) -> str:
        """Return the row of a table."""
        memory = ', '.join(f'{role} {size:.0f} MB' for role, size in sorted(self.memory.items()))
        return f'| {self.name} | {self.wall:.1f} | {self.cpu:.1f} | {memory} |'


def main() -> int:
    """Make the repositories, run everything, print tables and the model."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--count', type=int, default=200)
    options.add_argument('--real', type=Path)
    options.add_argument('--folder', type=Path)
    options.add_argument('--kingfisher', action='store_true')
    options.add_argument('--separate', action='store_true')
    options.add_argument('--keys', action='store_true')
    arguments = options.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix='fleet-'))
    try:
        if arguments.separate:
            measure_separately(folder, arguments.count, arguments.keys)
        else:
            measure_all(folder, arguments.count, arguments.real, arguments.kingfisher)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def measure_all(folder: Path, count: int, real: Path | None, with_peer: bool) -> None:
    """Measure one scan after another, then the fleet with one worker and with two, then again."""
    made = folder / 'made'
    for number in range(count):
        make_repository(made / f'{number:05}', number)
    paths = [*find_repositories(str(made)), *(find_repositories(str(real)) if real else ())]
    (folder / 'list').write_text(''.join(f'{path}\n' for path in paths))
    environment = {**os.environ, 'KEYLINT_CACHE_DIR': str(folder / 'cache')}
    keylint = [sys.executable, '-m', 'keylint']
    scan = [*keylint, 'scan', '--history', '--no-cache', '--exit-zero', '--output', os.devnull]
    subprocess.run([*keylint, 'scan', '-'], input=b'', env=environment, check=True)
    print('| run | wall s | CPU s | most memory |\n|---|---|---|---|')
    alone = measure('one scan after another', [[*scan, path] for path in paths], environment)
    fleet = [*keylint, 'fleet', str(folder / 'list'), '--exit-zero', '--no-progress', '--no-keys']
    (folder / 'one').write_text(f'{paths[0]}\n')
    one = [*keylint, 'fleet', str(folder / 'one'), *fleet[5:], '--workers', '2']
    fixed = measure(
        'fleet of one, 2 workers', [[*one, '--store', str(folder / '0.db')]], environment
    )
    runs = {}
    for workers in (1, 2):
        store = folder / f'{workers}.db'
        command = [*fleet, '--store', str(store), '--workers', str(workers)]
        runs[workers] = measure(f'fleet, {workers} workers', [command], environment)
        check_store(store, count)
    again = measure('the same again, nothing new', [command], environment)
    if with_peer and shutil.which('kingfisher'):
        peer = [
            'kingfisher',
            'scan',
            '--no-validate',
            '--no-update-check',
            '--format',
            'json',
            '--output',
            os.devnull,
        ]
        measure('kingfisher over all', [[*peer, *paths]], environment)
    print(
        f'\noverhead in CPU over plain scans: {100 * (runs[1].cpu / alone.cpu - 1):.1f} %; '
        f'1 to 2 workers: {runs[1].wall / runs[2].wall:.2f} times as fast on the clock'
    )
    print_model(len(paths), fixed, (runs[2], again), os.path.getsize(store))


def measure_separately(folder: Path, count: int, reads_keys: bool) -> None:
    """Measure client, scheduler and workers one by one, and what goes between them."""
    for number in range(count):
        make_repository(folder / 'made' / f'{number:05}', number)
    environment = {**os.environ, 'KEYLINT_CACHE_DIR': str(folder / 'cache')}
    keylint, store = [sys.executable, '-m', 'keylint'], folder / 'separate.db'
    subprocess.run([*keylint, 'scan', '-'], input=b'', env=environment, check=True)
    file = folder / 'scheduler.json'
    where = ['--scheduler-file', str(file), '--host', '127.0.0.1', '--no-dashboard']
    worker = [*where[:2], '--no-dashboard', '--no-nanny', '--nthreads', '1']
    worker += ['--local-directory', str(folder)]
    started = time.perf_counter()
    dask = [sys.executable, '-m', 'dask']
    parts = {'scheduler': subprocess.Popen([*dask, 'scheduler', *where, '--port', '0'])}
    for number in (1, 2):
        parts[f'worker {number}'] = subprocess.Popen([*dask, 'worker', *worker], env=environment)
    try:
        while not file.exists() and time.perf_counter() < started + 60:
            time.sleep(0.1)
        command = [*keylint, 'fleet', str(folder / 'made'), '--exit-zero', '--no-progress']
        command += ['--scheduler-file', str(file), '--store', str(store)]
        command += [] if reads_keys else ['--no-keys']
        before, started = count_bytes(), time.perf_counter()
        idle = read_cpu(parts['scheduler'].pid)[0]
        client = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        usage = os.wait4(client.pid, 0)[2]
        wall, sent = time.perf_counter() - started, count_bytes() - before
        check_store(store, count)
        print('| process | CPU s | with its children | most MB |\n|---|---|---|---|')
        own = usage.ru_utime + usage.ru_stime
        print(f'| client | {own:.2f} | {own:.2f} | {usage.ru_maxrss * 1024 / 1e6:.0f} |')
        for name, process in parts.items():
            print(describe_process(name, process.pid))
        busy = read_cpu(parts['scheduler'].pid)[0] - idle
    finally:
        for process in parts.values():
            process.terminate()
            process.wait()
    print(
        f'\n{count} tasks in {wall:.1f} s; {count / busy:.0f} tasks a second of the CPU of the '
        f'scheduler (without its start); {sent / count / 1000:.1f} kB a task between the '
        f'processes; store {os.path.getsize(store) / count / 1000:.1f} kB a task'
    )


def count_bytes() -> int:
    """Return how much the loopback interface has received since the machine started."""
    for line in Path('/proc/net/dev').read_text().splitlines():
        name, _, counters = line.partition(':')
        if name.strip() == 'lo':
            return int(counters.split()[0])
    raise SystemExit('no loopback interface')


def read_cpu(process: int) -> tuple[float, float]:
    """Return the seconds of CPU of a process, and of the children that it has waited for."""
    fields = Path(f'/proc/{process}/stat').read_text().rpartition(')')[2].split()
    ticks = [int(field) / os.sysconf('SC_CLK_TCK') for field in fields[11:15]]
    return ticks[0] + ticks[1], ticks[2] + ticks[3]


def describe_process(name: str, process: int) -> str:
    """Return the row of a process that still runs, with the processes that it has started."""
    own, waited = read_cpu(process)
    total = own + waited
    for tasks in Path(f'/proc/{process}/task').iterdir():
        for child in (tasks / 'children').read_text().split():
            total += sum(read_cpu(int(child)))
    status = Path(f'/proc/{process}/status').read_text()
    peak = int(status.partition('VmHWM:')[2].split()[0]) * 1024 / 1e6
    return f'| {name} | {own:.2f} | {total:.2f} | {peak:.0f} |'


def make_repository(folder: Path, number: int) -> None:
    """Make a bare repository with a pair of its own, and in every tenth one that they share."""
    subprocess.run(['git', 'init', '-q', '--bare', '-b', 'main', folder], check=True)
    subprocess.run(
        ['git', '-C', folder, 'fast-import', '--quiet'],
        input=b''.join(list_commands(number)),
        check=True,
    )


def list_commands(number: int) -> Iterator[bytes]:
    """Yield what `git fast-import` is told."""
    lines = [f'x{line} = price * {line + number}\n' for line in range(LINES)]
    for commit in range(COMMITS):
        lines[commit * 7 % LINES] = f'# {number} {commit}\nlimit = {commit}\n'
        yield (
            f'commit refs/heads/main\ncommitter bot <bot@example.org> {1700000000 + commit} +0000\n'
            'data 6\nchange\n'
        ).encode()
        yield write_file('bot/strategy.py', ''.join(lines))
        if commit == 3:
            yield write_file('.env', expand_recipes(PAIR, f'own {number}'))
        if commit == 5 and number % 10 == 0:
            yield write_file('shared.env', expand_recipes(PAIR, 'shared'))
        if commit == 9:
            yield b'D .env\n'


def write_file(name: str, text: str) -> bytes:
    """Return the commands that write a file."""
    data = text.encode()
    return f'M 100644 inline {name}\ndata {len(data)}\n'.encode() + data + b'\n'


def measure(name: str, commands: list[list[str]], environment: dict[str, str]) -> Measured:
    """Run commands one after another and wait for all that they have started."""
    memory: dict[str, float] = {}
    ended = threading.Event()
    watcher = threading.Thread(target=watch_memory, args=(memory, ended))
    watcher.start()
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert done.returncode in (0, 200, 205), done.stderr.decode()
    wall = time.perf_counter() - started
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended.set()
    watcher.join()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = Measured(name, wall, cpu, memory)
    print(found.describe(), flush=True)
    return found


def watch_memory(memory: dict[str, float], ended: threading.Event) -> None:
    """Note the most memory that a process of each role has."""
    own = os.getpid()
    while not ended.wait(0.2):
        parents = {}
        for entry in Path('/proc').glob('[0-9]*'):
            with suppress(OSError, IndexError, ValueError):
                fields = (entry / 'stat').read_text().rpartition(')')[2].split()
                parents[int(entry.name)] = int(fields[1]), int(fields[21])
        for process, (_, pages) in parents.items():
            if is_below(process, own, parents):
                with suppress(OSError):
                    command = Path(f'/proc/{process}/cmdline').read_text()
                    role = next((role for words, role in ROLES.items() if words in command), '')
                    size = pages * resource.getpagesize() / 1e6
                    if role:
                        memory[role] = max(memory.get(role, 0), size)


def is_below(process: int, top: int, parents: dict[int, tuple[int, int]]) -> bool:
    """Tell whether a process was started by another or by what that has started."""
    while process in parents:
        process = parents[process][0]
        if process == top:
            return True
    return False


def check_store(store: Path, count: int) -> None:
    """Check that what was hidden has been found: a pair in each, one more in every tenth."""
    with sqlite3.connect(store) as connection:
        query = 'SELECT count(*) FROM findings JOIN repositories r ON r.id = repository_id'
        [(found,)] = connection.execute(f"{query} WHERE CAST(r.path AS TEXT) LIKE '%/made/%'")
    assert found == count + -(-count // 10), f'{found} findings of {count} repositories'


def print_model(count: int, fixed: Measured, runs: tuple[Measured, Measured], size: int) -> None:
    """Print what larger fleets would cost, were their repositories as these are."""
    first, idle = (max(0.0, run.cpu - fixed.cpu) / count for run in runs)
    print(f'\neach repository: {first * 1000:.0f} ms of CPU, {idle * 1000:.0f} ms if unchanged, ')
    print(f'{size / count / 1000:.1f} kB of store; each run: {fixed.cpu:.1f} s')
    print('\n| repositories | CPU h | CPU h, nothing new | store GB |\n|---|---|---|---|')
    for many in (10_000, 100_000, 1_000_000):
        hours = [(fixed.cpu + many * each) / 3600 for each in (first, idle)]
        print(f'| {many:,} | {hours[0]:.1f} | {hours[1]:.1f} | {size / count * many / 1e9:.2f} |')


if __name__ == '__main__':
    sys.exit(main())
