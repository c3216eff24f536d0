"""Hold the reader to the forms that were written down before it knew them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from keylint.rules.load import Rules, load_rules

SCRIPT = Path(__file__).parents[2] / 'benchmarks' / 'held_out.py'
# Of each batch so much is found, and named.
FOUND, NAMED = 0.95, 0.98


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location('held_out', SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules['held_out'] = module
    spec.loader.exec_module(module)
    return module


HELD_OUT = load_script()
FORMS = HELD_OUT.read_forms()
BATCHES = sorted({form.batch for form in FORMS})


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def test_no_mirror_image_is_reported(rules: Rules) -> None:
    loud = [
        (form.file, mirror)
        for form in FORMS
        for mirror in form.list_mirrors()
        if HELD_OUT.find_parts(form.file, mirror, rules, 'medium')
    ]
    assert loud == []


@pytest.mark.parametrize('batch', BATCHES)
def test_the_values_of_a_batch_are_found_and_named(batch: str, rules: Rules) -> None:
    rows = [HELD_OUT.measure(form, rules) for form in FORMS if form.batch == batch]
    values, found, named = (sum(row[key] for row in rows) for key in ('values', 'found', 'named'))
    assert found >= FOUND * values
    assert named >= NAMED * found
    assert len(rows) > 100


def test_a_mirror_image_differs_from_its_form() -> None:
    for form in FORMS:
        text, values = form.fill()
        assert values
        assert all(value in text for value in values)
        assert not any(value in mirror for value in values for mirror in [*form.list_mirrors()][:8])
