"""Which candidates are parts of one account's credential."""

from __future__ import annotations

import pytest

from keylint.core.model import Candidate, TokenPattern
from keylint.core.terms import PartKind
from keylint.detect.context import IssuerContext, find_context
from keylint.detect.grouping import (
    MAX_GAP_LINES,
    Group,
    group_candidates,
    move_to_next_group,
    name_prefix,
    part_of,
)
from keylint.rules.rule_set import RuleSet

LINE = b'x' * 9 + b'\n'


def candidate(
    name: str, line: int = 0, role: PartKind | None = 'secret', **more: object
) -> Candidate:
    """Make a candidate at the start of a line of a text of equal lines."""
    start = line * len(LINE)
    candidate = Candidate(name, b'value', start, start + 5, role=role)
    return candidate._replace(**more)  # type: ignore[arg-type]  # fields by name


def token(rule: str, role: PartKind, pack: RuleSet, line: int = 0) -> Candidate:
    row = TokenPattern(rule, role, b'', 0, None, None, pack.rules[rule].kind, 0)
    return candidate('', line, role, token=row)


def context_of(pack: RuleSet, lines: int = 60) -> IssuerContext:
    return find_context(LINE * lines, '', pack, [])


def names(groups: list[Group]) -> list[list[str]]:
    return [[member.name for member in group.members] for group in groups]


def grouped(found: list[Candidate], pack: RuleSet) -> list[list[str]]:
    return names(group_candidates(found, context_of(pack), pack))


def test_nothing_makes_no_group(pack: RuleSet) -> None:
    assert grouped([], pack) == []


def test_key_and_secret_nearby_are_one_group(pack: RuleSet) -> None:
    pair = [candidate('api_key', 0, 'api-key'), candidate('api_secret', 1)]
    assert grouped(pair, pack) == [['api_key', 'api_secret']]


@pytest.mark.parametrize(('line', 'count'), [(MAX_GAP_LINES, 1), (MAX_GAP_LINES + 1, 2)])
def test_lines_between_parts_have_a_limit(pack: RuleSet, line: int, count: int) -> None:
    pair = [candidate('api_key', 0, 'api-key'), candidate('api_secret', line)]
    assert len(grouped(pair, pack)) == count


def test_each_part_stands_once_in_a_group(pack: RuleSet) -> None:
    pair = [candidate('api_secret', 0), candidate('api_secret', 1)]
    assert grouped(pair, pack) == [['api_secret'], ['api_secret']]


@pytest.mark.parametrize(
    ('first', 'second', 'count'),
    [
        ('alpha_api_key', 'beta_api_secret', 2),
        ('alpha_api_key', 'alpha_api_secret', 1),
        ('alpha_api_key', 'api_secret', 1),
        ('BINANCE_MAIN_API_KEY', 'BINANCE_SUB_API_SECRET', 1),  # the issuer is the same
    ],
)
def test_prefixes_of_names_keep_accounts_apart(
    pack: RuleSet, first: str, second: str, count: int
) -> None:
    pair = [candidate(first, 0, 'api-key'), candidate(second, 1)]
    assert len(grouped(pair, pack)) == count


def test_a_mapping_is_one_group_however_long_it_is(pack: RuleSet) -> None:
    pair = [
        candidate('key', 0, 'api-key', path=('main', 'key')),
        candidate('secret', 50, path=('main', 'secret')),
    ]
    assert len(grouped(pair, pack)) == 1
    other = [pair[0], pair[1]._replace(path=('other', 'secret'))]
    assert len(grouped(other, pack)) == 2


def test_a_token_of_one_part_stands_alone(pack: RuleSet) -> None:
    rule = next(
        rule
        for rule, table in sorted(pack.rules.items())
        if table.kind != 'wallet' and len(table.roles) == 1
    )
    role = pack.rules[rule].roles[0]
    beside: PartKind = 'api-key' if role != 'api-key' else 'secret'
    found = [token(rule, role, pack), candidate('name', 1, beside)]
    assert len(grouped(found, pack)) == 2


@pytest.mark.parametrize(
    ('role', 'want'),
    [
        (None, 'secret'),
        ('private-key', 'secret'),
        ('password', 'passphrase'),
        ('api-key', 'api-key'),
        ('url', 'url'),
    ],
)
def test_part_of(role: PartKind | None, want: str) -> None:
    assert part_of(candidate('name', role=role)) == want


@pytest.mark.parametrize(
    ('name', 'want'),
    [('api_key', ''), ('binance_api_key', 'binance'), ('config.myBotSecret', 'mybot')],
)
def test_name_prefix(name: str, want: str) -> None:
    assert name_prefix(candidate(name)) == want
    assert name_prefix(candidate(name, is_argument=True)) == ''


def a_group(*members: Candidate, pack: RuleSet) -> Group:
    group = Group(())
    for member in members:
        group.add(member, pack)
    return group


def test_a_part_moves_to_the_group_that_lacks_it(pack: RuleSet) -> None:
    key, secret = candidate('api_key', 0, 'api-key'), candidate('api_secret', 2)
    group, following = a_group(key, pack=pack), a_group(secret, pack=pack)
    assert move_to_next_group([key], group, following, context_of(pack), pack)
    assert names([following]) == [['api_key', 'api_secret']]
    assert following.roles == {'api-key', 'secret'}


def test_a_part_stays_where_the_next_group_has_one_or_is_far(pack: RuleSet) -> None:
    key, other = candidate('api_key', 0, 'api-key'), candidate('other_key', 2, 'api-key')
    group, following = a_group(key, pack=pack), a_group(other, pack=pack)
    far = a_group(candidate('api_secret', 2 * MAX_GAP_LINES), pack=pack)
    context = context_of(pack)
    for target in (following, far, None):
        assert not move_to_next_group([key], group, target, context, pack)
    assert not move_to_next_group([], group, far, context, pack)
    assert names([following, far]) == [['other_key'], ['api_secret']]
