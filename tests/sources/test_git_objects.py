"""Contents of git objects, read from loose files, packs and git itself."""

from __future__ import annotations

import os
import subprocess
import sys
import zlib

import pytest

from keylint.core.errors import SourceError
from keylint.sources import git
from keylint.sources import loose_objects as loose
from tests.conftest import Repository, Run
from tests.sources.leaks import LEAK, OTHER, places

# Objects in files of their own


def object_of(repository: Repository, content: bytes, *arguments: str) -> str:
    """Return the id of a new object."""
    done = subprocess.run(
        ['git', 'hash-object', '-w', '--stdin', *arguments],
        cwd=repository.folder,
        input=content,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


@pytest.mark.parametrize('level', [0, 1, 9])
@pytest.mark.parametrize('content', [b'', b'a', b'blob 1\x00a', b'\x00' * 70_000, LEAK.encode()])
def test_a_loose_object_is_what_git_says_it_is(
    repository: Repository, content: bytes, level: int
) -> None:
    repository.git('config', 'core.compression', str(level))
    objects = str(repository.folder / '.git' / 'objects')
    name = object_of(repository, content)
    assert loose.read_loose_blob(objects, name, 1 << 20) == content
    assert loose.read_loose_blob(objects, name, len(content) - 1) is None
    repository.write('packed', content.decode('latin-1'))
    repository.commit()
    repository.git('gc', '-q')
    assert loose.read_loose_blob(objects, name, 1 << 20) is None


def test_what_is_no_whole_blob_is_left_to_git(repository: Repository) -> None:
    objects = repository.folder / '.git' / 'objects'
    assert (
        loose.read_loose_blob(str(objects), object_of(repository, b'', '-t', 'tree'), 1 << 20)
        is None
    )
    whole = zlib.compress(b'blob 3\x00abc')
    misread = [
        b'blob 4\x00abc',
        b'blob 2\x00abc',
        b'blob x\x00abc',
        b'blob -3\x00abc',
        b'abc',
        b'blob 3' * 90_000,
    ]
    broken = [b'', b'no stream', whole[:-1], whole[:4], *map(zlib.compress, misread)]
    (objects / 'ab').mkdir()
    for number, data in enumerate(broken):
        (objects / 'ab' / f'{number:038x}').write_bytes(data)
        assert loose.read_loose_blob(str(objects), f'ab{number:038x}', 1 << 20) is None, data[:20]
    (objects / 'ab' / f'{99:038x}').write_bytes(whole)
    assert loose.read_loose_blob(str(objects), f'ab{99:038x}', 1 << 20) == b'abc'
    os.mkfifo(objects / 'ab' / f'{98:038x}')
    assert loose.read_loose_blob(str(objects), f'ab{98:038x}', 1 << 20) is None


def test_staged_content_is_read_from_packs_too(keylint: Run, repository: Repository) -> None:
    repository.write('a.env', LEAK)
    repository.commit()
    repository.git('gc', '-q')
    repository.write('b.env', OTHER)
    repository.git('add', '-A')
    assert places(
        keylint('scan', '--staged', 'b.env', 'a.env', '--format', 'json', cwd=repository.folder)
    ) == [('a.env', 1), ('b.env', 1)]


@pytest.mark.parametrize('missing', ['memfd_create', 'setsid', 'nothing'])
def test_git_says_the_same_with_every_python(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """Python that was built on an old Linux lacks two calls.

    This machine has none such, so they are taken away.
    """
    if missing == 'memfd_create':
        monkeypatch.delattr(os, 'memfd_create')
    elif missing == 'setsid':
        monkeypatch.setattr(
            os, 'posix_spawn', lambda *_, **__: (_ for _ in ()).throw(NotImplementedError('setsid'))
        )
    repository.write('a.txt', 'x = 1\n')
    repository.git('add', '-A')
    assert git.run_git(str(repository.folder), 'ls-files', '-z') == b'a.txt\x00'
    with pytest.raises(SourceError, match='git rev-parse failed: fatal: Needed a single revision'):
        git.run_git(str(repository.folder), 'rev-parse', '--verify', 'nowhere^{commit}', '--')


@pytest.mark.parametrize('closed', ['<&-', '>&-', '2>&-', '<&- >&-', '<&- 2>&-', '<&- >&- 2>&-'])
def test_git_is_asked_with_closed_streams_too(repository: Repository, closed: str) -> None:
    repository.write('a.env', LEAK)
    repository.git('add', '-A')
    for what in ('.', '--staged', 'a.env'):
        shell = ['sh', '-c', f'"$0" -m keylint scan {what} {closed}', sys.executable]
        done = subprocess.run(shell, cwd=repository.folder, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (1, b''), what
