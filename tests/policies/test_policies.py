"""Every policy on keys: its examples, its messages, its places, its severities."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from _pytest.mark import ParameterSet

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.policies.policy_files import ARGUMENTS, found, key, rules

ROOT = Path(__file__).parent.parent.parent


POLICIES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / 'rules' / 'policies.yaml').read_text(encoding='utf-8')
)['policies']


EXAMPLES: dict[str, Any] = yaml.safe_load(
    (ROOT / 'rules' / 'policies.examples.yaml').read_text(encoding='utf-8')
)


DECLARED = {'exchange', 'label', 'permissions', 'ip_allowlist', 'source'}


def examples(kind: str) -> Iterator[ParameterSet]:
    """Rule, name and text of every file, for each example."""
    for policy in POLICIES:
        for number, example in enumerate(EXAMPLES[policy['id']][kind]):
            files = example.get('files') or {example['file']: example['text']}
            yield pytest.param(policy['id'], files, id=f'{policy["id"]}-{number}')


def write(folder: Path, files: dict[str, str], seed: str = 'policies') -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(expand_recipes(text, f'{seed}/{name}'), encoding='utf-8')


def test_a_sound_key_is_silent(keylint: Run, tmp_path: Path) -> None:
    assert rules(keylint, tmp_path, key()) == {}


@pytest.mark.parametrize(('rule', 'files'), list(examples('silent')))
def test_silent_examples(rule: str, files: dict[str, str], keylint: Run, tmp_path: Path) -> None:
    write(tmp_path, files)
    assert rule not in {finding['rule'] for finding in found(keylint(*ARGUMENTS))}


@pytest.mark.parametrize(('rule', 'files'), list(examples('loud')))
def test_loud_examples(rule: str, files: dict[str, str], keylint: Run, tmp_path: Path) -> None:
    write(tmp_path, files)
    done = keylint(*ARGUMENTS)
    mine = [finding for finding in found(done) if finding['rule'] == rule]
    assert mine != []
    assert done.returncode == (
        1 if any(finding['severity'] != 'info' for finding in found(done)) else 0
    )
    severities = next(policy['severity'] for policy in POLICIES if policy['id'] == rule).values()
    for finding in mine:
        assert finding['severity'] in severities
        assert finding['parts'] == []
        assert finding['declaration'] is None or set(finding['declaration']) == DECLARED
        assert finding['path'] in files
        assert (
            1
            <= finding['line']
            <= finding['end_line']
            <= len(files[finding['path']].splitlines()) + 1
        )
        assert finding['do'] != []
        assert not {'{', '}'} & set(finding['title'] + finding['message'] + ''.join(finding['do']))


def test_every_policy_has_examples() -> None:
    assert [policy['id'] for policy in POLICIES] == list(EXAMPLES)
    assert [
        rule for rule, kinds in EXAMPLES.items() if not (kinds['loud'] and kinds['silent'])
    ] == []


def test_what_a_finding_tells(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text(key(permissions='[read, withdraw]', purpose=''))
    (finding,) = found(keylint(*ARGUMENTS))
    assert (finding['rule'], finding['severity'], finding['issuer']) == (
        'key-can-withdraw',
        'high',
        'kraken',
    )
    assert (finding['path'], finding['line']) == ('keys.yaml', 4)
    expected = {
        'exchange': 'kraken',
        'label': 'grid',
        'permissions': ['read', 'withdraw'],
        'ip_allowlist': ['52.54.32.109'],
        'source': 'inventory',
    }
    assert finding['declaration'] == expected
    assert finding['parts'] == []
    assert 'Kraken' in finding['title']
    assert 'grid' in finding['title']


def test_places_of_several_keys(keylint: Run, tmp_path: Path) -> None:
    text = (
        key(permissions='[read, withdraw]', purpose='')
        + key(
            permissions='\n      - read\n      - withdraw',
            purpose='',
            label='sweep',
            secret_ref='env:SWEEP_SECRET',
        ).partition('\n')[2]
    )
    (tmp_path / 'keys.yaml').write_text(text)
    assert [
        (finding['rule'], finding['line'], finding['column'])
        for finding in found(keylint(*ARGUMENTS))
    ] == [('key-can-withdraw', 4, 25), ('key-can-withdraw', 14, 9)]


@pytest.mark.parametrize(
    ('head', 'newline'), [('\ufeff', '\n'), ('', '\r\n'), ('\ufeff# ключи 🔑\n', '\n')]
)
def test_columns_behind_marks_and_wide_letters(
    head: str, newline: str, keylint: Run, tmp_path: Path
) -> None:
    text = head + key(permissions='[read, withdraw]', label='"бот"', purpose='')
    (tmp_path / 'keys.yaml').write_bytes(text.replace('\n', newline).encode())
    (finding,) = found(keylint(*ARGUMENTS))
    assert (finding['line'], finding['column'], finding['end_column']) == (
        4 + head.count('\n'),
        25,
        33,
    )


def test_what_is_merged_restricts(keylint: Run, tmp_path: Path) -> None:
    text = (
        'base: &b\n  permissions: [read]\n  ip_allowlist: [52.54.32.109]\nkey:\n  <<: *b\n'
        '  exchange: kraken\n  permissions: [read, trade]\n'
    )
    assert 'key-unrestricted-ip' not in rules(keylint, tmp_path, text)


def test_rights_behind_a_comment_in_a_list(keylint: Run, tmp_path: Path) -> None:
    text = (
        '[[keys]]\nexchange = "kraken"\npermissions = [\n  "read", # always\n  "withdraw",\n]\n'
        'ip_allowlist = ["52.54.32.109"]\n'
    )
    assert 'key-can-withdraw' in rules(keylint, tmp_path, text, 'keys.toml')


def test_text_report(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text(key(permissions='[read, withdraw]', ip_allowlist='[]'))
    done = keylint('scan', '--today', '2026-01-01')
    assert done.returncode == 1
    assert 'keys.yaml:5:25 critical' in done.stdout
    assert 'key-can-withdraw' in done.stdout
    assert 'key-unrestricted-ip' in done.stdout


@pytest.mark.parametrize('right', ['withdraw', 'transfer', 'admin'])
def test_severities_rise_without_an_ip_restriction(
    right: str, keylint: Run, tmp_path: Path
) -> None:
    rule = {
        'withdraw': 'key-can-withdraw',
        'transfer': 'key-can-transfer',
        'admin': 'key-can-administer',
    }[right]
    order = ('info', 'low', 'medium', 'high', 'critical')
    bound = rules(keylint, tmp_path, key(permissions=f'[read, {right}]'))
    for addresses in (
        '[]',
        '["*"]',
        '[0.0.0.0/0]',
        '[52.54.32.109, 0.0.0.0/0]',
        'null',
        '""',
        'unrestricted',
    ):
        is_open = rules(
            keylint, tmp_path, key(permissions=f'[read, {right}]', ip_allowlist=addresses)
        )
        assert order.index(is_open[rule]) > order.index(bound[rule]), addresses
        assert 'key-unrestricted-ip' in is_open or 'key-ip-too-broad' in is_open, addresses
    assert 'key-unrestricted-ip' not in bound


@pytest.mark.parametrize(
    ('permissions', 'severity'),
    [
        ('[read]', 'low'),
        ('[]', 'low'),
        ('[read, trade]', 'high'),
        ('[margin]', 'high'),
        ('[withdraw]', 'high'),
        ('', 'medium'),
    ],
)
def test_open_keys_by_their_rights(
    permissions: str, severity: str, keylint: Run, tmp_path: Path
) -> None:
    assert (
        rules(keylint, tmp_path, key(permissions=permissions, ip_allowlist='[]')).get(
            'key-unrestricted-ip'
        )
        == severity
    )


def test_severities_fall_on_test_networks(keylint: Run, tmp_path: Path) -> None:
    live = rules(
        keylint,
        tmp_path,
        key(permissions='[read, withdraw]', ip_allowlist='[]', environment='live'),
    )
    test = rules(
        keylint,
        tmp_path,
        key(permissions='[read, withdraw]', ip_allowlist='[]', environment='testnet'),
    )
    assert (live['key-can-withdraw'], live['key-unrestricted-ip']) == ('critical', 'high')
    assert (test['key-can-withdraw'], test['key-unrestricted-ip']) == ('medium', 'medium')
