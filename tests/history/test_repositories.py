"""Histories of every kind of repository, told the same from everywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.hiding import Git, leak, secret
from tests.history.reports import HISTORY, Hidden, leaking, one, report

pytestmark = pytest.mark.slow


def assert_both(document: dict[str, Any]) -> None:
    assert len(document['findings']) == 2
    old, new = one(document, secret('old'))['history'], one(document, secret('new'))['history']
    assert (old['in_head'], old['commits'], old['reachable']) == (False, 1, True)
    assert (new['in_head'], new['commits'], new['reachable']) == (True, 1, True)
    assert document['failures'] == []


def test_a_repository_of_sha_256(tmp_path: Path) -> None:
    git = leaking(tmp_path / 'bot', '--object-format=sha256')
    git('tag', '-a', 'v1', '-m', leak('tag'))
    document = report(git.folder, '--show-secrets')
    assert len(document['findings']) == 3
    assert len(one(document, secret('old'))['commit']) == 64
    assert one(document, secret('tag'))['history']['refs'] == ['refs/tags/v1']


def test_a_bare_repository(tmp_path: Path) -> None:
    git = leaking(tmp_path / 'bot')
    git('clone', '-q', '--bare', str(git.folder), str(tmp_path / 'bare.git'))
    assert_both(report(tmp_path / 'bare.git', '--show-secrets'))


def test_all_of_a_repository_is_seen_from_a_folder_in_it_and_from_a_worktree(
    tmp_path: Path,
) -> None:
    git = leaking(tmp_path / 'bot')
    git.write('inner/README.md', 'x\n')
    git('worktree', 'add', '-q', '-b', 'second', str(tmp_path / 'second'))
    for folder in (git.folder / 'inner', tmp_path / 'second', git.folder / '.git'):
        assert_both(report(folder, '--show-secrets'))


def test_outside_of_a_repository(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'plain').mkdir()
    for folder in ('plain', 'missing'):
        done = keylint(*HISTORY, folder)
        assert (done.returncode, done.stdout, done.stderr.count('\n')) == (2, '', 1)
        assert folder in done.stderr


def test_a_repository_without_commits(keylint: Run, tmp_path: Path) -> None:
    Git(tmp_path / 'bot')
    done = keylint(*HISTORY, 'bot')
    assert (done.returncode, done.stdout, done.stderr) == (0, 'nothing was scanned\n', '')


def test_a_clean_history(keylint: Run, tmp_path: Path) -> None:
    git = Git(tmp_path / 'bot')
    git.write('.env', 'BINANCE_API_KEY=your_key\n')
    git.commit()
    done = keylint(*HISTORY, 'bot')
    assert (done.returncode, done.stderr) == (0, '')
    assert re.fullmatch(r'no findings in 2 objects \(\d+ bytes, \d+\.\d\d s\)\n', done.stdout)


def test_a_value_that_stands_twice_is_seen_in_every_version_whatever_stands_around_it(
    tmp_path: Path,
) -> None:
    """It is told of once in a file.

    The other place must not count as one in which nothing was found.
    """
    git = Git(tmp_path)
    around = [
        f'# {name}\n' * 4 for name in ('spring', 'summer', 'autumn', 'winter', 'dawn', 'dusk')
    ]
    filler = ''.join(f'# nothing in line {number}\n' for number in range(300))
    pairs = [(first, second) for first in around for second in around if first != second]
    for first, second in pairs:
        git.write(
            'bot.py',
            ''.join(f'{filler}{text}{leak("twice")}{text}' for text in (first, second)) + filler,
        )
        git.commit()
    finding = one(report(tmp_path, '--show-secrets'), secret('twice'))
    assert finding['history']['commits'] == len(pairs)


def test_the_same_value_in_a_hundred_versions_is_one_finding(tmp_path: Path) -> None:
    git = Git(tmp_path / 'bot')
    for number in range(20):
        git.write('bot.py', f'# version {number}\n' * number + leak('versions'))
        git.commit()
    git.write('bot.py', '# clean\n')
    git.commit()
    (finding,) = report(git.folder, '--show-secrets')['findings']
    life = finding['history']
    assert (life['commits'], life['in_head']) == (20, False)
    assert (life['first']['authored'][:10], life['last']['authored'][:10]) == (
        '2021-01-02',
        '2021-01-21',
    )
    assert finding['commit'] == life['last']['commit'] == git('rev-parse', 'HEAD~1')


def test_a_key_whose_secret_came_later_is_one_finding(tmp_path: Path) -> None:
    git = Git(tmp_path / 'bot')
    key, value = leak('pair').splitlines()
    git.write('.env', f'{key}\n')
    git.commit()
    git.write('.env', f'{key}\n{value}\n')
    git.commit()
    (finding,) = report(git.folder)['findings']
    assert sorted(part['role'] for part in finding['parts']) == ['api-key', 'secret']
    assert finding['history']['commits'] == 2


def test_the_same_output_with_any_number_of_workers(hidden: Hidden, keylint: Run) -> None:
    outputs = set()
    for count in ('1', '2', '3'):
        done = keylint(
            *HISTORY,
            str(hidden.folder / 'bot'),
            '--format',
            'json',
            KEYLINT_WORKERS=count,
            KEYLINT_NO_CACHE='1',
        )
        outputs.add(re.sub(r'"seconds": [\d.]+', '', done.stdout))
    assert len(outputs) == 1


def test_paths_are_those_of_the_repository_wherever_keylint_runs(
    tmp_path: Path, keylint: Run
) -> None:
    git = leaking(tmp_path / 'bot')
    for name in ('json', 'gitlab', 'sarif'):
        shown = [
            keylint(*HISTORY, place, '--format', name, cwd=cwd).stdout
            for place, cwd in ((str(git.folder), tmp_path), ('.', git.folder))
        ]
        assert all('"new.env"' in text and str(tmp_path) not in text for text in shown)


def test_the_environment_of_a_hook_leads_nowhere_else(tmp_path: Path, keylint: Run) -> None:
    other = Git(tmp_path / 'other')
    git = leaking(tmp_path / 'bot')
    redirected = {
        'GIT_DIR': str(other.folder / '.git'),
        'GIT_WORK_TREE': str(other.folder),
        'GIT_INDEX_FILE': str(other.folder / 'index'),
    }
    done = keylint(*HISTORY, str(git.folder), '--format', 'json', '--show-secrets', **redirected)
    assert_both(json.loads(done.stdout))
