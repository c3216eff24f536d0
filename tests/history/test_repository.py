"""What is known of a repository before its contents are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.core.config import Config
from keylint.core.report import Report
from keylint.history.repository import choose_paths, open_repository
from keylint.rules.load import load_rules
from tests.hiding import Git


@pytest.mark.parametrize('excluded', ['a/', 'z/'])
def test_a_lost_object_is_reported_under_a_path_that_is_not_excluded(
    excluded: str, tmp_path: Path
) -> None:
    """Whether git names the excluded path of the object first or last."""
    git = Git(tmp_path / 'bot')
    for path in ('a/bot.py', 'm/bot.py', 'z/bot.py'):
        git.write(path, 'run()\n')
    git.commit()
    lost = git('rev-parse', 'HEAD:m/bot.py')
    (git.folder / '.git' / 'objects' / lost[:2] / lost[2:]).unlink()
    config = Config(exclude=(excluded, 'm/'))
    report = Report('object')
    repository = open_repository(str(git.folder / '.git'), report)
    choose_paths(repository, load_rules(), config, report)
    kept = 'z/bot.py' if excluded == 'a/' else 'a/bot.py'
    assert [failure.path for failure in report.failures] == [kept]
