"""Which findings are shown: thresholds, selected and ignored rules, ignores by path."""

from __future__ import annotations

from typing import Any

import pytest

from keylint.core.config import Config
from keylint.core.model import NO_RANGE, Finding
from keylint.core.terms import CONFIDENCES, SEVERITIES
from keylint.findings.filtering import split_hidden


def is_shown(finding: Finding, config: Config) -> bool:
    return bool(split_hidden([finding], config)[0])


def find(path: str = 'src/a.py', rule: str = 'okx-credential', **fields: Any) -> Finding:
    found = Finding(
        path, NO_RANGE, rule, 'medium', 'medium', 'okx', (), 't', 'm', (), (), '0' * 32, 'https://'
    )
    return found._replace(**fields)


@pytest.mark.parametrize('least', SEVERITIES)
def test_severity(least: Any) -> None:
    shown = [one for one in SEVERITIES if is_shown(find(severity=one), Config(severity=least))]
    assert shown == list(SEVERITIES[SEVERITIES.index(least) :])


@pytest.mark.parametrize('least', CONFIDENCES)
def test_confidence(least: Any) -> None:
    config = Config(confidence=least, severity='info')
    shown = [one for one in CONFIDENCES if is_shown(find(confidence=one), config)]
    assert shown == list(CONFIDENCES[CONFIDENCES.index(least) :])


@pytest.mark.parametrize(
    ('settings', 'want'),
    [
        pytest.param({}, True, id='nothing'),
        pytest.param({'select': ('key-',)}, False, id='others selected'),
        pytest.param({'select': ('key-', 'okx')}, True, id='selected'),
        pytest.param({'select': ('credential',)}, False, id='by the beginning of the name'),
        pytest.param({'ignore': ('key-',)}, True, id='others ignored'),
        pytest.param({'ignore': ('key-', 'okx')}, False, id='ignored'),
        pytest.param({'ignore': ('okx',), 'select': ('okx',)}, False, id='ignored and selected'),
        pytest.param({'per_path_ignores': (('docs/', ('okx',)),)}, True, id='another path'),
        pytest.param({'per_path_ignores': (('src/', ('key-',)),)}, True, id='another rule'),
        pytest.param({'per_path_ignores': (('src/', ('key-', 'okx')),)}, False, id='its path'),
        pytest.param({'per_path_ignores': (('!src/', ('okx',)),)}, True, id='but its path'),
        pytest.param({'per_path_ignores': (('!docs/', ('okx',)),)}, False, id='but another path'),
        pytest.param(
            {'per_path_ignores': (('docs/', ('okx',)), ('src/', ('okx',)))}, False, id='second row'
        ),
    ],
)
def test_rules_and_paths(settings: dict[str, Any], want: bool) -> None:
    assert is_shown(find(), Config(severity='info', confidence='low', **settings)) is want
