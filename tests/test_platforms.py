"""What Linux has and other systems lack is hidden here, and the commands must do the same.

Hidden are functions of `os`, flags of files and modules. What else differs on Windows (drive
letters, `os.sep`, what is imported by the name of the system) is tried by the matrix of
`.github/workflows/test.yml`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository

LEAK = expand_recipes('KRAKEN_KEY={base64:56}\nKRAKEN_SECRET={base64:88}\n', 'platforms')
# `subprocess` decides when it is imported how processes start, so it comes first.
HIDE = """
import subprocess, signal, threading, select, sys, os
for name in ('pwd', 'grp'):
    sys.modules[name] = None
for name in ('fork', 'forkpty', 'posix_spawn', 'memfd_create', 'geteuid', 'getuid', 'killpg',
             'sched_getaffinity', 'O_NOFOLLOW', 'O_NONBLOCK', 'O_TMPFILE', 'nice', 'sysconf'):
    if hasattr(os, name):
        delattr(os, name)
from keylint.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run(code: str, *arguments: str, cwd: Path, **variables: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, '-c', code, *arguments],
        cwd=cwd,
        env={**os.environ, 'KEYLINT_NO_CACHE': '1', **variables},
        capture_output=True,
        check=False,
    )
    lines = done.stdout.decode('utf-8', 'replace').splitlines()
    return done.returncode, '\n'.join(drop_seconds(line) for line in lines), done.stderr.decode()


def drop_seconds(line: str) -> str:
    return '' if '"seconds"' in line else line.partition(' (')[0] if ' s)' in line else line


USUAL = 'import sys; from keylint.cli import main; sys.exit(main(sys.argv[1:]))'
COMMANDS = {
    'a scan': ('scan', '.', '--format', 'json', '--no-cache'),
    'a history': ('scan', '--history', '--format', 'json', '--no-cache'),
    'a change': ('scan', '--diff', 'HEAD~1', '--format', 'json'),
    'an answer': ('publish', '--format', 'json'),
    'a fix, shown': ('fix', '--dry-run', '.'),
}


@pytest.fixture(scope='module')
def leaked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = Repository(tmp_path_factory.mktemp('platforms') / 'bot')
    repository.write('a.py', 'x = 1\n')
    repository.commit('begin')
    repository.write('sub/.env', LEAK)
    repository.write('crlf.env', LEAK.replace('\n', '\r\n'))
    repository.write('keys.yaml', 'keys:\n- exchange: kraken\n  permissions: [withdraw]\n')
    repository.commit('the bot')
    return repository.folder


@pytest.mark.skipif(sys.platform != 'linux', reason='hides what Linux has')
@pytest.mark.parametrize('name', COMMANDS)
def test_a_command_does_the_same_without_what_posix_has(name: str, leaked: Path) -> None:
    usual = run(USUAL, *COMMANDS[name], cwd=leaked)
    hidden = run(HIDE, *COMMANDS[name], cwd=leaked, KEYLINT_START_METHOD='spawn')
    assert hidden == usual
    assert usual[0] in (0, 1)
    assert usual[1]


@pytest.mark.skipif(sys.platform != 'linux', reason='hides what Linux has')
def test_files_are_written_without_what_posix_has(leaked: Path, tmp_path: Path) -> None:
    target = tmp_path / 'out.json'
    code, _, _ = run(HIDE, 'scan', str(leaked), '--output', str(target), cwd=tmp_path)
    assert (code, '"findings"' in target.read_text()) == (1, True)
    (tmp_path / 'keylint.toml').write_text('')
    code, _, errors = run(HIDE, 'baseline', 'create', cwd=tmp_path)
    assert (code, errors) == (0, '')


@pytest.mark.parametrize('encoding', ['cp1252', 'ascii'])
def test_a_console_of_another_encoding_gets_every_line(encoding: str, leaked: Path) -> None:
    """Windows gives pipes its own code page: what it lacks is replaced, and nothing fails."""
    code, shown, errors = run(USUAL, 'scan', cwd=leaked, PYTHONIOENCODING=encoding)
    assert (code, errors) == (1, '')
    assert 'kraken-credential' in shown


def test_a_missing_package_is_named_with_the_command_that_brings_it(tmp_path: Path) -> None:
    leak = expand_recipes('BTC_PRIVATE_KEY={wif}\n', 'platforms')
    (tmp_path / 'a.env').write_text(leak)
    block = "import sys; sys.modules['{0}'] = None\n" + USUAL
    code, shown, errors = run(block.format('base58'), 'scan', '--format', 'concise', cwd=tmp_path)
    assert code == 2
    assert 'not scanned: the package base58 is missing: pip install base58' in shown + errors
