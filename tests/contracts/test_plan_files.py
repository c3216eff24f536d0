"""The files of a plan, to the byte.

What `git filter-repo` is told to replace, and that it replaces all of it in a real purge.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Warm

SECRETS = 'SECRET-replacements.txt'
REMOVED = '==>***REMOVED***'


def value(recipe: str, seed: str) -> str:
    return expand_recipes(recipe, f'plan/{seed}')


SHORTER = value('{alnum:40}', 'shorter')
LONGER = SHORTER + value('{alnum:24}', 'tail')
WEAK = value('{lower:12}', 'weak')
SIDE_BY_SIDE = [value('{lower:11}', seed) for seed in ('left', 'right')]
PEMS = {name: value('{pem:ec}', name).splitlines() for name in ('lf.pem', 'crlf.pem')}
FILES = {
    'within.py': f'FIRST_SECRET_KEY = "{SHORTER}"\nSECOND_SECRET_KEY = "{LONGER}"\n',
    'weak.py': f'import db\nDB_PASSWORD = "{WEAK}"\n',
    'two.py': 'DB_PASSWORD = "{}"; BOT_PASSWORD = "{}"\n'.format(*SIDE_BY_SIDE),
    'same.py': f'PAGE = "{WEAK}"\n',
    'lf.pem': '\n'.join(PEMS['lf.pem']) + '\n',
    'crlf.pem': '\r\n'.join(PEMS['crlf.pem']) + '\r\n',
}


class Purged(NamedTuple):
    """A plan, what its purge printed, and all bytes of the clean clone."""

    rows: list[str]
    script: subprocess.CompletedProcess[str]
    clean: bytes


@pytest.fixture(scope='module')
def purged(_warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Purged:
    """Plan and purge a repository whose history holds the leaks and whose work tree does not."""
    folder = tmp_path_factory.mktemp('plan')
    repository = Repository(folder / 'bot')
    for name, text in FILES.items():
        (repository.folder / name).write_bytes(text.encode())
    repository.commit('first')
    for name in FILES.keys() - {'same.py'}:
        (repository.folder / name).unlink()
    repository.commit('clean')
    arguments = ('publish', str(repository.folder), '--plan', str(folder / 'plan'))
    code, _, error = _warm(arguments, folder, b'', dict(os.environ))
    assert code == 1, error.decode()
    rows = (folder / 'plan' / SECRETS).read_bytes().decode().split('\n')
    return Purged(rows, run_script(folder), everything(folder / 'bot-clean'))


def run_script(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the plan's own script, with keylint and git filter-repo of this Python."""
    for name, module in (('keylint', 'keylint'), ('git-filter-repo', 'git_filter_repo')):
        path = folder / 'bin' / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        path.chmod(0o755)
    paths = f'{folder / "bin"}{os.pathsep}{os.environ["PATH"]}'
    environment = {
        **os.environ,
        'PATH': paths,
        'GIT_CONFIG_GLOBAL': os.devnull,
        'GIT_CONFIG_NOSYSTEM': '1',
    }
    command = ['sh', str(folder / 'plan' / 'purge.sh')]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=folder
    )


def everything(folder: Path) -> bytes:
    """Return the bytes of all objects."""
    command = ['git', 'cat-file', '--batch-all-objects', '--batch']
    return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout


def body(name: str) -> list[str]:
    """Return the lines of a PEM key between its BEGIN and its END."""
    return PEMS[name][1:-1]


def test_the_replacements_are_these_and_no_others(purged: Purged) -> None:
    left, right = SIDE_BY_SIDE
    weak = {
        rf'regex:(?<=DB_PASSWORD\ =\ "){WEAK}',
        rf'regex:(?<=DB_PASSWORD\ =\ "){left}',
        # What stands before it holds no other value: that one is replaced first.
        rf'regex:(?<=";\ BOT_PASSWORD\ =\ "){right}',
    }
    expected = {LONGER, SHORTER, *weak, *body('lf.pem'), *body('crlf.pem')}
    assert sorted(purged.rows) == ['', *sorted(f'{text}{REMOVED}' for text in expected)]


def test_a_value_stands_before_those_that_it_holds(purged: Purged) -> None:
    """Applied the other way round, the rest of the longer one would stay in the history."""
    assert purged.rows.index(LONGER + REMOVED) < purged.rows.index(SHORTER + REMOVED)
    lengths = [len(row) for row in purged.rows if row and not row.startswith('regex:')]
    assert lengths == sorted(lengths, reverse=True)
    assert [row.startswith('regex:') for row in purged.rows if row] == [False] * len(lengths) + [
        True
    ] * 3


@pytest.mark.parametrize('name', PEMS)
def test_a_key_in_pem_is_replaced_line_by_line(purged: Purged, name: str) -> None:
    """A line of the file of replacements holds no end of line: not LF, and not the CR before it."""
    assert len(body(name)) > 1
    assert set(purged.rows) >= {line + REMOVED for line in body(name)}
    assert not any('\r' in row or '\\n' in row for row in purged.rows)


HELD = {
    'the shorter value': SHORTER,
    'the longer value': LONGER,
    'what the longer one has more': LONGER[len(SHORTER) :],
    'the short password': f'DB_PASSWORD = "{WEAK}',
    'the password beside another': SIDE_BY_SIDE[0],
    'the password behind another': SIDE_BY_SIDE[1],
    **{
        f'line {number} of {name}': line
        for name in PEMS
        for number, line in enumerate(body(name), 1)
    },
}


@pytest.mark.parametrize('what', HELD)
def test_the_purge_removes_every_value(purged: Purged, what: str) -> None:
    assert HELD[what] in ''.join(FILES.values())
    assert purged.script.returncode == 0, purged.script.stdout + purged.script.stderr
    assert HELD[what].encode() not in purged.clean


def test_the_purge_leaves_the_rest(purged: Purged) -> None:
    """A short text stays where it stands for something else.

    The names and the lines around a value stay.

    The names and the lines around a value stay.
    """
    assert f'PAGE = "{WEAK}"'.encode() in purged.clean
    assert b'DB_PASSWORD = "***REMOVED***"' in purged.clean
    assert (
        b'FIRST_SECRET_KEY = "***REMOVED***"\nSECOND_SECRET_KEY = "***REMOVED***"\n' in purged.clean
    )
    assert b'-----\r\n***REMOVED***\r\n***REMOVED***' in purged.clean
    assert purged.script.stdout.splitlines()[-1].startswith('nothing of the plan is left')
