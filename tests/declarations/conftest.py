"""Fixtures of this room's tests."""

from __future__ import annotations

import pytest

from keylint.rules.load import load_rules
from keylint.rules.rule_set import RuleSet


@pytest.fixture(scope='module')
def pack() -> RuleSet:
    return load_rules(()).pack
