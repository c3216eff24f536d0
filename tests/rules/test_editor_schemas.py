"""The JSON Schemas for editors agree with what keylint reads."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from keylint.rules.files import read_document
from keylint.rules.listing import find_builtin_rules, list_definitions, list_examples
from tests.rules.acme import DEFINITION, EXAMPLES

DOCS = Path(__file__).parent.parent.parent / 'docs'


@pytest.mark.parametrize('name', ['dossier', 'dossier-examples'])
def test_the_schema_for_editors_takes_every_file_and_refuses_mistakes(name: str) -> None:
    schema = json.loads((DOCS / f'{name}.schema.json').read_text(encoding='utf-8'))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    if name == 'dossier':
        paths = [
            path
            for path, _, _ in list_definitions((find_builtin_rules(),))
            if Path(path).parent.name != 'rules'
        ]
        wrong = yaml.safe_load(DEFINITION) | {'kind': 'bank', 'credentals': []}
    else:
        paths = [
            path
            for path in list_examples((find_builtin_rules(),))
            if Path(path).parent.name != 'rules'
        ]
        wrong = yaml.safe_load(EXAMPLES) | {'silent': [], 'louds': []}
    assert len(paths) > 100
    assert [path for path in paths if not validator.is_valid(read_document(path))] == []
    assert len(list(validator.iter_errors(wrong))) == 2
