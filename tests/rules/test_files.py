"""Definitions and examples are read from their files; all mistakes are named with their lines."""

from __future__ import annotations

from pathlib import Path

import yaml

from keylint.rules.files import read_dossiers, read_examples
from keylint.rules.listing import find_builtin_rules, list_definitions, list_examples
from tests.rules.acme import DEFINITION, EXAMPLES, NAMES, find_own_mistakes, write_rules


def test_there_are_dossiers_for_more_than_a_hundred_issuers() -> None:
    assert len(read_dossiers((find_builtin_rules(),), NAMES)) > 100


def test_a_small_dossier_in_two_files_has_no_mistakes(tmp_path: Path) -> None:
    assert find_own_mistakes(tmp_path, acme=DEFINITION, acme_examples=EXAMPLES) == []


def test_a_dossier_may_be_one_file(tmp_path: Path) -> None:
    indented = ''.join(f'  {line}\n' for line in EXAMPLES.splitlines())
    assert find_own_mistakes(tmp_path, acme=f'{DEFINITION}examples:\n{indented}') == []
    within = read_examples((str(tmp_path),))['acme']
    assert within.kinds == yaml.safe_load(EXAMPLES)
    assert within.locate('silent', 0).endswith('acme.yaml:17')
    both = find_own_mistakes(tmp_path, acme_examples=EXAMPLES)
    assert both == ['acme.examples.yaml:1: there are examples in acme.yaml: keep one of the two']


def test_all_mistakes_of_all_files_are_named_with_their_lines(tmp_path: Path) -> None:
    wrong = (
        DEFINITION.replace('kind: exchange', 'kind: bank')
        .replace('role: secret', 'role: secrets')
        .replace('revoke:', 'revok:')
    )
    examples = EXAMPLES.replace('[api-key, secret]', '[key]')
    examples = examples.replace('text: |\n    ACME_API_KEY=your', 'txt: |\n    ACME_API_KEY=your')
    files = {'acme': wrong, 'acme_examples': examples, 'other': 'id: [', 'lone_examples': EXAMPLES}
    found = find_own_mistakes(tmp_path, **files)
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
    assert find_own_mistakes(tmp_path, acme=DEFINITION) == [
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
    write_rules(tmp_path, acme=DEFINITION, acme_examples=EXAMPLES)
    before = list_definitions((str(tmp_path),))
    write_rules(tmp_path, acme_examples=EXAMPLES + '\n', other_examples=EXAMPLES)
    assert list_definitions((str(tmp_path),)) == before
    assert len(list_examples((str(tmp_path),))) == 2
    write_rules(tmp_path, acme=DEFINITION + '\n')
    assert list_definitions((str(tmp_path),)) != before
