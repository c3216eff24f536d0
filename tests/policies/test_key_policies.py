"""What each policy says of one declaration, with its case, its words and its place."""

from __future__ import annotations

from typing import Any

import pytest

from keylint.core.config import Config
from keylint.core.key_model import Violation
from keylint.core.permission_words import describe_permissions
from keylint.policies.key_policies import check_declaration
from keylint.rules.declaration_types import PermissionWord
from keylint.rules.load import load_rules
from keylint.rules.rule_set import RuleSet
from tests.policies.declared import declare

TODAY = '2026-01-01'


@pytest.fixture(scope='module')
def pack() -> RuleSet:
    return load_rules().pack


def check(pack: RuleSet, path: str = 'keys.yaml', **fields: Any) -> list[Violation]:
    return list(check_declaration(declare(**fields), path, pack, Config(today=TODAY)))


def rules(pack: RuleSet, **fields: Any) -> list[str]:
    return [violation.rule for violation in check(pack, **fields)]


def test_nothing_is_wrong(pack: RuleSet) -> None:
    assert check(pack) == []
    assert check(pack, issuer=None) == []


@pytest.mark.parametrize(
    'fields',
    [
        pytest.param({'permissions': ()}, id='no rights'),
        pytest.param({'status': 'active'}, id='in use'),
        pytest.param({'status': 'revoked', 'restriction': 'none'}, id='revoked'),
        pytest.param({'rotate_after': '365d'}, id='a year'),
        pytest.param({'second_factor': 'hardware', 'two_factor': None}, id='a security key'),
        pytest.param({'secret_ref': 'vault:prod/file.env'}, id='kept in a manager'),
        pytest.param({'purpose': ''}, id='no purpose'),
        pytest.param({'purpose': 'something else'}, id='a purpose that says nothing'),
        pytest.param({'created': '', 'rotate_after': '90d'}, id='no date'),
        pytest.param({'created': 'long ago'}, id='no date that can be read'),
        pytest.param({'expires': TODAY}, id='expires today'),
        pytest.param({'used_by': ('a',)}, id='one user'),
        pytest.param({'two_factor': True}, id='a second factor'),
        pytest.param({'two_factor': None}, id='nothing said of it'),
        pytest.param({'environment': 'live'}, id='live, no test'),
    ],
)
def test_silent(pack: RuleSet, fields: dict[str, Any]) -> None:
    assert rules(pack, **fields) == []


def test_an_issuer_that_nobody_knows_may_have_lists(pack: RuleSet) -> None:
    fields: dict[str, Any] = {'restriction': 'none', 'addresses': (), 'purpose': ''}
    for issuer in ('acme', None):
        assert rules(pack, issuer=issuer, **fields) == ['key-unrestricted-ip']


@pytest.mark.parametrize(
    ('permission', 'rule', 'verb'),
    [
        ('withdraw', 'key-can-withdraw', 'withdraw'),
        ('transfer', 'key-can-transfer', 'transfer'),
        ('admin', 'key-can-administer', 'manage keys or sub-accounts'),
    ],
)
def test_heavy_permissions(pack: RuleSet, permission: str, rule: str, verb: str) -> None:
    fields: dict[str, Any] = {'permissions': ('read', permission), 'purpose': ''}
    (found,) = check(pack, **fields)
    assert (found.rule, found.message.startswith(f'It may {verb}. ')) == (rule, True)
    opened = [one for one in check(pack, restriction='none', **fields) if one.rule == rule]
    assert opened[0].message.startswith(f'It may {verb} and from any address. ')
    everywhere = check(pack, addresses=('0.0.0.0/0',), **fields)
    assert everywhere[0].message.startswith(f'It may {verb} and from any address. ')


def test_words_that_grant_it_are_named_once(pack: RuleSet) -> None:
    words = ('canWithdraw', 'Withdraw Funds', 'canTrade', 'canWithdraw')
    found = check(pack, permissions=('read', 'withdraw'), words=words, purpose='')[0]
    assert found.message.startswith('It may withdraw (canWithdraw, Withdraw Funds).')


