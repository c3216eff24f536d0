"""Policies on keys through the real process.

The examples of `rules/policies.yaml`, severities, marks, thresholds, hostile input.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from _pytest.mark import ParameterSet

from keylint.rules.recipes import expand
from tests.conftest import Run

ROOT = Path(__file__).parent.parent.parent
POLICIES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / 'rules' / 'policies.yaml').read_text(encoding='utf-8')
)['policies']
EXAMPLES: dict[str, Any] = yaml.safe_load(
    (ROOT / 'rules' / 'policies.examples.yaml').read_text(encoding='utf-8')
)
ARGUMENTS = ('scan', '--format', 'json', '--today', '2026-01-01', '--pedantic')
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
        path.write_text(expand(text, f'{seed}/{name}'), encoding='utf-8')


def found(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    report = json.loads(done.stdout)
    assert report['failures'] == [], report['failures']
    findings: list[dict[str, Any]] = report['findings']
    return findings


def key(**lines: str) -> str:
    """Return an inventory of one key that nothing is wrong with, with the given lines changed.

    A line of `''` is left out.
    """
    sound = {
        'exchange': 'kraken',
        'label': 'grid',
        'purpose': 'trading-bot',
        'permissions': '[read, trade]',
        'ip_allowlist': '[52.54.32.109]',
        'created': '2025-12-01',
        'rotate_after': '90d',
        'secret_ref': 'env:KRAKEN_SECRET',
    }
    entries = [f'{name}: {value}' for name, value in {**sound, **lines}.items() if value]
    return 'keys:\n  - ' + '\n    '.join(entries) + '\n'


def rules(keylint: Run, folder: Path, text: str, name: str = 'keys.yaml') -> dict[str, str]:
    """Return the rules that a file breaks, with their severities."""
    (folder / name).write_text(text, encoding='utf-8')
    return {finding['rule']: finding['severity'] for finding in found(keylint(*ARGUMENTS, name))}


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
        + key(permissions='\n      - read\n      - withdraw', purpose='').partition('\n')[2]
    )
    (tmp_path / 'keys.yaml').write_text(text)
    assert [
        (finding['rule'], finding['line'], finding['column'])
        for finding in found(keylint(*ARGUMENTS))
    ] == [('key-can-withdraw', 4, 25), ('key-can-withdraw', 13, 9)]


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
    assert 'keys.yaml\n' in done.stdout
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


# Input that contradicts itself or is out to break the reader


CONTRADICTIONS: dict[str, tuple[str, str, set[str], set[str]]] = {
    'restricted with an empty list': (
        'binance.json',
        '{"ipRestrict": true, "enableReading": true, "enableWithdrawals": true, "ipList": []}',
        {'key-can-withdraw'},
        {'key-unrestricted-ip'},
    ),
    'unrestricted with a list': (
        'binance.json',
        '{"ipRestrict": false, "enableReading": true, "enableWithdrawals": true}',
        {'key-can-withdraw', 'key-unrestricted-ip'},
        set(),
    ),
    'granted and forbidden': (
        'keys.yaml',
        key(permissions='[read, withdraw]', forbidden_permissions='[withdraw]', purpose=''),
        {'key-can-withdraw', 'key-exceeds-purpose'},
        {'key-unrestricted-ip'},
    ),
    'only forbidden': (
        'keys.yaml',
        key(forbidden_permissions='[withdraw, transfer]'),
        set(),
        {'key-can-withdraw', 'key-exceeds-purpose', 'key-can-transfer'},
    ),
    'a switch against the list': (
        'accounts.yaml',
        key(can_withdraw='true'),
        {'key-can-withdraw'},
        set(),
    ),
    'an address and anyone': (
        'keys.yaml',
        key(ip_allowlist='[52.54.32.109, 0.0.0.0/0]'),
        {'key-ip-too-broad'},
        {'key-ip-useless'},
    ),
    'created after it expires': (
        'keys.yaml',
        key(created='2025-12-30', expires='2020-01-01'),
        {'key-expired'},
        {'key-stale'},
    ),
    'created tomorrow': (
        'keys.yaml',
        key(created='2026-12-30'),
        set(),
        {'key-stale', 'key-expired'},
    ),
    'no date': (
        'keys.yaml',
        key(created='yesterday', expires='never'),
        set(),
        {'key-stale', 'key-expired'},
    ),
    'impossible date': (
        'keys.yaml',
        key(created='2025-13-45', expires='2025-02-30'),
        set(),
        {'key-stale', 'key-expired'},
    ),
    'endless number for a date': (
        'keys.yaml',
        key(created='9' * 13, expires='9' * 5000),
        set(),
        {'key-stale', 'key-expired'},
    ),
    'malformed ranges': (
        'keys.yaml',
        key(ip_allowlist='[1.2.3.400, 10.0.0.0/33]'),
        {'key-ip-useless'},
        {'key-ip-too-broad', 'key-unrestricted-ip'},
    ),
    'host names': (
        'keys.yaml',
        key(ip_allowlist='[bot.example.org]'),
        {'key-ip-useless'},
        {'key-ip-too-broad', 'key-unrestricted-ip'},
    ),
    'to be filled in': (
        'keys.yaml',
        key(ip_allowlist='["${BOT_IP}"]'),
        set(),
        {'key-ip-useless', 'key-unrestricted-ip'},
    ),
    'unknown right': (
        'keys.yaml',
        key(permissions='[read, frobnicate]'),
        {'key-unknown-permission'},
        {'key-can-withdraw'},
    ),
    'unknown right in a configuration': (
        'config.yaml',
        (
            'exchange: kraken\napi_key: ${K}\npermissions: [read, frobnicate]\n'
            'ip_whitelist: [52.54.32.109]\n'
        ),
        {'key-unknown-permission'},
        {'key-can-withdraw'},
    ),
    'read only and withdraw': (
        'accounts.yaml',
        key(read_only='true', permissions='[read, withdraw]'),
        {'key-can-withdraw', 'key-exceeds-purpose'},
        set(),
    ),
    'a switch that is off against the list': (
        'accounts.yaml',
        key(can_withdraw='false', permissions='[read, withdraw]', purpose=''),
        {'key-can-withdraw', 'key-exceeds-purpose'},
        set(),
    ),
    'unrestricted before the list': (
        'accounts.yaml',
        'keys:\n  - unrestricted: true\n    ' + key()[10:],
        {'key-unrestricted-ip'},
        set(),
    ),
    'unrestricted behind the list': (
        'accounts.yaml',
        key(unrestricted='true'),
        {'key-unrestricted-ip'},
        set(),
    ),
    'two lists, one empty': (
        'accounts.yaml',
        key(allowed_ips='[]'),
        set(),
        {'key-unrestricted-ip'},
    ),
    'two lists, one of anyone': (
        'accounts.yaml',
        key(allowed_ips='["*"]'),
        {'key-unrestricted-ip'},
        set(),
    ),
    'a list that is not in force': (
        'keys.yaml',
        key(ip_allowlist='{enabled: false, ips: [52.54.32.109]}'),
        {'key-unrestricted-ip'},
        set(),
    ),
    'a list that is in force': (
        'keys.yaml',
        key(ip_allowlist='{enabled: true, ips: [52.54.32.109]}'),
        set(),
        {'key-unrestricted-ip'},
    ),
    'a span with blanks': (
        'keys.yaml',
        key(ip_allowlist='[52.54.32.1 - 52.54.32.9]'),
        set(),
        {'key-unrestricted-ip', 'key-ip-useless'},
    ),
    'a remark behind an address': (
        'keys.yaml',
        key(ip_allowlist='52.54.32.109 (the bot)'),
        set(),
        {'key-unrestricted-ip', 'key-ip-useless'},
    ),
    'a private span': (
        'keys.yaml',
        key(ip_allowlist='[192.168.1.1-192.168.1.9]'),
        {'key-ip-useless'},
        {'key-unrestricted-ip'},
    ),
    'all of IPv6': (
        'keys.yaml',
        key(ip_allowlist='["::/0"]'),
        {'key-ip-too-broad'},
        {'key-ip-useless'},
    ),
    'one address of IPv6': (
        'keys.yaml',
        key(ip_allowlist='["2600:1f18::7"]'),
        set(),
        {'key-ip-too-broad', 'key-ip-useless'},
    ),
    'a local address of IPv6': (
        'keys.yaml',
        key(ip_allowlist='["fe80::1%eth0"]'),
        {'key-ip-useless'},
        {'key-ip-too-broad'},
    ),
    'no period': ('keys.yaml', key(rotate_after='whenever'), set(), {'key-stale'}),
    'rights as a number': ('keys.yaml', key(permissions='7'), set(), {'key-can-withdraw'}),
    'label in wide letters': (
        'keys.yaml',
        key(label='"бот №1 🤖"', permissions='[withdraw]'),
        {'key-can-withdraw'},
        set(),
    ),
    'label with braces': (
        'keys.yaml',
        key(label='"{name} {0} %s"', permissions='[withdraw, "{x}"]'),
        {'key-can-withdraw'},
        set(),
    ),
}


@pytest.mark.parametrize('case', CONTRADICTIONS)
def test_contradictions(case: str, keylint: Run, tmp_path: Path) -> None:
    name, text, loud, silent = CONTRADICTIONS[case]
    broken = set(rules(keylint, tmp_path, text, name))
    assert loud <= broken
    assert not silent & broken


def bomb(width: int, depth: int) -> str:
    lines = ['a0: &a0 {permissions: [read, withdraw], ip_allowlist: [0.0.0.0/0]}']
    lines += [f'a{n}: &a{n} [{", ".join([f"*a{n - 1}"] * width)}]' for n in range(1, depth)]
    return 'exchange: kraken\n' + '\n'.join(lines) + '\n'


DEEP = 100_000
HOSTILE: dict[str, tuple[str, str]] = {
    'alias of itself': (
        'keys.yaml',
        'exchange: kraken\npermissions: &a [*a, withdraw]\nip_allowlist: []\n',
    ),
    'mapping of itself': (
        'keys.yaml',
        (
            'keys: &k\n  exchange: kraken\n  permissions: [withdraw]\n  ip_allowlist: []\n'
            '  again: *k\n'
        ),
    ),
    'merge of itself': (
        'keys.yaml',
        'keys: &k\n  <<: *k\n  exchange: kraken\n  permissions: [withdraw]\n  ip_allowlist: []\n',
    ),
    'alias without anchor': (
        'keys.yaml',
        'exchange: kraken\npermissions: [withdraw]\nip_allowlist: *nowhere\n',
    ),
    'alias bomb': ('keys.yaml', bomb(10, 12)),
    'alias bomb of merges': (
        'keys.yaml',
        'a0: &a0 {permissions: [withdraw]}\n'
        + ''.join(
            f'a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]\n  k{n}: *a{n - 1}\n' for n in range(1, 40)
        ),
    ),
    'deep JSON': (
        'keys.json',
        '{"exchange": "kraken", "permissions": ' + '[' * DEEP + '"withdraw"' + ']' * DEEP + '}',
    ),
    'deep JSON objects': (
        'keys.json',
        '{"permissions": ["withdraw"], "exchange": ' * DEEP + '"kraken"' + '}' * DEEP,
    ),
    'deep JSON, never closed': (
        'keys.json',
        '{"exchange": "kraken", "permissions": ["withdraw"], "a": ' + '[' * DEEP,
    ),
    'deep YAML': (
        'keys.yaml',
        'exchange: kraken\npermissions: ' + '[' * DEEP + 'withdraw' + ']' * DEEP + '\n',
    ),
    'deep YAML by lines': (
        'keys.yaml',
        ''.join(' ' * n + 'permissions:\n' for n in range(1500)) + ' ' * 1500 + '[withdraw]\n',
    ),
    'deep Python': (
        'keys.py',
        "KEY = {'exchange': 'kraken', 'permissions': "
        + '[' * DEEP
        + "'withdraw'"
        + ']' * DEEP
        + '}\n',
    ),
    'deep TOML': (
        'keys.toml',
        'exchange = "kraken"\npermissions = ' + '[' * DEEP + '"withdraw"' + ']' * DEEP + '\n',
    ),
    'deep sections': (
        'keys.ini',
        '[' + '.'.join('a' * 90) + ']\npermissions = withdraw\nexchange = kraken\n',
    ),
    'broken YAML': (
        'keys.yaml',
        'exchange: kraken\npermissions: [read, withdraw\n  ip_allowlist: }\n\t- x: &\n',
    ),
    'broken JSON': (
        'keys.json',
        '{"exchange": "kraken", "permissions": ["withdraw", "ip_allowlist": [}',
    ),
    'broken TOML': (
        'keys.toml',
        '[[keys]\nexchange = "kraken\npermissions = ["withdraw"\nip_allowlist = ]\n',
    ),
    'broken Python': (
        'keys.py',
        "KEY = {'exchange': 'kraken', 'permissions': ['withdraw', 'ip_allowlist': [\ndef (:\n",
    ),
    'broken notebook': (
        'keys.ipynb',
        (
            '{"cells": [{"cell_type": "code", "source": ["KEY = {\'exchange\': \'kraken\', '
            "'permissions': ['withdraw']"
        ),
    ),
    'endless rotation': ('keys.yaml', key(created='2025-01-01', rotate_after='9' * 20 + 'd')),
    'endless rotation of digits': (
        'keys.yaml',
        key(created='2025-01-01', rotate_after='9' * 5000 + 'd'),
    ),
    'endless list': (
        'keys.yaml',
        key(
            ip_allowlist='[' + ', '.join(f'52.54.{n // 250}.{n % 250}' for n in range(20_000)) + ']'
        ),
    ),
    'many keys': (
        'keys.json',
        '['
        + ',\n'.join(
            '{"exchange": "kraken", "permissions": ["withdraw"], "ip_allowlist": []}'
            for _ in range(5_000)
        )
        + ']',
    ),
    'one long word': ('keys.yaml', key(permissions='[' + 'withdraw' * 20_000 + ']')),
    'one long name': ('accounts.yaml', key(**{'permissions' * 20_000: 'x'})),
}


# What cannot be read to its end is said.
UNREAD = {
    'alias bomb': 'more than',
    'alias bomb of merges': 'more than',
    **dict.fromkeys(
        [case for case in HOSTILE if case.startswith('deep ') and case != 'deep sections'],
        'nested deeper than 100 levels',
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize('case', HOSTILE)
def test_hostile_input(case: str, keylint: Run, tmp_path: Path) -> None:
    name, text = HOSTILE[case]
    (tmp_path / name).write_text(text, encoding='utf-8')
    done = keylint(*ARGUMENTS)
    failures = json.loads(done.stdout)['failures']
    assert [
        failure['path'] for failure in failures if UNREAD.get(case, 'nothing') in failure['error']
    ] == [name] * (case in UNREAD)
    assert (done.returncode == 2) == (failures != [])
    assert case in UNREAD or failures == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ('case', 'rule'),
    [
        ('alias of itself', 'key-can-withdraw'),
        ('mapping of itself', 'key-can-withdraw'),
        ('merge of itself', 'key-can-withdraw'),
        ('many keys', 'key-can-withdraw'),
        ('deep JSON, never closed', 'key-can-withdraw'),
    ],
)
def test_what_can_be_read_of_it_is_read(case: str, rule: str, keylint: Run, tmp_path: Path) -> None:
    name, text = HOSTILE[case]
    (tmp_path / name).write_text(text, encoding='utf-8')
    assert rule in {
        finding['rule'] for finding in json.loads(keylint(*ARGUMENTS).stdout)['findings']
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ('size', 'last', 'broken'),
    [
        (50_000_000, '{}', []),
        (
            4_000_000,
            '{"exchange": "kraken", "permissions": ["withdraw"], "ip_allowlist": []}',
            ['key-can-withdraw', 'key-unrestricted-ip'],
        ),
    ],
)
def test_a_large_export_ends(
    size: int, last: str, broken: list[str], keylint: Run, tmp_path: Path
) -> None:
    row = (
        '{"exchange": "kraken", "order": "%032d", "side": "buy", "permissions": ["SPOT"], '
        '"fee": {"cost": 0.26}, "symbol": "BTC/EUR"},\n'
    )
    with (tmp_path / 'export.json').open('w', encoding='utf-8') as file:
        file.write('[\n')
        for number in range(size // len(row % 0)):
            file.write(row % number)
        file.write(f'{last}]\n')
    report = json.loads(keylint(*ARGUMENTS).stdout)
    assert report['failures'] == []
    assert sorted(finding['rule'] for finding in report['findings']) == broken


@pytest.mark.slow
def test_too_large_to_be_read_as_a_document_is_said(keylint: Run, tmp_path: Path) -> None:
    with (tmp_path / 'export.json').open('w', encoding='utf-8') as file:
        file.write('{"exchange": "kraken", "permissions": ["withdraw"], "ip_allowlist": []}\n')
        file.write((' ' * 99 + '\n') * 650_000)
    done = keylint(*ARGUMENTS)
    report = json.loads(done.stdout)
    assert report['failures'] or report['findings'] or report['summary']['skipped']
    assert done.returncode != 0
