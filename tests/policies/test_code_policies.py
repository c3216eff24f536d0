"""What is said of declarations and code together, and of the keys of one account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from keylint.core.key_model import ApiCall, Client, Violation
from keylint.core.model import Cell, DeclarationRecord, RelatedLocation, SourceRange
from keylint.policies.code_policies import Needs, check_code
from keylint.policies.least_privilege import RequiredPermissions
from keylint.policies.sibling_policies import check_siblings
from keylint.policies.unused_keys import find_unused_keys
from keylint.rules.load import load_rules
from keylint.rules.rule_set import RuleSet
from tests.policies.declared import PLACE, call, client, record


@pytest.fixture(scope='module')
def pack() -> RuleSet:
    return load_rules().pack


def need(
    *calls: ApiCall,
    clients: Sequence[Client] = (client(),),
    issuer: str | None = 'kraken',
    is_exact: bool = True,
) -> Needs:
    return {issuer: RequiredPermissions(issuer, tuple(clients), calls, is_exact)}


def check(
    pack: RuleSet, records: Sequence[DeclarationRecord], needs: Needs, rule: str
) -> list[Violation]:
    return [one for one in check_code(records, needs, pack) if one.rule == rule]


@pytest.mark.parametrize(
    ('one', 'needs'),
    [
        pytest.param(record(), need(call('trade')), id='needs all'),
        pytest.param(record(permissions=('read',)), need(), id='reading is never too much'),
        pytest.param(record(permissions=None), need(), id='nothing is said'),
        pytest.param(record(issuer='okx'), need(), id='another issuer'),
        pytest.param(record(), need(is_exact=False), id='not all can be read'),
        pytest.param(record(), need(clients=[client(has_key=False)]), id='no key in the code'),
    ],
)
def test_no_excess(pack: RuleSet, one: DeclarationRecord, needs: Needs) -> None:
    assert check(pack, [one], needs, 'key-exceeds-code') == []


def test_excess(pack: RuleSet) -> None:
    one = record(permissions=('read', 'trade', 'withdraw'), topic='withdraw')
    (found,) = check(pack, [one], need(call('trade')), 'key-exceeds-code')
    assert found.message.startswith(
        'It may withdraw; the code needs to trade: create_order (bot.py:3).'
    )
    assert (found.path, found.place) == ('keys.yaml', SourceRange(7, 1, 7, 5))
    (proof,) = found.related
    width = len('client.create_order')
    assert proof == RelatedLocation(
        'bot.py', SourceRange(3, 1, 3, 1 + width), 'create_order needs trade', None
    )


def test_excess_over_nothing(pack: RuleSet) -> None:
    (found,) = check(pack, [record()], need(), 'key-exceeds-code')
    assert found.message.startswith('It may trade; the code needs no rights. ')
    assert found.related == ()


def test_excess_weighs_more_where_money_can_leave(pack: RuleSet) -> None:
    severities = [
        check(pack, [record(permissions=(one,))], need(), 'key-exceeds-code')[0].severity
        for one in ('trade', 'transfer', 'withdraw', 'admin')
    ]
    assert len(set(severities[1:])) == 1
    assert severities[0] != severities[1]


def test_excess_keeps_its_name_when_the_proof_moves(pack: RuleSet) -> None:
    one = record(permissions=('trade', 'withdraw'))
    moved = call('trade', place=SourceRange(9, 1, 9, 2))
    names = [
        check(pack, [one], need(proof), 'key-exceeds-code')[0].identity
        for proof in (call('trade'), moved)
    ]
    assert names[0] == names[1]


def test_proofs_in_cells_and_without_a_receiver(pack: RuleSet) -> None:
    one = record(permissions=('trade', 'withdraw'))
    proof = call('trade', client='', cell=0)
    (found,) = check(pack, [one], need(proof), 'key-exceeds-code')
    assert [(place.place, place.cell) for place in found.related] == [
        (SourceRange(3, 1, 3, 2), Cell(0, 'source'))
    ]


@pytest.mark.parametrize(
    ('permission', 'rule'), [('withdraw', 'code-withdraws'), ('transfer', 'code-transfers')]
)
def test_heavy_calls(pack: RuleSet, permission: str, rule: str) -> None:
    needs = need(call('trade'), call(permission, permission))
    (found,) = check(pack, [], needs, rule)
    assert found.message.startswith(f'{permission} of ccxt. ')
    assert 'must not' not in found.message
    assert (found.path, found.place) == ('bot.py', SourceRange(3, 1, 3, 1 + len(permission)))
    denied = record(denied=frozenset({permission}))
    (told,) = check(pack, [denied], needs, rule)
    assert 'The inventory says that the key must not.' in told.message
    assert told.severity != found.severity
    for other in (record(issuer='okx', denied=frozenset({permission})), record()):
        assert check(pack, [other], needs, rule) == [found]


@pytest.mark.parametrize(
    ('records', 'needs'),
    [
        pytest.param([], need(), id='no inventory'),
        pytest.param([record(source='config', issuer='okx')], need(), id='a configuration'),
        pytest.param([record()], need(), id='declared'),
        pytest.param([record(issuer='okx')], need(issuer=None), id='an issuer nobody knows'),
        pytest.param([record(issuer='okx')], need(clients=[client(has_key=False)]), id='no key'),
        pytest.param([record(issuer='okx')], need(clients=[]), id='no client'),
    ],
)
def test_no_undeclared_key(pack: RuleSet, records: list[DeclarationRecord], needs: Needs) -> None:
    assert check(pack, records, needs, 'key-undeclared') == []


@pytest.mark.parametrize(
    ('references', 'message'),
    [
        ((), 'The client gets a key. '),
        (('A',), 'The client gets a key from A. '),
        (('A', 'B', 'C'), 'The client gets a key from A, B. '),
    ],
)
def test_undeclared_keys(pack: RuleSet, references: tuple[str, ...], message: str) -> None:
    clients = [client(has_key=False), client(references=references, path='b.py')]
    (found,) = check(pack, [record(issuer='okx')], need(clients=clients), 'key-undeclared')
    assert found.message.startswith(message)
    assert (found.path, found.place) == ('b.py', SourceRange(3, 1, 3, 2))


def test_keys_of_an_account(pack: RuleSet) -> None:
    """The most that are allowed are silent; one more is told at the first beyond them."""
    keys = [record(f'{number}.yaml', account='main', topic='label') for number in range(4)]
    assert list(check_siblings(keys, pack, 4)) == []
    (found,) = check_siblings(keys, pack, 3)
    assert (found.rule, found.path, found.place.line) == ('keys-too-many', '3.yaml', 7)
    assert found.message.startswith('4 keys of the account main; 3 is the most.')


@pytest.mark.parametrize(
    'fields',
    [
        {'issuer': 'okx'},
        {'issuer': None},
        {'account': 'other'},
        {'account': ''},
        {'source': 'config'},
    ],
)
def test_keys_that_are_no_siblings(pack: RuleSet, fields: dict[str, Any]) -> None:
    other: dict[str, Any] = {'account': 'main', 'permissions': ('read',), **fields}
    keys = [record(account='main'), record(**other)]
    assert list(check_siblings(keys, pack, 1)) == []


@pytest.mark.parametrize(
    ('fields', 'what'),
    [
        ({}, None),
        ({'purpose': 'other', 'permissions': ('read',)}, None),
        ({'permissions': ('read',)}, 'rights'),
        ({'addresses': ('52.54.32.1',)}, 'IP list'),
        ({'permissions': ('read',), 'addresses': ()}, 'rights and IP list'),
    ],
)
def test_keys_that_drift_apart(pack: RuleSet, fields: dict[str, Any], what: str | None) -> None:
    keys = [
        record('a.yaml', account='main', label='first'),
        record('b.yaml', topic='ip', **{'account': 'main', **fields}),
    ]
    found = list(check_siblings(keys, pack, 9))
    assert [one.rule for one in found] == ['keys-drift'] * (what is not None)
    for one in found:
        assert one.message.startswith(f'Its {what} differ from that of "first".')
        assert (one.path, one.place.line) == ('b.yaml', 7)


def test_the_order_of_addresses_is_no_difference(pack: RuleSet) -> None:
    addresses = ('52.54.32.1', '52.54.32.2')
    keys = [
        record(account='main', addresses=addresses),
        record(account='main', addresses=addresses[::-1]),
    ]
    assert list(check_siblings(keys, pack, 9)) == []


FILES = {'bot.py': b'KRAKEN_SECRET = 1', 'other.py': b'', 'keys.yaml': b'KRAKEN_SECRET'}


def read_file(path: str) -> bytes:
    if path not in FILES:
        raise FileNotFoundError(path)
    return FILES[path]


@pytest.mark.parametrize(
    ('one', 'paths', 'is_told'),
    [
        pytest.param(record(), ['bot.py'], False, id='used'),
        pytest.param(record(), ['gone.py', 'other.py', 'bot.py'], False, id='used in the last'),
        pytest.param(record(), ['other.py'], True, id='not used'),
        pytest.param(record(), ['gone.py'], True, id='a file that cannot be read'),
        pytest.param(record(), ['keys.yaml', 'other.py'], True, id='named where it is declared'),
        pytest.param(record(), ['README.md'], False, id='no code'),
        pytest.param(record(source='config'), ['other.py'], False, id='no inventory'),
        pytest.param(record(secret_ref=''), ['other.py'], False, id='no reference'),
        pytest.param(record(secret_ref='vault:a/b'), ['other.py'], False, id='no name'),
        pytest.param(record(secret_ref='ABC'), ['other.py'], False, id='too short'),
        pytest.param(record(secret_ref='ABCD'), ['other.py'], True, id='a name'),
        pytest.param(record(secret_ref='environment:ABCD'), ['other.py'], True, id='a variable'),
    ],
)
def test_unused_keys(
    pack: RuleSet, one: DeclarationRecord, paths: list[str], is_told: bool
) -> None:
    found = list(find_unused_keys([one], read_file, paths, pack))
    assert [(each.rule, each.path, each.place) for each in found] == [
        ('key-unused', 'keys.yaml', PLACE)
    ] * is_told


def test_each_key_of_an_unused_reference_is_told(pack: RuleSet) -> None:
    records = [
        record('a.yaml', secret_ref='B_REF'),
        record('b.yaml', secret_ref='A_REF'),
        record('c.yaml', secret_ref='B_REF'),
    ]
    found = list(find_unused_keys(records, read_file, ['other.py'], pack))
    assert [(one.path, one.message.partition(' ')[0]) for one in found] == [
        ('b.yaml', 'A_REF'),
        ('a.yaml', 'B_REF'),
        ('c.yaml', 'B_REF'),
    ]
