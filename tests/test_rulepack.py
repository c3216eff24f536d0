"""The pack proves itself; a mistake in a dossier is named with file, line and what is allowed."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.core.errors import RuleError
from keylint.core.terms import THRESHOLDS
from keylint.pipeline.rules_check import (
    Example,
    check_declaration,
    check_examples,
    check_loud,
    check_silent,
    list_examples_of,
)
from keylint.reporters.rule_page import policy_page
from keylint.rules.files import (
    Examples,
    find_mistakes,
    read_document,
    read_dossiers,
    read_examples,
    read_policy_examples,
    read_rule,
    read_shared,
)
from keylint.rules.listing import built_in, list_examples, listing
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand
from keylint.rules.schema import check_dossier
from keylint.validators.checksums import CHECKS

DOCS = Path(__file__).parent.parent / 'docs'
NAMES = frozenset(CHECKS)
DEFINITION = """\
id: acme
name: Acme
kind: exchange
credentials:
- {role: api-key, shape: '[0-9a-f]{32}'}
- {role: secret, shape: '[0-9a-f]{64}'}
help:
  revoke: [Delete the key]
"""
EXAMPLES = """\
loud:
- file: .env
  roles: [api-key, secret]
  text: |
    ACME_API_KEY={hex:32}
    ACME_API_SECRET={hex:64}
silent:
- file: .env.example
  text: |
    ACME_API_KEY=your_acme_api_key
