"""Repairs of notebooks and inventories, and repairs that a hook makes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.fix.edits import Edit, MovedValue, UnfixableError, apply_edits
from keylint.fix.env import format_line, read_values
from keylint.fix.names import Names, name_for
from keylint.fix.store import replace_file
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run
from tests.fix.programs import dotenv, program, ran, secrets_of

pytestmark = pytest.mark.slow


def notebook(indent: int | None) -> str:
    key, secret = expand_recipes('{alnum:64} {alnum:64}', 'notebook').split()
    cells: list[dict[str, Any]] = [
        {'cell_type': 'markdown', 'id': 'a', 'metadata': {}, 'source': ['# Bot\n', 'größer']},
        {
            'cell_type': 'code',
            'execution_count': 1,
            'id': 'b',
            'metadata': {},
            'outputs': [],
            'source': [
                '%matplotlib inline\n',
                'import ccxt\n',
                f"BINANCE_API_KEY = '{key}'\n",
                f'BINANCE_API_SECRET = "{secret}"',
            ],
        },
        {
            'cell_type': 'code',
            'execution_count': 2,
            'id': 'c',
            'metadata': {},
            'outputs': [
                {
                    'name': 'stdout',
                    'output_type': 'stream',
                    'text': [f'BINANCE_API_SECRET={secret}\n'],
                }
            ],
            'source': ["print('BINANCE_API_SECRET=' + BINANCE_API_SECRET)"],
        },
        {
            'cell_type': 'code',
            'execution_count': 2,
            'id': 'e',
            'metadata': {},
            'outputs': [
                {
                    'data': {'text/plain': [f"'{secret}'"]},
                    'execution_count': 2,
                    'metadata': {},
                    'output_type': 'execute_result',
                }
            ],
            'source': 'BINANCE_API_SECRET',
        },
        {
            'cell_type': 'code',
            'execution_count': 3,
            'id': 'd',
            'metadata': {},
            'source': ['print("\\t1")'],
            'outputs': [{'name': 'stdout', 'output_type': 'stream', 'text': ['1\n']}],
        },
    ]
    return json.dumps(
        {'cells': cells, 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5},
        indent=indent,
        ensure_ascii=False,
    )


@pytest.mark.parametrize('indent', [1, None])
def test_notebooks_are_rewritten_and_stay_valid(
    keylint: Run, repository: Repository, indent: int | None
) -> None:
    import nbformat

    text = notebook(indent)
    path = repository.write('bot.ipynb', text)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert done.returncode == 0, done.stdout
    after = path.read_text(encoding='utf-8')
    # It is published without types.
    nbformat.validate(nbformat.reads(after, as_version=4))  # type: ignore[no-untyped-call]
    assert not any(value in after + done.stdout for value in secrets_of(text))
    cells, old = json.loads(after)['cells'], json.loads(text)['cells']
    assert [cells[0], cells[4]] == [old[0], old[4]]
    assert cells[2:4] == [{**cell, 'outputs': []} for cell in old[2:4]]
    assert ''.join(cells[1]['source']).splitlines() == [
        '%matplotlib inline',
        'import os',
        '',
        'import ccxt',
        "BINANCE_API_KEY = os.environ['BINANCE_API_KEY']",
        'BINANCE_API_SECRET = os.environ["BINANCE_API_SECRET"]',
    ]
    source = '\n'.join(
        ''.join(cell['source']) for cell in cells if cell['cell_type'] == 'code'
    ).replace('%matplotlib', '# ')
    repository.write('run.py', source)
    assert ran(repository.folder, 'run.py', **dotenv(repository.folder)).startswith(
        'BINANCE_API_SECRET='
    )


INVENTORY = """\
keys:
  - exchange: kraken  # mine
    label: grid
    permissions: [read, trade]
    ip_allowlist: []
    created: 2026-01-31
    rotate_after: 90d
