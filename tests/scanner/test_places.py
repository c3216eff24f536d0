"""One value is one finding with its places, in trees, histories and the answer of `publish`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

MAIL = "EMAIL = 'bot@gmail.com'\nEMAIL_PASSWORD = '{pass:20}'\n"
PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'


def fill(text: str, seed: str = 'places') -> str:
    return expand_recipes(text, seed)


def read_findings(done: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)['findings']
    return found


def write_ten(repository: Repository, text: str, mark: str = '') -> None:
    for number in range(10):
        lines = fill(text).rstrip('\n') + (mark if number == 0 else '')
        repository.write(f'bot/f{number}.py', f'{"# line" * (number > 4)}\n{lines}\n')


@pytest.mark.parametrize('text', [MAIL, PAIR.replace('=', "='").replace('}\n', "}'\n")])
def test_a_value_in_ten_files_is_one_finding_with_ten_places(
    keylint: Run, repository: Repository, text: str
) -> None:
    write_ten(repository, text)
    [finding] = read_findings(keylint('scan', '--format', 'json', cwd=repository.folder))
    assert [place['path'] for place in finding['places']] == [f'bot/f{n}.py' for n in range(10)]
    assert finding['path'] == 'bot/f0.py'
    shown = keylint('scan', '--format', 'full', cwd=repository.folder)
    assert 'also:  bot/f1.py:' in shown.stdout
    assert 'and 7 more places' in shown.stdout
    assert shown.stdout.count(f'{finding["help_url"]}\n') == 1
    assert f'1 {finding["severity"]} in 10 files' in shown.stdout
    assert shown.returncode == 1


def test_lines_stay_lines_where_a_format_speaks_of_lines(
    keylint: Run, repository: Repository
) -> None:
    write_ten(repository, MAIL)
    github = keylint('scan', '--format', 'github', cwd=repository.folder).stdout
    assert github.count('::warning file=') + github.count('::error file=') == 10
    climate = json.loads(keylint('scan', '--format', 'codeclimate', cwd=repository.folder).stdout)
    assert len({issue['fingerprint'] for issue in climate}) == 10
    rows = keylint('scan', '--format', 'csv', cwd=repository.folder).stdout.splitlines()
    assert len(rows) == 11


def test_sarif_has_one_result_with_all_places(keylint: Run, repository: Repository) -> None:
    write_ten(repository, MAIL)
    document = json.loads(keylint('scan', '--format', 'sarif', cwd=repository.folder).stdout)
    [result] = document['runs'][0]['results']
    places = [*result['locations'], *result['relatedLocations']]
    uris = {place['physicalLocation']['artifactLocation']['uri'] for place in places}
    assert uris == {f'bot/f{number}.py' for number in range(10)}


@pytest.mark.parametrize('is_history', [False, True])
def test_a_mark_at_one_place_accepts_that_place_only(
    keylint: Run, repository: Repository, is_history: bool
) -> None:
    write_ten(repository, MAIL, '  # keylint: ignore[generic-password] a test account')
    repository.commit()
    ways = ['--history'] if is_history else []
    findings = read_findings(keylint('scan', '--format', 'json', *ways, cwd=repository.folder))
    opened = [finding for finding in findings if finding['state'] == 'open']
    accepted = [finding for finding in findings if finding['state'] == 'suppressed']
    assert [len(finding['places']) for finding in opened] == [9]
    assert [place['path'] for one in accepted for place in one['places']] == ['bot/f0.py']


def test_a_mark_beside_an_open_copy_of_a_strong_value_hides_nothing_of_a_history(
    keylint: Run, repository: Repository
) -> None:
    mark = ' # keylint: ignore[binance-credential] a test account'
    key, secret = fill(PAIR).splitlines()
    repository.write('a.env', f'{key}\n{secret}{mark}\n')
    repository.write('b.env', f'{key}\n{secret}\n')
    repository.commit()
    done = keylint('scan', '--history', '--format', 'json', cwd=repository.folder)
    found = [(finding['state'], finding['path']) for finding in read_findings(done)]
    assert (found, done.returncode) == ([('suppressed', 'a.env'), ('open', 'b.env')], 1)


def test_a_baseline_knows_each_place_of_a_guessable_value(
    keylint: Run, repository: Repository
) -> None:
    write_ten(repository, MAIL)
    assert keylint('baseline', 'create', cwd=repository.folder).returncode == 0
    assert keylint('scan', cwd=repository.folder).returncode == 0
    repository.write('bot/new.py', fill(MAIL))
    done = keylint('scan', '--format', 'json', cwd=repository.folder)
    opened = [finding for finding in read_findings(done) if finding['state'] == 'open']
    assert [[place['path'] for place in one['places']] for one in opened] == [['bot/new.py']]
    assert done.returncode == 1


def test_a_part_of_a_larger_credential_is_a_place_of_it(
    keylint: Run, repository: Repository
) -> None:
    key, secret = fill(PAIR).splitlines()
    repository.write('a.env', f'{key}\n')
    repository.write('b.env', f'{key}\n{secret}\n')
    [finding] = read_findings(keylint('scan', '--format', 'json', cwd=repository.folder))
    assert (finding['path'], finding['severity']) == ('b.env', 'critical')
    assert [place['path'] for place in finding['places']] == ['a.env', 'b.env']


def test_two_values_are_two_findings(keylint: Run, repository: Repository) -> None:
    repository.write('a.py', fill(MAIL, 'one'))
    repository.write('b.py', fill(MAIL, 'two'))
    found = read_findings(keylint('scan', '--format', 'json', cwd=repository.folder))
    assert [len(finding['places']) for finding in found] == [1, 1]


@pytest.mark.parametrize('is_committed', [False, True])
def test_publish_has_one_item_for_a_value(
    keylint: Run, repository: Repository, tmp_path: Path, is_committed: bool
) -> None:
    repository.write('README.md', 'a bot\n')
    repository.commit()
    write_ten(repository, MAIL)
    if is_committed:
        repository.commit()
    answer = json.loads(
        keylint('publish', str(repository.folder), '--format', 'json', cwd=tmp_path).stdout
    )
    [leak] = answer['leaks']
    assert len(leak['places']) == 10
    text = keylint('publish', str(repository.folder), cwd=tmp_path).stdout
    assert 'and 7 more places' in text
    assert ('1 to rotate' if is_committed else '1 to purge') in text


@pytest.mark.parametrize('is_committed', [False, True])
def test_publish_sees_an_open_copy_beside_an_accepted_one(
    keylint: Run, repository: Repository, tmp_path: Path, is_committed: bool
) -> None:
    key, secret = fill(PAIR).splitlines()
    mark = ' # keylint: ignore[binance-credential] an example'
    repository.write('a.env', f'{key}\n{secret}{mark}\n')
    repository.commit()
    repository.write('b.env', f'{key}\n{secret}\n')
    if is_committed:
        repository.commit()
    answer = json.loads(
        keylint('publish', str(repository.folder), '--format', 'json', cwd=tmp_path).stdout
    )
    paths = {leak['path']: leak['verdict']['action'] for leak in answer['leaks']}
    assert paths == {'a.env': 'accepted', 'b.env': 'rotate'}
