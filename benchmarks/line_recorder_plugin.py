"""Tell line_recorder.py which test runs: a plugin for pytest in the environment of the map."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import line_recorder
import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, None, None]:
    """Record one test."""
    assert line_recorder.RECORDER
    with line_recorder.RECORDER.record(item.nodeid, is_test=True):
        yield


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, None, None]:
    """Give what a wider fixture runs to all tests of the module, or of the session."""
    assert line_recorder.RECORDER
    if fixturedef.scope == 'function':
        yield
        return
    wider = (
        request.node.nodeid if fixturedef.scope in ('class', 'module') else line_recorder.SESSION
    )
    with line_recorder.RECORDER.record(wider, is_test=False):
        yield
