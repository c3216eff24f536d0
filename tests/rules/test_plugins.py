"""The patterns that were copied from detect-secrets are those of the package that is installed."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import pytest

from keylint.rules.plugins import list_plugin_patterns

PLUGINS = {pattern.module for pattern in list_plugin_patterns()}


@pytest.mark.parametrize('module', sorted(PLUGINS))
def test_a_copied_plugin_has_all_patterns_of_the_installed_one(module: str) -> None:
    plugins = import_module(f'detect_secrets.plugins.{module}')
    detectors: list[Any] = [
        kind
        for _, kind in inspect.getmembers(plugins, inspect.isclass)
        if kind.__module__ == plugins.__name__
    ]
    (detector,) = detectors
    theirs = [(pattern.pattern, pattern.flags) for pattern in detector().denylist]
    ours = [(row.text, row.flags) for row in list_plugin_patterns() if row.module == module]
    assert ours == theirs


def test_look_around_is_cut_out_for_the_matcher() -> None:
    patterns = [pattern.to_matcher() for pattern in list_plugin_patterns()]
    assert len(patterns) == 12
    assert not any(b'(?<' in pattern or b'(?!' in pattern for pattern in patterns)
    assert sum(pattern.startswith(b'(?i)') for pattern in patterns) == 8
