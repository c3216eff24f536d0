"""The pack proves itself; a user's mistake in a dossier is named with file, rule, key and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from keylint.errors import RuleError
from keylint.rulepack.check import check
from keylint.rulepack.files import read_document, read_dossiers
from keylint.rulepack.listing import built_in, listing
from keylint.rulepack.recipes import expand
from keylint.validators.checksums import CHECKS

NAMES = frozenset(CHECKS)


def test_every_example_of_every_dossier_holds() -> None:
    complaints, tried = check(())
    assert complaints == []
    assert tried > 1000


def test_there_are_dossiers_for_more_than_a_hundred_issuers() -> None:
    assert len(read_dossiers((built_in(),), NAMES)) > 100


def broken(tmp_path: Path, **changes: object) -> str:
    """The complaint about a good dossier with some keys changed (None removes a key)."""
    source = next(path for path, _, _ in listing((built_in(),)) if path.endswith('kraken.yaml'))
    document = read_document(source) | {'id': 'acme', 'aliases': ['acme']} | changes
    document = {key: value for key, value in document.items() if value is not None}
    (tmp_path / 'acme.yaml').write_text(yaml.safe_dump(document))
    with pytest.raises(RuleError) as caught:
        read_dossiers((str(tmp_path),), NAMES)
    return str(caught.value)


def test_an_unknown_key_gets_a_suggestion(tmp_path: Path) -> None:
    message = broken(tmp_path, credential=[])
    assert "rule 'acme'" in message
    assert "no key 'credential'; did you mean 'credentials'?" in message


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    assert "lacks the key 'kind'" in broken(tmp_path, kind=None)


def test_a_wrong_choice_lists_what_is_allowed(tmp_path: Path) -> None:
    assert "kind is 'bank'; allowed: exchange, broker" in broken(tmp_path, kind='bank')


def test_look_around_is_refused(tmp_path: Path) -> None:
    credential = {'role': 'secret', 'shape': '(?<!a)b', 'confidence': 'seen'}
    assert 'credentials[0].shape' in broken(tmp_path, credentials=[credential])


def test_a_guess_cannot_stand_alone(tmp_path: Path) -> None:
    credential = {'role': 'secret', 'shape': 'b+', 'confidence': 'inferred', 'alone': True}
    assert 'an inferred shape cannot stand alone' in broken(tmp_path, credentials=[credential])


def test_broken_yaml_is_one_line(tmp_path: Path) -> None:
    (tmp_path / 'acme.yaml').write_text('id: [')
    with pytest.raises(RuleError, match='not YAML') as caught:
        read_dossiers((str(tmp_path),), NAMES)
    assert '\n' not in str(caught.value)


def test_recipes_are_the_same_every_time_and_different_for_every_seed() -> None:
    assert expand('{alnum:40}', 'a') == expand('{alnum:40}', 'a') != expand('{alnum:40}', 'b')


def test_an_unknown_recipe_lists_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"unknown recipe '\{alnm:4\}'; allowed: HEX, again, alnum"):
        expand('{alnm:4}', 'a')
