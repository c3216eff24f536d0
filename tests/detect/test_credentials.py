"""Groups of candidates become credentials of an issuer, generic ones, or nothing."""

from __future__ import annotations

import pytest

from keylint.core.deadline import make_deadlines
from keylint.core.model import Candidate, Credential, Fragment
from keylint.core.terms import PartKind
from keylint.detect.credentials import find_credentials
from keylint.detect.secret_parts import GENERIC, GENERIC_PASSWORD, is_complete, list_generic_parts
from keylint.matcher.prefilter import filter_matches
from keylint.rules.recipes import expand_recipes
from keylint.rules.rule_set import RuleSet
from tests.detect.conftest import FindCredentials

PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'


def shown(found: list[Credential]) -> list[tuple[str, list[str]]]:
    return [(one.rule, [part.role for part in one.parts]) for one in found]


@pytest.mark.parametrize(
    'recipe', ['', 'x = 1\n', 'order_id = "{alnum:32}"\n', 'key = "{hex:12}"\n']
)
def test_no_credentials(credentials: FindCredentials, recipe: str) -> None:
    assert credentials(recipe) == []


def test_key_and_secret_are_one_credential(credentials: FindCredentials) -> None:
    found = credentials(PAIR)
    assert shown(found) == [('binance', ['api-key', 'secret'])]
    assert [part.confidence for part in found[0].parts] == ['high', 'high']
    assert found[0].environment == 'live'


def test_two_accounts_are_two_credentials(credentials: FindCredentials) -> None:
    found = credentials(PAIR + PAIR.replace('BINANCE', 'BYBIT').replace('64', '36'))
    assert [rule for rule, _ in shown(found)] == ['binance', 'bybit']


def test_an_unrelated_wallet_key_is_a_credential_of_its_own(credentials: FindCredentials) -> None:
    found = credentials('ALCHEMY_API_KEY={alnum:32}\nPRIVATE_KEY=0x{hex:64}\n')
    rules = [rule for rule, _ in shown(found)]
    assert len(rules) == 2
    assert 'alchemy' in rules


def test_nobody_is_named(credentials: FindCredentials) -> None:
    assert shown(credentials('MY_SECRET={alnum:50}\n')) == [(GENERIC, ['secret'])]
    assert shown(credentials('password = "{alnum:14}7"\n')) == [(GENERIC_PASSWORD, ['password'])]


def test_what_takes_too_long_is_left_out(pack: RuleSet) -> None:
    data = expand_recipes(PAIR, 'late').encode()
    matches = filter_matches(data, pack.matcher.find_leak_matches(data))
    late = make_deadlines(5)
    late.joining.why = 'over'
    assert find_credentials(Fragment(data), matches, 'a.py', pack, limits=late) == []
    assert find_credentials(Fragment(data), matches, 'a.py', pack, limits=make_deadlines(5)) != []


def member(name: str, recipe: str, role: PartKind | None) -> Candidate:
    value = expand_recipes(recipe, name).encode()
    return Candidate(name, value, 0, len(value), role=role)


@pytest.mark.parametrize(
    ('name', 'recipe', 'role', 'want'),
    [
        ('secret', '{alnum:15}', 'secret', []),
        ('secret', '{alnum:16}', 'secret', ['medium']),
        ('secret', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'secret', []),
        ('token', '{uuid}', 'token', []),
        ('access_token', '{uuid}', 'token', ['medium']),
        ('user_pk', '{alnum:39}', 'private-key', []),
        ('user_pk', '{alnum:40}', 'private-key', ['medium']),
        ('token', '{alnum:23}', 'token', ['low']),
        ('token', '{alnum:24}', 'token', ['medium']),
        ('mnemonic', '{alnum:64}', 'mnemonic', []),
        ('api_key', '{uuid}', 'api-key', []),
        ('client_id', '{alnum:32}', 'api-key', []),
        ('api_key', '{alnum:32}', 'api-key', ['low']),
        ('anything', '{alnum:32}', None, []),
    ],
)
def test_generic_parts(name: str, recipe: str, role: PartKind | None, want: list[str]) -> None:
    parts = list_generic_parts([member(name, recipe, role)])
    assert [part.confidence for part in parts] == want


def test_a_short_password_counts_beside_a_secret_only() -> None:
    short = member('passphrase', '{alnum:7}', 'passphrase')
    assert list_generic_parts([short]) == []
    parts = list_generic_parts([member('secret', '{alnum:32}', 'secret'), short])
    assert sorted(part.role for part in parts) == ['passphrase', 'secret']
    assert {part.rule for part in parts} == {GENERIC}


@pytest.mark.parametrize(
    ('roles', 'rule', 'want'),
    [
        ({'api-key'}, None, False),
        ({'secret'}, None, True),
        ({'secret'}, 'binance', False),
        ({'api-key', 'secret'}, 'binance', True),
        ({'api-key'}, 'binance', False),
        ({'api-key'}, 'alchemy', True),
        ({'passphrase'}, None, False),
    ],
)
def test_is_complete(pack: RuleSet, roles: set[str], rule: str | None, want: bool) -> None:
    assert is_complete(roles, pack.rules[rule] if rule else None) is want
