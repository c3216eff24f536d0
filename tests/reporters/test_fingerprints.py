"""Check that issues keep their identity when lines move."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.reporters.bots import FILES, SCAN, TREE

pytestmark = pytest.mark.slow


def test_fingerprints_survive_moved_lines(keylint: Run, tree: Path) -> None:
    def names(format_name: str) -> list[str]:
        document = json.loads(keylint(*SCAN, '--format', format_name).stdout)
        if format_name == 'sarif':
            return sorted(
                result['partialFingerprints']['keylint/v1']
                for result in document['runs'][0]['results']
            )
        if format_name == 'codeclimate':
            return sorted(issue['fingerprint'] for issue in document)
        return sorted(one['id'] for one in document['vulnerabilities'])

    before = {name: names(name) for name in ('sarif', 'codeclimate', 'gitlab')}
    for name in ('bot.py', 'conf/.env', 'keys.yaml', 'grid.py'):
        (tree / name).write_text('# moved\n\n' + TREE[name])
    assert {name: names(name) for name in before} == before
    assert all(len(set(found)) == len(found) for name, found in before.items() if name != 'sarif')


def test_one_value_in_two_files_is_two_issues(keylint: Run, tmp_path: Path) -> None:
    for name in ('a.env', 'b.env'):
        (tmp_path / name).write_text(FILES['conf/.env'])
    issues = json.loads(keylint('scan', '--isolated', '--format', 'codeclimate').stdout)
    assert len({issue['fingerprint'] for issue in issues}) == len(issues) >= 4
