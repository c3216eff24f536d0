"""Recommended keys as a reader gets them: steps in order, and nothing that is no step."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from typing import TextIO

import pytest

from keylint.api_usage.other_languages import UnreadUse
from keylint.policies.key_recipes import KeyRecommendation
from keylint.reporters.recipes import write_recipe_json, write_recipe_markdown, write_recipe_text

BOXES = KeyRecommendation(
    exchange='acme',
    name='Acme',
    levels=('read', 'trade'),
    is_exact=True,
    rights='boxes',
    steps=('Choose the portfolio',),
    tick=('Read', 'Trade'),
    leave=('Withdraw',),
    missing=(),
    beyond=(),
    refused=(),
    doubts=(),
    ip='IP list: the address of your bot',
    label='bot-acme',
    rotate='2026-04-01',
    manage='https://acme.example/api',
)


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('COLUMNS', '200')


def written(
    write: Callable[[Sequence[KeyRecommendation], Sequence[UnreadUse], TextIO], None],
    *recipes: KeyRecommendation,
) -> list[str]:
    stream = io.StringIO()
    write(recipes, (), stream)
    return stream.getvalue().splitlines()


def test_steps_are_in_the_order_of_the_page() -> None:
    assert written(write_recipe_text, BOXES) == [
        'Acme: the code needs to read and trade',
        '  1. open https://acme.example/api and create a key called bot-acme',
        '  2. choose the portfolio',
        '  3. tick:  Read; Trade',
        '  4. leave off:  Withdraw',
        '  5. IP list: the address of your bot',
        '  6. rotate by 2026-04-01',
        '',
    ]


def test_markdown_has_a_list_to_tick_off() -> None:
    assert written(write_recipe_markdown, BOXES) == [
        '## Acme',
        '',
        'The code needs to read and trade.',
        '',
        '1. open https://acme.example/api and create a key called bot-acme',
        '2. choose the portfolio',
        '3. tick:',
        '   - [x] Read',
        '   - [x] Trade',
        '   - [ ] Withdraw',
        '4. IP list: the address of your bot',
        '5. rotate by 2026-04-01',
        '',
    ]


@pytest.mark.parametrize(
    ('recipe', 'said', 'silent'),
    [
        pytest.param(
            BOXES._replace(rights='none', tick=(), leave=()),
            'nothing to tick: such a key may do all that its account may',
            'leave off',
            id='a token is everything',
        ),
        pytest.param(
            BOXES._replace(rights='unknown', tick=(), leave=()),
            'let it read and trade, and nothing more; the boxes of this page are not known here',
            'tick:',
            id='nobody knows the page',
        ),
        pytest.param(
            BOXES._replace(rights='unknown', tick=(), leave=(), levels=()),
            'let it do nothing, and nothing more; the boxes of this page are not known here',
            'tick:',
            id='no rights at all',
        ),
        pytest.param(
            BOXES._replace(rights='gone', tick=(), leave=()),
            'keys of this kind cannot be made at Acme any more',
            'rotate',
            id='keys that cannot be made',
        ),
        pytest.param(
            BOXES._replace(rights='approval', tick=('Agent',), leave=()),
            'approve:  Agent',
            'create a key',
            id='an agent is approved',
        ),
        pytest.param(
            BOXES._replace(rights='approval', missing=('withdraw',)),
            'no key that is approved here may withdraw',
            'is not known here',
            id='an agent cannot withdraw',
        ),
        pytest.param(
            BOXES._replace(missing=('derivatives',)),
            'which box lets it trade derivatives is not known here',
            'approved',
            id='a box that nobody knows',
        ),
        pytest.param(
            BOXES._replace(beyond=('transfer',)),
            'mind that it may transfer between accounts as well: Acme has nothing smaller',
            'is not known here',
            id='more comes along',
        ),
        pytest.param(
            BOXES._replace(refused=('Withdraw',)),
            'some calls also need Withdraw, which opens far more: do by hand what they do',
            'is not known here',
            id='a box that is refused',
        ),
        pytest.param(
            BOXES._replace(tick=(), leave=(), levels=('read',)),
            'tick:  nothing',
            'approve',
            id='reading needs no box',
        ),
    ],
)
def test_steps_by_how_rights_are_given(recipe: KeyRecommendation, said: str, silent: str) -> None:
    steps = [line.split('. ', 1)[-1] for line in written(write_recipe_text, recipe)]
    assert said in steps
    assert not any(silent in step for step in steps)


def test_no_steps_where_the_need_is_not_known() -> None:
    recipe = BOXES._replace(levels=(), is_exact=False, tick=(), doubts=('acme client in a.py:3',))
    told = 'what the code needs is not known, so no key is recommended'
    assert written(write_recipe_text, recipe) == [
        f'Acme: {told}',
        '  not read: acme client in a.py:3',
        '',
    ]
    assert written(write_recipe_markdown, recipe)[2:] == [
        f'{told[:1].upper()}{told[1:]}.',
        '',
        '- Not read: acme client in a.py:3',
        '',
    ]


def test_at_least() -> None:
    head, *_ = written(write_recipe_text, BOXES._replace(is_exact=False))
    assert head == 'Acme: the code needs at least to read and trade: not all calls can be read'


def test_no_key_is_needed() -> None:
    assert written(write_recipe_text) == ['the code needs no exchange key']
    assert written(write_recipe_markdown) == []
    assert json.loads('\n'.join(written(write_recipe_json))) == {'recipes': [], 'not_read': []}


def test_json_has_all_fields() -> None:
    (recipe,) = json.loads('\n'.join(written(write_recipe_json, BOXES)))['recipes']
    assert recipe.keys() == set(KeyRecommendation._fields)
    assert (recipe['tick'], recipe['rights']) == (['Read', 'Trade'], 'boxes')


def test_names_of_folders_are_no_markup() -> None:
    hostile = BOXES._replace(label='[x](y)\x1b[31m', name='<b>')
    text = '\n'.join(written(write_recipe_markdown, hostile))
    assert '<b>' not in text
    assert '[x](y)' not in text
    assert '\x1b' not in '\n'.join(written(write_recipe_text, hostile))


def test_a_recipe_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    long = BOXES._replace(
        ip='IP list: ' + 'the address of your bot, ' * 8, doubts=('a call ' * 20,)
    )
    monkeypatch.setenv('COLUMNS', '80')
    lines = written(write_recipe_text, long)
    assert max(map(len, lines)) <= 80
    whole = ' '.join(' '.join(lines).split())
    assert ' '.join(long.ip.split()) in whole, 'no word is lost'
