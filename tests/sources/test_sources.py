"""Sources as git and the file system really make them.

Object formats, submodules, links, encodings, long lines, binaries.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from keylint.core.errors import SourceError
from keylint.rules.recipes import expand
from keylint.sources import git
from keylint.sources import loose_objects as loose
from tests.conftest import Repository, Run

LEAK = expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'sources')
OTHER = expand('BYBIT_API_KEY={alnum:18}\nBYBIT_API_SECRET={alnum:36}\n', 'sources/other')
CLEAN = 'BINANCE_API_KEY=your_key\n'
LOCAL = ('-c', 'protocol.file.allow=always')


def findings(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)['findings']
    return found


def places(done: subprocess.CompletedProcess[str]) -> list[tuple[str, int]]:
    return [(finding['path'], finding['line']) for finding in findings(done)]


def state_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob('*')
        if path.is_file()
    }


@pytest.fixture
def sha256(tmp_path: Path) -> Repository:
    """Provide a repository whose objects are named by SHA-256."""
    folder = tmp_path / 'sha256'
    subprocess.run(
        ['git', 'init', '-q', '-b', 'main', '--object-format=sha256', str(folder)], check=True
    )
    made = Repository(folder)
    assert made.git('rev-parse', '--show-object-format').strip() == 'sha256'
    return made


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


# Object formats and the state of the branch


def test_a_sha256_repository_is_scanned(keylint: Run, sha256: Repository) -> None:
    sha256.write('tracked.env', LEAK)
    sha256.commit()
    sha256.write('.gitignore', 'ignored.env\n')
    sha256.write('ignored.env', LEAK)
    sha256.write('untracked.env', OTHER)
    assert places(keylint('scan', '--format', 'json', cwd=sha256.folder)) == [
        ('tracked.env', 1),
        ('untracked.env', 1),
    ]


def test_the_index_of_a_sha256_repository_before_and_after_the_first_commit(
    keylint: Run, sha256: Repository
) -> None:
    sha256.write('first.env', LEAK)
    sha256.git('add', '-A')
    assert places(keylint('scan', '--staged', '--format', 'json', cwd=sha256.folder)) == [
        ('first.env', 1)
    ]
    sha256.commit()
    assert len(sha256.git('rev-parse', 'HEAD').strip()) == 64
    sha256.write('second.env', '\n' + OTHER)
    sha256.git('add', '-A')
    assert places(keylint('scan', '--staged', '--format', 'json', cwd=sha256.folder)) == [
        ('second.env', 2)
    ]


def test_a_detached_head_and_a_shallow_clone(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    repository.write('a.env', CLEAN)
    repository.commit('one')
    repository.write('a.env', CLEAN * 2)
    repository.commit('two')
    repository.git('checkout', '-q', '--detach', 'HEAD~1')
    repository.write('b.env', LEAK)
    repository.git('add', '-A')
    assert places(keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)) == [
        ('b.env', 1)
    ]
    subprocess.run(
        [
            'git',
            *LOCAL,
            'clone',
            '-q',
            '--depth',
            '1',
            '-b',
            'main',
            f'file://{repository.folder}',
            str(tmp_path / 'shallow'),
        ],
        check=True,
    )
    shallow = Repository(tmp_path / 'shallow')
    shallow.write('c.env', LEAK)
    shallow.git('add', '-A')
    assert places(keylint('scan', '--staged', '--format', 'json', cwd=shallow.folder)) == [
        ('c.env', 1)
    ]


def test_an_unborn_branch_beside_others_has_everything_staged(
    keylint: Run, repository: Repository
) -> None:
    repository.write('old.env', LEAK)
    repository.commit()
    repository.git('checkout', '-q', '--orphan', 'fresh')
    assert places(keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)) == [
        ('old.env', 1)
    ]


def test_a_linked_work_tree_has_an_index_of_its_own(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    repository.write('a.txt', 'a\n')
    repository.commit()
    repository.git('worktree', 'add', '-q', '-b', 'other', str(tmp_path / 'linked'))
    (tmp_path / 'linked' / 'b.env').write_text(LEAK)
    subprocess.run(['git', 'add', 'b.env'], cwd=tmp_path / 'linked', check=True)
    assert places(keylint('scan', '--staged', '--format', 'json', cwd=tmp_path / 'linked')) == [
        ('b.env', 1)
    ]
    assert 'nothing was scanned' in keylint('scan', '--staged', cwd=repository.folder).stdout


# Submodules


@pytest.fixture
def nested(repository: Repository, tmp_path: Path) -> Repository:
    """Provide a repository with the submodules `here` and `absent`.

    `here` has one of its own; `absent` is not checked out.
    """
    deep, inner = Repository(tmp_path / 'deep'), Repository(tmp_path / 'inner')
    deep.write('deep.env', OTHER)
    deep.commit()
    inner.write('inner.env', LEAK)
    inner.git(*LOCAL, 'submodule', 'add', '-q', str(deep.folder), 'deep')
    inner.commit()
    for name in ('here', 'absent'):
        repository.git(*LOCAL, 'submodule', 'add', '-q', str(inner.folder), f'libs/{name}')
    repository.write('own.txt', 'own\n')
    repository.commit()
    repository.git(*LOCAL, 'submodule', 'update', '-q', '--init', '--recursive', 'libs/here')
    repository.git('submodule', 'deinit', '-q', '-f', 'libs/absent')
    assert (repository.folder / 'libs' / 'here' / 'deep' / 'deep.env').exists()
    assert not list((repository.folder / 'libs' / 'absent').iterdir())
    return repository


def test_checked_out_submodules_are_scanned_and_others_counted(
    keylint: Run, nested: Repository
) -> None:
    done = keylint('scan', '--format', 'json', cwd=nested.folder)
    assert places(done) == [('libs/here/deep/deep.env', 1), ('libs/here/inner.env', 1)]
    assert json.loads(done.stdout)['summary']['skipped'] == {'submodule that is not checked out': 1}
    assert '1 submodule that is not checked out' in keylint('scan', cwd=nested.folder).stdout


@pytest.mark.parametrize(
    ('path', 'found'),
    [
        ('libs', ['libs/here/deep/deep.env', 'libs/here/inner.env']),
        ('libs/here', ['libs/here/deep/deep.env', 'libs/here/inner.env']),
        ('libs/here/deep', ['libs/here/deep/deep.env']),
        ('libs/absent', []),
    ],
)
def test_a_folder_with_submodules_and_a_submodule_itself(
    keylint: Run, nested: Repository, path: str, found: list[str]
) -> None:
    assert [
        place[0] for place in places(keylint('scan', path, '--format', 'json', cwd=nested.folder))
    ] == found


def test_a_submodule_that_is_staged_is_no_failure(keylint: Run, nested: Repository) -> None:
    nested.git('rm', '-q', '-r', '--cached', 'libs/here')
    nested.commit('out')
    nested.git('add', '-A')
    nested.write('own.env', LEAK)
    nested.git('add', '-A')
    done = keylint('scan', '--staged', '--format', 'json', cwd=nested.folder)
    assert (done.returncode, places(done)) == (1, [('own.env', 1)])


def test_a_repository_inside_without_a_submodules_file_is_counted(
    keylint: Run, repository: Repository
) -> None:
    Repository(repository.folder / 'embedded').write('a.env', LEAK)
    repository.write('own.txt', 'own\n')
    done = keylint('scan', '--format', 'json', cwd=repository.folder)
    assert json.loads(done.stdout)['summary']['skipped'] == {'repository inside a folder': 1}


# The index


def test_a_partly_staged_file_is_reported_as_it_is_staged(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', CLEAN)
    repository.commit()
    repository.write('a.env', CLEAN + '\n\n' + LEAK)
    repository.git('add', 'a.env')
    repository.write('a.env', OTHER + CLEAN + LEAK)
    (finding,) = findings(keylint('scan', '--staged', '--format', 'json', cwd=repository.folder))
    assert (finding['issuer'], finding['line']) == ('binance', 4)
    repository.git('reset', '-q')
    assert 'nothing was scanned' in keylint('scan', '--staged', cwd=repository.folder).stdout
    assert len(places(keylint('scan', '--format', 'json', cwd=repository.folder))) == 2


def test_a_leak_in_the_work_tree_alone_does_not_stop_a_commit(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', CLEAN)
    repository.git('add', 'a.env')
    repository.write('a.env', LEAK)
    repository.write('intended.env', LEAK)
    repository.git('add', '-N', 'intended.env')
    done = keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)
    assert (done.returncode, places(done), json.loads(done.stdout)['failures']) == (0, [], [])


@pytest.mark.parametrize('more', ['', '# and a line more\n'])
def test_a_renamed_file_has_its_new_name(keylint: Run, repository: Repository, more: str) -> None:
    repository.write('old.env', LEAK)
    repository.write('gone.env', OTHER)
    repository.commit()
    repository.git('mv', 'old.env', 'new.env')
    repository.git('rm', '-q', 'gone.env')
    repository.write('new.env', more + LEAK)
    repository.git('add', '-A')
    assert places(keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)) == [
        ('new.env', 1 + bool(more))
    ]


def test_a_change_of_mode_or_kind_is_a_change(keylint: Run, repository: Repository) -> None:
    repository.write('run.sh', LEAK)
    (repository.folder / 'kind.env').symlink_to('run.sh')
    repository.commit()
    repository.git('update-index', '--chmod=+x', 'run.sh')
    (repository.folder / 'kind.env').unlink()
    repository.write('kind.env', OTHER)
    repository.git('add', 'kind.env')
    assert places(keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)) == [
        ('kind.env', 1),
        ('run.sh', 1),
    ]


def test_a_merge_in_progress_shows_what_the_other_branch_brings(
    keylint: Run, repository: Repository
) -> None:
    repository.write('conflict.txt', 'base\n')
    repository.commit('base')
    repository.git('checkout', '-q', '-b', 'other')
    repository.write('conflict.txt', 'other\n')
    repository.write('brought.env', LEAK)
    repository.commit('other')
    repository.git('checkout', '-q', 'main')
    repository.write('conflict.txt', 'mine\n')
    repository.commit('mine')
    assert 'CONFLICT' in repository.git('merge', 'other')
    done = keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)
    assert (places(done), json.loads(done.stdout)['failures']) == ([('brought.env', 1)], [])
    repository.write('conflict.txt', OTHER)
    repository.git('add', 'conflict.txt')
    assert [
        place[0]
        for place in places(keylint('scan', '--staged', '--format', 'json', cwd=repository.folder))
    ] == ['brought.env', 'conflict.txt']


def test_a_conflict_given_by_name_is_read_from_both_sides(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', CLEAN)
    repository.commit('base')
    repository.git('checkout', '-q', '-b', 'other')
    repository.write('a.env', LEAK)
    repository.commit('other')
    repository.git('checkout', '-q', 'main')
    repository.write('a.env', OTHER)
    repository.commit('mine')
    assert 'CONFLICT' in repository.git('merge', 'other')
    done = keylint('scan', '--staged', 'a.env', '--format', 'json', cwd=repository.folder)
    assert sorted(finding['issuer'] for finding in findings(done)) == ['binance', 'bybit']


def test_the_index_from_a_folder_below(keylint: Run, repository: Repository) -> None:
    repository.write('top.env', LEAK)
    repository.write('sub/below.env', OTHER)
    repository.git('add', '-A')
    done = keylint('scan', '--staged', '--format', 'json', cwd=repository.folder / 'sub')
    assert places(done) == [('sub/below.env', 1), ('top.env', 1)]
    given = keylint(
        'scan', '--staged', 'below.env', '--format', 'json', cwd=repository.folder / 'sub'
    )
    assert places(given) == [('below.env', 1)]


def test_scans_leave_the_git_folder_as_it_is(keylint: Run, repository: Repository) -> None:
    repository.write('a.env', LEAK)
    repository.commit()
    repository.write('a.env', LEAK + OTHER)
    repository.git('add', 'a.env')
    repository.write('a.env', OTHER + '\n')
    os.utime(repository.folder / 'a.env', (1, 1))  # git would like to refresh its index now
    repository.write('untracked.env', OTHER)
    before = state_of(repository.folder / '.git')
    for arguments in (['--staged'], ['--staged', 'a.env'], [], ['--no-ignore']):
        assert keylint('scan', *arguments, cwd=repository.folder).returncode == 1
        assert state_of(repository.folder / '.git') == before


def test_what_a_repository_configures_is_not_run(keylint: Run, repository: Repository) -> None:
    witness = repository.folder.parent / 'witness'
    script = repository.write('script.sh', f'#!/bin/sh\necho "$0" >> {witness}\ncat\n')
    script.chmod(0o755)
    repository.write('a.env', LEAK)
    repository.write('.gitattributes', '*.env filter=evil diff=evil\n')
    repository.git('add', '-A')
    settings = (
        'core.fsmonitor core.pager diff.external diff.evil.command diff.evil.textconv '
        'filter.evil.smudge filter.evil.clean'
    )
    for name in settings.split():
        repository.git('config', name, str(script))
    for hook in ('pre-commit', 'post-index-change', 'fsmonitor-watchman'):
        (repository.folder / '.git' / 'hooks' / hook).symlink_to(script)
    for arguments in (['--staged'], []):
        assert keylint('scan', *arguments, cwd=repository.folder).returncode == 1
    assert not witness.exists()


# Lists of files


@pytest.mark.parametrize('separator', ['\0', '\n', '\r\n'])
@pytest.mark.parametrize('is_last', [True, False])
def test_lists_of_files_through_standard_input(
    keylint: Run, tmp_path: Path, separator: str, is_last: bool
) -> None:
    names = ['sub/a b.env', '-dash.env', 'é "quoted".env']
    (tmp_path / 'sub').mkdir()
    for name in [*names, 'unlisted.env']:
        (tmp_path / name).write_text(LEAK)
    listed = separator.join([*names, names[0]]) + separator * is_last
    done = keylint('scan', '--files-from', '-', '--format', 'json', stdin=listed.encode())
    assert [place[0] for place in places(done)] == sorted(names)
    assert json.loads(done.stdout)['summary']['files'] == 3


def test_a_name_with_a_newline_in_a_list_with_nul(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'two\nlines.env').write_text(LEAK)
    (tmp_path / 'list').write_bytes(b'two\nlines.env\0')
    done = keylint('scan', '--files-from', 'list', '--format', 'json')
    assert places(done) == [('two\nlines.env', 1)]


@pytest.mark.parametrize('listed', ['', '\n', '\r\n\r\n'])
def test_an_empty_list_scans_nothing_at_all(keylint: Run, tmp_path: Path, listed: str) -> None:
    """A hook that gives an empty list must not wake a scan of the whole folder."""
    (tmp_path / 'a.env').write_text(LEAK)
    done = keylint('scan', '--files-from', '-', stdin=listed.encode())
    assert (done.returncode, 'nothing was scanned' in done.stdout) == (0, True)


# What cannot be read, and what must not be


def test_an_unreadable_file_and_folder_are_counted_failures(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'tree' / 'closed').mkdir(parents=True)
    (tmp_path / 'tree' / 'a.env').write_text(LEAK)
    (tmp_path / 'tree' / 'b.env').write_text(LEAK)
    (tmp_path / 'tree' / 'b.env').chmod(0)
    if os.access(tmp_path / 'tree' / 'b.env', os.R_OK):
        pytest.skip('nothing is unreadable to root')
    (tmp_path / 'tree' / 'closed').chmod(0)
    try:
        done = keylint('scan', 'tree', '--format', 'json')
        text = keylint('scan', 'tree')
    finally:
        (tmp_path / 'tree' / 'closed').chmod(0o700)
    assert (done.returncode, places(done)) == (2, [('tree/a.env', 1)])
    assert [(f['path'], f['stage'], f['error']) for f in json.loads(done.stdout)['failures']] == [
        ('tree/b.env', 'read', 'Permission denied'),
        ('tree/closed', 'read', 'Permission denied'),
    ]
    assert 'not scanned tree/b.env: Permission denied' in text.stdout
    assert '2 not scanned' in text.stdout


def test_an_object_that_is_missing_is_a_counted_failure(
    keylint: Run, repository: Repository
) -> None:
    for name, text in (('a.env', LEAK), ('b.env', CLEAN), ('c.env', OTHER)):
        repository.write(name, text)
    repository.git('add', '-A')
    lost = repository.git('rev-parse', ':b.env').strip()
    (repository.folder / '.git' / 'objects' / lost[:2] / lost[2:]).unlink()
    done = keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)
    assert (done.returncode, places(done)) == (2, [('a.env', 1), ('c.env', 1)])
    assert [failure['path'] for failure in json.loads(done.stdout)['failures']] == ['b.env']


def test_a_deleted_file_is_counted_and_no_failure(keylint: Run, repository: Repository) -> None:
    repository.write('a.env', LEAK)
    repository.write('b.txt', 'b\n')
    repository.commit()
    (repository.folder / 'a.env').unlink()
    done = keylint('scan', '--format', 'json', cwd=repository.folder)
    assert (done.returncode, json.loads(done.stdout)['summary']['skipped']) == (
        0,
        {'deleted in the work tree': 1},
    )


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / 'outside'
    folder.mkdir()
    (folder / 'a.env').write_text(LEAK)
    return folder


@pytest.mark.parametrize(
    'arguments',
    [[], ['--no-ignore'], ['file.env', 'folder/a.env'], ['--staged'], ['--staged', 'file.env']],
)
def test_links_out_of_a_repository_are_not_followed(
    keylint: Run, repository: Repository, outside: Path, arguments: list[str]
) -> None:
    (repository.folder / 'file.env').symlink_to(outside / 'a.env')
    (repository.folder / 'there').symlink_to(outside)
    (repository.folder / 'dangling').symlink_to('nowhere')
    repository.write('folder/a.env', CLEAN)
    repository.git('add', '-A')
    done = keylint('scan', *arguments, '--format', 'json', cwd=repository.folder)
    assert (done.returncode, places(done), json.loads(done.stdout)['failures']) == (0, [], [])


def test_links_out_of_a_plain_folder_are_not_followed(
    keylint: Run, tmp_path: Path, outside: Path
) -> None:
    (tmp_path / 'tree' / 'sub').mkdir(parents=True)
    (tmp_path / 'tree' / 'sub' / 'there').symlink_to(outside)
    (tmp_path / 'tree' / 'loop').symlink_to(tmp_path / 'tree')
    (tmp_path / 'tree' / 'own.env').write_text(OTHER)
    done = keylint('scan', 'tree', '--format', 'json')
    assert places(done) == [('tree/own.env', 1)]
    assert json.loads(done.stdout)['summary']['skipped'] == {'symbolic link': 2}


def test_a_folder_that_became_a_link_is_not_followed(
    keylint: Run, repository: Repository, outside: Path
) -> None:
    repository.write('folder/a.env', CLEAN)
    repository.commit()
    (repository.folder / 'folder' / 'a.env').unlink()
    (repository.folder / 'folder').rmdir()
    (repository.folder / 'folder').symlink_to(outside)
    assert places(keylint('scan', '--format', 'json', cwd=repository.folder)) == []


# Encodings, line ends, sizes

ENCODINGS = {
    'utf-8': ('', 'utf-8'),
    'utf-8-mark': ('\ufeff', 'utf-8'),
    'latin-1': ('', 'latin-1'),
    'utf-16-le': ('', 'utf-16-le'),
    'utf-16-be': ('', 'utf-16-be'),
    'utf-16-le-mark': ('\ufeff', 'utf-16-le'),
    'utf-16-be-mark': ('\ufeff', 'utf-16-be'),
}
ENDS = {'lf': '\n', 'crlf': '\r\n', 'cr': '\r'}


def encoded(text: str, encoding: str, end: str) -> bytes:
    mark, codec = ENCODINGS[encoding]
    return (mark + text).replace('\n', ENDS[end]).encode(codec)


def by_variant(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """For every file the finding without what names the file."""
    own = ('path', 'fingerprint')
    return {
        f['path']: {name: value for name, value in f.items() if name not in own}
        for f in findings(done)
    }


@pytest.mark.parametrize('arguments', [[], ['--staged']])
@pytest.mark.parametrize('ending', ['env', 'json', 'py', 'yaml', 'toml', 'csv'])
def test_the_same_finding_in_every_encoding_and_with_every_line_end(
    keylint: Run, repository: Repository, arguments: list[str], ending: str
) -> None:
    texts = {
        'env': '# café\n\nA=1\n' + LEAK,
        'json': expand(
            '{{\n  "name": "café",\n  "binance": {{\n    "apiKey": "{alnum:64}",\n'
            '    "secret": "{alnum:64}"\n  }}\n}}\n',
            'json',
        ),
        'py': expand(
            '# café\nimport ccxt\n\nx = ccxt.binance({{"apiKey": "{alnum:64}",\n'
            '  "secret": "{alnum:64}"}})\n',
            'py',
        ),
        'yaml': expand(
            '# café\nbinance:\n  # one\n  api_key: {alnum:64}\n  api_secret: {alnum:64}\n', 'yaml'
        ),
        'toml': expand(
            '# café\n[binance]\n\napi_key = "{alnum:64}"\napi_secret = "{alnum:64}"\n', 'toml'
        ),
        'csv': expand(
            'exchange,api_key,api_secret\ncafé,,\n,,\nbinance,{alnum:64},{alnum:64}\n', 'csv'
        ),
    }
    variants = [
        (encoding, end) for encoding in ENCODINGS for end in ENDS if (ending, end) != ('csv', 'cr')
    ]
    for encoding, end in variants:
        (repository.folder / f'{encoding}-{end}.{ending}').write_bytes(
            encoded(texts[ending], encoding, end)
        )
    repository.git('add', '-A')
    found = by_variant(keylint('scan', *arguments, '--format', 'json', cwd=repository.folder))
    assert sorted(found) == sorted(f'{encoding}-{end}.{ending}' for encoding, end in variants)
    wanted = found[f'utf-8-lf.{ending}']
    assert (wanted['issuer'], wanted['line'], len(wanted['parts'])) == ('binance', 4, 2)
    assert {name: finding for name, finding in found.items() if finding != wanted} == {}


def test_a_table_with_cr_alone(keylint: Run, tmp_path: Path) -> None:
    text = expand('exchange,api_key,api_secret\n,,\nbinance,{alnum:64},{alnum:64}\n', 'csv-cr')
    (tmp_path / 'a.csv').write_bytes(encoded(text, 'utf-8', 'cr'))
    assert places(keylint('scan', 'a.csv', '--format', 'json')) == [('a.csv', 3)]


@pytest.mark.parametrize('encoding', ENCODINGS)
def test_columns_on_the_first_line_and_behind_letters_with_accents(
    keylint: Run, tmp_path: Path, encoding: str
) -> None:
    text = expand(
        'binance_api_secret = "{alnum:64}"  # été\n# été\n\n'
        'été = 1; bybit_api_secret = "{alnum:36}"\n',
        'columns',
    )
    (tmp_path / 'a.py').write_bytes(encoded(text, encoding, 'lf'))
    found = [
        (f['issuer'], part['line'], part['column'])
        for f in findings(keylint('scan', 'a.py', '--format', 'json'))
        for part in f['parts']
    ]
    lines = text.splitlines()
    assert found == [('binance', 1, lines[0].index('"') + 2), ('bybit', 4, lines[3].index('"') + 2)]


def test_cr_is_no_line_end_where_lf_is(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.env').write_bytes(b'a\rb\r\nc\n\rd\n' + LEAK.encode())
    assert places(keylint('scan', 'a.env', '--format', 'json')) == [('a.env', 4)]


def test_a_key_at_the_end_of_a_line_of_20_mb(keylint: Run, repository: Repository) -> None:
    filler = '{"candles":[' + '[1700000000,42000.5,42001.5,41999.5,42000.0],' * 450_000
    assert len(filler) > 20_000_000
    key, secret = (line.split('=')[1] for line in LEAK.splitlines())
    repository.write(
        'data.json', f'{{}}\n{filler}[]],"binance":{{"apiKey":"{key}","secret":"{secret}"}}}}\n'
    )
    repository.git('add', '-A')
    for arguments in ([], ['--staged']):
        done = keylint('scan', *arguments, '--format', 'json', cwd=repository.folder)
        (finding,) = findings(done)
        assert (finding['issuer'], finding['line']) == ('binance', 2)
        assert finding['parts'][0]['column'] == len(filler) + len('[]],"binance":{"apiKey":"') + 1
        assert len(done.stdout) < 10_000
    assert len(keylint('scan', cwd=repository.folder).stdout) < 10_000


@pytest.mark.parametrize('arguments', [[], ['--staged']])
@pytest.mark.parametrize(
    ('recipe', 'rule'),
    [('ghp_{alnum:36}', 'github-credential'), ('{xprv}', 'bip32-extended-private-key-credential')],
)
def test_a_token_in_a_binary_full_of_nul(
    keylint: Run, repository: Repository, arguments: list[str], recipe: str, rule: str
) -> None:
    token = expand(recipe, 'nul').encode()
    junk = bytes(range(256)) * 40
    for name, data in {
        'short.bin': b'\0' + token + b'\0',
        'middle.pyc': junk + b'\0\0' + token + b'\0\0' + junk,
        'end.so': junk + b'\0' + token,
        'late.bin': b'x' * 9000 + b'\0' * 300 + token + b'\0' * 300 + b'x' * 9000,
        'names.bin': junk + b'api_key=\0' + token + b'\0' + junk,
    }.items():
        (repository.folder / name).write_bytes(data)
    repository.git('add', '-A')
    done = keylint('scan', *arguments, '--format', 'json', cwd=repository.folder)
    names = ['end.so', 'late.bin', 'middle.pyc', 'names.bin', 'short.bin']
    assert sorted((f['path'], f['rule']) for f in findings(done)) == [
        (name, rule) for name in names
    ]


def test_a_binary_without_tokens_is_silent_whatever_names_it_holds(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'a.bin').write_bytes(
        bytes(range(256)) * 40 + LEAK.encode() + bytes(range(256)) * 40
    )
    done = keylint('scan', 'a.bin', '--format', 'json')
    assert (done.returncode, findings(done), json.loads(done.stdout)['summary']['files']) == (
        0,
        [],
        1,
    )
