"""Make the answers of units that have none."""

from __future__ import annotations

from keylint.core.report import Failure
from keylint.fleet.codec import pack
from keylint.fleet.units import ChunkAnswer, UnitAnswer, WorkUnit


def describe_failure(unit: WorkUnit, why: str) -> UnitAnswer:
    """Make the answer for a unit that has none. Other chunks of its repository still count."""
    failure = Failure('', 'scan', why)
    if unit.kind != 'chunk':
        return UnitAnswer('failed', unit.repository, unit.number, failures=(failure,))
    named = Failure(f'chunk {unit.number + 1}', 'scan', f'{why}; its objects were not looked at')
    result = ChunkAnswer(0, (), (named,), b'', (), 0, 0)
    return UnitAnswer('chunk', unit.repository, unit.number, chunks=(pack(result),))
