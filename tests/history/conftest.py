"""Fixtures of this room's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hiding import Git, leak
from tests.history.reports import Hidden


@pytest.fixture(scope='module')
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Hidden:
    return Hidden(tmp_path_factory.mktemp('hidden'))


@pytest.fixture
def victim(tmp_path: Path) -> Git:
    """Provide a repository with a leak in HEAD, one that was removed, and one in the index."""
    git = Git(tmp_path / 'bot')
    git.write('old.env', leak('old'))
    git.commit()
    (git.folder / 'old.env').unlink()
    git.write('new.env', leak('new'))
    git.commit()
    git.write('staged.env', leak('staged'))
    git('add', 'staged.env')
    return git
