"""`keylint publish --verify` in the odd corners of a repository: found, or named as not looked at.

Whatever could not be read ends with exit code 2 and is named; it is never "nothing is left".
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.hiding import Git

pytestmark = pytest.mark.slow  # large objects

LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'verify')
SECRET = LEAK.rpartition('=')[2].strip()
MOST = 256 << 20  # larger files and objects are not read


@pytest.fixture
def plan(keylint: Run, tmp_path: Path) -> Path:
    """Provide the plan of a purge of the leak, made in another repository."""
    other = Git(tmp_path / 'other')
    other.write('settings.env', LEAK)
    other.commit()
    keylint('publish', str(other.folder), '--plan', str(tmp_path / 'plan'))
    return tmp_path / 'plan'


@pytest.fixture
def purged(tmp_path: Path) -> Git:
    """Provide a repository without the leak."""
    git = Git(tmp_path / 'purged')
    git.write('bot.py', 'print(1)\n')
    git.write('.gitignore', '*.ignored\n')
    git.commit()
    return git


class Verified:
    """The answer as text and as JSON, which must agree."""

    def __init__(self, run: Run, git: Git, plan: Path) -> None:
        command = ('publish', str(git.folder), '--verify', '--plan', str(plan))
        text, rows = run(*command), run(*command, '--format', 'json')
        assert text.returncode == rows.returncode, text.stdout
        self.code, self.text = text.returncode, text.stdout
        self.rows: dict[str, Any] = json.loads(rows.stdout)
        assert self.rows['clean'] is (self.code == 0)
        assert self.text.startswith('nothing of the plan is left') is (self.code == 0)

    def places(self) -> list[str]:
        return [row['place'] for row in self.rows['remains']]

    def failures(self) -> list[tuple[str, str]]:
        return [(row['path'], row['error']) for row in self.rows['failures']]


def test_nothing_is_left(keylint: Run, purged: Git, plan: Path) -> None:
    """Links, pipes and long files that hold nothing are no reason to worry."""
    (purged.folder / '.git' / 'hooks' / 'linked').symlink_to('/nowhere')
    (purged.folder / 'linked').symlink_to('bot.py')
    os.mkfifo(purged.folder / '.git' / 'pipe')
    purged.write('.git/description', 'x' * 3_000_000)
    assert Verified(keylint, purged, plan).code == 0


# What is left


def _link_of_git(git: Git) -> str:
    (git.folder / '.git' / 'hooks' / 'linked').symlink_to(f'/keys/{SECRET}')
    return '.git/hooks/linked'


def _name_of_git(git: Git) -> str:
    git.write(f'.git/backup-{SECRET}', '')
    return f'.git/backup-{SECRET}'


def _branch(git: Git) -> str:
    git('branch', f'key-{SECRET}')
    return f'.git/refs/heads/key-{SECRET}'


def _name_in_tree(git: Git) -> str:
    git.write(f'{SECRET}.ignored', 'x')
    return f'{SECRET}.ignored'


def _far_into_a_file_of_git(git: Git) -> str:
    git.write('.git/packed-notes', 'x' * 5_000_000 + LEAK)
    return '.git/packed-notes'


def _config_of_a_worktree(git: Git) -> str:
    git('worktree', 'add', '-q', str(git.folder.parent / 'linked'))
    git.write('.git/worktrees/linked/notes', LEAK)
    return '.git/worktrees/linked/notes'


@pytest.mark.parametrize(
    'hide',
    [
        _link_of_git,
        _name_of_git,
        _branch,
        _name_in_tree,
        _far_into_a_file_of_git,
        _config_of_a_worktree,
    ],
    ids=lambda hide: hide.__name__.strip('_'),
)
def test_a_value_in_a_corner(
    keylint: Run, purged: Git, plan: Path, hide: Callable[[Git], str]
) -> None:
    place = hide(purged).replace(SECRET, '…')  # no report shows a value in a name
    found = Verified(keylint, purged, plan)
    assert (found.code, place in found.places(), found.failures()) == (1, True, [])
    assert SECRET not in str(found.rows)


def test_a_linked_worktree_is_verified_with_all_that_it_shares(
    keylint: Run, purged: Git, plan: Path
) -> None:
    linked = purged.folder.parent / 'linked'
    purged('worktree', 'add', '-q', str(linked))
    purged.write('.git/description', LEAK)
    done = keylint('publish', str(linked), '--verify', '--plan', str(plan))
    assert (done.returncode, '.git/description' in done.stdout) == (1, True)


def test_a_value_behind_many_megabytes_of_objects(keylint: Run, purged: Git, plan: Path) -> None:
    """Objects are read in portions; those of every portion are looked at."""
    for number in range(3):
        purged.blob(b'%d' % number + bytes(17 << 20))
    names = [purged.blob(f'{LEAK}{number}') for number in range(30)]
    found = Verified(keylint, purged, plan)
    assert found.code == 1
    assert sorted(found.places()) == sorted(f'blob {name}' for name in names)


# What cannot be looked at


def _object_beyond_the_limit(git: Git) -> tuple[str, str]:
    """Its head alone tells the size; git need not hold so much for that."""
    name = '12' + '34' * 19
    data = zlib.compress(b'blob %d\x00' % (MOST + 1) + bytes(1000))
    git.write(f'.git/objects/{name[:2]}/{name[2:]}', data)
    return f'object {name[:12]}', 'larger than 256 MB'


def _file_of_git_beyond_the_limit(git: Git) -> tuple[str, str]:
    with open(git.folder / '.git' / 'backup', 'wb') as file:
        file.truncate(MOST + 1)
    return '.git/backup', 'larger than 256 MB'


def _file_beyond_the_limit(git: Git) -> tuple[str, str]:
    with open(git.folder / 'core.ignored', 'wb') as file:
        file.truncate(MOST + 1)
    return 'core.ignored', 'larger than 256 MB'


def _broken_object(git: Git) -> tuple[str, str]:
    """Return an object whose head is whole, so that git lists it, and whose rest is not."""
    name = git.blob(os.urandom(4000))
    path = git.folder / '.git' / 'objects' / name[:2] / name[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:1000])
    return f'object {name[:12]}', 'it cannot be read'


def _interrupted_gc(git: Git) -> tuple[str, str]:
    git.write('.git/objects/pack/tmp_pack_Ab12Cd', os.urandom(200))
    return '.git/objects/pack/tmp_pack_Ab12Cd', 'left by a git that was interrupted'


def _interrupted_repack(git: Git) -> tuple[str, str]:
    git.write('.git/objects/pack/.tmp-17-pack-0f.pack', os.urandom(200))
    return '.git/objects/pack/.tmp-17-pack-0f.pack', 'left by a git that was interrupted'


UNREADABLE = [
    _object_beyond_the_limit,
    _file_of_git_beyond_the_limit,
    _file_beyond_the_limit,
    _broken_object,
    _interrupted_gc,
    _interrupted_repack,
]


@pytest.mark.parametrize('spoil', UNREADABLE, ids=lambda spoil: spoil.__name__.strip('_'))
def test_what_cannot_be_looked_at_is_named(
    keylint: Run, purged: Git, plan: Path, spoil: Callable[[Git], tuple[str, str]]
) -> None:
    place, reason = spoil(purged)
    found = Verified(keylint, purged, plan)
    assert (found.code, found.places()) == (2, [])
    assert reason in dict(found.failures())[place]
    assert f'not scanned  {place}: ' in found.text
    assert 'unknown' in found.text


def test_what_is_left_and_what_is_not_known_are_both_told(
    keylint: Run, purged: Git, plan: Path
) -> None:
    place, _ = _broken_object(purged)
    purged.write('new.env', LEAK)
    found = Verified(keylint, purged, plan)
    assert (found.code, found.places()) == (2, ['new.env'])
    assert [path for path, _ in found.failures()] == [place]
    assert '1 left: not clean yet' in found.text


@pytest.mark.parametrize('name', ['.git/notes', 'notes.ignored'])
def test_a_file_that_may_not_be_read(purged: Git, plan: Path, tmp_path: Path, name: str) -> None:
    purged.write(name, LEAK).chmod(0)
    found = Verified(_without_privileges(tmp_path), purged, plan)
    assert (found.code, found.places()) == (2, [])
    assert found.failures() == [(name, 'Permission denied')]


def test_a_folder_that_may_not_be_read(purged: Git, plan: Path, tmp_path: Path) -> None:
    purged.write('closed/notes.ignored', LEAK).parent.chmod(0)
    found = Verified(_without_privileges(tmp_path), purged, plan)
    (purged.folder / 'closed').chmod(0o755)
    assert (found.code, found.places()) == (2, [])
    assert [error for _, error in found.failures()] == ['Permission denied']


def _without_privileges(cwd: Path) -> Run:
    """Return a run that the permissions of files bind, also when root runs the tests."""
    command: list[str] = []
    if os.geteuid() == 0:
        if shutil.which('setpriv') is None:
            pytest.skip('root reads everything, and there is no setpriv')
        dropped = '-dac_override,-dac_read_search'
        command = ['setpriv', f'--bounding-set={dropped}', f'--inh-caps={dropped}']

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [*command, sys.executable, '-m', 'keylint', *arguments]
        return subprocess.run(line, cwd=cwd, capture_output=True, check=False, text=True)

    return run


def test_submodules_are_left_to_themselves(keylint: Run, purged: Git, plan: Path) -> None:
    """Each is a repository of its own, which is verified by itself: nothing of it is told here."""
    inner = Git(purged.folder / '.git' / 'modules' / 'inner')
    inner.write('settings.env', LEAK)
    inner.commit()
    assert Verified(keylint, purged, plan).code == 0
    assert Verified(keylint, inner, plan).code == 1


# A plan that is none


@pytest.mark.parametrize('name', ['SECRET-replacements.txt', 'objects.txt', 'drop-paths.txt'])
def test_an_incomplete_plan_is_refused(keylint: Run, purged: Git, plan: Path, name: str) -> None:
    (plan / name).unlink()
    done = keylint('publish', str(purged.folder), '--verify', '--plan', str(plan))
    assert (done.returncode, done.stdout) == (2, '')
    assert f'no plan of keylint publish: {name}' in done.stderr


def test_an_expression_that_does_not_compile_is_refused(
    keylint: Run, purged: Git, plan: Path
) -> None:
    """Without it the values that it stands for would not be looked for."""
    with open(plan / 'SECRET-replacements.txt', 'a', encoding='utf-8') as file:
        file.write('regex:(unclosed==>***REMOVED***\n')
    done = keylint('publish', str(purged.folder), '--verify', '--plan', str(plan))
    assert (done.returncode, done.stdout) == (2, '')
    assert 'an expression does not compile' in done.stderr
