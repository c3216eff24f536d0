"""What the front of the hook calls plain, the filter of matches drops: over generated texts."""

from __future__ import annotations

import random

import pytest

from keylint.declarations.relevance import drop_irrelevant_declarations
from keylint.matcher.match import Match, Pattern, PatternKind
from keylint.matcher.plain_text import is_plain
from keylint.matcher.prefilter import filter_matches
from keylint.readers.formats import format_of
from keylint.rules.load import load_rules

_NAMES = 'api_key apiKey API_SECRET token password pw binance kraken withdraw permissions'.split()
_LINKS = [' = ', '=', ': ', '("', '": "', "='", ' -> ', '(', ', ', ' ', '\n', '@', ',"']
_ENDS = ['"', "'", ')', '\n', ',\n', ' ', '")', ' # of the key\n', ';\n', '']
_WORDS = 'get order book REST client Api ID limit v2 3 l2 sha256 user data stream URL base'.split()
_ALPHABETS = [
    'abcdefghijklmnopqrstuvwxyz',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
    'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
    '0123456789abcdef',
    'abcdef-',
    'aB_-/=.+x1',
]
_KINDS: tuple[PatternKind, ...] = (
    'name',
    'call',
    'issuer',
    'phrase',
    'password',
    'symbols',
    'short-name',
    'expression',
    'token',
    'plugin',
    'document-key',
    'bare-key',
    'sentence',
    'quoted-key',
)


def seed(text: str) -> random.Random:
    """Draw the same in every run."""
    return random.Random(text)  # noqa: S311 - no secret is drawn


def make_run(draw: random.Random) -> str:
    """Make a value, an identifier, or something between the two."""
    if draw.random() < 0.5:
        words = (
            draw.choice((str.lower, str.upper, str.title, str))(draw.choice(_WORDS))
            for _ in range(draw.randint(1, 6))
        )
        return draw.choice(('_', '', '/', '-', '.', '=', '__')).join(words)
    return ''.join(draw.choices(draw.choice(_ALPHABETS), k=draw.randint(1, 70)))


def make_text(draw: random.Random) -> bytes:
    """Make lines of names and runs."""
    parts = []
    for _ in range(draw.randint(1, 8)):
        parts += [draw.choice(_NAMES), draw.choice(_LINKS), make_run(draw), draw.choice(_ENDS)]
        if draw.random() < 0.2:
            parts += [make_run(draw), draw.choice(_ENDS)]
    return ''.join(parts).encode()


@pytest.mark.parametrize('name', ['bot.py', 'bot.json', 'notes.md', 'deploy.yml'])
def test_a_text_with_plain_matches_alone_wakes_nothing(name: str) -> None:
    draw, matcher, plain = seed(name), load_rules().matcher, 0
    for _ in range(1_000):
        data = make_text(draw)
        found = matcher.find_matches(data)
        if all(is_plain(name, data, match.pattern.kind, match.end) for match in found):
            plain += bool(found)
            kept = filter_matches(data, found)
            assert drop_irrelevant_declarations(data, format_of(name), kept, matcher) == [], data
    assert plain > 50


@pytest.mark.parametrize('kind', _KINDS)
def test_a_plain_match_is_dropped_wherever_it_ends(kind: PatternKind) -> None:
    draw, matcher, plain = seed(kind), load_rules().matcher, 0
    for _ in range(1_500):
        data = make_text(draw)
        match = Match(Pattern(0, kind), draw.randint(1, len(data)))
        if is_plain('bot.py', data, kind, match.end):
            plain += 1
            kept = filter_matches(data, [match])
            assert drop_irrelevant_declarations(data, format_of('bot.py'), kept, matcher) == [], (
                data,
                match,
            )
    assert (plain > 10) == (kind in _KINDS[:4] or kind in ('document-key', 'bare-key', 'sentence'))


def test_what_may_be_a_value_is_not_plain() -> None:
    for line in (
        b'api_key = "' + bytes(seed('x').choices(b'abcdefXYZ019', k=40)) + b'"',
        b'api_key = "' + bytes(seed('x').choices(b'aBcDeFgHiJ', k=40)) + b'"',
        b'api_key = "' + bytes(seed('x').choices(b'0123456789abcdef', k=40)) + b'"',
    ):
        found = load_rules().matcher.find_matches(line)
        assert found
        assert not all(is_plain('a.py', line, one.pattern.kind, one.end) for one in found)


@pytest.mark.parametrize(('run', 'want'), [('abcdefghi1', True), ('abcdefghij1', False)])
def test_a_run_behind_an_issuer_counts_with_the_sign_that_ends_the_word(
    run: str, want: bool
) -> None:
    data = f'use binance_{run} here'.encode()
    assert is_plain('notes.txt', data, 'issuer', data.index(b'_') + 1) is want
