"""`keylint fleet TARGETS`: register what is to be looked at, have it done, say what came of it."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from hashlib import blake2b

from keylint._version import __version__
from keylint.commands.parsers.shared import read_overrides
from keylint.core.errors import ConfigError
from keylint.core.records import NamedTuple
from keylint.fleet.build import describe_build
from keylint.fleet.checked_targets import check_targets
from keylint.fleet.cluster import (
    ClusterOptions,
    DaskExecutor,
    find_scheduler,
    is_exposed,
    open_cluster,
)
from keylint.fleet.database import Store, open_store, read_url
from keylint.fleet.opened import take_own_variables
from keylint.fleet.owner_key import load_owner_key
from keylint.fleet.progress import FleetProgress
from keylint.fleet.run import FleetRun
from keylint.fleet.runs import StoredRun, begin_run, check_key, end_run, register_targets
from keylint.fleet.summary import RunSummary, format_summary, summarise_run
from keylint.fleet.targets import FleetTarget, read_targets
from keylint.fleet.units import UnitSettings
from keylint.reporters.text import sanitize_text
from keylint.scanner.request import BaselineOptions

_MB = 1 << 20


class FleetRequest(NamedTuple):
    """Say what a run is about, where it is kept, who does it, and how."""

    targets: tuple[str, ...]
    store: str
    cluster: ClusterOptions
    settings: UnitSettings
    shows_progress: bool


def run(arguments: Namespace) -> int:
    """Scan the targets, print a summary and return the exit code, as `keylint scan` does."""
    check_options(arguments)
    cluster = read_cluster(arguments)
    with check_targets(read_targets(arguments.targets)) as targets:
        request = read_request(arguments, cluster)
        with closing(open_store(request.store, is_new=True)) as store, store.lock_for_run():
            with store.begin() as connection:
                check_key(connection, request.settings.key, store.shown)
                current = begin_run(connection, name_settings(request), _tell_time())
            summary = run_fleet(store, current, request, targets)
        print(format_summary(summary, store.shown))
    return 0 if arguments.exit_zero else summary.exit_code


def has_content(path: str) -> bool:
    """Tell whether a store is there already: its key must be too, and a new one would not fit."""
    try:
        return os.path.getsize(path) > 0
    except OSError:
        return False


def check_options(arguments: Namespace) -> None:
    """Check what options allow, before anything is read or made. Raises KeylintError."""
    for name in ('chunk', 'unit_seconds', 'wait'):
        if getattr(arguments, name) <= 0:
            raise ConfigError(f'--{name.replace("_", "-")} must be more than 0')
    if (arguments.workers is not None and arguments.workers < 1) or arguments.unit_memory < 0:
        raise ConfigError('--workers must be more than 0, and --unit-memory no less than 0')
    if arguments.scheduler and arguments.scheduler_file:
        raise ConfigError('--scheduler does not go together with --scheduler-file: choose one')
    if read_url(arguments.store) is not None and not arguments.key:
        raise ConfigError('--key FILE: where the key of the fleet is, or will be')


def read_cluster(arguments: Namespace) -> ClusterOptions:
    """Read who does the work. Raises ConfigError for an address that is none."""
    options = ClusterOptions(
        arguments.scheduler or '',
        arguments.scheduler_file or '',
        arguments.workers or 0,
        arguments.dashboard,
        arguments.wait,
    )
    return find_scheduler(options)


def read_request(arguments: Namespace, cluster: ClusterOptions) -> FleetRequest:
    """Make the request of a command line, and the key of a new store. Raises KeylintError."""
    overrides = read_overrides(arguments)
    overrides = overrides._replace(
        file=os.path.abspath(overrides.file) if overrides.file else '',
        rules=tuple(map(os.path.abspath, overrides.rules)),
    )
    is_new = '://' in arguments.store or not has_content(arguments.store)
    key = load_owner_key(arguments.key or f'{arguments.store}.key', is_new=is_new)
    settings = UnitSettings(
        key,
        describe_build(overrides.rules),
        __version__,
        overrides,
        BaselineOptions('', arguments.no_baseline, arguments.strict_baseline),
        take_own_variables(os.environ),
        arguments.chunk * _MB,
        arguments.unit_seconds,
        arguments.unit_memory * _MB,
        not arguments.no_keys,
        arguments.no_ignore,
    )
    return FleetRequest(
        tuple(arguments.targets), arguments.store, cluster, settings, not arguments.no_progress
    )


def name_settings(request: FleetRequest) -> bytes:
    """Return a digest of what decides what a run does: an unfinished one goes on with the same."""
    settings = request.settings._replace(seconds=0, memory=0)
    targets = [os.path.abspath(one) if one != '-' else one for one in request.targets]
    return blake2b(
        repr((targets, settings)).encode('utf-8', 'surrogatepass'), digest_size=16
    ).digest()


def run_fleet(
    store: Store, current: StoredRun, request: FleetRequest, targets: Iterable[FleetTarget]
) -> RunSummary:
    """Do a run, and note how it ended."""
    status = 'interrupted'
    progress = FleetProgress(store, current.id, request.shows_progress)
    try:
        register_targets(store, current.id, targets)
        progress.start()
        cluster, settings = request.cluster, request.settings
        with open_cluster(cluster) as connect:
            executor = DaskExecutor(connect, cluster.patience, settings.overrides.rules)
            try:
                _tell_connection(executor, cluster)
                work = FleetRun(store, current.id, settings, executor, progress.note_answer)
                work.do_all()
                status = 'complete'
            finally:
                progress.done()
                executor.close()
    finally:
        progress.done()
        with store.begin() as connection:
            end_run(connection, current.id, status, _tell_time())
    with store.begin() as connection:
        return summarise_run(connection, current)


def _tell_connection(executor: DaskExecutor, cluster: ClusterOptions) -> None:
    """Say where the dashboard is, and warn where the key of the fleet goes over a plain network."""
    address = str(executor.client.scheduler.address) if executor.client.scheduler else ''
    is_theirs = cluster.scheduler or cluster.scheduler_file
    dashboard = executor.dashboard if is_theirs or cluster.has_dashboard else ''
    if dashboard:
        print(f'keylint: dashboard of Dask: {dashboard}', file=sys.stderr)
    if is_exposed(address):
        print(
            f'keylint: {sanitize_text(address)} is not encrypted: whoever reads that network has '
            'the key of the fleet, and whoever reaches the scheduler runs code on its workers',
            file=sys.stderr,
        )


def _tell_time() -> str:
    return datetime.now(UTC).isoformat(timespec='seconds')
