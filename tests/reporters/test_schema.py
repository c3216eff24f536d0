"""The JSON report keeps its published schema, and its fields are what the leaky example shows."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import Run

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / 'docs' / 'report.schema.json').read_text())


@pytest.mark.parametrize('arguments', [[], ['--show-secrets'], ['--pedantic']])
def test_the_report_of_the_leaky_bot_fits_the_schema(keylint: Run, arguments: list[str]) -> None:
    done = keylint(
        'scan',
        str(ROOT / 'examples' / 'leaky-bot' / 'bot'),
        '--isolated',
        '--format',
        'json',
        *arguments,
    )
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert len({finding['rule'] for finding in document['findings']}) >= 8
    assert any(finding['cell'] for finding in document['findings'])


def test_the_clean_bot_is_clean(keylint: Run) -> None:
    done = keylint('scan', str(ROOT / 'examples' / 'clean-bot'), '--isolated')
    assert (done.returncode, done.stdout.split(' in ')[0]) == (0, 'no findings')
