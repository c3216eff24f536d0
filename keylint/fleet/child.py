"""The process that does units: one after another, without threads, apart from Dask.

A repository that ends it, or that takes too long, ends nothing else. It is started by
`fleet.children`: units come in on standard input, answers go out on standard output.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
from typing import BinaryIO

from keylint.core.errors import KeylintError, describe_crash
from keylint.findings.foreign_text import quote_message
from keylint.fleet.failures import describe_failure
from keylint.fleet.scan_unit import do_unit
from keylint.fleet.units import UnitAnswer, WorkUnit


def main() -> int:
    """Do what comes in until there is no more, or until the parent has died."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 1000))
    os.environ['KEYLINT_WORKERS'] = '1'  # one process a core: Dask has one for each already
    units, answers = _take_streams()
    parent = os.getppid()
    while True:
        try:
            unit: WorkUnit = pickle.load(units)  # noqa: S301 - from our own parent
        except EOFError:
            return 0
        _limit_memory(unit.settings.memory)
        answer = _do_safely(unit, parent)
        if os.getppid() != parent:
            return 1
        data = pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
        answers.write(len(data).to_bytes(8))
        answers.write(data)
        answers.flush()


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for ourselves: whatever prints, prints into nothing."""
    units, answers = os.fdopen(os.dup(0), 'rb'), os.fdopen(os.dup(1), 'wb')
    nothing = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nothing, handle)
    os.close(nothing)
    return units, answers


def _limit_memory(most: int) -> None:
    """Let an allocation fail, which has a name, before the system ends the process."""
    if most:
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _do_safely(unit: WorkUnit, parent: int) -> UnitAnswer:
    """Do a unit; whatever goes wrong is the failure of this unit."""
    try:
        return do_unit(unit, lambda: os.getppid() != parent)
    except KeylintError as error:
        why = quote_message(str(error))
    except MemoryError:
        why = f'needs more than the {unit.settings.memory >> 20} MB that a unit may take'
    except Exception as error:  # noqa: BLE001 - the other repositories go on
        why = describe_crash(error)
    return describe_failure(unit, why)


if __name__ == '__main__':
    sys.exit(main())
