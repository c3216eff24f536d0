"""Every row of the table of forms: with every kind of value, within strings, over broken text."""

from __future__ import annotations

import random

import pytest

from keylint.core.names import find_role
from keylint.rules.recipes import expand_recipes
from keylint.syntax.forms import ROWS
from keylint.syntax.lexer import split_tokens
from keylint.syntax.values import ValueReader

EXAMPLES = [(text, name) for form in ROWS for text, name in form.examples]
# Kinds of values: letters and digits, base64 with padding.
PLAIN_VALUES = ('{alnum:64}', '{base64:48}')
# These only where quotes say where the value ends: a sign at its front, symbols within.
QUOTED_VALUES = ('-{base64url:32}', '{alnum:3}!{alnum:12}%{alnum:6}', '#{alnum:20}')
# What ends the walk: a look-up, a hash, a public name; and what has no name at all.
SILENT = (
    'secret = get_secret("§")',
    'digest = hashlib.sha256(b"§").hexdigest()',
    'secret = fetch("§")',
    'api_secret = decrypt("§")',
    'print("§")',
    'address = "§"',
    'commit: §',
    'uses: actions/checkout@§',
    'sha256:§',
    'assert compute(x) == "§"',
    'tx_hash = "§"',
    'client.get_order("§")',
)


def read_names(text: str, value: str) -> list[str]:
    data = text.replace('§', value).encode()
    reader = ValueReader(data, lambda name: ((find_role(name) or (None,))[0], False))
    found = reader.read(0, len(data))
    return [candidate.name for candidate in found if candidate.value == value.encode()]


@pytest.mark.parametrize('recipe', PLAIN_VALUES)
@pytest.mark.parametrize(('text', 'name'), EXAMPLES)
def test_the_name_of_a_form_is_found(text: str, name: str, recipe: str) -> None:
    assert name in read_names(text, expand_recipes(recipe, text))


@pytest.mark.parametrize('recipe', QUOTED_VALUES)
@pytest.mark.parametrize(('text', 'name'), EXAMPLES)
def test_a_string_is_one_value_whatever_its_characters(text: str, name: str, recipe: str) -> None:
    before = text.split('§')[0]
    if before[-1:] not in ('"', "'"):
        pytest.skip('the form has no quotes')
    assert name in read_names(text, expand_recipes(recipe, text))


@pytest.mark.parametrize(('text', 'name'), EXAMPLES)
def test_a_form_is_read_behind_other_code(text: str, name: str) -> None:
    noise = "it's a \"broken line\n# don't\nx = [1, 2]\nprint('a', \"b\")\n"
    assert name in read_names(noise + text, expand_recipes('{alnum:64}', text))


@pytest.mark.parametrize('text', SILENT)
def test_what_ends_the_walk_gives_no_name_of_a_part(text: str) -> None:
    names = read_names(text, expand_recipes('{hex:64}', text))
    assert not [name for name in names if find_role(name)]


@pytest.mark.parametrize('seed', range(40))
def test_broken_text_is_tokens_too(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - no secret is made
    pieces = [text for text, _ in EXAMPLES] + list('"\'`()[]{}<>|\\\n,;:=§-') + ['&quot;', '\\"']
    data = ''.join(rng.choice(pieces)[: rng.randint(1, 40)] for _ in range(60)).encode()
    tokens = split_tokens(data, 0, len(data))
    assert [token.first for token in tokens] == sorted(token.first for token in tokens)
    assert all(0 <= token.first <= token.start <= token.end <= len(data) for token in tokens)
    list(ValueReader(data, lambda name: (None, False)).read(0, len(data)))


def test_each_mark_belongs_to_one_row() -> None:
    marks = [mark for form in ROWS for mark in form.before]
    assert len(marks) == len(set(marks))
    assert all(form.examples for form in ROWS)
