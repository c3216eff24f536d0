"""Which name the text to the left of a value binds to it, in any language."""

from __future__ import annotations

import pytest

from keylint.core.model import Candidate
from keylint.core.names import find_role
from keylint.syntax.values import ValueReader, find_name

VALUE = b'a1b2c3d4e5f6'


def has_role(name: str) -> bool:
    return find_role(name) is not None


def read_bindings(data: bytes, start: int, end: int) -> list[Candidate]:
    reader = ValueReader(data, lambda name: ((find_role(name) or (None,))[0], False))
    return list(reader.read(start, end))


def names(text: str) -> list[str]:
    """Return the names of all values of a text; `@` stands for a value."""
    data = text.encode().replace(b'@', VALUE)
    return [found.name for found in read_bindings(data, 0, len(data)) if found.value == VALUE]


@pytest.mark.parametrize(
    ('left', 'want'),
    [
        # Who joins: operators and arrows, in front of quotes, brackets and prefixes.
        ('key=', ('key', True)),
        ('key := r"', ('key', True)),
        ("key: [{'", ('key', True)),
        ('key => ', ('key', True)),
        ('key|', ('key', True)),
        ('key?', ('key', True)),
        ('key ~ ', ('key', True)),
        ('key;', ('', False)),
        ('key; token = ', ('token', True)),
        ('key = 5, ', ('', False)),
        ('key 5 ', ('', False)),
        ('key(a) ', ('', False)),
        ('key(a) = ', ('key', True)),
        # What only wraps.
        ('key = os.environ.get("', ('key', True)),
        ('key = str(', ('key', True)),
        ('const char key[] = "', ('key', True)),
        ('string Key { get; set; } = "', ('Key', True)),
        ('string Key { private get; set; } = "', ('Key', True)),
        ("key = b'", ('key', True)),
        ("key = rb'", ('key', True)),
        ('Authorization: Token ', ('Authorization', True)),
        ('the Token ', ('Token', False)),
        ('<key>', ('key', True)),
        ('<key></b>', ('key', True)),
        # A fallback names the setting, not the place that it is read from.
        ('api_key = load("path") or "', ('api_key', True)),
        ('api_key = load | "', ('api_key', True)),
        ('total = api_key or "', ('api_key', True)),
        # Options and keywords.
        ('--secret ', ('secret', True)),
        ('--api-key ', ('api-key', True)),
        ('--secret-file ', ('secret-file', False)),
        ('- secret ', ('secret', False)),
        (':secret "', ('secret', True)),
        ('{:secret "', ('secret', True)),
        ('(:secret "', ('secret', True)),
        ('[:secret "', ('secret', True)),
        (' :secret "', ('secret', True)),
        ('a:secret "', ('secret', False)),
        ('):secret "', ('secret', False)),
        ('NAME --body "', ('NAME', True)),
        ('NAME --value ', ('NAME', True)),
        ('NAME body ', ('body', False)),
        # Verbs join only what stands in quotes.
        ('the secret is "', ('secret', True)),
        ('the secret was `', ('secret', True)),
        # Ends of lines: two at most, and only behind what goes on.
        ('key =\n  "', ('key', True)),
        ('key =\n\n  "', ('key', True)),
        ('key =\n\n\n  "', ('key', True)),
        ('key = f(\n"', ('key', True)),
        ('key\n= "', ('key', True)),
        ('key = x\n"', ('', False)),
        ('<key>\n  ', ('key', True)),
        ('"key": {\n "value": "', ('key', True)),
        # Labels: a line that is nothing but a name.
        ('API Key\n', ('API Key', True)),
        ('**API Key**:\n', ('API Key', True)),
        ('- API secret\n', ('API secret', True)),
        ('key\n', ('', False)),
        ('the order\n', ('', False)),
        ('my API secret, perhaps\n', ('', False)),
        (f'{"a" * 30} API secret\n', ('', False)),
        (f'{"a" * 29} API secret\n', (f'{"a" * 29} API secret', True)),
        ('a\nAPI secret\n', ('API secret', True)),
        # Words of prose before the last one count where they say more.
        ('bot API key ', ('bot API key', False)),
        ('the order key ', ('key', False)),
        ('one two three four API key ', ('three four API key', False)),
        ('API  key ', ('API key', False)),
        # Values before it.
        ('key = "", secret = "', ('secret', True)),
        ('token="" ', ('', False)),
        ('token "" ', ('', False)),
        ('"\\nkey: ', ('key', True)),
        ('"\\ntoken: ', ('token', True)),
    ],
)
def test_names(left: str, want: tuple[str, bool]) -> None:
    found = find_name(left.encode(), len(left.encode()), has_role)
    assert (found.text, found.is_joined if found.text else False) == want


def test_private_keys_before_it_in_a_list_have_the_same_name() -> None:
    keys = ', '.join(f'"{digit * 64}"' for digit in 'abc')
    left = f'accounts: [{keys}, "'.encode()
    assert find_name(left, len(left), has_role)[0] == 'accounts'


def test_a_name_stands_near_its_value() -> None:
    for gap, want in ((590, 'key'), (600, '')):
        left = b'key =' + b' ' * gap
        assert find_name(left, len(left), has_role)[0] == want


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        pytest.param('order @', [''], id='no role'),
        pytest.param('order=@', ['order'], id='joined'),
        pytest.param('api_key @', ['api_key'], id='a telling name'),
        pytest.param('key @', [''], id='one that tells little'),
        pytest.param('LP Element Token @', [''], id='a coin'),
        pytest.param('the access token @', ['access token'], id='no coin'),
        pytest.param('access_token @', ['access_token'], id='one word'),
        pytest.param('pass @', [''], id='a statement'),
        pytest.param('key.@', [''], id='a part of a name'),
        pytest.param('key=@ secret=@', ['key', 'secret'], id='two'),
        pytest.param(f'{"Ab3/" * 20}secretkey\n@', [''], id='below base64'),
    ],
)
def test_values_and_their_names(text: str, want: list[str]) -> None:
    assert names(text) == want


def test_words_are_no_values() -> None:
    data = b'key = some_long_name, secret = a1b2c3d4e5f6'
    assert [found.value for found in read_bindings(data, 0, len(data))] == [VALUE]
    assert read_bindings(data, 0, 20) == []
    (found,) = read_bindings(data, 20, len(data))
    assert (found.name, data[found.start : found.end]) == ('secret', VALUE)
