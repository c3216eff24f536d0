"""Runs on real processes of Dask: a scheduler and two workers, TCP on the loopback interface."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dask.config
import pytest
from distributed import Client

from keylint.core.errors import ConfigError, SourceError
from keylint.fleet import cluster
from keylint.fleet.cluster import ClusterOptions, DaskExecutor, find_scheduler, is_exposed
from keylint.fleet.database import Store, open_store
from keylint.fleet.run import FleetRun
from keylint.fleet.runs import begin_run, count_visits, end_run, register_targets
from keylint.fleet.targets import make_target
from keylint.fleet.tasks import WorkerBuild
from keylint.fleet.units import UnitSettings
from tests.fleet.fleets import look, make_bot, make_settings, read_finding, write_pair
from tests.fleet.stored import read_found

pytestmark = pytest.mark.slow  # processes from nothing

# Runs git, but waits while a file is there: so a test knows that a unit is being done.
GIT = """#!/bin/sh
case "$*" in *slow*)
    : > {folder}/reached
    while [ -e {folder}/hold ]; do sleep 0.05; done ;;
esac
exec {git} "$@"
"""
WAIT_SECONDS = 60


class Cluster:
    """A scheduler on a port of its own, and two workers without a nanny, so that they stay dead."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            self.port = free.getsockname()[1]
        self.address = f'tcp://127.0.0.1:{self.port}'
        programs = folder / 'bin'
        programs.mkdir()
        git = shutil.which('git')
        (programs / 'git').write_text(GIT.format(folder=folder, git=git))
        (programs / 'git').chmod(0o755)
        self._environment = {**os.environ, 'PATH': f'{programs}{os.pathsep}{os.environ["PATH"]}'}
        self._environment['DASK_DISTRIBUTED__LOGGING__DISTRIBUTED'] = 'critical'
        self.scheduler = self._start_scheduler()
        self.workers = [self._start_worker() for _ in range(2)]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        null = subprocess.DEVNULL
        command = [sys.executable, '-m', *arguments]
        return subprocess.Popen(
            command, env=self._environment, cwd=self.folder, stdout=null, stderr=null
        )

    def _start_scheduler(self) -> subprocess.Popen[bytes]:
        where = ('--host', '127.0.0.1', '--port', str(self.port), '--no-dashboard')
        return self._start('distributed.cli.dask_scheduler', *where)

    def _start_worker(self) -> subprocess.Popen[bytes]:
        how = (
            '--nthreads',
            '1',
            '--no-nanny',
            '--no-dashboard',
            '--local-directory',
            str(self.folder),
        )
        return self._start('distributed.cli.dask_worker', self.address, *how)

    def kill_worker(self) -> None:
        """Kill the worker that is doing the unit that is held, and start another."""
        for worker in list(self.workers):
            if list_children(worker.pid):
                worker.kill()
                worker.wait()
                self.workers.remove(worker)
                self.workers.append(self._start_worker())
                return
        raise AssertionError('no worker works')

    def restart(self) -> None:
        """Kill the scheduler, and start it anew with new workers."""
        for process in (self.scheduler, *self.workers):
            process.kill()
            process.wait()
        self.scheduler = self._start_scheduler()
        self.workers = [self._start_worker() for _ in range(2)]

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def list_children(process: int) -> list[str]:
    return Path(f'/proc/{process}/task/{process}/children').read_text().split() or [
        child
        for task in Path(f'/proc/{process}/task').iterdir()
        for child in (task / 'children').read_text().split()
    ]


@pytest.fixture(scope='module')
def dask_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp('cluster'))
    yield cluster
    cluster.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(str(tmp_path / 'fleet.db'), is_new=True)
    yield store
    store.close()


