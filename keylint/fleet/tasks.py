"""What Dask's workers run: functions of this module, by name. No code is sent to them."""

from __future__ import annotations

import atexit
import sys

from keylint._version import __version__
from keylint.core.records import NamedTuple
from keylint.core.report import Failure
from keylint.fleet.build import describe_build
from keylint.fleet.children import Children
from keylint.fleet.units import UnitAnswer, WorkUnit

_CHILDREN = Children()
atexit.register(_CHILDREN.close)


class SealedUnit:
    """A unit on its way through Dask, which neither looks into it nor logs what it holds."""

    __slots__ = ('unit',)

    def __init__(self, unit: WorkUnit) -> None:
        self.unit = unit

    def __repr__(self) -> str:
        return f'SealedUnit({self.unit.kind} of repository {self.unit.repository})'


class WorkerBuild(NamedTuple):
    """The keylint of a worker."""

    version: str
    build: bytes


def describe_worker(extra: tuple[str, ...]) -> WorkerBuild:
    """Return the keylint that is installed where a worker runs."""
    return WorkerBuild(__version__, describe_build(extra))


def has_dashboard() -> bool:
    """Tell whether the scheduler that runs this shows Dask's dashboard.

    Its address says nothing: behind it is a server without pages where bokeh is not installed, and
    with `--no-dashboard`.
    """
    return 'distributed.dashboard.scheduler' in sys.modules


def do_sealed_unit(sealed: SealedUnit) -> UnitAnswer:
    """Do a unit in the process that belongs to this thread of the worker.

    A worker with another keylint refuses: it would find something else, and nobody would know.
    """
    unit = sealed.unit
    own = describe_worker(unit.settings.overrides.rules)
    if own.build != unit.settings.build:
        why = describe_mismatch(own, unit.settings.version)
        return UnitAnswer('refused', unit.repository, failures=(Failure('', 'version', why),))
    return _CHILDREN.do_unit(unit)


def describe_mismatch(own: WorkerBuild, version: str) -> str:
    """Say how the keylint of a worker differs from that of the client."""
    if own.version != version:
        return f'keylint {own.version} where this is {version}'
    return f'keylint {own.version} of another build, with other rules or on another Python'
