"""Fuzzing of all readers, carriers, reporters.

`python tests/fuzz/run.py --seconds 60 [--target NAME] [--corpus FOLDER] [--markdown]`.

With atheris (`pip install atheris`) inputs are grown by what they reach in keylint's code; without
it they are only mutated, always in the same way. Each target is a process of its own. What breaks a
promise is kept in the corpus folder, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
# Targets without importing them: the parent stays small. tests/fuzz/test_found.py compares.
NAMES = (
    'decode',
    'json',
    'yaml',
    'sections',
    'tables',
    'notebooks',
    'programs',
    'documents',
    'carriers',
    'pipeline',
    'excerpts',
    'folders',
    'code',
    'reports',
    'own-files',
)
_LONGEST = 4096
_SLOWEST = 30
_MEMORY = 2048
_DONE = re.compile(r'stat::number_of_executed_units:\s+(\d+)')
_COVERED = re.compile(r'cov: (\d+)')
_SPICE = (
    b'\x00',
    b'\xff',
    b'"',
    b"'",
    b'\\',
    b'\n',
    b'\r',
    b'[',
    b']',
    b'{',
    b'}',
    b'&a ',
    b'*a',
    b'<<: ',
    b'"""',
    b'\xff\xff\xff\xff',
    b'\x80',
    b'://',
    b'=',
)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description='Fuzz keylint.')
    parser.add_argument('--seconds', type=float, default=30.0, help='for all targets together')
    parser.add_argument(
        '--target', choices=NAMES, action='append', help='one target; may be repeated'
    )
    parser.add_argument(
        '--corpus', type=Path, help='where inputs are kept; a folder for each target'
    )
    parser.add_argument('--markdown', action='store_true', help='print a table at the end')
    parser.add_argument('--blind', action='store_true', help='do without atheris')
    parser.add_argument('--child', action='store_true', help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    has_guide = not wanted.blind and importlib.util.find_spec('atheris') is not None
    if wanted.child:
        return (
            _guided(wanted.target[0], wanted.seconds, wanted.corpus)
            if has_guide
            else _blind(wanted.target[0], wanted.seconds, wanted.corpus)
        )
    with tempfile.TemporaryDirectory() as scratch:
        targets = wanted.target or NAMES
        print(
            'guided by coverage'
            if has_guide
            else 'without atheris: mutation only, nothing guides it',
            flush=True,
        )
        runs = [
            _process(
                name, wanted.seconds / len(targets), wanted.corpus or Path(scratch), wanted.blind
            )
            for name in targets
        ]
    if wanted.markdown:
        print(make_table(runs))
    broken = [run.name for run in runs if run.is_broken]
    print(
        f'{len(targets)} targets, {len(broken)} broken{": " if broken else ""}{", ".join(broken)}'
    )
    return 1 if broken else 0


class TargetRun(NamedTuple):
    """What came of a run of one target; `places` is 0 where nothing guided it."""

    name: str
    inputs: int
    seconds: float
    places: int
    is_broken: bool


def make_table(runs: Sequence[TargetRun]) -> str:
    """Make the table of docs/reliability.md, with a row for all targets together."""
    rows = ['| target | inputs | seconds | places in the code reached |', '|---|---|---|---|']
    rows += [
        f'| {run.name} | {run.inputs:,} | {run.seconds:.0f} | {run.places:,} |' for run in runs
    ]
    inputs, seconds = sum(run.inputs for run in runs), sum(run.seconds for run in runs)
    return '\n'.join([*rows, f'| **all** | {inputs:,} | {seconds:.0f} | |'])


def _process(name: str, seconds: float, corpus: Path, is_blind: bool) -> TargetRun:
    """Run one target to its end, and say what came of it."""
    folder = corpus / name
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        __file__,
        '--child',
        '--target',
        name,
        '--seconds',
        str(seconds),
        '--corpus',
        str(folder),
        *['--blind'] * is_blind,
    ]
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, errors='replace', check=False
    )
    counted, covered = _DONE.findall(done.stderr), _COVERED.findall(done.stderr)
    inputs = int(counted[-1]) if counted else 0
    taken = time.monotonic() - started
    row = f'{name:<12} {inputs:>9} inputs {taken:>6.0f} s'
    row += f' {covered[-1]:>6} places reached' if covered else ''
    print(row + (f'  BROKEN, exit code {done.returncode}' if done.returncode else ''), flush=True)
    if done.returncode:
        print(done.stderr[-6000:], flush=True)
    places = int(covered[-1]) if covered else 0
    return TargetRun(name, inputs, taken, places, is_broken=done.returncode != 0)


