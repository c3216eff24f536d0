"""The command line of `keylint fleet`: what it refuses, and what it says without its extra."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keylint.commands.parsers.fleet import complete_arguments
from keylint.core.install import format_requirement
from tests.conftest import Run

pytestmark = pytest.mark.slow  # processes that import Dask

WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('dask', 'distributed', 'sqlalchemy', 'alembic'):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: (
    None if name in ('distributed', 'sqlalchemy', 'alembic') else find(name, package))
from keylint.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
def test_without_the_extra_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    command = [sys.executable, '-c', WITHOUT]
    for arguments in (('fleet', '.'), ('fleet', 'report')):
        done = subprocess.run(
            [*command, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        command_of_pip = f'pip install {format_requirement("fleet")}'
        assert done.stderr == f'keylint: `keylint fleet` needs its extra: {command_of_pip}\n'
    assert not list(tmp_path.iterdir())
    (tmp_path / 'clean.py').write_text('x = 1\n')
    code = subprocess.call([*command, 'scan', '.', '--isolated'], cwd=tmp_path)
    assert code == 0


@pytest.mark.parametrize(
    ('given', 'expected'),
    [
        (['fleet', 'bots'], ['fleet', 'scan', 'bots']),
        (['fleet', '--store', 'x', 'bots'], ['fleet', 'scan', '--store', 'x', 'bots']),
        (['fleet', './report'], ['fleet', 'scan', './report']),
        (['fleet', 'report'], ['fleet', 'report']),
        (['fleet', 'diff', '1', '2'], ['fleet', 'diff', '1', '2']),
        (['fleet', '--help'], ['fleet', '--help']),
        (['scan', 'fleet'], ['scan', 'fleet']),
    ],
)
def test_scan_is_meant_where_no_action_is_named(given: list[str], expected: list[str]) -> None:
    assert complete_arguments(given) == expected


@pytest.mark.parametrize(
    ('arguments', 'why'),
    [
        (['fleet'], 'TARGET'),
        (['fleet', 'gone'], 'gone: neither a folder of repositories nor a list'),
        (['fleet', '.', '--chunk', '0'], '--chunk must be more than 0'),
        (['fleet', '.', '--unit-seconds', '-1'], '--unit-seconds must be more than 0'),
        (['fleet', '.', '--workers', '-1'], '--workers must be more than 0'),
        (['fleet', '.', '--workers', '0'], '--workers must be more than 0'),
        (['fleet', '.', '--scheduler', 'a', '--scheduler-file', 'b'], 'choose one'),
        (['fleet', '.', '--scheduler', 'host'], 'host: not the address of a scheduler'),
        (['fleet', '.', '--store', 'postgresql://me:word@host/db'], '--key FILE'),
        (['fleet', 'bot', '--store', 'mysql://me:word@host/db', '--key', 'new'], 'postgresql'),
        (['fleet', 'bot', '--store', 'no/folder/x.db'], 'cannot make the key'),
        (['fleet', 'report'], 'fleet.db: no such store'),
        (['fleet', 'keys', '--store', 'x.db'], 'x.db: no such store'),
        (['fleet', 'diff', '1'], 'RUN'),
    ],
)
def test_what_is_wrong_is_one_line(
    keylint: Run, tmp_path: Path, arguments: list[str], why: str
) -> None:
    (tmp_path / 'bot' / '.git').mkdir(parents=True)
    done = keylint(*arguments)
    assert done.returncode == 2
    assert done.stderr.count('\n') == 1
    assert why in done.stderr
    assert 'word' not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ['bot']


@pytest.mark.parametrize(
    ('address', 'settings'),
    [
        ('tls://127.0.0.1:1', {}),
        ('tls://127.0.0.1:1', {'TLS__CA_FILE': '/missing/ca.pem'}),
        ('tcp://127.0.0.1:1', {'REQUIRE_ENCRYPTION': 'True'}),
    ],
)
def test_tls_that_does_not_fit_is_one_line(
    keylint: Run, tmp_path: Path, address: str, settings: dict[str, str]
) -> None:
    """A connection that Dask refuses is not tried again and again."""
    (tmp_path / 'bot' / '.git').mkdir(parents=True)
    variables = {f'DASK_DISTRIBUTED__COMM__{name}': value for name, value in settings.items()}
    done = keylint('fleet', 'bot', '--scheduler', address, '--wait', '3600', **variables)
    assert done.returncode == 2
    assert done.stderr.count('\n') == 1
    assert 'TLS' in done.stderr


def test_a_lost_key_is_not_replaced_beside_a_store(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'fleet.db').write_bytes(b'a store')
    (tmp_path / 'bot' / '.git').mkdir(parents=True)
    done = keylint('fleet', '.')
    assert done.returncode == 2
    assert 'fleet.db.key: cannot read the key of the fleet: No such file' in done.stderr
    assert not (tmp_path / 'fleet.db.key').exists()


@pytest.mark.parametrize('rows', ['{"path": 1}\n', '/srv/a\n' * 1000 + '{"name": "b"}\n'])
def test_a_wrong_target_ends_before_anything_is_made(
    keylint: Run, tmp_path: Path, rows: str
) -> None:
    (tmp_path / 'list').write_text(rows)
    done = keylint('fleet', 'list')
    assert done.returncode == 2
    assert done.stderr.startswith(f'keylint: list: line {rows.count(chr(10))}: ')
    assert [path.name for path in tmp_path.iterdir()] == ['list']