@pytest.fixture(scope='module')
def bots(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Thirty repositories, of which every third has a pair that others have too."""
    folder = tmp_path_factory.mktemp('bots')
    first = make_bot(folder / '0', 'zero', versions=1)
    found = [first.folder]
    for number in range(1, 30):
        copy = folder / str(number)
        shutil.copytree(first.folder, copy)
        name = 'shared' if number % 3 == 0 else f'bot {number}'
        (copy / 'own.env').write_text(write_pair(name))
        commit = ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'own']
        subprocess.run(['git', '-C', copy, 'add', '-A'], check=True)
        subprocess.run(['git', '-C', copy, *commit], check=True)
        found.append(copy)
    return found


def connect(address: str) -> DaskExecutor:
    options = ClusterOptions(scheduler=address, patience=WAIT_SECONDS)
    return DaskExecutor(lambda: cluster._connect(options), WAIT_SECONDS)


def work_on(
    store: Store, folders: list[Path], address: str, settings: UnitSettings | None = None
) -> dict[str, int]:
    with store.begin() as connection:
        run = begin_run(connection, b'', 'now')
    register_targets(store, run.id, [make_target(str(folder)) for folder in folders])
    executor = connect(address)
    try:
        FleetRun(store, run.id, settings or make_settings(), executor).do_all()
    finally:
        executor.close()
    with store.begin() as connection:
        end_run(connection, run.id, 'complete', 'then')
        return count_visits(connection, run.id).statuses


def work_while(
    dask_cluster: Cluster, store: Store, folders: list[Path], accident: Callable[[], None]
) -> dict[str, int]:
    """Do a run, and let an accident happen while its slow repository is being looked at."""
    hold, reached = dask_cluster.folder / 'hold', dask_cluster.folder / 'reached'
    reached.unlink(missing_ok=True)
    hold.touch()

    def wait() -> None:
        until = time.monotonic() + WAIT_SECONDS
        while not reached.exists() and time.monotonic() < until:
            time.sleep(0.05)
        accident()
        hold.unlink()

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        return work_on(store, folders, dask_cluster.address)
    finally:
        thread.join()


def make_slow(bots: list[Path], tmp_path: Path) -> list[Path]:
    shutil.copytree(bots[1], tmp_path / 'slow')
    return [*bots[2:5], tmp_path / 'slow']


def test_thirty_repositories_are_found_as_by_a_scan_of_each_alone(
    dask_cluster: Cluster, store: Store, bots: list[Path]
) -> None:
    assert work_on(store, bots, dask_cluster.address) == {'done': 30}
    found = read_found(store)
    for folder in bots:
        expected = [read_finding(one) for one in look(folder).found]
        assert found[str(folder)] == expected
        assert expected
    assert work_on(store, bots, dask_cluster.address) == {'unchanged': 30}


def test_a_worker_that_is_killed_is_replaced_by_another(
    dask_cluster: Cluster, store: Store, bots: list[Path], tmp_path: Path
) -> None:
    folders = make_slow(bots, tmp_path)
    assert work_while(dask_cluster, store, folders, dask_cluster.kill_worker) == {'done': 4}
    assert len(read_found(store)[str(tmp_path / 'slow')]) == 3


def test_a_scheduler_that_dies_and_comes_back(
    dask_cluster: Cluster, store: Store, bots: list[Path], tmp_path: Path
) -> None:
    folders = make_slow(bots, tmp_path)
    assert work_while(dask_cluster, store, folders, dask_cluster.restart) == {'done': 4}
    assert len(read_found(store)[str(tmp_path / 'slow')]) == 3


def test_a_client_that_is_killed_goes_on(
    dask_cluster: Cluster, bots: list[Path], tmp_path: Path
) -> None:
    folders = make_slow(bots, tmp_path)
    (tmp_path / 'list').write_text(''.join(f'{folder}\n' for folder in folders))
    hold, reached = dask_cluster.folder / 'hold', dask_cluster.folder / 'reached'
    reached.unlink(missing_ok=True)
    hold.touch()
    command = [
        sys.executable,
        '-m',
        'keylint',
        'fleet',
        'list',
        '--scheduler',
        dask_cluster.address,
    ]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
    until = time.monotonic() + WAIT_SECONDS
    while not reached.exists() and time.monotonic() < until:
        time.sleep(0.05)
    store = open_store(str(tmp_path / 'fleet.db'), is_new=False)
    with pytest.raises(SourceError, match='another run of `keylint fleet`'):
        store.lock_for_run().__enter__()
    store.close()
    process.send_signal(signal.SIGKILL)
    process.wait()
    hold.unlink()
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert again.returncode == 1, again.stderr
    assert again.stdout.startswith('run 1: 4 repositories: 4 looked at')


def test_workers_with_another_keylint_are_refused_in_one_line(
    dask_cluster: Cluster, store: Store, bots: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match='a worker has keylint'):
        work_on(store, bots[:1], dask_cluster.address, make_settings(build=b'x', version='0.1.0'))
    monkeypatch.setattr(cluster, 'describe_worker', lambda extra: WorkerBuild('99.0', b'y'))
    monkeypatch.setattr(DaskExecutor, '_check_workers', _check_as_newer)
    with pytest.raises(SourceError, match='where this is 99'):
        connect(dask_cluster.address)


_check_workers = DaskExecutor._check_workers


def _check_as_newer(self: DaskExecutor, client: Client) -> None:
    """Check the workers by a client that has another keylint than they have."""
    builds = {address: WorkerBuild('0.1.0', b'z') for address in client.nthreads()}

    class Answers:
        def run(self, *given: object) -> dict[str, WorkerBuild]:
            return builds

    _check_workers(self, Answers())  # type: ignore[arg-type]  # stands for the workers


def test_a_scheduler_that_nobody_runs_is_one_line() -> None:
    options = ClusterOptions(scheduler='tcp://127.0.0.1:1')
    with pytest.raises(SourceError, match='cannot be reached'):
        DaskExecutor(lambda: cluster._connect(options), 0.1)


def test_a_dashboard_is_named_where_the_scheduler_has_one(
    dask_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = connect(dask_cluster.address)
    try:
        assert executor.dashboard == ''  # --no-dashboard
        monkeypatch.setattr(executor.client, 'run_on_scheduler', lambda function: function())
        monkeypatch.setitem(sys.modules, 'distributed.dashboard.scheduler', cluster)
        assert executor.dashboard.startswith('http://127.0.0.1:')
    finally:
        executor.close()


def test_which_scheduler_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    named = ClusterOptions(scheduler='tcp://a:1')
    with dask.config.set({'scheduler-address': 'tls://b:2'}):
        assert find_scheduler(ClusterOptions()).scheduler == 'tls://b:2'
        assert find_scheduler(named) == named
        by_file = ClusterOptions(scheduler_file='f.json')
        assert find_scheduler(by_file) == by_file
    assert find_scheduler(ClusterOptions()).scheduler == ''
    for wrong in ('nonsense', 'tcp://host', 'foo://host:1', 'tcp://host:port'):
        with pytest.raises(ConfigError, match='not the address of a scheduler'):
            find_scheduler(ClusterOptions(scheduler=wrong))
    assert not is_exposed('tcp://127.0.0.1:8786')
    assert not is_exposed('tls://10.0.0.1:8786')
    assert is_exposed('tcp://10.0.0.1:8786')


WATCHED = """
import os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def hook(event, arguments):
    if event in ('socket.connect', 'socket.bind', 'socket.getaddrinfo', 'socket.sendto'):
        rest = arguments if event == 'socket.getaddrinfo' else arguments[1:]
        os.write(log, (event + repr(rest) + chr(10)).encode())
sys.addaudithook(hook)
"""


def test_the_embedded_cluster_stays_on_this_machine(bots: list[Path], tmp_path: Path) -> None:
    """Law: the only connections are those of Dask, on the loopback interface."""
    (tmp_path / 'watch').mkdir()
    (tmp_path / 'watch' / 'sitecustomize.py').write_text(
        WATCHED.replace('sys.argv[1]', repr(str(tmp_path / 'log')))
    )
    (tmp_path / 'list').write_text(json.dumps({'path': str(bots[3]), 'team': 'desk'}) + '\n')
    command = [sys.executable, '-m', 'keylint', 'fleet', 'list', '--workers', '1', '--no-keys']
    environment = {**os.environ, 'PYTHONPATH': str(tmp_path / 'watch')}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr == ''
    addresses = set((tmp_path / 'log').read_text().splitlines())
    assert any('127.0.0.1' in address for address in addresses)
    local = ("'127.0.0.1'", "'localhost'", "('', 0)", "'::1'")
    assert not [address for address in addresses if not any(one in address for one in local)]