def _guided(name: str, seconds: float, corpus: Path) -> int:
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

    sys.path.insert(0, str(ROOT))
    kept = f'-artifact_prefix={corpus.parent}/{name}-'
    bounds = [
        f'-max_total_time={max(1, int(seconds))}',
        f'-max_len={_LONGEST}',
        f'-timeout={_SLOWEST}',
        f'-rss_limit_mb={_MEMORY}',
    ]
    with atheris.instrument_imports(
        include=['keylint']
    ):  # to the end: many modules are imported only when something needs them
        from tests.fuzz.targets import TARGETS

        # Importing and instrumenting what is imported late takes longer than an input may.
        for data in _planted(name, corpus):
            TARGETS[name](data)
        atheris.Setup(
            [sys.argv[0], *bounds, kept, '-print_final_stats=1', '-reload=0', str(corpus)],
            TARGETS[name],
        )
        atheris.Fuzz()
    return 0


def _planted(name: str, corpus: Path) -> list[bytes]:
    """Return the first inputs of a target, written into its folder."""
    from tests.fuzz.seeds import seeds

    found = list(dict.fromkeys(seeds(name)))
    for data in found:
        (corpus / hashlib.blake2b(data, digest_size=10).hexdigest()).write_bytes(data)
    return found


def _blind(name: str, seconds: float, corpus: Path) -> int:
    sys.path.insert(0, str(ROOT))
    from tests.fuzz.targets import TARGETS

    pool = _planted(name, corpus)
    rng = random.Random(f'keylint/fuzz/{name}')  # noqa: S311 - repeatable, not for cryptography
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end or count < len(pool):
        data = pool[count] if count < len(pool) else _mutated(pool, rng)
        count += 1
        try:
            TARGETS[name](data)
        except BaseException:  # noqa: BLE001 - whatever it is, its input is kept and it is shown
            kept = (
                corpus.parent / f'{name}-crash-{hashlib.blake2b(data, digest_size=10).hexdigest()}'
            )
            kept.write_bytes(data)
            traceback.print_exc()
            print(f'the input is kept in {kept}', file=sys.stderr)
            return 1
    print(f'stat::number_of_executed_units: {count}', file=sys.stderr)
    return 0


def _mutated(pool: list[bytes], rng: random.Random) -> bytes:
    data = bytearray(rng.choice(pool))
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at, width = rng.randrange(len(data) + 1), rng.choice((1, 1, 2, 8, 64))
        kind = rng.randrange(5)
        if kind == 0:
            data[at : at + width] = rng.randbytes(width)
        elif kind == 1:
            del data[at : at + width]
        elif kind == 2:
            data[at:at] = rng.choice(_SPICE) * rng.choice((1, 1, 2, 50))
        elif kind == 3:
            other = rng.choice(pool)
            start = rng.randrange(len(other) + 1)
            data[at:at] = other[start : start + 4 * width]
        else:
            data[at:at] = data[at : at + 4 * width]
    return bytes(data[:_LONGEST])


if __name__ == '__main__':
    os.environ.setdefault('PYTHONWARNINGS', 'ignore')
    sys.exit(main(sys.argv[1:]))
