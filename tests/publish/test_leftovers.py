"""Find what a purge has left, wherever a repository can hide it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from keylint.publish.plan import SECRETS
from tests.conftest import Repository, Run
from tests.publish.leaks import made, values


def committed(repository: Repository, text: str, *commands: str) -> None:
    """Return the text in a commit, then some commands of git."""
    repository.write('x', text)
    repository.commit('x')
    for command in commands:
        repository.git(*command.split())


def added(repository: Repository, text: str, command: str) -> None:
    """Return the text given to a command as the file x, which is gone afterwards."""
    path = repository.write('x', text)
    repository.git(*command.split(), 'x')
    path.unlink()


def stashed(repository: Repository, text: str) -> None:
    repository.write('bot.py', text)
    repository.git('stash')


def ignored(repository: Repository, text: str) -> None:
    repository.write('.git/info/exclude', 'x\n')
    repository.write('x', text)


UNDONE = 'reset -q --hard HEAD~1'
FORGOTTEN = 'reflog expire --expire=now --all'
HOLDERS: dict[str, tuple[Callable[[Repository, str], object], str]] = {
    'a stash': (stashed, 'the stash'),
    'a reflog': (lambda r, text: committed(r, text, UNDONE), 'reflog of HEAD'),
    'an unreachable commit': (lambda r, text: committed(r, text, UNDONE, FORGOTTEN), 'unreachable'),
    'an unreachable blob': (lambda r, text: added(r, text, 'hash-object -w'), 'unreachable'),
    'a backup': (
        lambda r, text: committed(r, text, 'update-ref refs/original/a HEAD', UNDONE, FORGOTTEN),
        'refs/original/a',
    ),
    'a pack': (lambda r, text: committed(r, text, 'gc -q'), 'refs/heads/main'),
    'the index': (lambda r, text: added(r, text, 'add'), 'index'),
    'the work tree': (lambda r, text: r.write('x', text), 'x'),
    'an ignored file': (ignored, 'x'),
    'a wide file': (lambda r, text: (r.folder / 'x').write_bytes(text.encode('utf-16')), 'x'),
    'a message': (
        lambda r, text: r.git('commit', '-q', '--allow-empty', '-m', text),
        'refs/heads/main',
    ),
    'a tag': (lambda r, text: r.git('tag', '-a', '-m', text, 'v1'), 'refs/tags/v1'),
    'a note': (lambda r, text: r.git('notes', 'add', '-m', text), 'refs/notes/commits'),
    'git filter-repo': (
        lambda r, text: r.write('.git/filter-repo/notes', text),
        '.git/filter-repo/notes',
    ),
    'a message being written': (
        lambda r, text: r.write('.git/COMMIT_EDITMSG', text),
        '.git/COMMIT_EDITMSG',
    ),
}


@pytest.mark.parametrize('holder', HOLDERS)
def test_verify_says_where(
    repository: Repository, keylint: Run, tmp_path: Path, holder: str
) -> None:
    text = made('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n')
    other = Repository(tmp_path / 'other')
    other.write('bot.py', text)
    other.commit()
    plan = tmp_path / 'plan'
    keylint('publish', str(other.folder), '--plan', str(plan))
    repository.write('bot.py', 'print(1)\n')
    repository.commit()
    verify = ('publish', str(repository.folder), '--verify', '--plan', str(plan))
    assert keylint(*verify).stdout.startswith('nothing of the plan is left')
    hide, where = HOLDERS[holder]
    hide(repository, text)
    done = keylint(*verify)
    assert (done.returncode, where in done.stdout) == (1, True), done.stdout
    assert not any(value in done.stdout for value in values(text))
    rows = json.loads(keylint(*verify, '--format', 'json').stdout)
    assert rows['clean'] is False


def test_verify_by_object_id(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    """A weak value is no needle in a haystack; the object that held it is."""
    repository.write('a.py', made('DB_PASSWORD = "{lower:12}"\n'))
    repository.commit()
    plan = tmp_path / 'plan'
    keylint('publish', str(repository.folder), '--plan', str(plan))
    (plan / SECRETS).write_text('')
    done = keylint('publish', str(repository.folder), '--verify', '--plan', str(plan))
    assert (done.returncode, 'an object of the plan' in done.stdout) == (1, True)


def test_verify_needs_a_plan(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    assert '--plan DIR' in keylint('publish', str(repository.folder), '--verify').stderr
    done = keylint('publish', str(repository.folder), '--verify', '--plan', str(tmp_path))
    assert (done.returncode, 'no plan of keylint publish' in done.stderr) == (2, True)
