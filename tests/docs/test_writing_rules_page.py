"""The samples and tables of docs/writing-rules.md: what must be there, and what may be left out."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.rules.recipes import expand_recipes
from keylint.rules.schema import check_dossier
from tests.docs.pages import read_code, read_names, read_rows
from tests.rules.acme import DEFINITION, NAMES, find_own_mistakes

SAMPLE = read_code('writing-rules.md', '## All fields of a definition')
EXAMPLES = read_code('writing-rules.md', '## The examples')
Path_ = tuple[str | int, ...]


def list_fields(node: yaml.Node | None, path: Path_ = ()) -> list[tuple[Path_, int]]:
    """Return the path of every field of the sample, and its line."""
    found: list[tuple[Path_, int]] = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found.append(((*path, key.value), key.start_mark.line))
            found += list_fields(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            found += list_fields(item, (*path, number))
    return found


FIELDS = list_fields(yaml.compose(SAMPLE))


def list_mistakes(document: object) -> list[str]:
    return check_dossier(document, 'acme.yaml', NAMES)[1].list_mistakes()


def is_marked(path: Path_, line: int) -> bool:
    """Tell whether the sample marks a field as required.

    Its line does, or that of the same field of the first entry of its list.
    """
    comment = SAMPLE.splitlines()[line].partition(' # ')[2]
    named = re.match(r'required: (?P<names>\w+(?:, \w+)+)$', comment)
    if named and path[-2:-1] != () and isinstance(path[-2], int):
        return str(path[-1]) in named['names'].split(', ')
    if comment.startswith('required') and not named:
        return True
    first = tuple(0 if isinstance(step, int) else step for step in path)
    return first != path and any(is_marked(*field) for field in FIELDS if field[0] == first)


def test_the_sample_has_no_mistake(tmp_path: Path) -> None:
    assert len(FIELDS) > 90
    assert find_own_mistakes(tmp_path, acme=SAMPLE, acme_examples=EXAMPLES) == []


def test_what_is_marked_must_be_there_and_all_else_may_be_left_out() -> None:
    wrong, whole = [], yaml.safe_load(SAMPLE)
    for path, line in FIELDS:
        document: Any = copy.deepcopy(whole)
        holder = document
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        found = list_mistakes(document)
        is_missed = any(f"lacks the key '{path[-1]}'" in mistake for mistake in found)
        if is_missed != is_marked(path, line):
            wrong.append((path, is_missed))
    assert wrong == []


@pytest.mark.parametrize(
    'shape', ['^[0-9a-f]{32}', '[0-9a-f]{32}$', r'\A[0-9a-f]{32}', r'\b[a-f]+']
)
def test_a_shape_has_no_anchors(shape: str) -> None:
    text = DEFINITION.replace('[0-9a-f]{32}', shape)
    (mistake,) = list_mistakes(yaml.safe_load(text))
    assert 'anchors are not allowed' in mistake


@pytest.mark.parametrize('shape', [r'[^a-z]{32}', r'[$^]{4}[0-9]{28}', r'\$[0-9]{31}', r'\\[0-9]+'])
def test_characters_that_look_like_anchors_are_none(shape: str) -> None:
    text = DEFINITION.replace('[0-9a-f]{32}', shape)
    assert list_mistakes(yaml.safe_load(text)) == []


@pytest.mark.parametrize('alias', ['Acme X', 'AcmeX', 'acme-x', 'acme_x'])
def test_an_alias_is_one_word_in_lower_case(alias: str) -> None:
    text = DEFINITION.replace('kind: exchange', f'kind: exchange\naliases: [{alias}]')
    (mistake,) = list_mistakes(yaml.safe_load(text))
    assert f"aliases has '{alias}'; one word each" in mistake


def test_every_recipe_of_the_table_expands() -> None:
    recipes = [
        name for row in read_rows('writing-rules.md', 'recipe') for name in read_names(row[0])
    ]
    recipes += [
        name
        for row in read_rows('writing-rules.md', 'recipe')
        for name in read_names(row[1])
        if name.startswith('{')
    ]
    assert len(recipes) > 40
    for recipe in recipes:
        text = recipe.replace('…', 'ec').replace(r'\|', '|').replace('prefix', 'sui')
        text = text.replace(':N}', ':24}').replace(':K}', ':1}')
        if 'again' in text:
            text = '{hex:8}' + text
        assert '{' not in expand_recipes(text, 'page').replace('{"', ''), recipe
