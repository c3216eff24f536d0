"""Of what a text says thousands of times a few places are looked at, and all else is read."""

from __future__ import annotations

from itertools import cycle, islice

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.report import BlobResult
from keylint.matcher.repeats import MAX_BESIDE, MAX_SAME, drop_repeats, list_kept
from keylint.pipeline.blob import scan_blob
from keylint.pipeline.scan import FILE, read_document
from keylint.rules.load import Rules
from keylint.rules.recipes import expand_recipes

_LINES = 1500
_PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
_TELEGRAM = 'INFO POST https://api.telegram.org/bot{digits:10}:AA{alnum:33}/getUpdates 200\n'
# Lines that a program writes again and again, with something of their own on each.
_FLOODS = {
    'a token in a path': (_TELEGRAM, 'telegram'),
    'a named key': ('INFO api_key={alnum:40} status=200\n', 'generic'),
    'a password': ('login password=Hunter{hex:8}! ok\n', 'generic'),
    'a login': ('GET https://trader:{alnum:40}@api.bot.example/\n', ''),
    'a pair': ('KRAKEN_API_KEY={base64:42} KRAKEN_API_SECRET={base64:64}\n', 'kraken'),
}


def _flood(recipe: str, count: int = _LINES) -> bytes:
    line = expand_recipes(recipe, 'flood')
    rows = (f'{number % 60:02} req={number * 7919:x} {line}' for number in range(count))
    return ''.join(rows).encode()


def _scan(data: bytes, rules: Rules, path: str = 'agent.log') -> BlobResult:
    return scan_blob(Blob(data, Origin(path)), rules, Config(severity='info', confidence='low'))


def test_few_matches_stay_as_they_are(rules: Rules) -> None:
    data = _flood(_TELEGRAM, 200)
    matches = rules.matcher.find_matches(data)
    assert drop_repeats(data, matches) is matches


def test_statements_about_permissions_keep_no_repetitions_near_them(rules: Rules) -> None:
    data = _flood('allow withdrawals ' + _TELEGRAM)
    matches = rules.matcher.find_matches(data)
    kept = [match.pattern.kind for match in drop_repeats(data, matches)]
    assert kept.count('sentence') == [m.pattern.kind for m in matches].count('sentence') >= _LINES
    assert 0 < kept.count('token') < 100


def test_distinct_values_all_stay(rules: Rules) -> None:
    rows = (expand_recipes('api_key={alnum:40}\n', str(number)) for number in range(1500))
    data = ''.join(rows).encode()
    matches = [m for m in rules.matcher.find_matches(data) if m.pattern.kind == 'name']
    assert drop_repeats(data, matches) == matches


def test_distinct_pem_keys_below_the_same_heading_all_stay(rules: Rules) -> None:
    keys = (expand_recipes('{pem:ed25519}\n', str(number)) for number in range(1200))
    data = ''.join(keys).encode()
    matches = [m for m in rules.matcher.find_matches(data) if m.pattern.kind == 'token']
    assert len(drop_repeats(data, matches)) == len(matches) >= 1200


