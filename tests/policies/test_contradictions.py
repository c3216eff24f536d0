"""What two places of a project say of one key, and where they contradict each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.policies.policy_files import key, rules

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
