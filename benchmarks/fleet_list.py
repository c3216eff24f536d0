"""Run `keylint fleet` over a list of very many targets to its end, and watch the memory.

    python benchmarks/fleet_list.py [--targets 100000] [--repositories 100] [--folder DIR]
    python benchmarks/fleet_list.py --without-dask [--targets 1000000]

Scheduler, two workers of four threads and the client are processes of their own. Some rows of the
list, evenly spread, are made repositories with known leaks; the folders of all others do not exist,
so that a run of very many units ends within an hour or two. Each is a unit all the same: it is
handed out, fails in a worker, and its answer goes into the store. The table has a row for each
tenth of the answers; a process whose memory grew with the list would show it.

`--without-dask` does the client's part alone, in seconds instead of minutes: targets are read and
registered, each unit is made and handed to a stand-in that answers at once, each answer is stored.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fleet import check_store, make_repository, read_cpu

from keylint.fleet.checked_targets import check_targets
from keylint.fleet.database import open_store
from keylint.fleet.executor import DoneUnit
from keylint.fleet.failures import describe_failure
from keylint.fleet.owner_key import OwnerKey
from keylint.fleet.run import FleetRun
from keylint.fleet.runs import begin_run, count_visits, register_targets
from keylint.fleet.targets import read_targets
from keylint.fleet.units import UnitSettings, WorkUnit
from keylint.scanner.request import BaselineOptions, ConfigOverrides

ROWS = 10
POLL_SECONDS = 1.0
THREADS = '4'  # of each worker, so that the window is never empty
KEYLINT = [sys.executable, '-m', 'keylint']


def main() -> int:
    """Make the list, do the run, check that every row of the list has its answer."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--targets', type=int, default=100_000)
    options.add_argument('--repositories', type=int, default=100)
    options.add_argument('--folder', type=Path)
    options.add_argument('--without-dask', action='store_true')
    arguments = options.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix='fleet-list-'))
    try:
        if arguments.without_dask:
            run_alone(folder, arguments.targets)
            return 0
        write_list(folder, arguments.targets, arguments.repositories)
        os.environ['KEYLINT_CACHE_DIR'] = str(folder / 'cache')
        subprocess.run([*KEYLINT, 'scan', '-'], input=b'', check=True)
        watch_run(folder, arguments.targets)
        check_answers(folder / 'fleet.db', arguments.targets, arguments.repositories)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def write_list(folder: Path, targets: int, repositories: int) -> None:
    """Write a list in which every so many rows one is a repository."""
    step = targets // repositories
    with (folder / 'list').open('w', encoding='utf-8') as rows:
        for number in range(targets):
            is_real = number % step == 0 and number // step < repositories
            name = f'made/{number // step:05}' if is_real else f'missing/{number:06}'
            if is_real:
                make_repository(folder / name, number // step)
            rows.write(f'{name}\n')


class StandIn:
    """Answers each unit at once, as a worker does that finds no folder."""

    def __init__(self, targets: int) -> None:
        self.window = 16
        self._targets = targets
        self._units: deque[WorkUnit] = deque()
        self._answers = 0
        self._started = time.perf_counter()
        print('| answers | seconds | CPU s | MB |\n|---|---|---|---|')

    def submit(self, unit: WorkUnit) -> None:
        """Take a unit."""
        self._units.append(unit)

    def take_done(self) -> DoneUnit:
        """Answer the oldest unit; print a row at each tenth of all."""
        if self._answers % (self._targets // ROWS) == 0:
            spent, busy = time.perf_counter() - self._started, time.process_time()
            print(
                f'| {self._answers:,} | {spent:.0f} | {busy:.0f} | {read_memory(os.getpid()):.0f} |'
            )
        self._answers += 1
        unit = self._units.popleft()
        return DoneUnit(unit, describe_failure(unit, 'no such folder'))


def run_alone(folder: Path, targets: int) -> None:
    """Do the client's part of a run in this process."""
    with (folder / 'list').open('w', encoding='utf-8') as rows:
        rows.writelines(f'missing/{number:07}\n' for number in range(targets))
    settings = UnitSettings(
        OwnerKey(bytes(32)), b'', '', ConfigOverrides(), BaselineOptions(), (), 1, 1.0, 0, False
    )
    store = open_store(str(folder / 'fleet.db'), is_new=True)
    with store.begin() as connection:
        run = begin_run(connection, b'', '')
    with check_targets(read_targets([str(folder / 'list')])) as found:
        register_targets(store, run.id, found)
    FleetRun(store, run.id, settings, StandIn(targets)).do_all()
    with store.begin() as connection:
        assert count_visits(connection, run.id).statuses == {'failed': targets}
    print(f'store: {os.path.getsize(folder / "fleet.db") / 1e6:.1f} MB; all answers are in it')


@contextmanager
def start_cluster(folder: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and two workers; they end with the context."""
    where = ['--scheduler-file', str(folder / 'scheduler.json'), '--no-dashboard']
    dask = [sys.executable, '-m', 'dask']
    scheduler = ['scheduler', *where, '--host', '127.0.0.1', '--port', '0']
    worker = ['worker', *where, '--no-nanny', '--nthreads', THREADS]
    worker += ['--local-directory', str(folder)]
    with (folder / 'dask.log').open('wb') as log:
        parts = {
            name: subprocess.Popen([*dask, *command], stderr=log)
            for name, command in (
                ('scheduler', scheduler),
                ('worker 1', worker),
                ('worker 2', worker),
            )
        }
    try:
        yield parts
    finally:
        for process in parts.values():
            process.terminate()
            process.wait()


def watch_run(folder: Path, targets: int) -> None:
    """Do the run and print the memory of each process at every tenth of the answers."""
    command = [*KEYLINT, 'fleet', str(folder / 'list'), '--exit-zero', '--no-progress']
    command += ['--no-keys', '--store', str(folder / 'fleet.db')]
    command += ['--scheduler-file', str(folder / 'scheduler.json')]
    started = time.perf_counter()
    with start_cluster(folder) as parts, (folder / 'client.log').open('wb') as log:
        parts['client'] = subprocess.Popen(command, stdout=log, stderr=log)
        print(f'| answers | seconds | {" | ".join(f"{name} MB" for name in parts)} |', flush=True)
        print('|---' * (2 + len(parts)) + '|', flush=True)
        due = 0
        while parts['client'].poll() is None:
            done = count_answers(folder / 'fleet.db')
            if done is not None and done >= due:
                sizes = ' | '.join(f'{read_memory(one.pid):.0f}' for one in parts.values())
                spent = time.perf_counter() - started
                print(f'| {done:,} | {spent:.0f} | {sizes} |', flush=True)
                due = (done * ROWS // targets + 1) * targets // ROWS
            time.sleep(POLL_SECONDS)
        assert parts['client'].returncode == 0, (folder / 'client.log').read_text()
        print(f'\n{targets:,} answers in {time.perf_counter() - started:.0f} s', flush=True)
        for name, process in parts.items():
            if process.poll() is None:
                print(f'{name}: {read_cpu(process.pid)[0]:.0f} s of CPU', flush=True)


def count_answers(store: Path) -> int | None:
    """Count the targets that have an answer; None until all of them are registered."""
    if not store.exists():
        return None
    with sqlite3.connect(f'file:{store}?mode=ro', uri=True) as connection:
        try:
            [(count,)] = connection.execute("SELECT count(*) FROM visits WHERE status != 'waiting'")
        except sqlite3.OperationalError:
            return None
    return int(count)


def read_memory(process: int) -> float:
    """Return the memory that a process has now, in megabytes."""
    try:
        status = Path(f'/proc/{process}/status').read_text()
        return int(status.partition('VmRSS:')[2].split()[0]) * 1024 / 1e6
    except (OSError, IndexError):
        return 0.0


def check_answers(store: Path, targets: int, repositories: int) -> None:
    """Check that every target has its answer, and that what was hidden has been found."""
    with sqlite3.connect(store) as connection:
        rows = dict(connection.execute('SELECT status, count(*) FROM visits GROUP BY status'))
    assert rows == {'done': repositories, 'failed': targets - repositories}, rows
    check_store(store, repositories)
    print(f'store: {os.path.getsize(store) / 1e6:.1f} MB; all answers and leaks are in it')


if __name__ == '__main__':
    sys.exit(main())
