"""Declarations that are made to hurt are read to their end, or named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.policies.policy_files import ARGUMENTS, key


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
            for _ in range(2_000)
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
        (20_000_000, '{}', []),
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
