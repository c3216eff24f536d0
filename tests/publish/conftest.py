"""Run `keylint publish` on the repository of a test."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Repository, Run


@pytest.fixture
def published(keylint: Run, repository: Repository) -> Callable[..., dict[str, Any]]:
    """Provide the JSON of a run on the test's repository.

    No run may print a value that was planted.
    """

    def run(*arguments: str) -> dict[str, Any]:
        done = keylint('publish', str(repository.folder), '--format', 'json', *arguments)
        answer: dict[str, Any] = json.loads(done.stdout)
        assert (
            done.returncode
            == {'publishable': 0, 'not publishable': 1, 'incomplete': 2}[answer['verdict']]
        ), done.stderr
        return answer

    return run
