"""A column of a table is one finding with the places of its values."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run


def _make_tokens(count: int) -> list[str]:
    return [expand_recipes('{alnum:40}', f'column {number}') for number in range(count)]


def _list_findings(keylint: Run) -> list[dict[str, Any]]:
    run = keylint('scan', '--no-ignore', '--format', 'json')
    return list(json.loads(run.stdout)['findings'])


def test_a_column_of_csv(keylint: Run, tmp_path: Path) -> None:
    rows = [f'{number},{token}' for number, token in enumerate(_make_tokens(17))]
    (tmp_path / 'sessions.csv').write_text('\n'.join(['id,token', *rows, '']))
    (finding,) = _list_findings(keylint)
    assert finding['title'] == 'credential of an unknown issuer (17 in one column)'
    assert [part['line'] for part in finding['parts']] == list(range(2, 19))


def test_a_column_of_a_database(keylint: Run, tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / 'sessions.db')
    base.execute('create table session(id int, token text)')
    base.executemany('insert into session values(?, ?)', enumerate(_make_tokens(17)))
    base.commit()
    base.close()
    (finding,) = _list_findings(keylint)
    assert len(finding['parts']) == 17
    assert finding['container'] == 'sessions.db!/session.token'


def test_accounts_stay_apart(keylint: Run, tmp_path: Path) -> None:
    """A key with its secret in each row is an account in each row."""
    pairs = zip(_make_tokens(8)[::2], _make_tokens(8)[1::2], strict=True)
    rows = [f'{key},{secret}' for key, secret in pairs]
    (tmp_path / 'accounts.csv').write_text('\n'.join(['api_key,api_secret', *rows, '']))
    assert len(_list_findings(keylint)) == 4


def test_a_list_of_settings_is_no_column(keylint: Run, tmp_path: Path) -> None:
    lines = [f'TOKEN_{number}={token}\n' for number, token in enumerate(_make_tokens(4))]
    (tmp_path / '.env').write_text(''.join(lines))
    assert len(_list_findings(keylint)) == 4


def test_what_comes_later_is_another_finding(keylint: Run, tmp_path: Path) -> None:
    prints = set()
    for count in (4, 5):
        rows = [f'{number},{token}' for number, token in enumerate(_make_tokens(count))]
        (tmp_path / 'sessions.csv').write_text('\n'.join(['id,token', *rows, '']))
        (finding,) = _list_findings(keylint)
        prints.add(finding['fingerprint'])
    assert len(prints) == 2


def test_a_column_of_a_history(keylint: Run, repository: Repository, tmp_path: Path) -> None:
    """What came and went together is one finding; a row that came later is another."""
    tokens = _make_tokens(18)
    rows = [f'{number},{token}' for number, token in enumerate(tokens)]
    repository.write('sessions.csv', '\n'.join(['id,token', *rows[:17], '']))
    repository.commit()
    repository.write('sessions.csv', '\n'.join(['id,token', *rows, '']))
    repository.commit()
    repository.git('rm', '-q', 'sessions.csv')
    repository.commit()
    options = ('--history', '--format', 'json', '--no-cache')
    found = json.loads(keylint('scan', *options, cwd=repository.folder).stdout)['findings']
    assert sorted(len(finding['parts']) for finding in found) == [1, 17]
    plan = tmp_path / 'plan'
    keylint('publish', '--plan', str(plan), '--no-cache', cwd=repository.folder)
    texts = ''.join(path.read_text() for path in plan.rglob('*') if path.is_file())
    assert [token for token in tokens if token not in texts] == []
