"""Connect to Dask: the cluster that a user names, or one of this machine's cores.

The only module that opens connections, and all of them are Dask's: to the scheduler that was named,
or on the loopback interface.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from importlib.util import find_spec

import dask.config
from distributed import Client, Future, KilledWorker, LocalCluster
from distributed.comm.addressing import parse_address, parse_host_port
from distributed.comm.registry import get_backend

from keylint._version import __version__
from keylint.core.errors import ConfigError, SourceError, describe_crash
from keylint.core.records import NamedTuple
from keylint.fleet.executor import DoneUnit
from keylint.fleet.tasks import (
    SealedUnit,
    describe_mismatch,
    describe_worker,
    do_sealed_unit,
    has_dashboard,
)
from keylint.fleet.units import UnitAnswer, WorkUnit
from keylint.workers.pool import count_workers

# Units for each thread of the workers: one is done, the next is there when it ends.
_UNITS_PER_THREAD = 2
_MIN_WINDOW = 4
# How often the workers are counted, and how often it is asked whether anybody still works.
_COUNT_SECONDS, _ASK_SECONDS = 10.0, 1.0
_CONNECT_SECONDS = 5.0
_LOOPBACK = ('tcp://127.', 'tcp://[::1]', 'tcp://localhost', 'inproc://', 'tls://')


class ClusterOptions(NamedTuple):
    """Which scheduler, if any; else how many workers. `patience` are seconds to wait for one."""

    scheduler: str = ''
    scheduler_file: str = ''
    workers: int = 0
    has_dashboard: bool = False
    patience: float = 300.0


def find_scheduler(options: ClusterOptions) -> ClusterOptions:
    """Add the scheduler that Dask's configuration names, as `DASK_SCHEDULER_ADDRESS` does.

    Raises ConfigError for what is no address: to wait for it would be in vain.
    """
    if options.scheduler_file:
        return options
    address = options.scheduler or dask.config.get('scheduler-address', None) or ''
    if address:
        try:
            scheme, location = parse_address(address)
            get_backend(scheme)
            parse_host_port(location)
        except (AttributeError, TypeError, ValueError):
            why = 'not the address of a scheduler; tcp://HOST:PORT or tls://HOST:PORT'
            raise ConfigError(f'{address}: {why}') from None
    return options._replace(scheduler=address)


@contextlib.contextmanager
def open_cluster(options: ClusterOptions) -> Iterator[Callable[[], Client]]:
    """Give a function that connects, to be called again after the connection was lost.

    Without a scheduler workers are started on this machine; they end with the context.
    """
    logging.getLogger('distributed').setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        if options.scheduler or options.scheduler_file:
            yield lambda: _connect(options)
            return
        with _start_workers(options) as cluster:
            yield lambda: Client(cluster, timeout=_CONNECT_SECONDS)


def _connect(options: ClusterOptions) -> Client:
    if options.scheduler_file:
        if not os.path.isfile(options.scheduler_file):
            raise OSError(f'{options.scheduler_file}: no such file')
        return Client(scheduler_file=options.scheduler_file, timeout=_CONNECT_SECONDS)
    return Client(options.scheduler, timeout=_CONNECT_SECONDS)


@contextlib.contextmanager
def _start_workers(options: ClusterOptions) -> Iterator[LocalCluster]:
    """Start a worker for each core, on the loopback interface.

    ^C is for this process: what it has started must be able to finish.
    """
    if options.has_dashboard and find_spec('bokeh') is None:
        raise SourceError('--dashboard: Dask needs bokeh for it: pip install bokeh')
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        cluster = LocalCluster(
            n_workers=options.workers or count_workers(),
            threads_per_worker=1,
            processes=True,
            host='127.0.0.1',
            dashboard_address='127.0.0.1:0' if options.has_dashboard else None,
            silence_logs=logging.CRITICAL,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with cluster:
        yield cluster


def is_exposed(address: str) -> bool:
    """Tell whether a connection is neither encrypted nor within this machine."""
    return not address.startswith(_LOOPBACK)


class DaskExecutor:
    """Does units on Dask's workers, and goes on with another connection if one is lost."""

    def __init__(
        self, connect: Callable[[], Client], patience: float, extra: tuple[str, ...] = ()
    ) -> None:
        self._connect = connect
        self._patience = patience
        self._extra = extra
        self._ready: queue.SimpleQueue[Future[UnitAnswer]] = queue.SimpleQueue()
        self._running: dict[object, tuple[WorkUnit, Future[UnitAnswer]]] = {}
        self._count = 0
        self._threads, self._counted = 0, 0.0
        self._client = self._connect_patiently()

    @property
    def client(self) -> Client:
        """The connection that is used now."""
        return self._client

    @property
    def dashboard(self) -> str:
        """Where Dask's dashboard is; empty where the scheduler has none, or has no keylint."""
        try:
            is_there = self._client.run_on_scheduler(has_dashboard)
            return str(self._client.dashboard_link or '') if is_there else ''
        except (AttributeError, ImportError, KeyError, OSError):
            return ''

    @property
    def window(self) -> int:
        """How many units may be on their way at one time."""
        if time.monotonic() >= self._counted + _COUNT_SECONDS:
            self._threads = self._count_threads()
        return max(_MIN_WINDOW, _UNITS_PER_THREAD * self._threads)

    def _count_threads(self) -> int:
        self._counted = time.monotonic()
        try:
            return sum(self._client.nthreads().values())
        except (OSError, ValueError, TimeoutError):
            return 0

    def submit(self, unit: WorkUnit) -> None:
        """Hand a unit to the scheduler."""
        self._count += 1
        key = f'keylint-{os.getpid()}-{self._count}-{unit.kind}-{unit.repository}'
        try:
            future = self._client.submit(do_sealed_unit, SealedUnit(unit), key=key, pure=False)
        except (OSError, RuntimeError, ValueError):
            self._reconnect()
            future = self._client.submit(do_sealed_unit, SealedUnit(unit), key=key, pure=False)
        self._running[key] = (unit, future)
        future.add_done_callback(self._ready.put)

    def take_done(self) -> DoneUnit:
        """Wait for a unit that is done. Units of a lost connection are handed over again.

        Raises SourceError if neither scheduler nor workers come back in time.
        """
        idle_since = time.monotonic()
        while True:
            try:
                future = self._ready.get(timeout=_ASK_SECONDS)
            except queue.Empty:
                if self._client.status != 'running':
                    self._resume()
                elif self.window and self._threads:
                    idle_since = time.monotonic()
                elif time.monotonic() > idle_since + self._patience:
                    raise SourceError(
                        f'the scheduler has had no workers for {self._patience:g} s; '
                        'what was stored is kept, and the next run goes on from it'
                    ) from None
                continue
            known = self._running.pop(future.key, None)
            if known is None or known[1] is not future:
                continue  # of a connection that was lost
            done = self._read(known[0], future)
            if done is not None:
                return done
            self._running[future.key] = known
            self._resume()

    def _read(self, unit: WorkUnit, future: Future[UnitAnswer]) -> DoneUnit | None:
        """Read the answer of a future; None if it was lost with the connection."""
        try:
            answer = future.result()
        except CancelledError:
            return None
        except KilledWorker:
            return DoneUnit(unit, None, 'the workers that worked on it ended, one after another')
        except (ImportError, AttributeError):
            raise SourceError(f'a worker of the cluster has no keylint {__version__}') from None
        except OSError:
            return None
        except Exception as error:  # noqa: BLE001 - the other repositories go on
            return DoneUnit(unit, None, describe_crash(error))
        future.release()
        return DoneUnit(unit, answer)

    def _resume(self) -> None:
        """Connect again and hand over all that was on its way."""
        lost = [unit for unit, _ in self._running.values()]
        self._running.clear()
        self._reconnect()
        for unit in lost:
            self.submit(unit)

    def _reconnect(self) -> None:
        with contextlib.suppress(Exception):
            self._client.close(timeout=0)
        self._client = self._connect_patiently()

    def _connect_patiently(self) -> Client:
        """Connect, again and again until the scheduler is there and its workers are ours.

        Raises SourceError.
        """
        until = time.monotonic() + self._patience
        while True:
            try:
                client = self._connect()
                break
            except (FileNotFoundError, RuntimeError, TypeError):
                raise SourceError(
                    'Dask refuses the connection: it asks for TLS, and its configuration here '
                    'does not fit the address, or names files that are missing'
                ) from None
            except (OSError, ValueError, TimeoutError) as error:
                if time.monotonic() > until:
                    raise SourceError(
                        f'the scheduler cannot be reached: {type(error).__name__}; '
                        '--wait SECONDS waits longer'
                    ) from None
                time.sleep(_ASK_SECONDS)
        self._check_workers(client)
        return client

    def _check_workers(self, client: Client) -> None:
        """Refuse workers with another keylint. Raises SourceError; later ones refuse themselves."""
        try:
            builds = client.run(describe_worker, self._extra)
        except (ImportError, AttributeError):
            raise SourceError(f'a worker of the cluster has no keylint {__version__}') from None
        own = describe_worker(self._extra)
        for address, found in sorted(builds.items()):
            if found.build != own.build:
                why = describe_mismatch(found, own.version)
                raise SourceError(f'the worker {address} has {why}')

    def close(self) -> None:
        """Give up what is on its way and close the connection."""
        with contextlib.suppress(Exception):
            self._client.cancel([future for _, future in self._running.values()])
        with contextlib.suppress(Exception):
            self._client.close(timeout=_CONNECT_SECONDS)
