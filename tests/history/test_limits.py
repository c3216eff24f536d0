"""Paths, declarations and limits in histories."""

from __future__ import annotations

import json
import re
from hashlib import sha384
from pathlib import Path

import pytest

from keylint.cli import main
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run
from tests.hiding import Git
from tests.history.reports import HISTORY, leaking

pytestmark = pytest.mark.slow


def test_binary_and_excluded_paths_are_counted(tmp_path: Path, keylint: Run) -> None:
    git = leaking(tmp_path / 'bot')
    done = keylint(*HISTORY, 'bot', '--exclude', 'old.env')
    assert done.returncode == 1
    assert 'skipped: 1 excluded by configuration' in done.stdout
    assert 'new.env' in done.stdout
    assert git.folder.exists()


def test_a_declaration_of_long_ago_is_no_finding(tmp_path: Path, keylint: Run) -> None:
    git = Git(tmp_path / 'bot')
    git.write(
        'keys.yaml',
        expand_recipes(
            'keys:\n  - exchange: kraken\n    permissions: [read, trade, withdraw]\n', 'keys'
        ),
    )
    git.commit()
    assert keylint(*HISTORY, 'bot').returncode == 0


# What costs too much


def test_limits_reach_into_histories(
    repository: Repository, slow_clock: None, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write('large.log', 'words of a log\n' * 100_000)
    repository.write(
        'many.env',
        ''.join(
            f'KRAKEN_API_SECRET_{n}={sha384(b"%d" % n).hexdigest()[:56]}\n' for n in range(1000)
        ),
    )
    repository.commit()
    repository.git('rm', '-q', 'large.log', 'many.env')
    repository.commit('gone')
    limits = ['--limit', 'file-size=1', '--limit', 'seconds=1']
    assert main([*HISTORY, str(repository.folder), '--format', 'json', *limits]) == 2
    told = json.loads(capsys.readouterr().out)
    failures = {
        failure['path']: re.sub('object [0-9a-f]{12}', 'object …', failure['error'])
        for failure in told['failures']
    }
    assert failures == {
        'large.log': 'object … is larger than 1 MB',
        'many.env': 'object …: it takes more than 1 s: the rest was not looked at',
    }
    assert 0 < len(told['findings']) < 1000
