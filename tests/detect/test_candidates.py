"""What in a text could be a part of a credential, under which name."""

from __future__ import annotations

import pytest

from keylint.core.model import Candidate, Fragment, Setting, TokenPattern
from keylint.core.names import find_role
from keylint.detect.candidates import find_candidates
from keylint.detect.tokens import SpanIndex
from keylint.rules.recipes import expand_recipes
from keylint.rules.rule_set import RuleSet
from keylint.syntax.bare_values import find_value_spans
from keylint.syntax.values import find_name
from tests.detect.conftest import FindCandidates


@pytest.mark.parametrize(
    'recipe',
    [
        '',
        'api_key = os.environ["BINANCE_API_KEY"]\n',
        'api_key = "your_api_key_here"\n',
        'order_id = "{alnum:32}"\n',
        'api_key = "GENERATE_WITH_openclaw-doctor"\n',
        'key: Ed25519PublicKey, other: RSAPrivateKey\n',
        'api_key_sha256: "{hex:64}"\n',
        'api_key = "https://example.org/{alnum:32}"\n',
        'seed_phrase = "{alnum:32}"\n',
        'log("{alnum:32}")\n',
        'client.get_order("{uuid}")\n',
    ],
)
def test_no_candidates(candidates: FindCandidates, recipe: str) -> None:
    assert candidates(recipe) == []


@pytest.mark.parametrize(
    ('recipe', 'want'),
    [
        ('api_key = "{alnum:32}"\n', [('api_key', 'api-key')]),
        ('api_secret: {alnum:32}\n', [('api_secret', 'secret')]),
        ('API-Secret={base64:44}\n', [('API-Secret', 'secret')]),
        ('password = "{alnum:12}7"\n', [('password', 'password')]),
        ('Client("{alnum:32}", "{alnum:32}")\n', [('Client', 'api-key'), ('Client', 'secret')]),
        ('Client("{alnum:32}")\n', [('Client', 'token')]),
        ('curl -u {alnum:32}:{alnum:32}\n', [('login', 'api-key'), ('login', 'secret')]),
        ('{alnum:32}\n{alnum:32}\n', [('bot.py', 'api-key'), ('bot.py', 'secret')]),
    ],
)
def test_names_and_roles(
    candidates: FindCandidates, recipe: str, want: list[tuple[str, str]]
) -> None:
    assert [(found.name, found.role) for found in candidates(recipe)] == want


def test_a_candidate_points_at_its_value(candidates: FindCandidates) -> None:
    recipe = 'first = 1\napi_secret = "{alnum:32}"  # second\n'
    (found,) = candidates(recipe)
    data = expand_recipes(recipe, 'detect').encode()
    assert data[found.start : found.end] == found.value
    assert data[found.start - 1 : found.start] == data[found.end : found.end + 1] == b'"'


def test_percent_encoding_is_decoded(candidates: FindCandidates) -> None:
    (found,) = candidates('api_secret="{alnum:20}%2B{alnum:12}"\n')
    assert found.value[20:21] == b'+'
    assert len(found.value) == 33


def test_a_setting_tells_more_than_the_text(pack: RuleSet) -> None:
    data = expand_recipes('"apiKey": {"value": "{alnum:32}"}', 'setting').encode()
    start = data.index(b'": "') + 4
    end = len(data) - 2
    setting = Setting(('apiKey', 'value'), data[start:end], start, end)
    found = find_candidates(Fragment(data, settings=(setting,)), [], 'a.json', pack)
    assert [(c.name, c.path, c.role) for c in found] == [('value', ('apiKey', 'value'), 'api-key')]


@pytest.mark.parametrize(
    ('left', 'want'),
    [
        ('total ', ('total', False)),
        ('key = ', ('key', True)),
        ("os.environ['API_KEY'] = '", ('API_KEY', True)),
        ('api_key = os.getenv("X") or "', ('api_key', True)),
        ('<apiKey>', ('apiKey', True)),
        ('--secret ', ('secret', True)),
        ('gh secret set NAME --body "', ('NAME', True)),
        ('secret\n\n\n\n', ('', False)),
        ('API Key\n', ('API Key', True)),
        ('key → ', ('key', True)),
        ('a = 1; ', ('', False)),
    ],
)
def test_find_name(left: str, want: tuple[str, bool]) -> None:
    data = left.encode()
    assert find_name(data, len(data), lambda name: find_role(name) is not None) == want


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        (b'a word of text ', []),
        (b'key=abcd1234efgh', [b'abcd1234efgh']),
        (b'"abcd1234!efgh$ij"', [b'abcd1234!efgh$ij']),
        (b'f"abcd1234{name}"', []),
        (b'abcd1234[0-9]', []),
        (b'abcd1234efgh5678.ijkl.mnop', [b'abcd1234efgh5678.ijkl.mnop']),
        (b'abcd1234.ijkl', [b'abcd1234', b'ijkl']),
        (b'abcd1234...', [b'abcd1234...']),
    ],
)
def test_find_value_spans(text: bytes, want: list[bytes]) -> None:
    assert [text[start:end] for start, end in find_value_spans(text, 0, len(text))] == want


TOKEN = TokenPattern('any', 'token', b'', 0, None, None, 'data', 0)


def at(start: int, end: int, name: str = '', token: TokenPattern | None = None) -> Candidate:
    return Candidate(name, b'', start, end, token=token)


def test_a_token_replaces_what_it_overlaps_and_takes_its_name() -> None:
    found = {(0, 4): at(0, 4, 'far'), (10, 20): at(10, 20, 'api_key')}
    SpanIndex(found).add(at(12, 30, token=TOKEN))
    assert {span: one.name for span, one in found.items()} == {(0, 4): 'far', (12, 30): 'api_key'}


def test_the_longer_of_two_tokens_stays() -> None:
    found = {(0, 10): at(0, 10, token=TOKEN)}
    index = SpanIndex(found)
    index.add(at(2, 8, token=TOKEN))
    assert list(found) == [(0, 10)]
    index.add(at(0, 12, token=TOKEN))
    assert list(found) == [(0, 12)]
