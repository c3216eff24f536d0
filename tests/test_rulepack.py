"""The pack proves itself.

A user's mistake in a dossier is named with file, rule, key and what is allowed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.core.errors import RuleError
from keylint.core.model import THRESHOLDS
from keylint.pipeline.rules_check import _declaration as declaration_complaint
from keylint.pipeline.rules_check import check
from keylint.reporters.rule_page import policy_page
from keylint.rules.files import read_document, read_dossiers, read_shared
from keylint.rules.listing import built_in, listing
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand
from keylint.validators.checksums import CHECKS

DOCS = Path(__file__).parent.parent / 'docs'
NAMES = frozenset(CHECKS)


def test_every_example_of_every_dossier_holds() -> None:
    complaints, tried = check(())
    assert complaints == []
    assert tried > 1000


def test_there_are_dossiers_for_more_than_a_hundred_issuers() -> None:
    assert len(read_dossiers((built_in(),), NAMES)) > 100


def policies() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_shared()['policies']['policies']
    return found


@pytest.mark.parametrize('policy', policies(), ids=lambda policy: str(policy['id']))
def test_every_policy_has_a_page_that_speaks_of_any_exchange(policy: dict[str, Any]) -> None:
    page = policy_page(policy, read_shared()['policies']['thresholds'])
    assert page == (DOCS / 'rules' / f'{policy["id"]}.md').read_text(encoding='utf-8')
    text = page.partition('## Examples')[0]
    assert '{' not in text
    assert '  ' not in text
    assert [line for line in page.splitlines() if line.startswith('## ')][:2] == [
        '## Why',
        '## What to do',
    ]
    assert {'Found:', 'Silent:'} <= set(page.splitlines())
    assert all(level in text for level in policy['severity'].values())
    assert f'[{policy["id"]}]({policy["id"]}.md)' in (DOCS / 'rules' / 'index.md').read_text(
        encoding='utf-8'
    )


def test_every_threshold_stands_on_a_page() -> None:
    pages = ''.join(
        policy_page(policy, read_shared()['policies']['thresholds']) for policy in policies()
    )
    assert [name for name in THRESHOLDS if f'`{name}`' not in pages] == []


def test_the_example_of_the_documentation_is_a_dossier(tmp_path: Path) -> None:
    text = (
        (DOCS / 'writing-rules.md')
        .read_text(encoding='utf-8')
        .split('```yaml\n')[1]
        .split('```')[0]
    )
    (tmp_path / 'acme.yaml').write_text(text, encoding='utf-8')
    (dossier,) = read_dossiers((str(tmp_path),), NAMES)
    assert {'permissions', 'ip', 'documents', 'creates_keys', 'notes'} <= dossier.keys()
    rules = load_rules((str(tmp_path),))
    for number, example in enumerate(dossier['examples']['declarations']):
        assert declaration_complaint(example, str(number), rules) is None, number


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
    with pytest.raises(
        ValueError,
        match=r"unknown recipe '\{alnm:4\}'; allowed: HEX, aezeed, again, algorand, alnum",
    ):
        expand('{alnm:4}', 'a')
