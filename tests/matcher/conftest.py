"""Fixtures of this room's tests."""

from __future__ import annotations

import pytest

from keylint.rules.load import Rules, load_rules
from tests.matcher.wide import Twice


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


@pytest.fixture
def twice(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> Twice:
    return Twice(rules, monkeypatch)
