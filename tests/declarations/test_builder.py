"""What words, flags and lists of a configuration add up to."""

from __future__ import annotations

import pytest

from keylint.core.model import KeyDeclaration
from keylint.rules.load import load_rules
from keylint.rules.rule_set import RuleSet
from tests.declarations.entries import declare


@pytest.fixture(scope='module')
def pack() -> RuleSet:
    return load_rules().pack


def read(pack: RuleSet, *lines: str) -> KeyDeclaration:
    text = '\n  '.join(['kraken:', 'api_key: x', *lines])
    (found,) = declare(f'{text}\n'.encode(), 'bot.yaml', pack)
    return found


@pytest.mark.parametrize(
    ('lines', 'want'),
    [
        (['permissions: [read]'], {'read'}),
        (['permissions: read,trade'], {'read', 'trade'}),
        (['permissions: {read: true, withdraw: false}'], {'read'}),
        (['permissions: {read: true, withdraw: true}'], {'read', 'withdraw'}),
        (['permissions: {trade: write}'], {'trade'}),
        (['permissions: {trade: read}'], {'read'}),
        (['enable_withdrawals: true'], {'withdraw'}),
        (['enable_withdrawals: false', 'can_trade: true', 'can_read: true'], {'read', 'trade'}),
        (['enable_withdrawals: true', 'can_read: true'], {'read', 'withdraw'}),
        (['read_only: true', 'ip_whitelist: [52.54.32.109]'], {'read'}),
        (['read_only: true', 'can_trade: false'], {'read'}),
        (['read_only: true', 'can_trade: true'], {'read', 'trade'}),
    ],
)
def test_rights(pack: RuleSet, lines: list[str], want: set[str]) -> None:
    assert set(read(pack, *lines).permissions or ()) == want


@pytest.mark.parametrize(
    ('lines', 'denied'),
    [
        (['permissions: [read]', 'denied_permissions: [withdraw]'], {'withdraw'}),
        (['read_only: true', 'can_trade: true'], {'trade'}),
        (['permissions: [withdraw]', 'enable_withdrawals: false'], {'withdraw'}),
        (['permissions: [trade]', 'can_trade: false'], set()),
    ],
)
def test_what_is_denied(pack: RuleSet, lines: list[str], denied: set[str]) -> None:
    assert read(pack, *lines).denied == denied


@pytest.mark.parametrize(
    ('value', 'restriction', 'addresses'),
    [
        ('[52.54.32.109]', 'listed', ('52.54.32.109',)),
        ('52.54.32.109, 52.54.32.110', 'listed', ('52.54.32.109', '52.54.32.110')),
        ('[]', 'none', ()),
        ('"*"', 'none', ()),
        ('[0.0.0.0/0]', 'listed', ('0.0.0.0/0',)),
        ('false', 'none', ()),
        ('true', 'listed', ()),
        ('"<YOUR_IP>"', 'placeholder', ()),
        ('[52.54.32.109, "<YOUR_IP>"]', 'listed', ('52.54.32.109', '<YOUR_IP>')),
    ],
)
def test_addresses(pack: RuleSet, value: str, restriction: str, addresses: tuple[str, ...]) -> None:
    found = read(pack, 'permissions: [read]', f'ip_whitelist: {value}')
    assert (found.restriction, found.addresses) == (restriction, addresses)


def test_of_two_lists_the_worse_counts(pack: RuleSet) -> None:
    for lines in (
        ['ip_whitelist: [52.54.32.109]', 'unrestricted_ip: true'],
        ['unrestricted_ip: true', 'ip_whitelist: [52.54.32.109]'],
    ):
        found = read(pack, 'permissions: [read]', *lines)
        assert (found.restriction, found.addresses) == ('none', ())