@pytest.mark.parametrize(('recipe', 'rule'), _FLOODS.values(), ids=_FLOODS)
@pytest.mark.parametrize('where', ['before', 'within', 'behind'])
def test_a_pair_among_repetitions_is_found(
    recipe: str, rule: str, where: str, rules: Rules
) -> None:
    pair = expand_recipes(_PAIR, 'pair').encode()
    flood = _flood(recipe)
    middle = flood.index(b'\n', len(flood) // 2) + 1
    place = {'before': 0, 'within': middle, 'behind': len(flood)}[where]
    result = _scan(flood[:place] + pair + flood[place:], rules)
    found = {finding.rule: finding for finding in result.findings}
    assert not result.failures
    parts = {part.role for part in found['binance-credential'].parts}
    assert {'api-key', 'secret'} <= parts
    assert any(name.startswith(rule) for name in found)


@pytest.mark.parametrize('recipe', [recipe for recipe, _ in _FLOODS.values()], ids=_FLOODS)
def test_repetitions_cost_no_more_than_a_few_places(recipe: str, rules: Rules) -> None:
    few, many = (
        len(read_document('agent.log', _flood(recipe, count), rules, FILE).matches)
        for count in (1500, 3000)
    )
    assert few == many < 300


def test_fifty_tokens_in_turn_are_fifty_findings(rules: Rules) -> None:
    lines = [expand_recipes(_TELEGRAM, str(number)) for number in range(50)]
    data = ''.join(islice(cycle(lines), _LINES)).encode() + expand_recipes(_PAIR, 'x').encode()
    result = _scan(data, rules)
    assert not result.failures
    assert len([f for f in result.findings if f.rule == 'telegram-credential']) == 50
    assert len([f for f in result.findings if f.rule == 'binance-credential']) == 1


def test_the_other_half_of_a_repeated_key_makes_a_pair(rules: Rules) -> None:
    line = expand_recipes('INFO BINANCE_API_KEY={alnum:64}\n', 'key')
    secret = expand_recipes('BINANCE_API_SECRET={alnum:64}\n', 'secret')
    data = (line * _LINES + secret + line * _LINES).encode()
    found = _scan(data, rules).findings
    assert {part.role for finding in found for part in finding.parts} == {'api-key', 'secret'}
    assert max(len(finding.parts) for finding in found) == 2


def test_bounds_count_distinct_values(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('keylint.core.deadline.MAX_CANDIDATES', 500)
    monkeypatch.setattr('keylint.core.deadline.MAX_CREDENTIALS', 500)
    token = expand_recipes('{alnum:40}', 'token')
    rows = ', '.join(f'{{"n": {number}, "api_token": "{token}"}}' for number in range(_LINES))
    pair = expand_recipes('{"binance": {"apiKey": "{alnum:64}", "secret": "{alnum:64}"}}', 'pair')
    result = _scan(f'[{rows}, {pair}]'.encode(), rules, 'dump.json')
    assert not result.failures
    assert 'binance-credential' in {finding.rule for finding in result.findings}


def test_more_matches_than_the_matcher_gives_are_no_failure_where_they_repeat(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ('hyperscan', 'repeats'):
        monkeypatch.setattr(f'keylint.matcher.{module}.MAX_MATCHES', 2000)
    monkeypatch.setattr('keylint.pipeline.scan.MAX_MATCHES', 2000)
    result = _scan(_flood(_TELEGRAM, 9000) + expand_recipes(_PAIR, 'pair').encode(), rules)
    assert not result.failures
    assert {finding.rule for finding in result.findings} == {
        'binance-credential',
        'telegram-credential',
    }


def test_more_distinct_values_than_the_matcher_gives_are_a_failure(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ('hyperscan', 'repeats'):
        monkeypatch.setattr(f'keylint.matcher.{module}.MAX_MATCHES', 1500)
    monkeypatch.setattr('keylint.pipeline.scan.MAX_MATCHES', 1500)
    rows = (expand_recipes('api_key={alnum:40}\n', str(number)) for number in range(3000))
    assert [failure.stage for failure in _scan(''.join(rows).encode(), rules).failures] == ['scan']


@pytest.mark.parametrize(
    ('firsts', 'places', 'kept'),
    [
        ([], [], []),
        ([0], [0], [0]),
        ([0], [0, 10, 5000], [0, 1]),
        ([2], [0, 4000, 4010, 4020, 9000], [1, 2, 3]),
        ([0, 1], [0, 10, 20], [0, 1, 2]),
    ],
)
def test_what_stands_beside_the_first_places_is_kept(
    firsts: list[int], places: list[int], kept: list[int]
) -> None:
    assert list(list_kept(firsts, places)) == kept


def test_no_more_than_a_few_are_kept_beside_each() -> None:
    kept = list(list_kept([100], list(range(200))))
    assert kept == list(range(100 - MAX_BESIDE, 101 + MAX_BESIDE))
    assert MAX_SAME < 20
