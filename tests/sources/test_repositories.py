"""Repositories as git really makes them: object formats, work trees, submodules."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Repository, Run
from tests.sources.leaks import CLEAN, LEAK, OTHER, places

LOCAL = ('-c', 'protocol.file.allow=always')


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
