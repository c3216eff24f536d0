"""Repositories that git cannot read to the end: an incomplete answer is never 'nothing found'.

The damage is real: missing and broken objects, a pack over which git dies, a broken index.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.hiding import Git, leak, secret

pytestmark = pytest.mark.slow  # processes of git


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Provide a clean first commit; then one with a leak and one without news."""
    git = Git(tmp_path / 'bot')
    git.write('README.md', 'a bot\n')
    git.commit('first')
    git('tag', 'first')
    git.write('conf/new.env', leak('new'))
    git.commit('second')
    git.write('README.md', 'a bot for two\n')
    git.commit('third')
    return git


def path_of(git: Git, revision: str) -> Path:
    """Return the file of a loose object, made writable."""
    name = git('rev-parse', revision)
    path = git.folder / '.git' / 'objects' / name[:2] / name[2:]
    path.chmod(0o644)
    return path


def lose(git: Git, revision: str) -> None:
    path_of(git, revision).unlink()


def spoil(git: Git, revision: str) -> None:
    path = path_of(git, revision)
    path.write_bytes(path.read_bytes()[:15])


def spoil_index(git: Git) -> None:
    git.write('.git/index', os.urandom(400))


def cut_pack(git: Git) -> None:
    """Packs all; then the index names places behind the end of the pack, over which git dies."""
    git('repack', '-q', '-a', '-d')
    (pack,) = (git.folder / '.git' / 'objects' / 'pack').glob('*.pack')
    cut(pack)


def cut(pack: Path) -> None:
    """Leaves the head and the checksum, so that git opens the pack all the same."""
    pack.chmod(0o644)
    data = pack.read_bytes()
    pack.write_bytes(data[:14] + data[-20:])


# A change, ranges, the index


@pytest.mark.parametrize(
    ('arguments', 'damage'),
    [
        (('--diff', 'first'), spoil_index),
        (('--diff', 'first'), lambda git: lose(git, 'first^{tree}')),
        (('--diff', 'first'), lambda git: spoil(git, 'first^{tree}')),
        (('--diff', 'first'), lambda git: lose(git, 'HEAD~1')),
        (('--staged',), spoil_index),
        (('--since', 'first'), lambda git: lose(git, 'HEAD~1')),
        (('--since', 'first'), lambda git: spoil(git, 'HEAD~1')),
        (('--range', 'first..HEAD'), lambda git: spoil(git, 'HEAD~1')),
        (('--since', 'first'), lambda git: lose(git, 'HEAD~1^{tree}')),
        (('--since', 'first'), lambda git: spoil(git, 'HEAD~1:conf')),
        (('--since', 'first'), lambda git: lose(git, 'HEAD~1:conf/new.env')),
        (('--since', 'first'), lambda git: spoil(git, 'HEAD~1:conf/new.env')),
        (('--history', '.'), lambda git: lose(git, 'HEAD~1:conf/new.env')),
        (('--history', '.'), lambda git: spoil(git, 'HEAD~1:conf/new.env')),
        (('--history', '.'), lambda git: lose(git, 'HEAD~1')),
        (('--history', '.'), cut_pack),
    ],
)
def test_a_scan_of_a_damaged_repository_fails(
    keylint: Run, git: Git, arguments: tuple[str, ...], damage: Callable[[Git], object]
) -> None:
    command = ('scan', *arguments, '--isolated', '--no-cache')
    before = keylint(*command, cwd=git.folder)
    assert before.returncode in (0, 1), before.stderr
    damage(git)
    done = keylint(*command, cwd=git.folder)
    assert done.returncode == 2
    assert 'not scanned' in done.stdout or done.stderr.startswith('keylint: ')
    assert not done.stdout.startswith('no findings')


