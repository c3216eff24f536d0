"""Whose credential a group is."""

from __future__ import annotations

import pytest

from keylint.core.model import Candidate, Setting
from keylint.core.terms import PartKind
from keylint.detect.context import find_context, find_siblings, list_named_parents
from keylint.detect.issuer import Identity, identify_issuer
from keylint.rules.recipes import expand_recipes
from keylint.rules.rule_set import RuleSet

KEY, SECRET = '{alnum:64}', '{alnum:64}'


def members(
    key_name: str, secret_name: str, key: str = KEY, secret: str = SECRET
) -> list[Candidate]:
    """Make a key and a secret of two recipes."""
    values = [expand_recipes(key, 'key').encode(), expand_recipes(secret, 'secret').encode()]
    return [
        Candidate(key_name, values[0], 0, 64, role='api-key', is_strong=True),
        Candidate(secret_name, values[1], 100, 164, role='secret', is_strong=True),
    ]


def identity(
    pack: RuleSet,
    found: list[Candidate],
    text: bytes = b'',
    path: str = 'bot.py',
    siblings: frozenset[str] = frozenset(),
) -> Identity | None:
    context = find_context(b' ' * 200 + text, path, pack, [])
    return identify_issuer(found, siblings, context, pack)


def rule_of(found: Identity | None) -> str | None:
    return found.rule if found else None


def test_nothing_names_an_issuer(pack: RuleSet) -> None:
    found = members('api_key', 'api_secret', '{alnum:30}', '{alnum:30}')
    assert identity(pack, found) is None


@pytest.mark.parametrize('issuer', ['binance', 'kraken', 'bybit'])
def test_a_name_says_it(pack: RuleSet, issuer: str) -> None:
    found = identity(pack, members(f'{issuer}_api_key', f'{issuer}_api_secret'))
    assert rule_of(found) == issuer
    assert found is not None
    assert found.is_named


def test_a_name_counts_more_than_the_text(pack: RuleSet) -> None:
    found = members('binance_key', 'binance_secret')
    assert rule_of(identity(pack, found, b'import bybit, kraken')) == 'binance'


def test_a_mention_of_the_text_is_no_name(pack: RuleSet) -> None:
    found = identity(pack, members('api_key', 'api_secret'), b'import binance')
    assert rule_of(found) == 'binance'
    assert found is not None
    assert not found.is_named


def test_settings_beside_and_the_path_say_it(pack: RuleSet) -> None:
    pair = members('api_key', 'api_secret')
    assert rule_of(identity(pack, pair, siblings=frozenset(['binance']))) == 'binance'
    assert rule_of(identity(pack, pair, path='accounts/binance.py')) == 'binance'


def test_what_has_no_shape_of_its_issuer_keeps_the_name(pack: RuleSet) -> None:
    pair = members('binance_api_key', 'binance_api_secret', '{alnum:30}', '{alnum:30}')
    found = identity(pack, pair)
    assert rule_of(found) == 'binance'
    assert found is not None
    assert {fit and fit.confidence for fit in found.fits.values()} == {'inferred'}


def test_a_name_that_anybody_may_use_helps_only_a_value_that_proves_itself(pack: RuleSet) -> None:
    """By a check or by letters of its own; any other form needs a word of the issuer."""

    def find_rule(name: str, recipe: str, role: PartKind, *siblings: str) -> str | None:
        value = expand_recipes(recipe, name).encode()
        member = Candidate(name, value, 0, len(value), role=role, is_strong=True)
        return rule_of(identity(pack, [member], siblings=frozenset(siblings)))

    assert find_rule('channel_secret', '{hex:32}', 'secret') is None
    assert find_rule('channel_secret', '{hex:32}', 'secret', 'line-messaging') == 'line-messaging'
    assert find_rule('account_sid', 'AC{hex:32}', 'api-key') == 'twilio'
    assert find_rule('private_key', '0x{hex:64}', 'private-key') == 'evm-private-key'


def test_a_fit_names_part_and_confidence(pack: RuleSet) -> None:
    pair = members('binance_api_key', 'binance_api_secret')
    found = identity(pack, pair)
    assert found is not None
    assert [found.fits[member.span] is not None for member in pair] == [True, True]
    key, secret = (found.fits[member.span] for member in pair)
    assert key is not None
    assert secret is not None
    assert (key.role, secret.role) == ('api-key', 'secret')
    assert key.confidence != 'inferred'
    assert found.weigh(pair)[0] == 2
    assert found.weigh(pair[:1]) == (1, key.score)


def setting(*path: str, value: str) -> Setting:
    return Setting(path, value.encode(), 0, 0)


def test_settings_that_name_issuers(pack: RuleSet) -> None:
    named = list_named_parents(
        (
            setting('main', 'exchange', value='kraken'),
            setting('main', 'comment', value='binance'),
            setting('sub', 'nested', 'key', value='bybit'),
        ),
        pack,
    )
    assert named == {('main',): frozenset(['kraken'])}
    assert find_siblings(('main', 'keys'), named) == {'kraken'}
    assert find_siblings(('sub',), named) == frozenset()


@pytest.mark.parametrize(
    ('before', 'want'),
    [(b'', 70), (b'\n', 60), (b'\n' * 30, 50), (b'\n' * 60, 40), (b'\n' * 400, 40)],
)
def test_proximity_falls_with_the_lines_between(pack: RuleSet, before: bytes, want: int) -> None:
    text = b'binance ' + before + b'value'
    start = len(text) - 5
    context = find_context(text, 'bot.py', pack, [])
    assert context.rate_proximity('binance', start, len(text)) == want
    assert context.rate_proximity('kraken', start, len(text)) == 0


def test_mentions_inside_of_values_do_not_count(pack: RuleSet) -> None:
    text = b'binance kraken'
    assert set(find_context(text, '', pack, []).mentions) == {'binance', 'kraken'}
    assert set(find_context(text, '', pack, [(0, 7)]).mentions) == {'kraken'}
