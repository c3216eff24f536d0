"""Where a text speaks of issuers, and how near that is to a value."""

from __future__ import annotations

import pytest

from keylint.core.model import Setting
from keylint.detect.context import IssuerContext, find_context, find_siblings, list_named_parents
from keylint.rules.rule_set import RuleSet


@pytest.mark.parametrize(
    ('text', 'places'),
    [
        pytest.param('the exchange', {}, id='nobody'),
        pytest.param('kraken', {'kraken': [0]}, id='a word'),
        pytest.param('kraken kraken', {'kraken': [0, 7]}, id='twice'),
        pytest.param('krakenClient', {'kraken': [0]}, id='a word of a name'),
        pytest.param('my_kraken_2', {'kraken': [3]}, id='between lines'),
        pytest.param('krakens', {}, id='goes on'),
        pytest.param('akraken', {}, id='goes on before'),
        pytest.param('KRAKENClient', {}, id='a capital behind a capital is no border'),
        pytest.param('KRAKENclient', {}, id='a small letter behind'),
        pytest.param('kraken1', {'kraken': [0]}, id='a digit behind'),
    ],
)
def test_mentions(pack: RuleSet, text: str, places: dict[str, list[int]]) -> None:
    assert find_context(text.encode(), 'a.py', pack, []).mentions == places


def test_a_capital_behind_a_small_letter_begins_a_word(pack: RuleSet) -> None:
    for text, places in (('newKraken', [3]), ('aKRAKEN', [1]), ('AKraken', []), ('newkraken', [])):
        found = find_context(text.encode(), 'a.py', pack, []).mentions
        assert found.get('kraken', []) == places, text


def test_a_longer_mention_covers_shorter_ones(pack: RuleSet) -> None:
    context = find_context(b'binance.us, binance', 'a.py', pack, [])
    assert context.mentions['binance'] == [12]
    assert [places for issuer, places in context.mentions.items() if issuer != 'binance'] == [[0]]


def test_mentions_in_values_do_not_count(pack: RuleSet) -> None:
    """Spans may overlap and lie in one another: the longest that begins before counts."""
    text = b'kraken kraken kraken kraken'
    for values, places in (
        ([(7, 13)], [0, 14, 21]),
        ([(0, 1)], [7, 14, 21]),
        ([(0, 20), (2, 4)], [21]),
        ([(14, 15), (0, 8)], [21]),
        ([(8, 9)], [0, 7, 14, 21]),
    ):
        found = find_context(text, 'a.py', pack, values)
        assert found.mentions == {'kraken': places}, values
        assert find_context(text, 'a.py', pack, values[::-1]).mentions == found.mentions


def test_the_path_speaks_too(pack: RuleSet) -> None:
    context = find_context(b'', 'bots/kraken/main.py', pack, [])
    assert context.in_path == {'kraken'}
    assert context.rate_proximity('kraken', 0, 1) == 35
    assert context.rate_proximity('okx', 0, 1) == 0


def rate(before: int, after: int = 0, lines: int = 400) -> int:
    """Rate a mention so many lines before (or behind) a value, in lines of ten bytes."""
    starts = list(range(0, lines * 10, 10))
    mention = (100 - before + after) * 10 + 2
    context = IssuerContext({'okx': [mention]}, starts, frozenset())
    return context.rate_proximity('okx', 1005, 1008)


@pytest.mark.parametrize(
    ('before', 'want'),
    [(0, 70), (1, 60), (2, 60), (3, 59), (30, 50), (59, 41), (60, 40), (61, 40), (90, 40)],
)
def test_a_mention_counts_less_with_every_line(before: int, want: int) -> None:
    assert rate(before) == want


@pytest.mark.parametrize(('after', 'want'), [(0, 70), (1, 60), (15, 50), (29, 41), (30, 40)])
def test_behind_the_value_lines_count_twice(after: int, want: int) -> None:
    assert rate(0, after) == want


def test_of_two_mentions_the_nearer_counts() -> None:
    starts = list(range(0, 4000, 10))
    for places, want in (
        ([100, 802], 54),  # 20 lines before
        ([802, 1102], 54),  # 10 lines behind count as 20
        ([802, 1052], 57),  # 5 lines behind
        ([952, 1202], 59),  # 5 lines before
        ([100, 952, 2002], 59),
    ):
        context = IssuerContext({'okx': places}, starts, frozenset())
        assert context.rate_proximity('okx', 1005, 1008) == want, places


def test_a_far_mention_on_the_same_long_line_says_nothing() -> None:
    """Minified documents have no lines: 200 bytes count as one."""
    for gap, want in ((199, 70), (200, 60), (60 * 200, 40), (60 * 200 + 199, 40), (61 * 200, 0)):
        context = IssuerContext({'okx': [10]}, [0], frozenset())
        assert context.rate_proximity('okx', 10 + gap, 20 + gap) == want, gap
    assert IssuerContext({'okx': [10]}, [0, 400], frozenset()).count_lines(0, 150) == 0
    assert IssuerContext({}, [0, 4], frozenset()).count_lines(0, 650) == 3


def test_lines_of_a_context(pack: RuleSet) -> None:
    context = find_context(b'a\nb\n', 'a.py', pack, [])
    assert [context.find_line(offset) for offset in range(5)] == [0, 0, 1, 1, 2]
    assert find_context(b'a\rb', 'a.py', pack, []).lines == [0]


def named(pack: RuleSet, *settings: tuple[str, str]) -> dict[tuple[str, ...], frozenset[str]]:
    made = tuple(Setting(tuple(path.split('.')), value.encode(), 0, 1) for path, value in settings)
    return list_named_parents(made, pack)


def test_mappings_that_name_an_issuer(pack: RuleSet) -> None:
    assert named(pack, ('bot.comment', 'kraken')) == {}
    assert named(pack, ('bot.exchange', 'somewhere')) == {}
    assert named(pack, ('bot.exchange', f'kraken {"x" * 53}')) == {}
    assert named(pack, ('bot.exchange', f'kraken {"x" * 52}')) == {('bot',): {'kraken'}}
    assert named(pack, ('bot.Exchange-Name', 'Kraken')) == {('bot',): {'kraken'}}
    assert named(pack, ('name', 'kraken'), ('exchange', 'okx')) == {(): {'kraken', 'okx'}}
    assert list_named_parents((Setting((), b'kraken', 0, 1),), pack) == {}


def test_the_nearest_mapping_names_the_siblings() -> None:
    names = {(): frozenset({'okx'}), ('a', 'b'): frozenset({'kraken'})}
    assert find_siblings(('a', 'b'), names) == {'kraken'}
    assert find_siblings(('a', 'b', 'c'), names) == {'kraken'}
    assert find_siblings(('a',), names) == {'okx'}
    assert find_siblings(('a',), {('a', 'b'): frozenset({'kraken'})}) == frozenset()