"""

SHORT = 'BYBIT_API_KEY={alnum:18}\nBYBIT_API_SECRET={alnum:35}'


@pytest.fixture(scope='module')
def built_in_rules() -> Rules:
    return load_rules()


@pytest.mark.slow
def test_every_example_of_every_dossier_holds() -> None:
    complaints, tried = check_examples(())
    assert complaints == []
    assert tried == sum(
        len(entries)
        for examples in (
            *read_examples((built_in(),)).values(),
            *read_policy_examples(read_shared()['policies']).values(),
        )
        for entries in examples.kinds.values()
    )
    assert tried > 1000


def test_there_are_dossiers_for_more_than_a_hundred_issuers() -> None:
    assert len(read_dossiers((built_in(),), NAMES)) > 100


def policies() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_shared()['policies']['policies']
    return found


@pytest.mark.parametrize('policy', policies(), ids=lambda policy: str(policy['id']))
def test_every_policy_has_a_page_that_speaks_of_any_exchange(policy: dict[str, Any]) -> None:
    shared = read_shared()['policies']
    examples = read_policy_examples(shared)[policy['id']]
    page = policy_page(policy, examples, shared['thresholds'])
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


@pytest.mark.slow
def test_every_threshold_stands_on_a_page() -> None:
    shared = read_shared()['policies']
    nothing = Examples('', (), {'loud': [], 'silent': []})
    pages = ''.join(policy_page(policy, nothing, shared['thresholds']) for policy in policies())
    assert [name for name in THRESHOLDS if f'`{name}`' not in pages] == []


def test_the_example_of_the_documentation_is_a_dossier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('KEYLINT_CACHE_DIR', str(tmp_path / 'cache'))  # others look into theirs
    text = (DOCS / 'writing-rules.md').read_text(encoding='utf-8')
    blocks = [block.split('```')[0] for block in text.split('```yaml\n')[1:]]
    (definition,) = (block for block in blocks if block.startswith('id: acme'))
    (examples,) = (block for block in blocks if block.startswith('loud:'))
    (tmp_path / 'acme.yaml').write_text(definition, encoding='utf-8')
    (tmp_path / 'acme.examples.yaml').write_text(examples, encoding='utf-8')
    assert find_mistakes((str(tmp_path),), NAMES) == []
    dossier, own = read_rule(str(tmp_path / 'acme.yaml'), NAMES)
    assert {'permissions', 'ip', 'documents', 'creates_keys', 'notes'} <= dossier.keys()
    rules = load_rules((str(tmp_path),))
    declarations = [each for each in list_examples_of('acme', own) if each.kind == 'declarations']
    assert len(declarations) == 3
    assert [check_declaration(each, rules) for each in declarations] == [None, None, None]


def write(folder: Path, **files: str) -> Path:
    """Write rule files: `acme` is acme.yaml, `acme_examples` is acme.examples.yaml."""
    for name, text in files.items():
        path = folder / f'{name.replace("_examples", ".examples")}.yaml'
        path.write_text(text, encoding='utf-8')
    return folder


def mistakes(folder: Path, **files: str) -> list[str]:
    """The complaints about the form of these files, without the name of the folder."""
    found = find_mistakes((str(write(folder, **files)),), NAMES)
    return [line.removeprefix(f'{os.path.relpath(folder)}{os.sep}') for line in found]


def test_a_small_dossier_in_two_files_has_no_mistakes(tmp_path: Path) -> None:
    assert mistakes(tmp_path, acme=DEFINITION, acme_examples=EXAMPLES) == []


def test_a_dossier_may_be_one_file(tmp_path: Path) -> None:
    indented = ''.join(f'  {line}\n' for line in EXAMPLES.splitlines())
    assert mistakes(tmp_path, acme=f'{DEFINITION}examples:\n{indented}') == []
    within = read_examples((str(tmp_path),))['acme']
    assert within.kinds == yaml.safe_load(EXAMPLES)
    assert within.locate('silent', 0).endswith('acme.yaml:17')
    both = mistakes(tmp_path, acme_examples=EXAMPLES)
    assert both == ['acme.examples.yaml:1: examples also stand in acme.yaml: keep one of the two']


def test_all_mistakes_of_all_files_are_named_with_their_lines(tmp_path: Path) -> None:
    wrong = (
        DEFINITION.replace('kind: exchange', 'kind: bank')
        .replace('role: secret', 'role: secrets')
        .replace('revoke:', 'revok:')
    )
    examples = EXAMPLES.replace('[api-key, secret]', '[key]')
    examples = examples.replace('text: |\n    ACME_API_KEY=your', 'txt: |\n    ACME_API_KEY=your')
    files = {'acme': wrong, 'acme_examples': examples, 'other': 'id: [', 'lone_examples': EXAMPLES}
    found = mistakes(tmp_path, **files)
    assert [line.split('; ')[0] for line in found if 'not YAML' not in line] == [
        "acme.yaml:3: rule 'acme': kind is 'bank'",
        "acme.yaml:6: rule 'acme': credentials[1].role is 'secrets'",
        "acme.yaml:8: rule 'acme': help has no key 'revok'",
        "acme.yaml:7: rule 'acme': help lacks the key 'revoke'",
        "acme.examples.yaml:3: loud[0].roles is 'key'",
        "acme.examples.yaml:9: silent[0] has no key 'txt'",
        "acme.examples.yaml:8: silent[0] lacks the key 'text'",
        'lone.examples.yaml:1: examples of no dossier: lone.yaml is missing',
    ]
    assert sum('not YAML' in line and 'other.yaml' in line for line in found) == 1


def test_a_dossier_without_examples_scans_but_does_not_pass_the_check(tmp_path: Path) -> None:
    assert mistakes(tmp_path, acme=DEFINITION) == [
        "rule 'acme': no examples: write acme.examples.yaml"
    ]
    assert [dossier['id'] for dossier in read_dossiers((str(tmp_path),), NAMES)] == ['acme']


def test_what_may_be_left_out_is_filled_in(tmp_path: Path) -> None:
    folder = tmp_path / 'exchanges'
    folder.mkdir()
    text = DEFINITION.replace('kind: exchange\n', '').replace('acme\n', 'acme-spot\n')
    (folder / 'acme-spot.yaml').write_text(text + 'ip: {limit: null}\n', encoding='utf-8')
    (dossier,) = read_dossiers((str(tmp_path),), NAMES)
    assert (dossier['kind'], dossier['aliases'], dossier['status']) == (
        'exchange',
        ['acmespot'],
        'live',
    )
    assert [entry['confidence'] for entry in dossier['credentials']] == ['documented'] * 2
    assert dossier['ip'] == {'supported': 'yes', 'cidr': 'unknown', 'confidence': 'documented'}
    more = 'id_is_alias: false\naliases: [spotacme]\nip: {fields: [a], anyone: [b], ui: List}\n'
    (folder / 'acme-spot.yaml').write_text(text + more, encoding='utf-8')
    (dossier,) = read_dossiers((str(tmp_path),), NAMES)
    assert dossier['aliases'] == ['spotacme']
    assert dossier['ip'].keys() == {'supported', 'cidr', 'confidence', 'ui'}


def test_a_change_of_examples_needs_no_new_pack(tmp_path: Path) -> None:
    write(tmp_path, acme=DEFINITION, acme_examples=EXAMPLES)
    before = listing((str(tmp_path),))
    write(tmp_path, acme_examples=EXAMPLES + '\n', other_examples=EXAMPLES)
    assert listing((str(tmp_path),)) == before
    assert len(list_examples((str(tmp_path),))) == 2
    write(tmp_path, acme=DEFINITION + '\n')
    assert listing((str(tmp_path),)) != before


@pytest.mark.parametrize(
    ('changes', 'complaint'),
    [
        ({}, None),
        ({'text': SHORT}, 'the value of secret (35 bytes) lacks its shape: [A-Za-z0-9]{36}'),
        ({'text': SHORT, 'by_name': ['secret']}, None),
        (
            {'by_name': ['secret']},
            'the value of secret has a shape of the dossier: take it out of by_name',
        ),
        ({'roles': ['secret']}, 'found the parts api-key, secret'),
        ({'environment': 'testnet'}, 'found environment unknown'),
        ({'text': 'BYBIT_API_KEY='}, 'found nothing'),
    ],
)
def test_a_loud_example_must_come_out_as_it_says(
    built_in_rules: Rules, changes: dict[str, Any], complaint: str | None
) -> None:
    sound = {
        'file': '.env',
        'roles': ['api-key', 'secret'],
        'text': 'BYBIT_API_KEY={alnum:18}\nBYBIT_API_SECRET={alnum:36}',
    }
    dossier, _ = read_rule(os.path.join(built_in(), 'exchanges', 'bybit.yaml'), NAMES)
    assert (
        check_loud(Example('bybit', 'loud', 0, sound | changes), dossier, built_in_rules)
        == complaint
    )


def test_a_silent_example_names_what_fires(built_in_rules: Rules) -> None:
    loud = {'file': '.env', 'text': 'BYBIT_API_KEY={alnum:18}\nBYBIT_API_SECRET={alnum:36}'}
    assert (
        check_silent(Example('okx', 'silent', 0, loud), built_in_rules) == 'found bybit-credential'
    )
    assert check_silent(Example('okx', 'silent', 0, loud | {'text': 'a=1'}), built_in_rules) is None


def broken(tmp_path: Path, **changes: object) -> str:
    """The complaint about a good dossier with some keys changed (None removes a key)."""
    source = next(path for path, _, _ in listing((built_in(),)) if path.endswith('kraken.yaml'))
    document = read_document(source) | {'id': 'acme', 'kind': 'exchange', 'aliases': []} | changes
    document = {key: value for key, value in document.items() if value is not None}
    (tmp_path / 'acme.yaml').write_text(yaml.safe_dump(document))
    with pytest.raises(RuleError) as caught:
        read_dossiers((str(tmp_path),), NAMES)
    return str(caught.value)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value of a document."""
    yield path
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield from places(item, (*path, key))


@pytest.mark.parametrize('wrong', [5, '(', [], {'a': 1}, [{}], [[1]]])
def test_no_value_of_a_wrong_type_is_an_accident(wrong: object) -> None:
    source = os.path.join(built_in(), 'exchanges', 'aster.yaml')
    document = read_document(source)
    assert check_dossier(document, source, NAMES)[1].list_mistakes() == []
    complained = 0
    for path in places(document):
        changed = copy.deepcopy({'': document})
        *above, last = ('', *path)
        holder: Any = changed
        for step in above:
            holder = holder[step]
        holder[last] = wrong
        complained += bool(check_dossier(changed[''], source, NAMES)[1].list_mistakes())
    assert complained > 20


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


@pytest.mark.parametrize('recipe', ['{alnum:x}', '{again:1}', '{slip39:7}', '{pem:dsa}'])
def test_a_recipe_that_does_not_work_is_named(recipe: str) -> None:
    with pytest.raises(ValueError, match='does not work') as caught:
        expand(recipe, 'a')
    assert recipe in str(caught.value)
