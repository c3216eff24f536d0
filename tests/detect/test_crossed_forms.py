"""Each form of the table, crossed with names, spellings, kinds of values and carriers.

The text is scanned as it stands in a file, so that the gate must wake for all that the reader can
read. The mirror images have the same forms and hold nothing: references, placeholders, look-ups
in the place of the value; hashes, ids and public keys under their own names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes
from keylint.syntax.forms import ROWS

Carry = Callable[[str], str]

EXAMPLES = [(text, name) for form in ROWS for text, name in form.examples]
NAMES = (
    ('api', 'secret'),
    ('binance', 'api', 'secret'),
    ('api', 'secret', 'binance'),
    ('private', 'key'),
    ('bot', 'token'),
)
SPELLINGS: tuple[Callable[[tuple[str, ...]], str], ...] = (
    '_'.join,
    lambda words: '_'.join(words).upper(),
    lambda words: words[0] + ''.join(word.capitalize() for word in words[1:]),
    lambda words: ''.join(word.capitalize() for word in words),
    ''.join,
)
VALUES = ('{alnum:64}', '{base64:64}', '{hex:64}', '{base64url:43}')
# Only where quotes say where the value ends.
QUOTED_VALUES = ('-{base64url:42}', '{alnum:3}!{alnum:12}%{alnum:6}')


def mark_lines(mark: str) -> Carry:
    return lambda text: ''.join(mark + line for line in text.splitlines(keepends=True))


def make_notebook(text: str) -> str:
    cell = {
        'cell_type': 'code',
        'metadata': {},
        'outputs': [],
        'source': text.splitlines(keepends=True),
    }
    return json.dumps({'cells': [cell], 'nbformat': 4, 'metadata': {}}, indent=1)


CARRIERS: dict[str, tuple[str, Carry]] = {
    'as it is': ('a.txt', str),
    'CRLF': ('a.txt', lambda text: text.replace('\n', '\r\n')),
    'between words': ('a.txt', lambda text: 'some words\n' * 80 + text + '\nmore words' * 40),
    'a notebook': ('a.ipynb', make_notebook),
    'a log of messages': ('a.jsonl', lambda text: json.dumps({'role': 'user', 'content': text})),
    'a patch': ('a.patch', lambda text: '+++ b/x\n@@ -1 +1 @@\n' + mark_lines('+')(text)),
    'indented': ('a.txt', mark_lines(' ' * 8)),
    'a comment with #': ('a.py', mark_lines('# ')),
    'a comment with //': ('a.js', mark_lines('// ')),
    'a fenced block': ('a.md', lambda text: f'# Bot\n\n```\n{text}\n```\n'),
}

# In the place of a value.
REFERENCES = (
    '${API_SECRET}',
    'process.env.API_SECRET',
    '${{ secrets.API_SECRET }}',
    '{{ api_secret }}',
    'op://vault/binance/api_secret',
    'vault:secret/data/bot#api_secret',
    '/run/secrets/api_secret',
    'your_api_secret_here',
    '<YOUR_API_SECRET>',
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    '********************************',
    '0123456789abcdef0123456789abcdef',
    'abcd****************wxyz',
    'changeme',
    '...',
    '',
)
# Names whose values are public, or live for a moment.
PUBLIC_NAMES = (
    ('api', 'secret', 'hash'),
    ('tx', 'hash'),
    ('public', 'key'),
    ('order', 'id'),
    ('wallet', 'address'),
    ('request', 'signature'),
    ('commit', 'sha'),
    ('checksum',),
    ('next', 'page', 'token'),
)


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def rename(text: str, name: str, words: tuple[str, ...], spelling: int) -> str:
    """Give the value of an example another name, where its own stands in the text."""
    own = name.rsplit('.', 1)[-1]
    return text.replace(own, SPELLINGS[spelling](words))


def find_values(carrier: str, text: str, rules: Rules, severity: str) -> list[str]:
    file, carry = CARRIERS[carrier]
    config = Config(show_secrets=True, severity=severity, confidence='low')
    result = scan_blob(Blob(carry(text).encode(), Origin(file)), rules, config)
    return [part.value or '' for finding in result.findings for part in finding.parts]


def cross(text: str, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield carrier, text and value: each pair of carrier and kind, names and spellings in turn."""
    is_quoted = text.split('§')[0][-1:] in ('"', "'", '`')
    recipes = VALUES + (QUOTED_VALUES if is_quoted else ())
    for number, (carrier, recipe) in enumerate(product(CARRIERS, recipes)):
        words = NAMES[number % len(NAMES)]
        if words == ('private', 'key'):
            recipe = '{hex:64}'  # chains have no others
        named = rename(text, name, words, number // len(NAMES) % len(SPELLINGS))
        value = expand_recipes(recipe, f'{text}{number}')
        yield carrier, named.replace('§', value), value


@pytest.mark.parametrize(('text', 'name'), EXAMPLES)
def test_a_form_is_found_in_all_carriers(text: str, name: str, rules: Rules) -> None:
    missed = [
        (carrier, named)
        for carrier, named, value in cross(text, name)
        if value not in find_values(carrier, named, rules, 'info')
    ]
    assert missed == []


@pytest.mark.parametrize(('text', 'name'), EXAMPLES)
def test_a_form_without_a_value_is_silent(text: str, name: str, rules: Rules) -> None:
    found = []
    for number, (carrier, reference) in enumerate(product(CARRIERS, REFERENCES)):
        named = rename(text, name, NAMES[number % 3], number // 3 % len(SPELLINGS))
        named = named.replace('§', reference)
        if find_values(carrier, named, rules, 'medium'):
            found.append((carrier, named))
    assert found == []


@pytest.mark.parametrize(('text', 'name'), EXAMPLES)
def test_a_form_under_a_public_name_is_silent(text: str, name: str, rules: Rules) -> None:
    if rename(text, name, ('x',), 0) == text or 'secret = ' in text[:9]:
        pytest.skip('the place itself says what the value is')
    found = []
    for number, (carrier, words) in enumerate(product(CARRIERS, PUBLIC_NAMES)):
        named = rename(text, name, words, number % 3)
        value = expand_recipes(('{hex:64}', '{base64url:43}')[number % 2], f'{text}{number}')
        if find_values(carrier, named.replace('§', value), rules, 'medium'):
            found.append((carrier, named))
    assert found == []