def test_a_warning_makes_a_transfer_heavy(pack: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    fields: dict[str, Any] = {'permissions': ('read', 'transfer'), 'words': ('Move',)}
    rule = pack.rules['kraken']
    told = PermissionWord('Move', ('transfer',), 'Move', 'It moves all.')
    table = rule.declarations._replace(permissions=(*rule.declarations.permissions, told))
    [plain] = [one for one in check(pack, **fields) if one.rule == 'key-can-transfer']
    monkeypatch.setitem(vars(rule), 'declarations', table)
    [heavy] = [one for one in check(pack, **fields) if one.rule == 'key-can-transfer']
    assert (plain.severity, heavy.severity) == ('medium', 'critical')
    assert ' It moves all. ' in heavy.message


@pytest.mark.parametrize(
    ('permissions', 'may'),
    [
        (None, 'may do what is not said here'),
        ((), 'has no rights at all'),
        (('read',), 'may read'),
        (('read', 'trade'), 'may read and trade'),
    ],
)
def test_open_keys(pack: RuleSet, permissions: Any, may: str) -> None:
    fields: dict[str, Any] = {
        'permissions': permissions,
        'restriction': 'none',
        'addresses': (),
        'purpose': '',
    }
    found = check(pack, **fields)[0]
    assert found.rule == 'key-unrestricted-ip'
    assert len(check(pack, **fields)) == 1 + (permissions is None)
    assert found.message.startswith(f'It {may}, and no address is required')


def test_an_entry_for_anyone_opens_a_list(pack: RuleSet) -> None:
    assert rules(pack, addresses=('any',)) == ['key-unrestricted-ip']
    assert rules(pack, addresses=('52.54.32.109', 'any')) == ['key-unrestricted-ip']


def test_what_has_no_lists_is_not_asked_for_one(pack: RuleSet) -> None:
    without = [name for name, rule in pack.rules.items() if rule.declarations.ip.supported == 'no']
    assert without
    for issuer in without:
        fields: dict[str, Any] = {
            'restriction': 'none',
            'addresses': (),
            'permissions': ('read',),
            'purpose': '',
        }
        assert rules(pack, issuer=issuer, **fields) == []


@pytest.mark.parametrize(
    ('entry', 'rule', 'words'),
    [
        ('52.54.32.109', None, ''),
        ('52.54.32.0/24', None, ''),
        ('0.0.0.0/0', 'key-ip-too-broad', 'covers every address'),
        ('52.0.0.0/8', 'key-ip-too-broad', 'covers many machines'),
        ('10.0.0.1', 'key-ip-useless', 'inside of a network'),
        ('bot.example.org', 'key-ip-useless', 'is a host name'),
        ('52.54.32.999', 'key-ip-useless', 'is no address'),
        ('203.0.113.7', 'key-ip-useless', 'for documentation'),
    ],
)
def test_entries(pack: RuleSet, entry: str, rule: str | None, words: str) -> None:
    found = check(pack, addresses=(entry,))
    assert [one.rule for one in found] == ([rule] if rule else [])
    assert all(one.message.startswith(f'{entry} ') and words in one.message for one in found)


def test_ranges_where_the_exchange_takes_none(pack: RuleSet) -> None:
    issuer = next(name for name, rule in pack.rules.items() if rule.declarations.ip.cidr == 'no')
    (found,) = check(pack, issuer=issuer, addresses=('52.54.32.0/24',))
    assert found.rule == 'key-ip-too-broad'
    assert f'{pack.rules[issuer].declarations.name} takes single addresses only' in found.message
    assert check(pack, issuer=issuer) == []
    assert rules(pack, issuer=issuer, addresses=('bot.example.org',)) == ['key-ip-useless']


def test_addresses_of_services(pack: RuleSet) -> None:
    address = next(iter(next(iter(pack.third_party_addresses.values()))))
    assert rules(pack, addresses=(address,)) == ['key-ip-not-yours']
    assert rules(pack, addresses=(f'{address}/32',)) == ['key-ip-not-yours']


def test_more_entries_than_the_exchange_takes(pack: RuleSet) -> None:
    issuer, limit = next(
        (name, rule.declarations.ip.limit)
        for name, rule in pack.rules.items()
        if rule.declarations.ip.limit
    )
    addresses = tuple(f'52.54.32.{number}' for number in range(1, limit + 2))
    assert rules(pack, issuer=issuer, addresses=addresses[:-1]) == []
    (found,) = check(pack, issuer=issuer, addresses=addresses)
    assert found.rule == 'key-ip-too-many'
    assert found.message.startswith(f'{limit + 1} entries; {limit} is the most.')


@pytest.mark.parametrize(
    ('purpose', 'silent', 'loud'),
    [
        ('tax report', ('read',), ('read', 'trade')),
        ('monitoring', ('read',), ('read', 'margin', 'derivatives')),
        ('portfolio of the bot', ('read',), ('read', 'trade')),
    ],
)
def test_purposes(
    pack: RuleSet, purpose: str, silent: tuple[str, ...], loud: tuple[str, ...]
) -> None:
    def broken(permissions: tuple[str, ...]) -> list[Violation]:
        found = check(pack, purpose=purpose, permissions=permissions)
        return [one for one in found if one.rule == 'key-exceeds-purpose']

    assert broken(silent) == []
    (found,) = broken(loud)
    assert found.message.startswith(f'For {purpose} it needs to read')
    assert f'it may also {describe_permissions(set(loud) - {"read"})}.' in found.message


@pytest.mark.parametrize('permission', ['withdraw', 'transfer', 'admin'])
def test_kind_14_a_surplus_right_is_one_finding(pack: RuleSet, permission: str) -> None:
    (found,) = check(pack, permissions=('read', 'trade', permission), purpose='grid bot')
    assert found.rule.startswith('key-can-')
    assert 'For grid bot it does not need that.' in found.message


@pytest.mark.parametrize(
    ('fields', 'rule', 'severity', 'says'),
    [
        ({'permissions': None}, 'key-rights-not-stated', 'low', 'What it may do is stated'),
        (
            {'permissions': None, 'restriction': 'unknown', 'addresses': ()},
            'key-rights-not-stated',
            'low',
            'Neither what it may do nor from where is stated.',
        ),
        (
            {'restriction': 'unstated', 'addresses': ()},
            'key-unrestricted-ip',
            'medium',
            'from which addresses is not stated',
        ),
        (
            {'restriction': 'unknown', 'addresses': (), 'permissions': ('read',)},
            'key-unrestricted-ip',
            'low',
            'from which addresses is not stated',
        ),
        ({'restriction': 'none', 'addresses': ()}, 'key-unrestricted-ip', 'high', 'no address is'),
        ({'second_factor': 'SMS', 'two_factor': None}, 'account-without-2fa', 'low', 'is sms'),
        ({'rotate_after': 'never'}, 'key-no-rotation', 'low', 'rotate_after is never'),
        ({'rotate_after': '3650d'}, 'key-no-rotation', 'low', '365 days are the most'),
        ({'created': '2031-01-01'}, 'key-no-rotation', 'low', 'lies in the future'),
        ({'label': 'test'}, 'key-no-label', 'info', 'neither which bot nor which machine'),
        ({'status': 'retired'}, 'key-unused', 'low', 'not said to be revoked'),
        ({'secret_ref': 'file:secrets/x.txt'}, 'key-secret-unprotected', 'medium', 'x.txt'),
        ({'secret_ref': 'plaintext on desktop'}, 'key-secret-unprotected', 'medium', 'desktop'),
        (
            {'addresses': ('10.0.0.1', '10.0.0.2', '192.168.0.1')},
            'key-ip-useless',
            'medium',
            '3 of 3 addresses: 10.0.0.1 is an address inside of a network',
        ),
    ],
)
def test_kind_12_what_an_entry_does_not_say(
    pack: RuleSet, fields: dict[str, Any], rule: str, severity: str, says: str
) -> None:
    (found,) = check(pack, **fields)
    assert (found.rule, found.severity) == (rule, severity)
    assert says.replace('What it may do is stated', 'What it may do is') in found.message


def test_kind_12_what_is_not_stated_does_not_work_from_anywhere(pack: RuleSet) -> None:
    (found,) = check(pack, restriction='unstated', addresses=())
    assert 'anywhere' not in found.title
    assert 'no IP list that is stated' in found.title


def test_kind_12_a_revoked_key_must_not_leave_its_secret(pack: RuleSet) -> None:
    assert rules(pack, status='revoked', inline=True) == ['key-secret-inline']


def test_kind_11_a_made_up_key_of_a_sample_is_one_step_less(pack: RuleSet) -> None:
    fields: dict[str, Any] = {
        'permissions': ('read', 'withdraw'),
        'source': 'document',
        'purpose': '',
        'is_sample': True,
    }
    (in_code,) = check(pack, 'answer.json', **fields)
    (in_docs,) = check(pack, 'docs/answer.json', **fields)
    assert (in_code.severity, in_docs.severity) == ('high', 'medium')


def test_what_its_own_declaration_forbids(pack: RuleSet) -> None:
    found = check(pack, denied=frozenset({'trade', 'withdraw'}))
    assert [one.rule for one in found] == ['key-exceeds-purpose']
    assert 'It must not trade by its own declaration' in found[0].message


@pytest.mark.parametrize(
    ('rule', 'fields'),
    [
        ('key-no-label', {'label': ''}),
        ('key-no-rotation', {'rotate_after': ''}),
        ('key-shared', {'used_by': ('a', 'b')}),
        ('key-secret-inline', {'inline': True}),
    ],
)
def test_entries_of_inventories_alone(pack: RuleSet, rule: str, fields: dict[str, Any]) -> None:
    (found,) = check(pack, **fields)
    assert found.rule == rule
    assert check(pack, source='config', **fields) == []


def test_an_expiry_is_a_rotation(pack: RuleSet) -> None:
    assert rules(pack, rotate_after='', expires='2027-01-01') == []


def test_a_second_factor(pack: RuleSet) -> None:
    assert rules(pack, two_factor=False) == ['account-without-2fa']


@pytest.mark.parametrize(
    ('source', 'permissions', 'is_told'),
    [
        ('inventory', None, True),
        ('inventory', ('read',), True),
        ('config', None, False),
        ('config', ('read',), True),
        ('document', ('read',), True),
        ('document', None, True),
        ('call', None, True),
    ],
)
def test_unknown_words(pack: RuleSet, source: Any, permissions: Any, is_told: bool) -> None:
    found = check(pack, source=source, permissions=permissions, unknown=('fly', 'sing'))
    assert [one.rule for one in found] == ['key-unknown-permission'] * is_told
    assert all('Not known: fly, sing.' in one.message for one in found)


@pytest.mark.parametrize(
    ('fields', 'want'),
    [
        pytest.param({'created': '2025-10-03'}, [], id='90 days'),
        pytest.param({'created': '2025-10-02'}, ['key-stale'], id='91 days'),
        pytest.param({'created': '2025-10-02', 'rotate_after': '91d'}, [], id='own limit'),
        pytest.param({'expires': '2025-12-31'}, ['key-expired'], id='expired yesterday'),
        pytest.param({'expires': '2026-01-02'}, [], id='expires tomorrow'),
        pytest.param(
            {'created': '2020-01-01', 'expires': '2020-02-01'},
            ['key-stale', 'key-expired'],
            id='both',
        ),
        pytest.param({'created': '', 'expires': '2020-02-01'}, ['key-expired'], id='expiry alone'),
    ],
)
def test_dates(pack: RuleSet, fields: dict[str, Any], want: list[str]) -> None:
    assert rules(pack, **fields) == want


def test_the_age_and_the_rule_that_it_breaks(pack: RuleSet) -> None:
    (found,) = check(pack, created='2025-10-02')
    assert 'Created 91 days before 2026-01-01; the rotation policy allows 90.' in found.message


def test_master_keys_where_agents_would_do(pack: RuleSet) -> None:
    """Only where the exchange has keys for agents, the key is the owner's, and it is heavy."""
    fields: dict[str, Any] = {
        'permissions': ('read', 'withdraw'),
        'purpose': '',
        'words': ('master',),
    }
    rule = 'master-key-where-agent-would-do'
    found = [one for one in check(pack, issuer='hyperliquid', **fields) if one.rule == rule]
    assert [one.message.startswith('It is the master key.') for one in found] == [True]
    assert rule not in rules(pack, issuer='kraken', **fields)
    assert rule not in rules(pack, issuer='hyperliquid', **{**fields, 'words': ('agent',)})
    light: dict[str, Any] = {**fields, 'permissions': ('read', 'trade')}
    assert rule not in rules(pack, issuer='hyperliquid', **light)


@pytest.mark.parametrize(
    ('path', 'fields', 'is_told'),
    [
        ('tests/keys.yaml', {'environment': 'live'}, True),
        ('tests/keys.yaml', {'environment': 'live', 'source': 'config'}, True),
        ('tests/keys.yaml', {'environment': 'live', 'source': 'document'}, False),
        ('tests/keys.yaml', {'environment': 'testnet'}, False),
        ('tests/keys.yaml', {'environment': 'unknown'}, False),
        ('src/keys.yaml', {'environment': 'live'}, False),
    ],
)
def test_live_keys_in_tests(
    pack: RuleSet, path: str, fields: dict[str, Any], is_told: bool
) -> None:
    found = check(pack, path, **fields)
    assert ('mainnet-key-in-test' in [one.rule for one in found]) is is_told


def test_a_violation_points_at_what_is_said_on_its_topic(pack: RuleSet) -> None:
    fields: dict[str, Any] = {'permissions': ('read', 'withdraw'), 'purpose': ''}
    (found,) = check(pack, places=(('ip', 1, 2), ('withdraw', 30, 40)), **fields)
    assert (found.start, found.end) == (30, 40)
    (found,) = check(pack, **fields)
    assert (found.start, found.end) == (10, 90)


def test_titles_begin_with_a_capital_and_name_the_exchange(pack: RuleSet) -> None:
    """Some templates begin with the exchange, some with a word of ours."""
    titles = {}
    for fields in ({'restriction': 'none', 'addresses': ()}, {'environment': 'live'}):
        for one in check(pack, 'tests/keys.yaml', purpose='', **fields):
            titles[one.rule] = one.title
    assert titles == {
        'key-unrestricted-ip': 'Kraken key "grid" works from anywhere',
        'mainnet-key-in-test': 'Live Kraken key "grid" in a test',
    }


def test_what_a_word_does_beyond_its_name_is_told_with_its_source(pack: RuleSet) -> None:
    [said] = check(pack, issuer='kucoin', permissions={'withdraw'}, words=('Transfer',))
    assert said.rule == 'key-can-withdraw'
    assert '(Transfer)' in said.message
    assert 'kucoin.com/support/900006465403' in said.message
    [plain] = check(pack, issuer='kucoin', permissions={'withdraw'}, words=('Withdrawal',))
    assert 'kucoin.com' not in plain.message


@pytest.mark.parametrize(
    ('path', 'severity'),
    [
        ('bot/keys.py', 'high'),
        ('sdk/api_broker_test.py', 'low'),
        ('sdk/api_broker.test.ts', 'low'),
        ('sdk/BrokerApiTest.php', 'low'),
        ('sdk/latest.php', 'high'),
        ('docs/collection-REST.json', 'low'),
        ('spec/openapi-broker.json', 'low'),
        ('config/collections.json', 'high'),
    ],
)
def test_what_a_vendor_hands_out_is_low_at_most(pack: RuleSet, path: str, severity: str) -> None:
    for source in ('config', 'document', 'call'):
        found = check(pack, path, source=source, secret_ref='', permissions=('read', 'withdraw'))
        assert {one.severity for one in found if one.rule == 'key-can-withdraw'} == {severity}
