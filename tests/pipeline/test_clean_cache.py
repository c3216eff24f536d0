"""What an earlier run found clean is not looked at again.

Whatever could change that makes keylint look: bytes, path, rules, settings, code.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import keylint.pipeline.stored_clean_cache
from keylint.core.config import Config
from keylint.pipeline.stored_clean_cache import StoredCleanCache, load_clean_cache
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

pytestmark = pytest.mark.slow

MANY = 80
LEAK = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
DOSSIER = """
id: acmex
name: Acmex
kind: messaging
aliases: [acmex]
credentials:
- {role: token, shape: 'line [0-9]{1,2}', confidence: documented, alone: true, source: made up}
help: {manage: null, docs: null, revoke: [Delete it]}
examples:
  loud: [{file: a.txt, text: 'line 1', roles: [token]}]
  silent: [{file: a.txt, text: x}]
sources: []
"""
Scan = Callable[..., dict[str, Any]]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Eighty files in which nothing is."""
    folder = tmp_path / 'tree'
    folder.mkdir()
    for number in range(MANY):
        (folder / f'{number}.txt').write_text(f'line {number} of nothing\n')
    return folder


@pytest.fixture
def scan(keylint: Run, tree: Path, own_cache: Path) -> Scan:
    """Provide the report of a scan of the tree, with a cache of the test's own."""

    def run(*arguments: str, cwd: Path = tree, **variables: str) -> dict[str, Any]:
        done = keylint(
            'scan',
            '--format',
            'json',
            *arguments,
            cwd=cwd,
            **{'KEYLINT_CACHE_DIR': str(own_cache), **variables},
        )
        return dict(json.loads(done.stdout))

    return run


def told(report: dict[str, Any]) -> dict[str, Any]:
    """All of a report that must not differ between runs."""
    return {
        **report,
        'summary': {
            key: value
            for key, value in report['summary'].items()
            if key not in ('seconds', 'unchanged')
        },
    }


def leak(seed: str = 'unchanged') -> str:
    return expand_recipes(LEAK, seed)


# What is still found


@pytest.mark.parametrize('name', ['7.txt', 'new.env'])
def test_a_file_that_changed_or_came_is_looked_at(scan: Scan, tree: Path, name: str) -> None:
    assert scan()['findings'] == []
    (tree / name).write_text(leak())
    report = scan()
    assert [finding['path'] for finding in report['findings']] == [name]
    assert report['summary']['unchanged'] == MANY - (name == '7.txt')


def test_the_same_bytes_under_another_name_are_looked_at(scan: Scan, tree: Path) -> None:
    values = expand_recipes('key={alnum:64}\nsecret={alnum:64}\n', 'name')
    (tree / 'a.txt').write_text(values)
    before = scan()
    (tree / 'binance.env').write_text(values)
    assert 'binance' not in {finding['issuer'] for finding in before['findings']}
    assert ('binance', 'binance.env') in {
        (finding['issuer'], finding['path']) for finding in scan()['findings']
    }


def test_what_is_found_is_found_each_time(scan: Scan, tree: Path) -> None:
    (tree / '.env').write_text(leak())
    (tree / 'known.env').write_text(
        f'TOKEN={expand_recipes("{alnum:40}", "m")}  # keylint: ignore nothing of worth\n'
    )
    (tree / 'broken.zip').write_bytes(b'PK\x03\x04' + b'\x00' * 60)
    (tree / 'vain.py').write_text('a = 1  # keylint: ignore[generic-credential] in vain\n')
    first, second = scan(), scan()
    assert (first['summary']['unchanged'], second['summary']['unchanged']) == (0, MANY)
    assert told(first) == told(second)
    assert [len(first[kind]) for kind in ('findings', 'failures', 'warnings')] == [2, 1, 1]


