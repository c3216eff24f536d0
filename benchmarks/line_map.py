"""Copy a checkout into an environment of its own, and learn which test executes which line."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = 'keylint'
PYTEST = (
    *('-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-p', 'no:xdist'),
    *('-p', 'rule_cache_plugin', '--hypothesis-seed=0'),
)


def list_tracked(checkout: Path) -> list[str]:
    """Return the files of the checkout that git tracks or would track."""
    command = ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
    done = subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    paths = {path for path in done.stdout.decode().split('\0') if path}
    return sorted(path for path in paths if (checkout / path).is_file())


class Workspace:
    """A copy of the checkout and a Python that imports it, whatever its variables and folder.

    The environment borrows the packages of the running one through a `.pth`, in which the copy
    comes first: an editable installation of the checkout is never reached.
    """

    def __init__(self, folder: Path, checkout: Path) -> None:
        """Make the copy in `folder`, which must not lie in the checkout.

        There git would ignore what the tests write, and keylint with it.
        """
        self.folder = folder.resolve()
        assert not self.folder.is_relative_to(checkout.resolve())
        self.tree = self.folder / 'tree'
        self._checkout = checkout.resolve()
        self._written = 0
        if self.folder.exists():
            shutil.rmtree(self.folder)
        for path in list_tracked(checkout):
            target = self.tree / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout / path, target)
        venv.create(self.folder / 'venv', symlinks=True)
        self.python = self.folder / 'venv' / 'bin' / 'python'
        self.site = next((self.folder / 'venv').glob('lib/python*/site-packages'))
        lines = [str(self.tree), *self._list_borrowed()]
        (self.site / 'workspace.pth').write_text('\n'.join(lines) + '\n', encoding='utf-8')
        shutil.copy(HERE / 'rule_cache_plugin.py', self.site)
        self._link_programs()
        self._compile_rules()

    def _compile_rules(self) -> None:
        """Compile the rules once for all runs; a project without rules has none."""
        rules = self.folder / 'rules'
        rules.mkdir()
        if (self.tree / PACKAGE / 'rules' / 'load.py').exists():
            command = [
                str(self.python),
                '-c',
                'from keylint.rules.load import load_rules; load_rules()',
            ]
            variables = {**self.environment(), 'KEYLINT_CACHE_DIR': str(rules)}
            subprocess.run(command, cwd=self.tree, env=variables, check=True)

    def _list_borrowed(self) -> list[str]:
        """Return the folders of installed packages of the running Python."""
        standard = sysconfig.get_path('stdlib')
        found = []
        for entry in map(os.path.realpath, sys.path[1:]):
            is_standard = entry.startswith(standard) and 'site-packages' not in entry
            is_checkout = Path(entry).is_relative_to(self._checkout)
            if os.path.isdir(entry) and not is_standard and not is_checkout:
                found.append(entry)
        return found

    def _link_programs(self) -> None:
        """Put the running environment's programs beside the new Python, scripts to be run by it."""
        for program in Path(sys.executable).parent.iterdir():
            place = self.python.parent / program.name
            if place.exists() or not program.is_file() or program.name.startswith('python'):
                continue
            data = program.read_bytes()
            if data.startswith(b'#!') and b'python' in data.partition(b'\n')[0]:
                place.write_bytes(f'#!{self.python}\n'.encode() + data.partition(b'\n')[2])
                place.chmod(0o755)
            else:
                place.symlink_to(program)

    @contextmanager
    def change_file(self, path: str, data: bytes) -> Iterator[None]:
        """Change a file of the copy for a while, with a time that no compiled file has seen."""
        place = self.tree / path
        before, times = place.read_bytes(), place.stat()
        self._written += 1
        place.write_bytes(data)
        os.utime(place, (self._written, self._written))
        try:
            yield
        finally:
            place.write_bytes(before)
            os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))

    def pytest_command(self, tests: Iterable[str], *options: str) -> list[str]:
        """Return the command that runs some tests in their given order."""
        chosen = self.folder / 'tests.txt'
        chosen.write_text('\n'.join(tests) + '\n', encoding='utf-8')
        base = f'--basetemp={self.folder / "tmp"}'
        return [str(self.python), *PYTEST, base, *options, f'@{chosen}']

    def environment(self) -> dict[str, str]:
        """Return the variables of a run: none that lead to other code."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith('PYTHON')}
        own = {
            'PATH': f'{self.python.parent}{os.pathsep}{os.environ["PATH"]}',
            'KEPT_RULE_CACHE': str(self.folder / 'rules'),
        }
        return {**kept, **own}


@dataclass
class LineMap:
    """What each test executes, and how long it takes in seconds of processor time.

    `lines` holds for each file and test the lines as the bits of a number; the test `''` is the
    session, a test without `::` is a fixture of a module. `width` is the number of lines of a test.
    """

    lines: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    width: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    tests: set[str] = field(default_factory=set)

    def add(self, test: str, is_test: bool, seconds: float, lines: Mapping[str, int]) -> None:
        """Add what one process has recorded."""
        self.seconds[test] += seconds
        if is_test:
            self.tests.add(test)
        for path, bits in lines.items():
            self.lines[path][test] = self.lines[path].get(test, 0) | bits

    def finish(self, excluded: Iterable[str]) -> LineMap:
        """Count the lines of each test, and leave out the tests that fail anyway."""
        self.tests.difference_update(excluded)
        for tests in self.lines.values():
            for test, bits in tests.items():
                self.width[test] += bits.bit_count()
        return self

    def find_tests(self, path: str, first: int, last: int) -> set[str]:
        """Return the tests that execute one of the lines, or share a fixture that does."""
        wanted = ((1 << (last + 1)) - 1) ^ ((1 << first) - 1)
        owners = {test for test, bits in self.lines.get(path, {}).items() if bits & wanted}
        tests = owners & self.tests
        modules = tuple(f'{owner}::' for owner in owners if owner and '::' not in owner)
        if modules:
            tests.update(test for test in self.tests if test.startswith(modules))
        return tests

    def is_session(self, path: str, first: int, last: int) -> bool:
        """Tell whether the session itself executes one of these lines, outside of any test."""
        wanted = ((1 << (last + 1)) - 1) ^ ((1 << first) - 1)
        return bool(self.lines.get(path, {}).get('', 0) & wanted)


def record_tests(workspace: Workspace, tests: Sequence[str], output: Path) -> list[str]:
    """Run tests under the recorder; return those that fail also without it.

    Raises SystemExit if coverage is missing: every fault would then be called unexecuted.
    """
    if importlib.util.find_spec('coverage') is None:
        raise SystemExit("coverage is not installed: pip install '.[bench]'")
    output.unlink(missing_ok=True)
    current = workspace.folder / 'current'
    current.write_text('', encoding='utf-8')
    settings = {
        'root': str(workspace.tree),
        'package': str(workspace.tree / PACKAGE),
        'output': str(output.resolve()),
        'current': str(current),
    }
    (workspace.site / 'line_recorder.json').write_text(json.dumps(settings), encoding='utf-8')
    for name in ('line_recorder.py', 'line_recorder_plugin.py'):
        shutil.copy(HERE / name, workspace.site / name)
    # After workspace.pth in the alphabet, which says where coverage is.
    hook = workspace.site / 'zz_line_recorder.pth'
    hook.write_text('import line_recorder\n', encoding='utf-8')
    try:
        run_tests(workspace, tests, '-p', 'line_recorder_plugin', '-rfE')
    finally:
        hook.unlink()
    suspects = read_failed(workspace.folder / 'log.txt')
    if not suspects:
        return []
    run_tests(workspace, suspects, '-rfE')
    return read_failed(workspace.folder / 'log.txt')


def run_tests(workspace: Workspace, tests: Sequence[str], *options: str) -> int:
    """Run tests to the end, with their output in `log.txt`; return pytest's exit code."""
    command = workspace.pytest_command(tests, *options)
    with (workspace.folder / 'log.txt').open('wb') as log:
        done = subprocess.run(
            command,
            cwd=workspace.tree,
            env=workspace.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return done.returncode


def read_failed(log: Path) -> list[str]:
    """Return the ids in pytest's summary of failures and errors."""
    found = []
    for line in log.read_text(encoding='utf-8', errors='replace').splitlines():
        outcome, _, rest = line.partition(' ')
        if outcome in ('FAILED', 'ERROR') and '::' in rest:
            found.append(rest.split(' - ')[0])
    return found
