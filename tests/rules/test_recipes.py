"""Recipes give the same value for the same seed; one that is wrong is named."""

from __future__ import annotations

import pytest

from keylint.rules.recipes import expand_recipes


def test_recipes_are_the_same_every_time_and_different_for_every_seed() -> None:
    assert (
        expand_recipes('{alnum:40}', 'a')
        == expand_recipes('{alnum:40}', 'a')
        != expand_recipes('{alnum:40}', 'b')
    )


def test_an_unknown_recipe_lists_what_is_allowed() -> None:
    with pytest.raises(
        ValueError,
        match=r"unknown recipe '\{alnm:4\}'; allowed: HEX, aezeed, again, algorand, alnum",
    ):
        expand_recipes('{alnm:4}', 'a')


@pytest.mark.parametrize('recipe', ['{alnum:x}', '{alnum}', '{again:1}', '{slip39:7}', '{pem:dsa}'])
def test_a_recipe_that_does_not_work_is_named(recipe: str) -> None:
    with pytest.raises(ValueError, match='does not work') as caught:
        expand_recipes(recipe, 'a')
    assert recipe in str(caught.value)
