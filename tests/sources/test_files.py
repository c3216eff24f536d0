"""Lists of files, files that cannot be read, and links."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Repository, Run
from tests.sources.leaks import CLEAN, LEAK, OTHER, places

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
