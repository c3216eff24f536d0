"""Marks, options and thresholds decide which policies a key breaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.policies.policy_files import ARGUMENTS, found, key, rules

# Marks


@pytest.mark.parametrize(
    'mark',
    [
        'permissions: [read, withdraw]  # keylint: ignore[key-can-withdraw] pays the tax office',
        (
            '# keylint: ignore[key-can-withdraw] pays the tax office\n'
            '    permissions: [read, withdraw]'
        ),
        (
            'permissions: [read, withdraw]  # keylint: ignore[key-can-withdraw, key-stale] '
            'pays the tax office'
        ),
    ],
)
def test_accepted_by_a_mark(mark: str, keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text(
        key(permissions='@', purpose='').replace('permissions: @', mark)
    )
    done = keylint(*ARGUMENTS)
    assert [(finding['rule'], finding['state']) for finding in found(done)] == [
        ('key-can-withdraw', 'suppressed')
    ]
    assert done.returncode == 0
    assert json.loads(done.stdout)['summary']['suppressed'] == 1


def test_a_mark_for_another_rule_accepts_nothing(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text(
        key(permissions='[read, withdraw]  # keylint: ignore[key-stale] old', purpose='')
    )
    done = keylint(*ARGUMENTS)
    assert [(finding['rule'], finding['state']) for finding in found(done)] == [
        ('key-can-withdraw', 'open')
    ]
    assert done.returncode == 1


def test_ignored_and_selected(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text(
        key(permissions='[read, withdraw]', ip_allowlist='[]', purpose='')
    )
    assert {
        finding['rule'] for finding in found(keylint(*ARGUMENTS, '--ignore', 'key-can-withdraw'))
    } == {'key-unrestricted-ip'}
    assert {finding['rule'] for finding in found(keylint(*ARGUMENTS, '--select', 'key-can'))} == {
        'key-can-withdraw'
    }


# Thresholds


def test_ages_are_counted_to_the_day(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text(
        key(created='2025-12-01', rotate_after='', expires='2026-06-01')
    )
    expected: dict[str, set[str]] = {
        '2026-03-01': set(),
        '2026-03-02': {'key-stale'},
        '2026-06-01': {'key-stale'},
    }
    expected['2026-06-02'] = {'key-stale', 'key-expired'}
    for day, broken in expected.items():
        assert {
            finding['rule']
            for finding in found(keylint('scan', '--format', 'json', '--pedantic', '--today', day))
        } == broken, day


@pytest.mark.parametrize(
    ('name', 'head'),
    [('keylint.toml', '[policies]'), ('pyproject.toml', '[tool.keylint.policies]')],
)
def test_thresholds(name: str, head: str, keylint: Run, tmp_path: Path) -> None:
    text = key(created='2025-12-15', rotate_after='', expires='2026-12-01')
    assert rules(keylint, tmp_path, text) == {}
    (tmp_path / name).write_text(f'{head}\nmax-age-days = 10\n')
    assert rules(keylint, tmp_path, text) == {'key-stale': 'low'}
    assert 'key-stale' not in rules(
        keylint, tmp_path, key(created='2025-12-15', rotate_after='90d')
    ), 'the own policy of a key counts'


def test_thresholds_of_prefixes(keylint: Run, tmp_path: Path) -> None:
    text = key(ip_allowlist='[52.54.0.0/20]')
    assert 'key-ip-too-broad' in rules(keylint, tmp_path, text)
    (tmp_path / 'keylint.toml').write_text('[policies]\nshortest-ipv4-prefix = 20\n')
    assert rules(keylint, tmp_path, text) == {}


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('max-age = 10', "unknown threshold 'max-age'"),
        ('max-age-dasy = 10', 'max-age-days'),
        ('max-age-days = "10"', 'max-age-days'),
        ('max-age-days = -1', 'max-age-days'),
        ('max-age-days = true', 'max-age-days'),
        ('max-age-days = 1.5', 'max-age-days'),
    ],
)
def test_wrong_thresholds_are_errors(text: str, said: str, keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keylint.toml').write_text(f'[policies]\n{text}\n')
    done = keylint('scan')
    assert done.returncode == 2
    assert 'keylint.toml' in done.stderr
    assert said in done.stderr
