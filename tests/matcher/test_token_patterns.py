"""Patterns of tokens see every match, wherever it stands."""

from __future__ import annotations

import re
from base64 import b64encode
from itertools import islice

import pytest
from mnemonic import Mnemonic
from shamir_mnemonic.wordlist import WORDLIST

from keylint.matcher.match import LEAK_KINDS, NAME_KINDS, PatternKind, list_kinds
from keylint.matcher.plain_text import PROSE
from keylint.rules.load import Rules
from keylint.rules.recipes import expand_recipes
from tests.dossiers import examples
from tests.matcher.wide import ONCE_MISSED, TOKENS, Twice, carried, notebook

pytestmark = pytest.mark.slow  # every example of every rule, in every surrounding


# Patterns


def everything() -> list[bytes]:
    texts = [text for _, _, text in carried()] + [
        expand_recipes(text, 'everything') for _, text in ONCE_MISSED.values()
    ]
    loose = [data for text in texts for data in (text.encode(), notebook(text))]
    loose += [
        coded
        for text in texts
        for coded in (b64encode(text.encode()), b64encode(b64encode(text.encode())))
    ]
    return [data for kind in ('loud', 'silent') for _, _, data in examples(kind)] + loose


def test_hyperscan_sees_every_match_that_re_sees(rules: Rules) -> None:
    """Compare both engines on patterns about leaks: Hyperscan matches where `re` ends a match."""
    known = [pattern for pattern in rules.matcher.patterns if pattern.kind in LEAK_KINDS]
    patterns = [re.compile(rules.pack.patterns[pattern.number]) for pattern in known]
    matches = [0] * len(patterns)
    for data in everything():
        found = set(rules.matcher.database.scan(data))
        for number, pattern in enumerate(patterns):
            for match in pattern.finditer(data):
                matches[number] += 1
                assert (number, match.end()) in found, (pattern.pattern, match.group())
    assert all(matches[pattern.number] for pattern in known if pattern.kind in NAME_KINDS), matches
    assert sum(map(bool, matches)) > len(matches) * 0.8


def test_the_gate_wakes_within_every_match_of_a_token(rules: Rules) -> None:
    """The gate's form of a token is looser than the pattern that detection runs."""
    seen = set()
    for data in everything():
        found = rules.matcher.find_matches(data)
        for number, row in enumerate(rules.pack.tokens):
            ends = [m.end for m in found if m.pattern.kind in TOKENS and m.pattern.row == number]
            for match in rules.pack.pattern(row.pattern).finditer(data):
                seen.add(number)
                assert any(match.start() < end <= match.end() for end in ends), (
                    row.rule,
                    match.group(),
                )
    assert len(seen) > len(rules.pack.tokens) * 0.8


def test_every_token_is_found_wherever_it_stands(twice: Twice, rules: Rules) -> None:
    """Place tokens beside text that shares their letters, between lines, at both ends of a file."""
    texts = [
        data
        for _, name, data in examples('loud')
        if not name.endswith(('.json', '.ipynb', '.csv', '.yaml', '.yml')) and len(data) < 3000
    ]
    tokens: set[bytes] = set()
    for row in rules.pack.tokens:
        pattern = rules.pack.pattern(row.pattern)
        matches = (match.group() for data in texts for match in pattern.finditer(data))
        tokens.update(islice((token for token in matches if not set(b'"\n') & set(token)), 1))
    assert len(tokens) > 50
    missed = []
    for token in sorted(tokens):
        places = (
            (b'', b''),
            (b'see ', b'.'),
            (b'\n\n', b'\n'),
            (b'["', b'"]'),
            (b'words ' * 200, b''),
            (b'', b' words' * 200),
            (token + b' ', b''),
        )
        for before, after in places:
            missed.append(twice.missed('a.txt', before + token + after))
    assert [difference for difference in missed if difference] == []


def test_the_width_of_a_token_is_no_less_than_its_matches(rules: Rules) -> None:
    widest = {row.rule: 0 for row in rules.pack.tokens}
    for data in everything():
        for row in rules.pack.tokens:
            for match in rules.pack.pattern(row.pattern).finditer(data):
                widest[row.rule] = max(widest[row.rule], len(match.group()))
                assert len(match.group()) <= row.width, row.rule
    assert sum(map(bool, widest.values())) > len(widest) * 0.8


def test_what_rules_out_a_row_of_words_stands_in_no_list_of_words() -> None:
    lists = [Mnemonic(language).wordlist for language in Mnemonic.list_languages()]
    words = {
        word.encode() for wordlist in (*lists, WORDLIST) for word in wordlist if word.isascii()
    }
    assert len(words) > 10_000
    assert not words & PROSE
    assert not [word for word in words if len(word) >= 5 and not set(word) & set(b'aeiouy')]


def kinds_in(rules: Rules, text: str) -> frozenset[PatternKind]:
    return list_kinds(rules.matcher.find_matches(text.encode()))


@pytest.mark.parametrize('name', ['wallet_pk', 'WALLET_PK', 'bot.sk', 'BOT_PAT_2', 'api_secret'])
def test_names_in_short_wake_for_sums_and_for_what_is_escaped(rules: Rules, name: str) -> None:
    assert 'expression' in kinds_in(rules, f'{name} = first_half + second_half\n')
    assert 'encoded' in kinds_in(rules, f'x?{name}%3Dabcdefgh')


@pytest.mark.parametrize(
    'text', ['file_path = first_half + second_half\n', 'x?file_path%3Dabcdefgh']
)
def test_a_path_is_no_name_in_short(rules: Rules, text: str) -> None:
    assert not {'expression', 'encoded'} & kinds_in(rules, text)
