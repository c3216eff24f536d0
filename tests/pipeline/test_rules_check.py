"""Every example of every rule holds, and one that does not is named with the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keylint.pipeline.rules_check import (
    Example,
    check_declaration,
    check_examples,
    check_loud,
    check_silent,
    list_examples_of,
)
from keylint.rules.file_types import ExampleTable
from keylint.rules.files import (
    find_mistakes,
    read_examples,
    read_policy_examples,
    read_rule,
    read_shared,
)
from keylint.rules.listing import find_builtin_rules
from keylint.rules.load import Rules, load_rules
from tests.rules.acme import NAMES

DOCS = Path(__file__).parent.parent.parent / 'docs'

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
            *read_examples((find_builtin_rules(),)).values(),
            *read_policy_examples(read_shared()['policies']).values(),
        )
        for entries in examples.kinds.values()
    )
    assert tried > 1000


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
        ({'environment': 'testnet'}, 'found environment live'),
        ({'text': 'BYBIT_API_KEY='}, 'found nothing'),
    ],
)
def test_a_loud_example_must_come_out_as_it_says(
    built_in_rules: Rules, changes: ExampleTable, complaint: str | None
) -> None:
    sound: ExampleTable = {
        'file': '.env',
        'roles': ['api-key', 'secret'],
        'text': 'BYBIT_API_KEY={alnum:18}\nBYBIT_API_SECRET={alnum:36}',
    }
    dossier, _ = read_rule(os.path.join(find_builtin_rules(), 'exchanges', 'bybit.yaml'), NAMES)
    assert (
        check_loud(Example('bybit', 'loud', 0, {**sound, **changes}), dossier, built_in_rules)
        == complaint
    )


def test_a_silent_example_names_what_fires(built_in_rules: Rules) -> None:
    loud: ExampleTable = {
        'file': '.env',
        'text': 'BYBIT_API_KEY={alnum:18}\nBYBIT_API_SECRET={alnum:36}',
    }
    assert (
        check_silent(Example('okx', 'silent', 0, loud), built_in_rules) == 'found bybit-credential'
    )
    quiet: ExampleTable = {**loud, 'text': 'a=1'}
    assert check_silent(Example('okx', 'silent', 0, quiet), built_in_rules) is None
