"""Fixtures of this room's tests."""

from __future__ import annotations

import pytest

from keylint.rules.load import load_rules
from keylint.rules.rule_set import Pack


@pytest.fixture(scope='module')
def pack() -> Pack:
    return load_rules(()).pack
