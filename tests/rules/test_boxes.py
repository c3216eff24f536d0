"""What dossiers say of the page on which keys are made, and how it is compiled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.core.errors import RuleError
from keylint.reporters.rule_page import render_issuer_page
from keylint.rules.box_types import KeyPage
from keylint.rules.compile_boxes import compile_key_page
from keylint.rules.files import Examples, read_dossiers, read_shared
from tests.rules.acme import DEFINITION, NAMES

WORDS: list[dict[str, Any]] = [
    {'word': 'canRead', 'level': 'read', 'ui': 'Read', 'excludes': ['Everything']},
    {'word': 'canTrade', 'level': ['trade', 'margin'], 'ui': 'Trade', 'needs': ['Read']},
    {'word': 'trading', 'level': ['trade', 'margin'], 'ui': 'Trade', 'kind': 'old'},
    {'word': 'Everything', 'level': ['read', 'trade', 'withdraw']},
    {'word': 'wallet', 'level': 'transfer', 'read_only': True},
    {'word': 'guess', 'level': 'withdraw', 'confidence': 'inferred'},
    {'word': 'scope', 'level': 'withdraw', 'kind': 'word'},
    {'word': 'always', 'level': 'derivatives', 'kind': 'given'},
    {'word': 'switch', 'level': []},
]
PAGE: dict[str, Any] = {
    'steps': ['Call it {label}'],
    'sub_accounts': 'yes',
    'use_cases': {'trade': ['Read', 'Trade'], 'deposit': ['wallet (read only)']},
    'note': 'nothing else is known',
}


def read_dossier(folder: Path, **parts: object) -> Any:
    document = yaml.safe_load(DEFINITION) | parts
    (folder / 'acme.yaml').write_text(yaml.safe_dump(document, sort_keys=False), encoding='utf-8')
    (read,) = read_dossiers((str(folder),), NAMES)
    return read


def compile_page(folder: Path, **parts: object) -> KeyPage:
    dossier = read_dossier(folder, **parts)
    return compile_key_page(dossier.get('permissions') or [], dossier.get('key_page'))


def test_words_of_one_label_are_one_box(tmp_path: Path) -> None:
    page = compile_page(tmp_path, permissions=WORDS, key_page=PAGE)
    boxes = {box.label: box for box in page.boxes}
    assert boxes['Trade'].words == ('canTrade', 'Trade', 'trading')
    assert boxes['Trade'].permissions == ('trade', 'margin')
    assert boxes['Trade'].needs == ('Read',)
    assert [box.label for box in page.offered] == [
        'Read',
        'Trade',
        'Everything',
        'wallet (read only)',
        'wallet',
        'switch',
    ]
    assert [boxes[label].kind for label in ('scope', 'always', 'guess')] == ['word', 'given', 'box']


def test_what_excludes_is_excluded(tmp_path: Path) -> None:
    boxes = {box.label: box.excludes for box in compile_page(tmp_path, permissions=WORDS).boxes}
    assert (boxes['Read'], boxes['Everything']) == (('Everything',), ('Read',))
    assert (boxes['wallet'], boxes['wallet (read only)']) == (('wallet (read only)',), ('wallet',))


def test_page_is_compiled(tmp_path: Path) -> None:
    page = compile_page(tmp_path, permissions=WORDS, key_page=PAGE)
    assert (page.rights, page.steps, page.sub_accounts) == ('boxes', ('Call it {label}',), 'yes')
    assert [box.label for box in page.list_boxes_for('deposit')] == ['wallet (read only)']
    assert page.list_boxes_for('withdraw') == []


@pytest.mark.parametrize(
    ('parts', 'rights'),
    [
        ({}, 'unknown'),
        ({'permissions': WORDS}, 'boxes'),
        ({'permissions': WORDS[5:8]}, 'unknown'),
        ({'permissions': WORDS, 'key_page': {'rights': 'gone'}}, 'gone'),
        ({'key_page': {'rights': 'none'}}, 'none'),
        ({'key_page': {'note': 'nothing is known'}}, 'unknown'),
    ],
)
def test_how_rights_are_given(tmp_path: Path, parts: dict[str, object], rights: str) -> None:
    assert compile_page(tmp_path, **parts).rights == rights


def test_cached_page_is_the_same(tmp_path: Path) -> None:
    page = compile_page(tmp_path, permissions=WORDS, key_page=PAGE)
    assert KeyPage.from_row(tuple(page)) == page


@pytest.mark.parametrize(
    ('parts', 'complaint'),
    [
        (
            {'permissions': [*WORDS, {'word': 'x', 'level': 'trade', 'ui': 'Trade'}]},
            "the words of the box 'Trade' must have the same level",
        ),
        (
            {'permissions': [{'word': 'x', 'level': 'trade', 'needs': ['Reed']}]},
            "needs names 'Reed', which is not a box of permissions",
        ),
        (
            {'permissions': [{'word': 'x', 'level': 'trade', 'excludes': ['Reed']}]},
            "excludes names 'Reed', which is not a box of permissions",
        ),
        (
            {'permissions': WORDS, 'key_page': {'use_cases': {'trade': ['Trades']}}},
            "the use case trade names 'Trades', which is not a box of permissions",
        ),
        (
            {'permissions': WORDS, 'key_page': {'use_cases': {'trading': ['Trade']}}},
            "has no key 'trading'",
        ),
        ({'key_page': {'rights': 'some'}}, "is 'some'; allowed: boxes, none"),
        ({'permissions': [{'word': 'x', 'level': 'trade', 'kind': 'new'}]}, "is 'new'; allowed"),
        (
            {
                'permissions': WORDS,
                'documents': [{'name': 'a', 'keys': ['b'], 'rights': {'can.canTrade': 'trade'}}],
            },
            "'can.canTrade' must grant the same as the word 'canTrade'",
        ),
    ],
)
def test_mistakes_are_named(tmp_path: Path, parts: dict[str, object], complaint: str) -> None:
    with pytest.raises(RuleError, match=complaint.replace('(', r'\(')):
        read_dossier(tmp_path, **parts)


def test_page_of_the_rule_tells_how_a_key_is_made(tmp_path: Path) -> None:
    dossier = read_dossier(tmp_path, permissions=WORDS, key_page=PAGE)
    kind = read_shared()['kinds']['exchange']
    text = render_issuer_page(dossier, Examples('', (), {}), kind)
    for line in (
        '| canTrade | Trade | trade, margin |  |',
        '| trading | no more | trade, margin |  |',
        '| guess | guess (not checked) | withdraw |  |',
        '| scope | none: a word of the API | withdraw |  |',
        '| switch | switch | nothing by itself |  |',
        '- Call it `NAME`',
        '- Sub-accounts have keys of their own.',
        '- To trade spot: Read; Trade',
        '- To show deposit addresses: wallet (read only)',
        '- nothing else is known',
    ):
        assert line in text.splitlines()
