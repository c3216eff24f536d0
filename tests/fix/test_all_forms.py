"""Every form that the reader knows is repaired, or left with a reason that helps.

One run over a file for each example of each form as Python, JavaScript and lines of an
environment. What a repair leaves is scanned again: a value must be gone or named.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from keylint.syntax.forms import ROWS
from tests.conftest import Repository, Run

ENDINGS = ('py', 'js', 'env')
EXAMPLES = [text for form in ROWS for text, _ in form.examples]
ACCIDENT = re.compile('keylint failed at it')


def write_forms(repository: Repository) -> dict[str, tuple[str, str]]:
    """Write a file for each example and ending; return text and value by path."""
    written = {}
    for number, text in enumerate(EXAMPLES):
        for ending in ENDINGS:
            value = expand_recipes('{alnum:64}', f'{number}{ending}')
            path = f'{number}.{ending}'
            written[path] = (f'{text.replace("§", value)}\n', value)
            repository.write(path, written[path][0])
    return written


def is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def find_named(keylint: Run, folder: Path) -> set[str]:
    done = keylint('scan', '--isolated', '--format', 'json', cwd=folder)
    return {finding['path'] for finding in json.loads(done.stdout)['findings']}


@pytest.mark.slow
def test_what_is_read_is_repaired_or_left_with_a_reason(
    keylint: Run, repository: Repository
) -> None:
    written = write_forms(repository)
    found = find_named(keylint, repository.folder)
    done = keylint('fix', '--isolated', cwd=repository.folder)
    told = set(re.findall(r'(?m)^(\d+\.\w+)$', done.stdout))
    assert not ACCIDENT.search(done.stdout), done.stdout
    assert not done.stderr
    # Each file with a finding is named: fixed, or left for a reason.
    assert found - told == set()
    gone = {path for path in found if written[path][1] not in read(repository, path)}
    left = found - gone
    assert left == found & find_named(keylint, repository.folder)
    # Whatever is Python and no comment is repaired.
    programs = {path for path in found if path.endswith('.py') and is_python(written[path][0])}
    assert len(programs) > 20
    unrepaired = {written[path][0].replace(written[path][1], '§') for path in programs - gone}
    assert unrepaired == set()
    assert all(is_python(read(repository, path)) for path in programs)


def read(repository: Repository, path: str) -> str:
    return (repository.folder / path).read_text(encoding='utf-8')
