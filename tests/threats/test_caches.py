"""Caches that somebody else could write are not believed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from keylint.core import cache_files as caches
from keylint.core.write_cache import write_cache_file
from tests.conftest import Run
from tests.hiding import Git
from tests.threats.trees import LEAK

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == 'nt', reason='links, modes and limits of POSIX'),
]


def test_a_cache_of_ones_own_is_believed(keylint: Run, cache: Path) -> None:
    """The trap is a trap."""
    assert (
        keylint(
            'scan', '--isolated', cwd=cache.parent / 'bot', KEYLINT_CACHE_DIR=str(cache)
        ).returncode
        == 0
    )


def test_a_cache_that_is_committed_in_the_tree_is_made_anew(
    keylint: Run, cache: Path, tmp_path: Path
) -> None:
    git = Git(tmp_path / 'origin')
    shutil.copytree(cache, git.folder / 'cache')
    git.write('.env', LEAK)
    git.commit()
    git('clone', '-q', str(git.folder), str(tmp_path / 'clone'))
    done = keylint('scan', '.env', '--isolated', cwd=tmp_path / 'clone', KEYLINT_CACHE_DIR='cache')
    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize('mode', [0o620, 0o602, 0o640, 0o604, 0o644, 0o666])
def test_a_cache_that_others_may_touch_is_made_anew(tmp_path: Path, mode: int) -> None:
    path = tmp_path / 'x.gate'
    write_cache_file(str(path), b'state', b'body', ('.gate',))
    assert caches.read_cache_file(str(path), b'state') == b'body'
    path.chmod(mode)
    assert caches.read_cache_file(str(path), b'state') is None


@pytest.mark.skipif(
    not hasattr(os, 'geteuid') or os.geteuid() != 0,
    reason='only root can give a file to somebody else',
)
def test_a_cache_of_somebody_else_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / 'x.gate'
    write_cache_file(str(path), b'state', b'body', ('.gate',))
    os.chown(path, 12345, 12345)
    assert caches.read_cache_file(str(path), b'state') is None


def test_a_cache_of_pipes_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / 'x.gate', 0o600)
    assert caches.read_cache_file(str(tmp_path / 'x.gate'), b'') is None


def test_the_cache_is_private_and_in_the_home_of_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ('KEYLINT_CACHE_DIR', 'XDG_CACHE_HOME'):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv('HOME', str(tmp_path))
    folder = Path(caches.cache_folder())
    assert (
        folder
        == tmp_path / ('Library/Caches' if sys.platform == 'darwin' else '.cache') / 'keylint'
    )
    write_cache_file(str(folder / 'x.gate'), b'state', b'body', ('.gate',))
    assert (folder.stat().st_mode & 0o777, (folder / 'x.gate').stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )
