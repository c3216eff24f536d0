"""Repositories of a fleet, units of work on them, and what a scan of each alone says."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.fleet.build import describe_build
from keylint.fleet.codec import unpack
from keylint.fleet.owner_key import OwnerKey
from keylint.fleet.scan_unit import do_unit
from keylint.fleet.units import FoundSecret, UnitAnswer, UnitSettings, WorkUnit
from keylint.reporters import load_reporter
from keylint.rules.recipes import expand_recipes
from keylint.scanner.request import BaselineOptions, ConfigOverrides
from tests.hiding import Git

KEY = OwnerKey(bytes(range(32)))
PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'


def write_pair(seed: str) -> str:
    return expand_recipes(PAIR, seed)


def make_bot(folder: Path, seed: str, versions: int = 3) -> Git:
    """Make a repository with a pair that is still there, one that is gone, and other versions."""
    git = Git(folder)
    git.write('gone.env', write_pair(f'{seed} gone'))
    git.commit()
    (folder / 'gone.env').unlink()
    git.write('bot.env', write_pair(seed))
    git.commit()
    for number in range(versions):
        git.write('strategy.py', ''.join(f'x{line} = {number * line}\n' for line in range(50)))
        git.commit()
    return git


def make_settings(**changes: Any) -> UnitSettings:
    settings = UnitSettings(
        KEY,
        describe_build(),
        'test',
        ConfigOverrides(isolated=True, today='2026-01-31'),
        BaselineOptions(),
        (),
        chunk_bytes=1 << 28,
        seconds=60,
        memory=0,
        reads_keys=False,
    )
    return settings._replace(**changes)


def look(folder: Path, settings: UnitSettings | None = None, **fields: Any) -> UnitAnswer:
    """Do a unit on a whole repository in this process."""
    unit = WorkUnit(settings or make_settings(), 'repository', 1, str(folder), **fields)
    return do_unit(unit, lambda: False)


def look_in_chunks(folder: Path, settings: UnitSettings, backwards: bool = False) -> UnitAnswer:
    """Scan a repository as it is cut, and join what its chunks gave."""
    plan = look(folder, settings)
    assert plan.kind == 'plan'
    assert len(plan.chunks) > 1
    numbers = range(len(plan.chunks))
    answers = {}
    for number in reversed(numbers) if backwards else numbers:
        unit = WorkUnit(
            settings, 'chunk', 1, str(folder), number=number, objects=plan.chunks[number]
        )
        answers[number] = do_unit(unit, lambda: False).chunks[0]
    joined = tuple(answers[number] for number in numbers)
    unit = WorkUnit(settings, 'join', 1, str(folder), answers=joined, plan=plan.plan)
    return do_unit(unit, lambda: False)


def read_finding(found: FoundSecret) -> Finding:
    return unpack(Finding, found.data)


def render_json(found: list[FoundSecret]) -> list[dict[str, Any]]:
    """Render findings as `scan --format json` does."""
    report, stream = Report('object'), StringIO()
    report.findings = [read_finding(one) for one in found]
    load_reporter('json')(report, Config(), stream, False)
    rows: list[dict[str, Any]] = json.loads(stream.getvalue())['findings']
    return rows
