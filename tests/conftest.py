"""Real processes on real repositories, with a rule cache of the session's own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., 'subprocess.CompletedProcess[str]']


@pytest.fixture(scope='session', autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ['KEYLINT_CACHE_DIR'] = str(tmp_path_factory.mktemp('cache'))


@pytest.fixture
def keylint(tmp_path: Path) -> Run:
    """Runs `python -m keylint` in the test's folder, or in `cwd`."""

    def run(*arguments: str, cwd: Path = tmp_path, stdin: bytes = b'', **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, '-m', 'keylint', *arguments]
        done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, check=False, env={**os.environ, **variables}, timeout=120)
        text = (done.stdout.decode(), done.stderr.decode())
        assert 'Traceback' not in text[1], text[1]
        return subprocess.CompletedProcess(command, done.returncode, *text)

    return run


class Repository:
    """A git repository in a temporary folder, untouched by the user's own configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git('init', '-q', '-b', 'main')

    def git(self, *arguments: str) -> str:
        identity = {f'GIT_{role}_{field}': f'{field.lower()}@example.org' for role in ('AUTHOR', 'COMMITTER') for field in ('NAME', 'EMAIL')}
        environment = {**os.environ, **identity, 'GIT_CONFIG_GLOBAL': os.devnull, 'GIT_CONFIG_NOSYSTEM': '1'}
        done = subprocess.run(['git', *arguments], cwd=self.folder, env=environment, capture_output=True, check=False)
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
        return {str(path.relative_to(self.folder)) for path in (self.folder / '.git' / 'objects').rglob('*')}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / 'repository')
