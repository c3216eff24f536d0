"""What holds for every dossier: recipes, the keys they make, and keys with one box more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest

from keylint.core.terms import Permission
from keylint.rules.box_types import Box
from tests.policies.key_pages import (
    NEEDS,
    judge_key,
    list_issuers,
    load_pack,
    need_of,
    page_of,
    read_key,
    recipe_of,
)

_ABOUT_RIGHTS = ('key-exceeds-code', 'key-exceeds-purpose', 'key-unknown-permission')
_HEAVY = {
    'key-can-withdraw': 'withdraw',
    'key-can-transfer': 'transfer',
    'key-can-administer': 'admin',
}
_ALL = list_issuers()
_WITH_BOXES = [issuer for issuer in _ALL if page_of(issuer).offered]


def _ticked(issuer: str, need: Permission) -> list[Box]:
    recipe = recipe_of(issuer, need)
    return [box for box in page_of(issuer).boxes if box.label in recipe.tick]


def test_most_dossiers_have_boxes_and_all_say_how_rights_are_given() -> None:
    assert len(_WITH_BOXES) > 45
    assert {page_of(issuer).rights for issuer in _ALL} == {
        'boxes',
        'none',
        'approval',
        'gone',
        'unknown',
    }


@pytest.mark.parametrize('issuer', _ALL)
def test_a_recipe_names_boxes_and_nothing_else(issuer: str) -> None:
    offered = {box.label: box for box in page_of(issuer).offered}
    for need in NEEDS:
        recipe = recipe_of(issuer, need)
        assert set(recipe.tick) | set(recipe.leave) <= offered.keys()
        assert not set(recipe.tick) & set(recipe.leave)
        if page_of(issuer).rights not in ('boxes', 'approval'):
            assert (recipe.tick, recipe.leave, recipe.missing) == ((), (), ())
        for label in recipe.tick:
            box = offered[label]
            assert set(box.needs) <= set(recipe.tick)
            assert not set(box.excludes) & set(recipe.tick)


@pytest.mark.parametrize('issuer', _WITH_BOXES)
def test_a_recipe_grants_the_need_or_says_what_is_not_known(issuer: str) -> None:
    for need in NEEDS:
        granted = {one for box in _ticked(issuer, need) for one in box.permissions}
        missing = recipe_of(issuer, need).missing
        assert need == 'read' or need in granted or need in missing
        assert not granted & set(missing)
        assert not any(set(missing) & set(box.permissions) for box in page_of(issuer).offered)


@pytest.mark.parametrize('issuer', _WITH_BOXES)
def test_no_smaller_set_would_do(issuer: str) -> None:
    """Sets for a use are the vendor's own; else no box of a recipe can be spared."""
    page = page_of(issuer)
    for need in NEEDS:
        ticked = _ticked(issuer, need)
        used = {
            label for use, labels in page.use_cases if use in ('read', need) for label in labels
        }
        granted = {one for box in ticked for one in box.permissions} & {need, 'read'}
        for few in combinations(ticked, len(ticked) - 1) if ticked else ():
            (spared,) = {box.label for box in ticked} - {box.label for box in few}
            is_needed = any(spared in box.needs for box in few)
            covered = {one for box in few for one in box.permissions}
            assert spared in used or is_needed or not granted <= covered


@pytest.mark.parametrize('issuer', _WITH_BOXES)
def test_the_key_of_a_recipe_raises_no_finding(issuer: str) -> None:
    for need in NEEDS:
        recipe = recipe_of(issuer, need)
        found = judge_key(read_key(issuer, recipe.tick), need_of(issuer, 'read', need))
        assert [one.message for one in found if one.rule in _ABOUT_RIGHTS] == []
        heavy = {_HEAVY[one.rule] for one in found if one.rule in _HEAVY}
        assert heavy <= {need, *recipe.beyond}


@pytest.mark.parametrize('issuer', _WITH_BOXES)
def test_a_key_with_one_box_more_exceeds_its_code(issuer: str) -> None:
    for need in NEEDS:
        recipe = recipe_of(issuer, need)
        for box in _list_more(issuer, need):
            words = [*recipe.tick, *box.needs, box.label]
            found = judge_key(read_key(issuer, words), need_of(issuer, 'read', need))
            beyond = [one for one in found if one.rule == 'key-exceeds-code']
            assert [one.rule for one in beyond] == ['key-exceeds-code'], (need, box.label)
            assert box.label in beyond[0].message or 'It may' in beyond[0].message


def _list_more(issuer: str, need: Permission) -> Iterator[Box]:
    """List boxes that may stand beside those of a recipe, and grant what is not needed."""
    ticked = _ticked(issuer, need)
    labels = {box.label for box in ticked}
    granted = {one for box in ticked for one in box.permissions}
    for box in page_of(issuer).boxes:
        useless = set(box.permissions) - {need, 'read'}
        is_new = bool(useless - granted) or need not in box.permissions
        if (
            box.kind != 'given'
            and box.label not in labels
            and useless
            and is_new
            and not (set(box.excludes) & labels)
            and (need in granted or need not in box.permissions)
        ):
            yield box


@pytest.mark.parametrize('issuer', _WITH_BOXES)
def test_every_label_is_read_as_its_own_box(issuer: str) -> None:
    for box in page_of(issuer).boxes:
        key = read_key(issuer, [box.label])
        assert key.unknown == ()
        assert key.permissions == frozenset(box.permissions), box.label


@pytest.mark.parametrize('issuer', _ALL)
def test_plain_words_of_what_the_code_needs_are_never_too_much(issuer: str) -> None:
    for need in NEEDS:
        found = judge_key(read_key(issuer, ['read', need]), need_of(issuer, 'read', need))
        assert [one.message for one in found if one.rule == 'key-exceeds-code'] == []


# Exchanges that libraries name and of which no dossier says what their pages offer: their need is
# told, and no recipe.
_BY_NAME_ONLY = {'drift'}


def test_libraries_name_exchanges_that_have_a_dossier() -> None:
    pack = load_pack()
    named = {library.exchange for library in pack.libraries if library.exchange}
    assert named - pack.rules.keys() == _BY_NAME_ONLY
