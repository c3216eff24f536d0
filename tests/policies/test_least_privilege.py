"""What the code needs of each exchange's key, joined over files."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from keylint.api_usage.methods import Libraries
from keylint.core.key_model import ApiCall, CodeFacts, Doubt, UnresolvedCall
from keylint.policies.least_privilege import RequiredPermissions, join_code_facts
from keylint.rules.load import load_rules
from tests.policies.declared import call, client


@pytest.fixture(scope='module')
def libraries() -> Libraries:
    pack = load_rules().pack
    return Libraries(pack.libraries, lambda name: name if name in pack.rules else None)


def join(
    libraries: Libraries, *facts: CodeFacts, framework: Iterable[ApiCall] = ()
) -> dict[str | None, RequiredPermissions]:
    return join_code_facts(facts, framework, libraries)


def test_no_code_needs_nothing(libraries: Libraries) -> None:
    assert join(libraries) == {}
    assert join(libraries, CodeFacts('a.py')) == {}


def test_each_issuer_has_its_own_clients_and_calls(libraries: Libraries) -> None:
    kraken, okx = client('kraken'), client('okx')
    facts = CodeFacts('bot.py', (kraken, okx), (call('trade'), call('withdraw', 'withdraw', 'okx')))
    need = join(libraries, facts)
    assert list(need) == ['kraken', 'okx']
    assert [one.clients for one in need.values()] == [(kraken,), (okx,)]
    assert [one.permissions for one in need.values()] == [('trade',), ('withdraw',)]
    assert [one.is_exact for one in need.values()] == [True, True]


def test_calls_of_frameworks_count(libraries: Libraries) -> None:
    need = join(libraries, CodeFacts('a.py'), framework=[call('trade', path='config.json')])
    assert need['kraken'].permissions == ('trade',)


def test_public_calls_need_no_key(libraries: Libraries) -> None:
    facts = CodeFacts('bot.py', (client(has_key=False),), (call('public', 'fetch_ticker'),))
    (need,) = join(libraries, facts).values()
    assert (need.calls, need.permissions, need.needs_key) == ((), (), False)


@pytest.mark.parametrize(
    ('facts', 'needs_key'),
    [
        (CodeFacts('a.py', (client(has_key=True),)), True),
        (CodeFacts('a.py', (client(has_key=False), client(has_key=True))), True),
        (CodeFacts('a.py', (client(has_key=False),), (call('read', 'fetch_balance'),)), True),
        (CodeFacts('a.py', (client(has_key=False),)), False),
    ],
)
def test_who_needs_a_key(libraries: Libraries, facts: CodeFacts, needs_key: bool) -> None:
    assert join(libraries, facts)['kraken'].needs_key is needs_key


@pytest.mark.parametrize(('issuer', 'needs_key'), [('kraken', True), ('okx', False)])
def test_a_doubt_of_its_own_issuer_is_a_need(issuer: str, needs_key: bool) -> None:
    doubt = Doubt(issuer, 'X-Key', 'nobody knows where it is sent', 'a.py', 1)
    need = RequiredPermissions('kraken', (client(has_key=False),), (), True, (doubt,))
    assert need.needs_key is needs_key


def test_calls_are_told_once_and_by_place(libraries: Libraries) -> None:
    calls = (call('trade', start=90), call('read', start=20), call('trade', start=90))
    later = CodeFacts('b.py', (), (call('admin', path='b.py', start=1),))
    need = join(libraries, later, CodeFacts('bot.py', (), calls))['kraken']
    assert [(one.path, one.start) for one in need.calls] == [
        ('b.py', 1),
        ('bot.py', 20),
        ('bot.py', 90),
    ]
    assert need.permissions == ('read', 'trade', 'admin')
    assert [one.permission for one in need.proofs()] == ['read', 'trade', 'admin']
    assert need.proof_of('withdraw') is None


@pytest.mark.parametrize(
    ('vague', 'exact'),
    [
        pytest.param(CodeFacts('v.py', is_exact=False), {'kraken', 'okx'}, id='of nobody'),
        pytest.param(CodeFacts('v.py', (client('okx'),), is_exact=False), {'kraken'}, id='client'),
        pytest.param(
            CodeFacts('v.py', (), (call('read', issuer='okx'),), is_exact=False),
            {'kraken'},
            id='call',
        ),
        pytest.param(CodeFacts('v.py', (client(None),)), set(), id='an issuer nobody knows'),
    ],
)
def test_what_is_exact(libraries: Libraries, vague: CodeFacts, exact: set[str]) -> None:
    """One file that calls more than can be read makes its issuers inexact, and no others."""
    facts = CodeFacts('bot.py', (client('kraken'), client('okx')))
    need = join(libraries, facts, vague)
    assert {issuer for issuer, one in need.items() if one.is_exact} == exact


def test_a_client_of_an_unknown_exchange_may_be_of_any(libraries: Libraries) -> None:
    """Then no key is known to need no more, whatever else is in doubt."""
    known = CodeFacts('bot.py', (client('kraken'),))
    unknown = CodeFacts('any.py', (client(None, 'any.py'),))
    assert join(libraries, known)['kraken'].is_exact_but_for_doubts
    need = join(libraries, known, unknown)
    assert [one.is_exact_but_for_doubts for one in need.values()] == [False, False]


def resolve(libraries: Libraries, calls: list[UnresolvedCall], *issuers: str) -> list[ApiCall]:
    """Let a file call objects that another one exports under the name `exchange`."""
    clients = tuple(client(issuer) for issuer in issuers)
    exports = tuple(('exchange', number) for number in range(len(issuers)))
    need = join(
        libraries,
        CodeFacts('clients.py', clients, exports=exports),
        CodeFacts('bot.py', unresolved_calls=tuple(calls)),
    )
    return [one for each in need.values() for one in each.calls]


def test_calls_on_objects_of_other_files(libraries: Libraries) -> None:
    order = UnresolvedCall('self.exchange', 'create_order', '', 5)
    assert resolve(libraries, [order._replace(receivers='self.other')], 'kraken') == []
    assert resolve(libraries, [order._replace(method='say_hello')], 'kraken') == []
    (found,) = resolve(libraries, [order], 'kraken')
    assert (found.issuer, found.permission, found.path, found.start) == (
        'kraken',
        'trade',
        'bot.py',
        5,
    )
    assert (found.call, found.client) == ('create_order', 'exchange')
    (found,) = resolve(libraries, [order._replace(receivers='self.other a.exchange')], 'kraken')
    assert found.client == 'exchange'


def test_what_several_answer_to_may_be_any(libraries: Libraries) -> None:
    order = UnresolvedCall('exchange', 'create_order', '', 5)
    (found,) = resolve(libraries, [order], 'kraken', 'okx')
    assert found.issuer is None
    (found,) = resolve(libraries, [order], 'kraken', 'kraken')
    assert found.issuer == 'kraken'
