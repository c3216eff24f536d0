"""The `.env` beside a file, its example and the line that lets git ignore it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from keylint.core.errors import SourceError
from keylint.fix.edits import MovedValue, UnfixableError
from keylint.fix.store import EnvFile, replace_file
from tests.conftest import Repository

MOVES = [MovedValue('A_KEY', 'one'), MovedValue('B_SECRET', 'two words')]


def test_nothing_moved_changes_nothing(repository: Repository) -> None:
    env = EnvFile(str(repository.folder))
    assert (env.new(), env.is_used, env.is_tracked) == ([], False, False)
    env.write_example()
    assert not (repository.folder / '.env.example').exists()


def test_values_names_and_the_ignored_file(repository: Repository) -> None:
    env = EnvFile(str(repository.folder))
    env.keep(MOVES)
    assert (env.new(), env.is_used) == (MOVES, True)
    env.write()
    env.write_example()
    assert (repository.folder / '.env').read_text() == "A_KEY=one\nB_SECRET='two words'\n"
    assert stat.S_IMODE((repository.folder / '.env').stat().st_mode) == 0o600
    assert (repository.folder / '.gitignore').read_text() == '.env\n'
    assert (repository.folder / '.env.example').read_text() == 'A_KEY=\nB_SECRET=\n'
    assert stat.S_IMODE((repository.folder / '.env.example').stat().st_mode) == 0o644


def test_what_is_there_stays_and_is_not_repeated(repository: Repository) -> None:
    repository.write('.env', 'A_KEY=one\r\nOTHER=3')
    repository.write('.env.example', '# names\nA_KEY=\n')
    repository.write('.gitignore', 'out/\n.env\n')
    env = EnvFile(str(repository.folder))
    env.keep(MOVES)
    assert env.new() == MOVES[1:]
    env.write()
    env.write_example()
    assert (repository.folder / '.env').read_bytes() == (
        b"A_KEY=one\r\nOTHER=3\r\nB_SECRET='two words'\r\n"
    )
    assert (repository.folder / '.env.example').read_text() == '# names\nA_KEY=\nB_SECRET=\n'
    assert (repository.folder / '.gitignore').read_text() == 'out/\n.env\n'


def test_an_example_of_a_file_that_is_there(repository: Repository) -> None:
    repository.write('.env', 'A=1\nB=2\n')
    repository.write('.env.example', 'B=\n')
    EnvFile(str(repository.folder)).write_example()
    assert (repository.folder / '.env.example').read_text() == 'B=\nA=\n'


def test_a_tracked_file_takes_nothing(repository: Repository) -> None:
    repository.write('.env', 'A=1\n')
    repository.commit()
    env = EnvFile(str(repository.folder))
    with pytest.raises(UnfixableError, match='git tracks'):
        env.keep(MOVES)
    assert (env.moves, env.is_used) == ({}, False)


def test_a_file_that_git_does_not_ignore_takes_nothing(repository: Repository) -> None:
    repository.write('.gitignore', '.env\n!.env\n')
    env = EnvFile(str(repository.folder))
    env.keep(MOVES)
    with pytest.raises(SourceError, match='does not ignore'):
        env.write()
    assert not (repository.folder / '.env').exists()


def test_outside_of_a_repository(tmp_path: Path) -> None:
    env = EnvFile(str(tmp_path))
    assert (env.top, env.is_tracked) == (None, False)
    env.keep(MOVES)
    env.write()
    assert (tmp_path / '.gitignore').read_text() == '.env\n'


def test_a_file_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / 'a'
    path.write_bytes(b'before')
    path.chmod(0o640)
    replace_file(str(path), b'before', b'after', 0o600)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b'after', 0o640)

    def fail(*_: object) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'replace', fail)
    with pytest.raises(SourceError, match='No space left'):
        replace_file(str(path), b'after', b'third', 0o600)
    assert os.listdir(tmp_path) == ['a']
    assert path.read_bytes() == b'after'
