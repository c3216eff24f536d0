"""Real processes on real repositories, with a rule cache of the session's own."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from keylint.core.deadline import Deadlines, make_deadlines
from keylint.rules.load import load_rules

_MOST_SECONDS = 120
Run = Callable[..., 'subprocess.CompletedProcess[str]']
# Who asks for one of these starts Python from nothing, or git: some tenths of a second each.
SLOW_FIXTURES = frozenset({'process', 'repository'})
# Cases of one table in the fast subset.
MAX_FAST_CASES = 8
# Files of a cache that hold compiled rules.
COMPILED = ('.database', '.gate', '.pack')
# The same examples in every run; `--hypothesis-profile=default` draws them anew.
hypothesis.settings.register_profile('fixed', derandomize=True, database=None)
hypothesis.settings.load_profile('fixed')


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what runs processes from nothing, so that the fast subset stays fast.

    Of a long table of cases the fast subset has a sample, spread over all of it. Modules that are
    slow for another reason say so with `pytestmark`.
    """
    tables: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        tables[item.nodeid.partition('[')[0]].append(item)
        if SLOW_FIXTURES.intersection(getattr(item, 'fixturenames', ())):
            item.add_marker(pytest.mark.slow)
    for cases in tables.values():
        step = -(-len(cases) // MAX_FAST_CASES)
        for number, item in enumerate(cases):
            if number % step:
                item.add_marker(pytest.mark.slow)


@pytest.fixture(scope='session', autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ['KEYLINT_CACHE_DIR'] = str(tmp_path_factory.mktemp('cache'))
    # A shell's background jobs ignore ^C, and so would all that the tests start and interrupt.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def own_cache(tmp_path: Path) -> Path:
    """Provide a cache folder of the test's own in which the rules are compiled, and nothing else.

    Compiling them takes seconds.
    """
    load_rules()
    folder = tmp_path / 'cache'
    folder.mkdir(0o700)
    for path in Path(os.environ['KEYLINT_CACHE_DIR']).iterdir():
        if path.suffix in COMPILED:
            shutil.copy2(path, folder)
    return folder


class Warm:
    """A process that has imported keylint, and forks for each run: tests/warm.py.

    It is started by the first run.
    """

    def __init__(self, scratch: Path) -> None:
        self._files = [scratch / name for name in ('stdin', 'stdout', 'stderr')]
        self._process: subprocess.Popen[str] | None = None

    def __call__(
        self, arguments: tuple[str, ...], cwd: Path, stdin: bytes, environment: dict[str, str]
    ) -> tuple[int, bytes, bytes]:
        """Exit status and both outputs of one run."""
        if self._process is None:
            command = [sys.executable, '-m', 'tests.warm']
            root, pipe = Path(__file__).parent.parent, subprocess.PIPE
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, text=True, cwd=root, start_new_session=True
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._files[0].write_bytes(stdin)
        files = [str(path) for path in self._files]
        request = {
            'arguments': arguments,
            'cwd': str(cwd),
            'environment': environment,
            'files': files,
            'seconds': _MOST_SECONDS,
        }
        self._process.stdin.write(json.dumps(request) + '\n')
        self._process.stdin.flush()
        return (
            int(self._process.stdout.readline()),
            self._files[1].read_bytes(),
            self._files[2].read_bytes(),
        )

    def close(self) -> None:
        """End the process."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()


@pytest.fixture(scope='session')
def _warm(_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    warm = Warm(tmp_path_factory.mktemp('warm'))
    yield warm
    warm.close()


@pytest.fixture
def keylint(_warm: Warm, tmp_path: Path) -> Run:
    """Run keylint in the test's folder, or in `cwd`.

    In a process of its own, forked from one that has imported it.
    """

    def run(
        *arguments: str, cwd: Path = tmp_path, stdin: bytes = b'', **variables: str
    ) -> subprocess.CompletedProcess[str]:
        code, *outputs = _warm(arguments, cwd, stdin, {**os.environ, **variables})
        return _done(list(arguments), code, outputs)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Provide the same as `keylint`, from nothing: `python -m keylint`."""

    def run(
        *arguments: str, cwd: Path = tmp_path, stdin: bytes = b'', **variables: str
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, '-m', 'keylint', *arguments]
        done = subprocess.run(
            command,
            cwd=cwd,
            input=stdin,
            capture_output=True,
            check=False,
            env={**os.environ, **variables},
            timeout=_MOST_SECONDS,
        )
        return _done(command, done.returncode, [done.stdout, done.stderr])

    return run


def _done(command: list[str], code: int, outputs: list[bytes]) -> subprocess.CompletedProcess[str]:
    text = [output.decode() for output in outputs]
    assert 'Traceback' not in text[1], text[1]
    return subprocess.CompletedProcess(command, code, *text)


@pytest.fixture
def slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a quarter of a second pass each time that a scan looks at the clock.

    That is for scans in this process.
    """

    def clocks_of_steps(seconds: float) -> Deadlines:
        steps = itertools.count()
        return make_deadlines(seconds, lambda: next(steps) / 4)

    monkeypatch.setattr('keylint.pipeline.examine.make_deadlines', clocks_of_steps)
    monkeypatch.setenv('KEYLINT_WORKERS', '1')


class Repository:
    """A git repository in a temporary folder, untouched by the user's own configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git('init', '-q', '-b', 'main')

    def git(self, *arguments: str) -> str:
        identity = {
            f'GIT_{role}_{field}': f'{field.lower()}@example.org'
            for role in ('AUTHOR', 'COMMITTER')
            for field in ('NAME', 'EMAIL')
        }
        environment = {
            **os.environ,
            **identity,
            'GIT_CONFIG_GLOBAL': os.devnull,
            'GIT_CONFIG_NOSYSTEM': '1',
        }
        done = subprocess.run(
            ['git', *arguments], cwd=self.folder, env=environment, capture_output=True, check=False
        )
        return (done.stdout + done.stderr).decode()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
        return path

    def commit(self, message: str = 'change') -> None:
        self.git('add', '-A')
        self.git('commit', '-q', '-m', message)

    def objects(self) -> set[str]:
        return {
            str(path.relative_to(self.folder))
            for path in (self.folder / '.git' / 'objects').rglob('*')
        }


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / 'repository')
