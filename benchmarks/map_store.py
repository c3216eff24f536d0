"""Keep the map of the tests on the disk, one file for each module of tests.

A module of tests that has changed is recorded anew, the others are not: what a test executes is
needed only to choose tests, so that lines of code that has changed since are found again by
comparing it with the code that was recorded.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from line_map import PACKAGE, LineMap, Workspace, list_tracked, record_tests

Record = dict[str, object]
Block = tuple[str, int, int, int, int]  # as difflib has it: how, old from and to, new from and to


def digest_file(path: Path) -> str:
    """Return a short digest of what a file holds."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def list_test_modules(checkout: Path, tests: Sequence[str]) -> list[str]:
    """Return the modules of tests below some folders or files, as paths from the checkout."""
    roots = tuple(Path(test) for test in tests)
    return [
        path
        for path in list_tracked(checkout)
        if Path(path).name.startswith('test_')
        and path.endswith('.py')
        and any(Path(path).is_relative_to(root) for root in roots)
    ]


class MapStore:
    """The recorded lines of each module of tests, and the code they were recorded on."""

    def __init__(self, folder: Path, checkout: Path) -> None:
        self._folder = folder
        self._checkout = checkout
        self._sources = folder / 'sources'
        self._sources.mkdir(parents=True, exist_ok=True)

    def _place(self, module: str) -> Path:
        return self._folder / f'{module.replace("/", ".")}.json'

    def list_stale(self, modules: Iterable[str]) -> list[str]:
        """Return the modules that are not recorded as they are now."""
        return [
            module
            for module in modules
            if not self._place(module).exists()
            or json.loads(self._place(module).read_bytes())['digest']
            != digest_file(self._checkout / module)
        ]

    def record(self, modules: Sequence[str]) -> None:
        """Run modules of tests under the recorder, one folder after another.

        What is done is kept when the rest is interrupted.
        """
        folders: dict[str, list[str]] = defaultdict(list)
        for module in modules:
            folders[module.rpartition('/')[0]].append(module)
        if not folders:
            return
        code = self._keep_sources()
        with TemporaryDirectory(prefix='keylint-map-') as place:
            workspace = Workspace(Path(place) / 'workspace', self._checkout)
            output = Path(place) / 'records.jsonl'
            for folder, chosen in folders.items():
                print(f'recording {len(chosen)} modules of {folder}', flush=True)
                failed = record_tests(workspace, chosen, output)
                lines = output.read_text(encoding='utf-8') if output.exists() else ''
                self._write(chosen, [json.loads(line) for line in lines.splitlines()], failed, code)

    def _keep_sources(self) -> dict[str, str]:
        """Keep the code that is recorded, and return the digest of each file."""
        found = {}
        for path in list_tracked(self._checkout):
            if path.startswith(f'{PACKAGE}/') and path.endswith('.py'):
                found[path] = digest_file(self._checkout / path)
                (self._sources / found[path]).write_bytes((self._checkout / path).read_bytes())
        return found

    def _write(
        self,
        modules: Sequence[str],
        records: Iterable[Record],
        failed: Sequence[str],
        code: Mapping[str, str],
    ) -> None:
        """Write a file for each module; what belongs to no test goes into the first."""
        shares: dict[str, list[Record]] = {module: [] for module in modules}
        for record in records:
            owner = str(record['test']).partition('::')[0]
            shares.get(owner, shares[modules[0]]).append(record)
        for module, share in shares.items():
            kept = {
                'digest': digest_file(self._checkout / module),
                'failed': [test for test in failed if test.startswith(f'{module}::')],
                'code': code,
                'records': share,
            }
            self._place(module).write_text(json.dumps(kept), encoding='utf-8')

    def load(self, modules: Iterable[str]) -> LineMap:
        """Join what is recorded of the modules, without tests that fail anyway."""
        found = LineMap()
        movers: dict[tuple[str, str], LineMover] = {}
        failed: list[str] = []
        for module in modules:
            kept = json.loads(self._place(module).read_bytes())
            failed += kept['failed']
            for record in kept['records']:
                lines = {}
                for path, text in record['lines'].items():
                    key = (path, kept['code'].get(path, ''))
                    if key not in movers:
                        movers[key] = self._compare(*key)
                    lines[path] = movers[key].move(int(text, 16))
                found.add(record['test'], record['is_test'], record['seconds'], lines)
        for test in failed:
            print(f'fails without any fault, left out: {test}')
        return found.finish(failed)

    def _compare(self, path: str, digest: str) -> LineMover:
        """Find where the lines of a file are that had this digest when it was recorded."""
        now = self._checkout / path
        if not now.exists():
            return LineMover([])
        if digest_file(now) == digest:
            return LineMover(None)
        old, new = (
            place.read_text(encoding='utf-8').splitlines()
            for place in (self._sources / digest, now)
        )
        return LineMover(difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


@dataclass(frozen=True)
class LineMover:
    """Where the lines of a recorded file are now; `None` for a file that has not changed."""

    blocks: Sequence[Block] | None

    def move(self, bits: int) -> int:
        """Return the executed lines as they are numbered now.

        What stands for an executed line, or has come in behind one, counts as executed.
        """
        if self.blocks is None:
            return bits
        moved = 0
        for how, old, old_end, new, new_end in self.blocks:
            # Line 1 is bit 1.
            wanted = ((1 << (old_end - old)) - 1) << (old + 1)
            found = (bits & wanted) >> (old + 1)
            if how == 'equal':
                moved |= found << (new + 1)
            elif found or (how == 'insert' and bits >> old & 1):
                moved |= ((1 << (new_end - new)) - 1) << (new + 1)
        return moved