"""


def test_an_inventory_gets_todos_and_no_facts(keylint: Run, repository: Repository) -> None:
    repository.write('keys.yaml', INVENTORY)
    done = keylint(
        'fix',
        '--isolated',
        '--today',
        '2026-02-01',
        '--select',
        'key-unrestricted-ip',
        cwd=repository.folder,
    )
    assert done.returncode == 1
    after = (repository.folder / 'keys.yaml').read_text()
    assert [line for line in after.splitlines() if line not in INVENTORY.splitlines()] == [
        (
            '    # TODO ip_allowlist: the addresses of the bot, as entered at the exchange '
            '(key-unrestricted-ip)'
        )
    ]
    assert yaml.safe_load(after) == yaml.safe_load(INVENTORY)
    keylint(
        'fix',
        '--isolated',
        '--today',
        '2026-02-01',
        '--select',
        'key-unrestricted-ip',
        cwd=repository.folder,
    )
    assert (repository.folder / 'keys.yaml').read_text() == after


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / 'bot.py'
    path.write_bytes(b'new')
    with pytest.raises(Exception, match='changed while it was read'):
        replace_file(str(path), b'old', b'fixed')
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [
        ('bot.py', b'new')
    ]
    path.chmod(0o755)
    replace_file(str(path), b'new', b'fixed')
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b'fixed', 0o755)


@pytest.mark.parametrize(
    'value',
    ['plain', '', 'with space', 'dollar$HOME', 'hash # no', 'quote"s', 'a\nb', '#x', '`id`', 'ü'],
)
def test_a_shell_and_keylint_read_the_same_value(value: str, tmp_path: Path) -> None:
    (tmp_path / '.env').write_text(format_line(MovedValue('NAME', value)), encoding='utf-8')
    said = subprocess.run(
        ['sh', '-c', 'set -a; . ./.env; printf %s "$NAME"'],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert said.stdout.decode() == value
    assert read_values((tmp_path / '.env').read_bytes()) == {'NAME': value}


@pytest.mark.parametrize('value', ["it's", 'back\\slash'])
def test_a_value_that_readers_would_take_differently_is_not_written(value: str) -> None:
    with pytest.raises(UnfixableError):
        format_line(MovedValue('NAME', value))


@pytest.mark.parametrize(
    ('issuer', 'role', 'environment', 'name'),
    [
        ('binance', 'secret', 'live', 'BINANCE_API_SECRET'),
        ('binance', 'api-key', 'testnet', 'BINANCE_TESTNET_API_KEY'),
        ('evm-private-key', 'private-key', 'unknown', 'EVM_PRIVATE_KEY'),
        ('bip39-mnemonic', 'mnemonic', 'unknown', 'BIP39_MNEMONIC'),
        ('1inch', 'token', 'live', '_1INCH_TOKEN'),
        (None, 'secret', 'live', 'SECRET'),
    ],
)
def test_names(issuer: str | None, role: str, environment: str, name: str) -> None:
    assert name_for(issuer, role, environment) == name


def test_moves_show_no_value_and_edits_go_last_to_first() -> None:
    assert repr(MovedValue('NAME', 'value')) == "Move('NAME', …)"
    assert (
        apply_edits(b'abcdef', [Edit(0, 1, b'xyz'), Edit(4, 6, b''), Edit(2, 2, b'-')])
        == b'xyzb-cd'
    )
    assert Names({'A': 'one'}).known == {'A': 'one'}


def test_the_hook_fixes_and_lets_the_second_commit_through(
    repository: Repository, tmp_path: Path
) -> None:
    hooks = yaml.safe_load((Path(__file__).parents[2] / '.pre-commit-hooks.yaml').read_text())
    hook = next(hook for hook in hooks if hook['id'] == 'keylint-fix')
    hook |= {'language': 'system', 'entry': f'{sys.executable} -m {hook["entry"]}'}
    hook.pop('minimum_pre_commit_version')
    repository.write(
        '.pre-commit-config.yaml', yaml.safe_dump({'repos': [{'repo': 'local', 'hooks': [hook]}]})
    )
    os.environ['PRE_COMMIT_HOME'] = str(tmp_path / 'pre-commit')
    repository.commit('set up')
    subprocess.run(
        [sys.executable, '-m', 'pre_commit', 'install'],
        cwd=repository.folder,
        capture_output=True,
        check=True,
    )
    repository.write('bot.py', program('dictionary'))
    repository.commit('leak')
    assert repository.git('log', '-1', '--format=%s') == 'set up\n'
    repository.commit('fixed')
    assert repository.git('log', '-1', '--format=%s') == 'fixed\n'
    assert 'os.environ' in repository.git('show', 'HEAD:bot.py')
    assert '.env\n' not in repository.git('ls-tree', '-r', '--name-only', 'HEAD').replace(
        '.env.example', ''
    )


def test_the_index_is_named_where_it_still_holds_the_value(
    keylint: Run, repository: Repository
) -> None:
    repository.write('bot.py', program('dictionary'))
    repository.write('new one.py', program('dictionary'))
    repository.git('add', 'new one.py')
    done = keylint('fix', '--isolated', cwd=repository.folder)
    assert "then `git add 'new one.py'`" in done.stdout
    assert 'If it was committed, its value stays' in done.stdout.splitlines()[-1]
    repository.git('rm', '-q', '--cached', 'new one.py')
    repository.write('bot.py', program('dictionary'))
    assert 'The index' not in keylint('fix', '--isolated', cwd=repository.folder).stdout