def test_a_key_that_grows_old_is_told_of_when_it_is(scan: Scan, tree: Path) -> None:
    (tree / 'keys.yaml').write_text(
        'version: 1\nkeys:\n  - exchange: binance\n    label: bot\n    created: 2026-01-01\n'
        '    permissions: [read]\n    ip_allowlist: [203.0.113.7]\n'
    )
    early, late = scan('--today', '2026-01-02'), scan('--today', '2028-01-02')
    rules = [{finding['rule'] for finding in report['findings']} for report in (early, late)]
    assert rules[1] - rules[0] == {'key-stale'}


# What makes keylint look again


@pytest.mark.parametrize(
    'arguments',
    ['--no-cache', '--severity info', '--exclude nothing', '--limit members=7', '--select generic'],
)
def test_other_settings_look_at_everything(scan: Scan, arguments: str) -> None:
    scan()
    assert scan(*arguments.split())['summary']['unchanged'] == 0


def test_the_variable_does_as_the_flag(scan: Scan) -> None:
    scan()
    assert [scan(KEYLINT_NO_CACHE=value)['summary']['unchanged'] for value in ('1', '')] == [
        0,
        MANY,
    ]


def test_rules_of_your_own_look_at_everything(scan: Scan, tmp_path: Path) -> None:
    scan()
    (tmp_path / 'rules').mkdir()
    (tmp_path / 'rules' / 'acmex.yaml').write_text(DOSSIER)
    report = scan('--rules', str(tmp_path / 'rules'))
    assert report['summary']['unchanged'] == 0
    assert len(report['findings']) == MANY


def test_another_folder_is_looked_at(scan: Scan, tree: Path, tmp_path: Path) -> None:
    scan()
    tree.rename(tmp_path / 'other')
    assert scan(cwd=tmp_path / 'other')['summary']['unchanged'] == 0


def test_another_keylint_looks_at_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = load_rules()
    first = load_clean_cache(str(tmp_path), rules, Config())
    first.add(first.name('a', b'b'))
    first.save()
    again = load_clean_cache(str(tmp_path), rules, Config())
    assert again.name('a', b'b') in again
    files = keylint.pipeline.stored_clean_cache._list_own_files()
    monkeypatch.setattr(
        keylint.pipeline.stored_clean_cache,
        '_list_own_files',
        lambda: [*files[1:], (files[0][0], files[0][1], files[0][2] + 1)],
    )
    assert again.name('a', b'b') not in load_clean_cache(str(tmp_path), rules, Config())


@pytest.mark.parametrize('harm', ['cut', 'flipped', 'readable', 'link'])
def test_a_file_that_others_may_have_touched_counts_as_missing(
    scan: Scan, tmp_path: Path, harm: str
) -> None:
    scan()
    (file,) = (tmp_path / 'cache').glob('*.clean')
    data = file.read_bytes()
    if harm == 'cut':
        file.write_bytes(data[:-9])
    elif harm == 'flipped':
        file.write_bytes(data[:-9] + bytes((data[-9] ^ 1,)) + data[-8:])
    elif harm == 'readable':
        file.chmod(0o644)
    else:
        file.unlink()
        file.symlink_to(tmp_path / 'nowhere')
    assert scan()['summary']['unchanged'] == 0
    assert scan()['summary']['unchanged'] == MANY


# What is kept


def test_digests_of_clean_files_are_kept_and_nothing_else(
    scan: Scan, tree: Path, tmp_path: Path
) -> None:
    (tree / '.env').write_text(leak())
    scan()
    (file,) = (tmp_path / 'cache').glob('*.clean')
    assert file.stat().st_mode & 0o777 == 0o600
    data = file.read_bytes()
    assert not any(line.split('=')[1].encode() in data for line in leak().splitlines())
    assert not any(f'line {number} of'.encode() in data for number in range(MANY))
    assert not list(tree.rglob('*.clean'))


def test_a_few_files_leave_nothing_behind(scan: Scan, tree: Path, tmp_path: Path) -> None:
    scan('1.txt', '2.txt')
    assert not list((tmp_path / 'cache').glob('*.clean'))


