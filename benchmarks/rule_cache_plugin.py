"""Give every pytest run the compiled rules: a plugin for benchmarks/mutants.py.

Each session of the tests has an empty cache and compiles the rules anew, which takes longer than
most tests. keylint names what it has compiled after the modules that decide it, with their times,
so that a fault in one of them is never hidden by a file that was made without it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

CACHE_FIXTURE = '_cache'  # of tests/conftest.py


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, None, None]:
    """Put the compiled rules into the new cache of the session."""
    yield
    if fixturedef.argname == CACHE_FIXTURE:
        for path in Path(os.environ['KEPT_RULE_CACHE']).iterdir():
            shutil.copy2(path, os.environ['KEYLINT_CACHE_DIR'])