@pytest.mark.parametrize(
    'damage',
    [
        lambda git: lose(git, 'HEAD~1'),
        lambda git: spoil(git, 'HEAD~1'),
        lambda git: lose(git, 'HEAD~1^{tree}'),
        lambda git: lose(git, 'HEAD~1:conf/new.env'),
        cut_pack,
    ],
)
def test_a_push_from_a_damaged_repository_fails(
    keylint: Run, git: Git, damage: Callable[[Git], object]
) -> None:
    line = f'refs/heads/main {git("rev-parse", "HEAD")} refs/heads/main {"0" * 40}\n'
    damage(git)
    done = keylint('scan', '--pre-push', '--isolated', cwd=git.folder, stdin=line.encode())
    assert done.returncode == 2
    assert 'not scanned' in done.stdout or done.stderr.startswith('keylint: ')


# What would be published


@pytest.mark.parametrize(
    'damage',
    [
        lambda git: lose(git, 'HEAD~1'),
        lambda git: spoil(git, 'HEAD~1:conf/new.env'),
        lambda git: lose(git, 'first:README.md'),
        lambda git: lose(git, 'HEAD~1^{tree}'),
        cut_pack,
    ],
)
def test_a_damaged_repository_is_not_said_to_be_publishable(
    keylint: Run, git: Git, damage: Callable[[Git], object]
) -> None:
    (git.folder / 'conf' / 'new.env').unlink()
    git.commit('fourth')
    damage(git)
    done = keylint('publish', '.', '--format', 'json', cwd=git.folder)
    assert done.returncode == 2
    if done.stdout:
        answer = json.loads(done.stdout)
        assert (answer['verdict'], bool(answer['failures'])) == ('incomplete', True)
    else:
        assert done.stderr.startswith('keylint: ')


# git dies over one pack of several


def cut_pack_of_blobs(git: Git) -> list[str]:
    """Return a pack of blobs that nothing names, beside the one of the commits.

    The names of the blobs.
    """
    git('repack', '-q', '-a', '-d')
    names = [git.blob(leak(f'lost {number}')) for number in range(4)]
    paths = [path_of(git, name) for name in names]
    given = ''.join(f'{name}\n' for name in names).encode()
    folder = git.folder / '.git' / 'objects' / 'pack'
    checksum = git('pack-objects', '-q', str(folder / 'pack'), given=given)
    for path in paths:
        path.unlink()
    cut(folder / f'pack-{checksum}.pack')
    return names


def test_all_that_another_pack_holds_is_found(keylint: Run, git: Git) -> None:
    """Of the pack over which git dies every object is named; those of others are read."""
    lost = cut_pack_of_blobs(git)
    git.blob(leak('loose'))
    arguments = ('scan', '--history', '.', '--isolated', '--show-secrets', '--format', 'json')
    done = keylint(*arguments, cwd=git.folder)
    assert done.returncode == 2, done.stderr
    document = json.loads(done.stdout)
    values = {part['value'] for finding in document['findings'] for part in finding['parts']}
    assert {secret('loose'), secret('new')} <= values
    told = ' '.join(f'{failure["path"]} {failure["error"]}' for failure in document['failures'])
    assert [name for name in lost if name[:12] not in told] == []
    assert {failure['path'] for failure in document['failures']} >= {
        f'object {name[:12]}' for name in lost
    }


def test_no_other_object_of_such_a_repository_is_said_to_be_lost(keylint: Run, git: Git) -> None:
    lost = cut_pack_of_blobs(git)
    arguments = ('scan', '--history', '.', '--isolated', '--format', 'json')
    failures = json.loads(keylint(*arguments, cwd=git.folder).stdout)['failures']
    objects = {failure['path'] for failure in failures if failure['path'].startswith('object ')}
    assert objects == {f'object {name[:12]}' for name in lost}


def test_verify_names_the_objects_of_a_pack_that_git_dies_over(
    keylint: Run, git: Git, tmp_path: Path
) -> None:
    other = Git(tmp_path / 'other')
    other.write('new.env', leak('elsewhere'))
    other.commit()
    plan = tmp_path / 'plan'
    keylint('publish', str(other.folder), '--plan', str(plan))
    verify = ('publish', str(git.folder), '--verify', '--plan', str(plan))
    assert keylint(*verify).returncode == 0
    lost = cut_pack_of_blobs(git)
    done = keylint(*verify)
    assert done.returncode == 2
    assert [name for name in lost if f'object {name[:12]}' not in done.stdout] == []
    assert 'nothing of the plan is left' not in done.stdout
