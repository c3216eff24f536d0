"""Files of Git LFS: the content is scanned where it is here, and a pointer alone is never clean."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from keylint.core.report import Failure
from keylint.sources.lfs import NOT_HERE, follow_pointer, read_pointer
from tests.conftest import Repository, Run
from tests.publish.leaks import made

_TEXT = made('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n')
_OID = hashlib.sha256(_TEXT.encode()).hexdigest()
_POINTER = f'version https://git-lfs.github.com/spec/v1\noid sha256:{_OID}\nsize {len(_TEXT)}\n'


def _store(folder: Path, text: str = _TEXT) -> Path:
    path = folder / 'lfs' / 'objects' / _OID[:2] / _OID[2:4] / _OID
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


@pytest.fixture
def stored(repository: Repository) -> Repository:
    """Provide a repository whose history has a pointer, between two other commits."""
    repository.write('bot.py', 'print(1)\n')
    repository.commit('one')
    repository.write('prices.csv', _POINTER)
    repository.commit('two')
    repository.write('bot.py', 'print(2)\n')
    repository.commit('three')
    return repository


MODES = {
    'tree': ('scan', '.'),
    'file': ('scan', 'prices.csv'),
    'staged': ('scan', '--staged', 'prices.csv'),
    'diff': ('scan', '--diff', 'HEAD~2'),
    'history': ('scan', '--history'),
    'since': ('scan', '--since', 'HEAD~2'),
    'range': ('scan', '--range', 'HEAD~2..HEAD'),
}


@pytest.mark.parametrize('mode', MODES)
def test_a_pointer_alone_is_never_clean(stored: Repository, keylint: Run, mode: str) -> None:
    done = keylint(*MODES[mode], '--isolated', cwd=stored.folder)
    assert done.returncode == 2, done.stdout
    assert 'not scanned prices.csv: ' in done.stdout
    assert done.stdout.strip().endswith('1 LFS pointer: its content was not looked at')


@pytest.mark.parametrize('mode', MODES)
def test_the_content_is_scanned_under_the_pointers_path(
    stored: Repository, keylint: Run, mode: str
) -> None:
    _store(stored.folder / '.git')
    done = keylint(*MODES[mode], '--isolated', '--format', 'json', cwd=stored.folder)
    report = json.loads(done.stdout)
    assert (done.returncode, report['failures']) == (1, [])
    (finding,) = report['findings']
    assert (finding['path'], finding['rule']) == ('prices.csv', 'binance-credential')
    assert len(finding['parts']) == 2


@pytest.mark.parametrize('mode', MODES)
def test_files_that_only_begin_alike_are_files(
    repository: Repository, keylint: Run, mode: str
) -> None:
    repository.write('bot.py', 'print(1)\n')
    repository.commit('one')
    head = 'version https://git-lfs.github.com/spec/v1\n'
    repository.write('prices.csv', head + 'no oid here\n')
    repository.write('long.md', _POINTER + 'and what we write of it\n' * 100)
    repository.commit('two')
    repository.write('bot.py', 'print(2)\n')
    repository.commit('three')
    assert keylint(*MODES[mode], '--isolated', cwd=repository.folder).returncode == 0


def test_pointers_are_counted(repository: Repository, keylint: Run) -> None:
    for number in range(3):
        repository.write(f'{number}.csv', _POINTER)
    done = keylint('scan', '.', cwd=repository.folder)
    assert '3 LFS pointers: their content was not looked at' in done.stdout


def test_a_pushed_pointer_is_followed(stored: Repository, keylint: Run) -> None:
    _store(stored.folder / '.git')
    head = stored.git('rev-parse', 'HEAD').strip()
    push = f'refs/heads/main {head} refs/heads/main {"0" * 40}\n'
    done = keylint('scan', '--pre-push', cwd=stored.folder, stdin=push.encode())
    assert (done.returncode, 'binance-credential' in done.stdout) == (1, True), done.stderr


def test_a_linked_worktree_has_the_contents_of_its_repository(
    stored: Repository, keylint: Run, tmp_path: Path
) -> None:
    _store(stored.folder / '.git')
    stored.git('worktree', 'add', '-q', str(tmp_path / 'linked'))
    for scope in ('.', '--history'):
        done = keylint('scan', scope, '--isolated', cwd=tmp_path / 'linked')
        assert 'binance-credential' in done.stdout


@pytest.mark.parametrize('change', ['another text', 'cut', 'a pipe', 'a link'])
def test_content_that_is_another_is_a_failure(
    stored: Repository, keylint: Run, change: str
) -> None:
    path = _store(stored.folder / '.git', _TEXT[:-9] if change == 'cut' else _TEXT.lower())
    if change in ('a pipe', 'a link'):
        path.unlink()
        if change == 'a pipe':
            os.mkfifo(path)
        else:
            path.symlink_to(stored.write('elsewhere', _TEXT))
    done = keylint('scan', 'prices.csv', '--isolated', cwd=stored.folder)
    assert done.returncode == 2
    assert 'LFS pointer' in done.stdout


def test_publish_says_yes_only_with_the_content(stored: Repository, keylint: Run) -> None:
    done = keylint('publish', str(stored.folder))
    assert done.returncode == 2
    assert done.stdout.startswith('Unknown')
    assert 'lfs fetch --all' in done.stdout
    _store(stored.folder / '.git')
    done = keylint('publish', str(stored.folder), '--format', 'json')
    assert done.returncode == 1
    assert [leak['path'] for leak in json.loads(done.stdout)['leaks']] == ['prices.csv']


def test_a_plan_drops_the_pointer(stored: Repository, keylint: Run, tmp_path: Path) -> None:
    _store(stored.folder / '.git')
    plan = tmp_path / 'plan'
    keylint('publish', str(stored.folder), '--plan', str(plan))
    pointer = stored.git('rev-parse', 'HEAD:prices.csv').strip()
    assert (plan / 'strip-objects.txt').read_text().split() == [pointer]


def test_verify_finds_the_content(stored: Repository, keylint: Run, tmp_path: Path) -> None:
    other, plan = Repository(tmp_path / 'other'), tmp_path / 'plan'
    other.write('bot.env', _TEXT)
    other.commit()
    keylint('publish', str(other.folder), '--plan', str(plan))
    verify = ('publish', str(stored.folder), '--verify', '--plan', str(plan))
    done = keylint(*verify)
    assert (done.returncode, 'LFS pointer' in done.stdout) == (2, True), done.stdout
    _store(stored.folder / '.git')
    done = keylint(*verify)
    assert (done.returncode, f'.git/lfs/objects/{_OID[:2]}' in done.stdout) == (1, True)


def test_a_pointer_outside_of_a_repository(tmp_path: Path) -> None:
    assert follow_pointer(_POINTER.encode(), None, 'x') == Failure('x', 'read', NOT_HERE)
    assert follow_pointer(b'text', None, 'x') == b'text'


def test_large_content_is_not_read(tmp_path: Path) -> None:
    text = _POINTER.replace(f'size {len(_TEXT)}', 'size 4000000000').encode()
    found = follow_pointer(text, str(tmp_path), 'x')
    assert isinstance(found, Failure)
    assert 'larger than 256 MB' in found.error


@pytest.mark.parametrize('end', ['\n', '\r\n'])
@pytest.mark.parametrize('host', ['git-lfs.github.com', 'hawser.github.com'])
def test_pointers_of_both_names(end: str, host: str) -> None:
    text = _POINTER.replace('git-lfs.github.com', host).replace('\n', end)
    assert read_pointer(text.encode()) == (_OID, len(_TEXT))
