"""A pipe among the files that git reads makes nobody wait: it is named, and the run ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keylint.core import limits
from keylint.sources import git
from keylint.sources.objects import ObjectReader
from keylint.sources.patience import GitSilentError, find_blocking_file
from tests.conftest import Repository
from tests.publish.leaks import made

_TEXT = made('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n')
_START = """
import sys
from keylint.core import limits
limits.GIT_FIRST_SECONDS, limits.GIT_SECONDS = 0.3, 1.0
from keylint.cli import main
sys.exit(main())
"""
TREE_PLACES = ('.gitignore', 'sub/.gitignore')
GIT_PLACES = (
    'config',
    'info/exclude',
    'objects/info/alternates',
    'index',
    'packed-refs',
    'refs/heads/other',
    'HEAD',
    'shallow',
    'commondir',
)
COMMANDS = (
    ('scan', '.'),
    ('scan', '--staged'),
    ('scan', '--history'),
    ('scan', '--since', 'HEAD'),
    ('scan', '--diff', 'HEAD'),
    ('publish',),
)

# What git does not read for a command.
UNREAD = {
    ('scan', '.'): {'objects/info/alternates', 'packed-refs', 'refs/heads/other', 'shallow'},
    ('scan', '--staged'): {'refs/heads/other'},
    ('scan', '--history'): {'info/exclude'},
    ('scan', '--since', 'HEAD'): {'info/exclude', 'index', 'refs/heads/other'},
    ('scan', '--diff', 'HEAD'): {'refs/heads/other'},
    ('publish',): set(),
}
# The others look at changes, and there are none.
FINDING = {('scan', '.'), ('scan', '--history')}


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run keylint with less patience; it may not take longer than the test's own."""
    return subprocess.run(
        [sys.executable, '-c', _START, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, 'GIT_CONFIG_GLOBAL': os.devnull},
    )


@pytest.fixture
def bot(repository: Repository) -> Repository:
    repository.write('sub/bot.py', 'print(1)\n')
    repository.write('bot.env', _TEXT)
    repository.commit()
    return repository


def _pipe(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    return path


@pytest.mark.parametrize('place', GIT_PLACES)
@pytest.mark.parametrize('command', COMMANDS, ids=' '.join)
def test_a_pipe_in_the_git_folder(bot: Repository, command: tuple[str, ...], place: str) -> None:
    """Where git needs the file it is named, and the exit code is 2; else the answer is whole."""
    _pipe(bot.folder / '.git' / place)
    done = _run(bot.folder, *command)
    said = done.stdout + done.stderr
    assert 'Traceback' not in done.stderr
    if place in UNREAD[command]:
        assert 'plain file' not in said
        assert done.returncode == (1 if command in FINDING else 0)
        assert ('binance-credential' in said) is (command in FINDING)
    else:
        assert done.returncode == 2
        assert f'{place}: no plain file' in said
        assert ('binance-credential' in said) is (command == ('scan', '.'))


@pytest.mark.parametrize('place', TREE_PLACES)
def test_a_pipe_as_gitignore_is_named_and_the_rest_is_read(bot: Repository, place: str) -> None:
    _pipe(bot.folder / place)
    done = _run(bot.folder, 'scan', '.')
    assert done.returncode == 2
    assert f'not scanned {place}: no plain file' in done.stdout
    assert 'binance-credential' in done.stdout


def test_a_loose_object_that_is_a_pipe(bot: Repository) -> None:
    name = bot.git('rev-parse', 'HEAD:bot.env').strip()
    _pipe(bot.folder / '.git' / 'objects' / name[:2] / name[2:])
    for command in (('scan', '--history'), ('publish',)):
        done = _run(bot.folder, *command)
        assert done.returncode == 2
        assert f'objects/{name[:2]}/' in done.stdout + done.stderr


def test_the_reader_gives_nothing_of_a_git_that_is_silent(
    bot: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, 'GIT_FIRST_SECONDS', 0.2)
    monkeypatch.setattr(limits, 'GIT_SECONDS', 0.2)
    good = bot.git('rev-parse', 'HEAD:sub/bot.py').strip()
    bad = bot.git('rev-parse', 'HEAD:bot.env').strip()
    _pipe(bot.folder / '.git' / 'objects' / bad[:2] / bad[2:])
    with ObjectReader(str(bot.folder)) as reader:
        found = dict(reader.read([good, bad]))
        assert found == {good: b'print(1)\n', bad: None}
        assert dict(reader.read([good])) == {good: None}


def test_a_git_that_says_nothing_is_ended(
    bot: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The pipe lies where nobody looks for it: an included file of the configuration."""
    monkeypatch.setattr(limits, 'GIT_FIRST_SECONDS', 0.2)
    monkeypatch.setattr(limits, 'GIT_SECONDS', 0.3)
    pipe = _pipe(tmp_path / 'elsewhere')
    bot.git('config', 'include.path', str(pipe))
    with pytest.raises(GitSilentError, match=r'git did not answer for 0\.5 s and was ended'):
        git.run_git(str(bot.folder), 'rev-parse', 'HEAD')
    left = subprocess.run(['pgrep', '-f', str(bot.folder)], capture_output=True, check=False)
    assert left.stdout == b''


def test_pipes_that_git_does_not_read_are_none_of_its_business(bot: Repository) -> None:
    _pipe(bot.folder / 'pipe')
    _pipe(bot.folder / '.git' / 'hooks' / 'pipe')
    assert find_blocking_file(str(bot.folder)) == ''
    assert find_blocking_file(str(bot.folder / '.git')) == ''
    assert find_blocking_file(str(bot.folder / 'sub')) == ''


@pytest.mark.parametrize('size', [0, 10, 3_000_000])
def test_long_inputs_reach_git(bot: Repository, size: int) -> None:
    text = b'x' * size
    name = git.run_git(str(bot.folder), 'hash-object', '--stdin', given=text or b'\n').strip()
    assert len(name) == 40
