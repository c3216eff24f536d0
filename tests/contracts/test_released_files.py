"""What earlier versions wrote into people's repositories still names the same.

Baselines, and fingerprints of reports.

The files in `released/` were written once and never change with the code: what is in them lies in
repositories that nobody here can update. A finding that they do not know any more comes back as new
in each of them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Repository, Run
from tests.contracts.sources import GONE, RENAMED, write_moving, write_tree

RELEASED = Path(__file__).parent / 'released'
NAME = '.keylint-baseline.json'
DAY = ('--today', '2026-11-01')


@pytest.fixture
def tree(repository: Repository) -> Path:
    """Provide the tree as the baseline knows it, one file renamed since.

    What only the history held is still there.
    """
    write_tree(repository.folder)
    write_moving(repository.folder, True)
    repository.commit()
    write_moving(repository.folder, False)
    repository.commit()
    shutil.copy(RELEASED / 'baseline.json', repository.folder / NAME)
    return repository.folder


def findings_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    report = json.loads(done.stdout)
    assert report['failures'] == []
    findings: list[dict[str, Any]] = report['findings']
    return findings


def entries_of(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding='utf-8'))['entries']
    return entries


def test_all_findings_are_known_to_a_released_baseline(keylint: Run, tree: Path) -> None:
    done = keylint('scan', '--format', 'json', *DAY, cwd=tree)
    findings = findings_of(done)
    assert [finding['path'] for finding in findings if finding['state'] != 'known'] == []
    assert (len(findings), done.returncode, json.loads(done.stdout)['warnings']) == (19, 0, [])
    reasons = {finding['path']: finding['reason'] for finding in findings}
    assert reasons['pair.env'] == 'rotated: revoked on the same day'
    assert reasons[RENAMED[1]] == 'accepted: a test account'
    assert reasons['password.py'] == 'unreviewed'


def test_what_only_the_history_holds_is_known(keylint: Run, tree: Path) -> None:
    findings = findings_of(keylint('scan', '--history', '--format', 'json', *DAY, cwd=tree))
    states = {finding['path']: finding['state'] for finding in findings}
    assert (states[GONE[0]], states['pair.env'], set(states.values())) == (
        'known',
        'known',
        {'known'},
    )


def test_an_update_changes_nothing_but_the_renamed_entry(keylint: Run, tree: Path) -> None:
    """The same ids, digests and bytes: what is written today is what was written then."""
    (tree / RENAMED[1]).rename(tree / RENAMED[0])
    keylint('baseline', 'update', '--history', *DAY, cwd=tree)
    assert (tree / NAME).read_bytes() == (RELEASED / 'baseline.json').read_bytes()
    (tree / RENAMED[0]).rename(tree / RENAMED[1])
    keylint('baseline', 'update', *DAY, cwd=tree)
    files = RELEASED / 'baseline.json', tree / NAME
    before, after = ({entry['id']: entry for entry in entries_of(path)} for path in files)
    (old,), (new,) = before.keys() - after.keys(), after.keys() - before.keys()
    assert {**before[old], 'id': new, 'path': RENAMED[1]} == after[new]


def test_a_baseline_written_anew_under_the_same_salt_has_the_same_names(
    keylint: Run, tree: Path
) -> None:
    (tree / RENAMED[1]).rename(tree / RENAMED[0])
    document = json.loads((tree / NAME).read_text(encoding='utf-8'))
    (tree / NAME).write_text(json.dumps({**document, 'entries': []}), encoding='utf-8')
    keylint('baseline', 'update', '--history', *DAY, cwd=tree)
    decided = ('verdict', 'reason', 'by', 'until')
    rows = [
        [
            {name: value for name, value in entry.items() if name not in decided}
            for entry in entries_of(path)
        ]
        for path in (RELEASED / 'baseline.json', tree / NAME)
    ]
    # The file that was renamed is one object under two paths: each is a place of its own.
    assert rows[0] == [row for row in rows[1] if row['path'] != RENAMED[1]]


def test_another_id_is_another_finding(keylint: Run, tree: Path) -> None:
    """The guard guards: an entry whose id differs in a digit knows nothing."""
    text = (tree / NAME).read_text(encoding='utf-8')
    entry = next(entry for entry in entries_of(tree / NAME) if entry['path'] == 'pair.env')
    (tree / NAME).write_text(text.replace(entry['id'], '0' + entry['id'][:-1]), encoding='utf-8')
    findings = findings_of(keylint('scan', '--format', 'json', *DAY, cwd=tree))
    assert [finding['path'] for finding in findings if finding['state'] == 'open'] == ['pair.env']


def released_fingerprints() -> list[list[str]]:
    """Return path, rule and fingerprint of each finding as they were reported."""
    rows = json.loads((RELEASED / 'fingerprints.json').read_text(encoding='utf-8'))
    return [[row['path'], row['rule'], row['fingerprint']] for row in rows]


def test_fingerprints_of_a_report_are_as_they_were(keylint: Run, tree: Path) -> None:
    """Reports are held against earlier ones by them, in code scanning and in dashboards."""
    findings = findings_of(keylint('scan', '--no-baseline', '--format', 'json', cwd=tree))
    found = sorted([item['path'], item['rule'], item['fingerprint']] for item in findings)
    assert found == released_fingerprints()


def test_a_strong_value_keeps_its_fingerprint_and_a_weak_one_its_place(
    keylint: Run, tree: Path
) -> None:
    (tree / 'deep').mkdir()
    for name in ('pair.env', 'password.py'):
        (tree / name).rename(tree / 'deep' / name)
    findings = findings_of(keylint('scan', '--no-baseline', '--format', 'json', cwd=tree))
    found = {finding['path']: finding['fingerprint'] for finding in findings}
    released = {path: name for path, _, name in released_fingerprints()}
    assert found['deep/pair.env'] == released['pair.env']
    assert found['deep/password.py'] != released['password.py']
