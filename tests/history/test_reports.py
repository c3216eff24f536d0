"""Every format tells how long a finding has lived; limits reach into histories."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.history.reports import HISTORY, leaking

pytestmark = pytest.mark.slow


# The formats


def test_every_format_tells_of_the_life(tmp_path: Path, keylint: Run) -> None:
    git = leaking(tmp_path / 'bot')
    commit = git('rev-parse', 'HEAD~1')
    said = f'in 1 commit ({commit[:12]}) of 2021-01-02, no longer in HEAD; reached from HEAD, main'

    def shown(name: str) -> str:
        return keylint(*HISTORY, 'bot', '--format', name).stdout

    assert said in ' '.join(shown('full').split())
    assert said in shown('html')
    assert said in shown('markdown')
    row = next(row for row in csv.DictReader(StringIO(shown('csv'))) if row['path'] == 'old.env')
    assert (row['commit'], row['history']) == (commit, said)
    result = next(
        result
        for result in json.loads(shown('sarif'))['runs'][0]['results']
        if 'old.env' in str(result['locations'])
    )
    assert (result['properties']['commit'], result['properties']['history']) == (commit, said)
    entry = next(
        entry
        for entry in json.loads(shown('gitlab'))['vulnerabilities']
        if entry['location']['file'] == 'old.env'
    )
    assert (entry['location']['commit']['sha'], entry['details']['history']['value']) == (
        commit,
        said,
    )
    assert json.loads(shown('jsonl').splitlines()[0])['history']['commits'] == 1
    assert '2 critical in' in shown('markdown')
    assert 'objects' in shown('markdown').split('\n')[0]


def test_a_scan_of_files_has_no_history(tmp_path: Path, keylint: Run) -> None:
    leaking(tmp_path / 'bot')
    document = json.loads(keylint('scan', 'bot', '--isolated', '--format', 'json').stdout)
    assert [finding['history'] for finding in document['findings']] == [None]
    assert 'life:' not in keylint('scan', 'bot', '--isolated', '--format', 'full').stdout