def test_a_cache_that_cannot_be_written_is_no_accident(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('')
    for _ in range(2):
        assert scan(KEYLINT_CACHE_DIR=str(tmp_path / 'file' / 'cache'))['summary']['unchanged'] == 0


def test_more_than_fits_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keylint.pipeline.stored_clean_cache, '_MAX_KEYS', 3)
    for names in ((1, 2), (3,), (4, 5)):
        known = StoredCleanCache(str(tmp_path).encode())
        for name in names:
            known.add(known.name(str(name), b''))
        known.save()
    last = StoredCleanCache(str(tmp_path).encode())
    assert [last.name(str(name), b'') in last for name in (1, 2, 3, 4, 5)] == [
        False,
        False,
        False,
        True,
        True,
    ]


# Histories


def test_a_history_looks_only_at_what_is_new(scan: Scan, repository: Repository) -> None:
    for number in range(5):
        repository.write('bot.py', f'print({number})\n')
        repository.commit(f'number {number}')
    repository.write('.env', leak())
    repository.commit('leak')
    first, second = (scan('--history', cwd=repository.folder) for _ in range(2))
    assert told(first) == told(second)
    assert (first['summary']['unchanged'], second['summary']['unchanged']) == (
        0,
        first['summary']['files'] - 1,
    )
    repository.write('other.env', leak('other'))
    repository.commit('another leak')
    third = scan('--history', cwd=repository.folder)
    assert {finding['path'] for finding in third['findings']} == {'.env', 'other.env'}
    assert third['summary']['unchanged'] == second['summary']['unchanged']


def test_publish_keeps_its_verdict(keylint: Run, repository: Repository, tmp_path: Path) -> None:
    repository.write('bot.py', 'print(1)\n')
    repository.write('.env', leak())
    repository.commit()
    said = []
    for arguments in ((), (), ('--no-cache',)):
        done = keylint(
            'publish',
            '--format',
            'json',
            *arguments,
            cwd=repository.folder,
            KEYLINT_CACHE_DIR=str(tmp_path / 'cache'),
        )
        document = json.loads(done.stdout)
        document['summary'].pop('seconds')
        said.append((done.returncode, document['summary'].pop('unchanged'), document))
    assert [row[0] for row in said] == [1, 1, 1]
    assert [row[1] for row in said] == [
        0,
        3,
        0,
    ]  # bot.py as a file and as an object, and the commit
    assert said[0][2] == said[1][2] == said[2][2]


def test_the_objects_of_a_repository_that_is_not_this_one_are_looked_at(
    scan: Scan, tmp_path: Path
) -> None:
    counts = []
    for name in ('one', 'two'):
        repository = Repository(tmp_path / name)
        repository.write('a.txt', 'the same\n')
        repository.commit()
        counts.append(scan('--history', cwd=repository.folder)['summary']['unchanged'])
    assert counts == [0, 0]


def test_the_cache_is_named_where_its_folder_is(keylint: Run) -> None:
    done = keylint('config', KEYLINT_CACHE_DIR=os.fspath('/nowhere'))
    assert '/nowhere' in done.stdout


def test_other_bytes_under_an_id_that_was_clean_are_seen_only_without_the_cache(
    scan: Scan, repository: Repository
) -> None:
    """Git clone and git fetch take no such object.

    Only who writes into `.git` itself can make one.
    """
    repository.write('a.env', 'nothing\n')
    repository.commit()
    scan('--history', cwd=repository.folder)
    name = repository.git('rev-parse', 'HEAD:a.env').strip()
    file = repository.folder / '.git' / 'objects' / name[:2] / name[2:]
    file.chmod(0o600)
    file.write_bytes(zlib.compress(f'blob {len(leak())}\x00{leak()}'.encode()))
    found = [
        scan('--history', *arguments, cwd=repository.folder)['findings']
        for arguments in ((), ('--no-cache',))
    ]
    assert [len(findings) for findings in found] == [0, 1]
