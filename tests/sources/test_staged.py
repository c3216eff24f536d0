"""What is staged, in every state that an index can be in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Repository, Run
from tests.sources.leaks import CLEAN, LEAK, OTHER, findings, places


def state_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob('*')
        if path.is_file()
    }


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
    assert places(given) == [('sub/below.env', 1)]


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


@pytest.mark.parametrize(('text', 'code'), [(LEAK, 1), ('print(1)\n', 0)])
def test_a_work_tree_whose_repository_lies_elsewhere(
    keylint: Run, tmp_path: Path, text: str, code: int
) -> None:
    """Git tells its hook both: `git --git-dir … --work-tree ~`, as people keep their settings."""
    bare = Repository(tmp_path / 'settings')
    bare.git('config', 'core.bare', 'true')
    home = tmp_path / 'home'
    home.mkdir()
    (home / 'a.env').write_text(text)
    place = str(bare.folder / '.git')
    bare.git('--git-dir', place, '--work-tree', str(home), 'add', 'a.env')
    told = {'GIT_DIR': place, 'GIT_WORK_TREE': '.'}
    assert keylint('scan', '--staged', cwd=home, **told).returncode == code
