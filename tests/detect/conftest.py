"""Rules and the way from a recipe to what detection makes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keylint.core.model import Candidate, Credential, Fragment
from keylint.detect.candidates import find_candidates
from keylint.detect.credentials import find_credentials
from keylint.matcher.prefilter import filter_matches
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from keylint.rules.rule_set import RuleSet

FindCandidates = Callable[..., list[Candidate]]
FindCredentials = Callable[..., list[Credential]]


@pytest.fixture(scope='session')
def pack() -> RuleSet:
    return load_rules().pack


@pytest.fixture
def candidates(pack: RuleSet) -> FindCandidates:
    """Return a function that lists the candidates of a recipe's text."""

    def find(recipe: str, path: str = 'bot.py') -> list[Candidate]:
        data = expand_recipes(recipe, 'detect').encode()
        matches = filter_matches(data, pack.matcher.find_leak_matches(data))
        return find_candidates(Fragment(data), matches, path, pack)

    return find


@pytest.fixture
def credentials(pack: RuleSet) -> FindCredentials:
    """Return a function that lists the credentials of a recipe's text."""

    def find(recipe: str, path: str = 'bot.py') -> list[Credential]:
        data = expand_recipes(recipe, 'detect').encode()
        matches = filter_matches(data, pack.matcher.find_leak_matches(data))
        return find_credentials(Fragment(data), matches, path, pack)

    return find
