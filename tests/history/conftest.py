"""Fixtures of this room's tests."""

from __future__ import annotations

import pytest

from tests.history.reports import Hidden


@pytest.fixture(scope='module')
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Hidden:
    return Hidden(tmp_path_factory.mktemp('hidden'))
