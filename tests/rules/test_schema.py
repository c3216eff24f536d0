"""A mistake in a dossier is named with what is allowed; no wrong type is an accident."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.core.errors import RuleError
from keylint.rules.files import read_document, read_dossiers
from keylint.rules.listing import find_builtin_rules, list_definitions
from keylint.rules.schema import check_dossier
from tests.rules.acme import NAMES


def broken(tmp_path: Path, **changes: object) -> str:
    """Return the complaint about a good dossier with some keys changed (None removes a key)."""
    source = next(
        path
        for path, _, _ in list_definitions((find_builtin_rules(),))
        if path.endswith('kraken.yaml')
    )
    known = read_document(source)
    assert isinstance(known, dict)
    document = known | {'id': 'acme', 'kind': 'exchange', 'aliases': []} | changes
    document = {key: value for key, value in document.items() if value is not None}
    (tmp_path / 'acme.yaml').write_text(yaml.safe_dump(document))
    with pytest.raises(RuleError) as caught:
        read_dossiers((str(tmp_path),), NAMES)
    return str(caught.value)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value of a document."""
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
    source = os.path.join(find_builtin_rules(), 'exchanges', 'aster.yaml')
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
    assert 'an inferred shape cannot be alone' in broken(tmp_path, credentials=[credential])


def test_broken_yaml_is_one_line(tmp_path: Path) -> None:
    (tmp_path / 'acme.yaml').write_text('id: [')
    with pytest.raises(RuleError, match='not YAML') as caught:
        read_dossiers((str(tmp_path),), NAMES)
    assert '\n' not in str(caught.value)
