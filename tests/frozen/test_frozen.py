"""All commands over the frozen corpus report what the golden texts say, byte for byte.

The golden texts hold digests of values, no values. `python tests/frozen/update.py` writes them anew
where a report is meant to change: the diff is what a reviewer looks at.
"""

from __future__ import annotations

import difflib
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.frozen.cases import GOLDEN, PLACES, golden_path, run_place

pytestmark = pytest.mark.slow  # every command on every tree

_SHOWN_LINES = 60
_SHORTEST_VALUE = 8


def difference(want: str, found: str) -> str:
    """Show how a text differs from the golden one, at most a screen of it."""
    lines = difflib.unified_diff(
        want.splitlines(), found.splitlines(), 'golden', 'found', lineterm='', n=0
    )
    return '\n'.join(
        [*list(lines)[:_SHOWN_LINES], 'if this is meant: python tests/frozen/update.py']
    )


@pytest.mark.parametrize('name', PLACES)
def test_all_commands_report_the_same(name: str, keylint: Run, tmp_path: Path) -> None:
    want = golden_path(name).read_text(encoding='utf-8')
    found, values = run_place(name, tmp_path.resolve(), keylint)
    if found != want:
        pytest.fail(difference(want, found), pytrace=False)
    shown = {
        value
        for value in values
        if len(value) >= _SHORTEST_VALUE and not value.isalpha() and value in found
    }
    assert shown == set(), 'a golden text holds a value'


@pytest.mark.parametrize('name', ['environments', 'policies', 'repository-tree-only'])
@pytest.mark.parametrize('workers', ['1', '3'])
def test_the_number_of_workers_changes_nothing(
    name: str, workers: str, keylint: Run, tmp_path: Path
) -> None:
    found, _ = run_place(name, tmp_path.resolve(), partial(keylint, KEYLINT_WORKERS=workers))
    assert found == golden_path(name).read_text(encoding='utf-8')


def test_each_golden_text_is_of_a_place() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(PLACES)
