"""Keep the results of benchmarks/mutants.py, and show them by area with the survivors."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from line_map import list_tracked
from map_store import digest_file
from mutation import Mutant

EQUIVALENTS = Path(__file__).with_name('mutants.equivalents.toml')
REQUIRED_PERCENT = 90.0
OUTCOMES = ('killed', 'timeout', 'survived', 'not decided', 'unexecuted')
Record = Mapping[str, object]


class Results:
    """A file of JSON lines, one for each fault that was tried, with the state it was tried on.

    A fault that was killed stays so while the code, what all tests share and the module of the
    test that noticed it are as they were; one that was not, while all tests are.
    """

    def __init__(self, path: Path, root: Path) -> None:
        self._path = path
        self._root = root
        self._lock = threading.Lock()
        self._shared = digest_files(root, is_shared)
        self._all = digest_files(root, lambda path: True)

    def _list_records(self) -> list[dict[str, object]]:
        """Return all results, of whatever state."""
        if not self._path.exists():
            return []
        return [json.loads(line) for line in self._path.read_text(encoding='utf-8').splitlines()]

    def read(self) -> dict[str, dict[str, object]]:
        """Return the last result of each fault that still holds."""
        return {
            str(record['id']): record
            for record in self._list_records()
            if record['state'] == self._describe_state(record)
        }

    def list_killers(self) -> dict[str, set[str]]:
        """Return the tests that have ever noticed each fault: they are tried first."""
        found: dict[str, set[str]] = defaultdict(set)
        for record in self._list_records():
            found[str(record['id'])].add(str(record['test']))
        return found

    def add(self, mutant: Mutant, result: dict[str, object]) -> None:
        """Append a result; what is on the disk survives an interruption."""
        record = {**dataclasses.asdict(mutant), **result, 'state': self._describe_state(result)}
        with self._lock, self._path.open('a', encoding='utf-8') as handle:
            handle.write(json.dumps(record) + '\n')

    def _describe_state(self, result: Record) -> str:
        """Return the digest of all that a result depends on."""
        module = self._root / str(result['test']).partition('::')[0]
        if result['outcome'] == 'killed' and module.is_file():
            return f'{self._shared} {digest_file(module)}'
        return self._all


def is_shared(path: str) -> bool:
    """Tell whether a file is no module of tests: code, rules, and what all tests use."""
    return not Path(path).name.startswith('test_')


def digest_files(root: Path, is_wanted: Callable[[str], bool]) -> str:
    """Return a digest of the wanted files of code, rules and tests."""
    digest = hashlib.sha256()
    for path in list_tracked(root):
        if path.startswith(('keylint/', 'rules/', 'tests/')) and is_wanted(path):
            digest.update(path.encode() + b'\0' + (root / path).read_bytes() + b'\0')
    return digest.hexdigest()[:12]


def load_equivalents(path: Path) -> dict[str, str]:
    """Return id to reason of the faults that change nothing anyone can see.

    Raises SystemExit for an entry without a reason.
    """
    table = tomllib.loads(path.read_text(encoding='utf-8'))
    found: dict[str, str] = {}
    for entry in table.get('equivalent', []):
        if not entry.get('reason', '').strip():
            raise SystemExit(f'{path}: {entry.get("id")}: no reason')
        found[entry['id']] = entry['reason']
    return found


def show_report(root: Path, mutants: Iterable[Mutant], results: Mapping[str, Record]) -> int:
    """Print the outcomes by area and all survivors; return 1 if too few faults were killed.

    Faults listed as equivalent are left out of the share, unless a test has killed them: then
    they are none. A fault without a result counts as not killed.
    """
    equivalents = load_equivalents(EQUIVALENTS)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    alive: list[Mutant] = []
    for mutant in mutants:
        outcome = str(results.get(mutant.id, {}).get('outcome', 'no result'))
        is_killed = outcome in ('killed', 'timeout')
        if mutant.id in equivalents and is_killed:
            print(f'{mutant.id} is killed and no equivalent: take it out of {EQUIVALENTS.name}')
        if mutant.id in equivalents and not is_killed:
            outcome = 'equivalent'
        elif not is_killed:
            alive.append(mutant)
        counts[mutant.area][outcome] += 1
    show_counts(counts)
    for mutant in alive:
        show_survivor(root, mutant, results.get(mutant.id, {}))
    total = sum(counts.values(), Counter[str]())
    faults = total.total() - total['equivalent']
    killed = total['killed'] + total['timeout']
    share = 100 * killed / faults if faults else 0.0
    print(f'\n{killed} of {faults} faults killed ({share:.1f} %), {total["equivalent"]} equivalent')
    return int(share < REQUIRED_PERCENT)


def show_counts(counts: Mapping[str, Counter[str]]) -> None:
    """Print one row per area in Markdown."""
    columns = (*OUTCOMES, 'equivalent', 'no result')
    print(f'| area | {" | ".join(columns)} |\n|{" --- |" * (len(columns) + 1)}')
    for area, counter in counts.items():
        print(f'| {area} | {" | ".join(str(counter[column]) for column in columns)} |')


def show_survivor(root: Path, mutant: Mutant, result: Record) -> None:
    """Print where a fault lies, its change and how many tests did not see it."""
    data = (root / mutant.path).read_bytes()
    old = ' '.join(data[mutant.start : mutant.end].decode().split())
    new = ' '.join(mutant.new.split()) or '(nothing)'
    print(f'\n{mutant.id} {mutant.path}:{mutant.line} in {mutant.function or "the module"}')
    print(f'  {mutant.kind}: {old} -> {new}')
    print(f'  {result.get("outcome", "no result")}, {result.get("tests", 0)} tests')
