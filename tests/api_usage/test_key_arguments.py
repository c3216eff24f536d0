"""Arguments of calls as mappings: what stands in a literal, a name, a spread, a maker of lists."""

from __future__ import annotations

import ast

import pytest

from keylint.api_usage.key_arguments import Known, RequestReader, list_pairs
from keylint.core.spans import Lines


def parse(text: str) -> ast.expr:
    return ast.parse(text, mode='eval').body


def list_keys(text: str, **known: str) -> list[str] | None:
    """Return the keys of a mapping, where the names in it are bound to other expressions."""
    pairs = list_pairs(parse(text), {name: Known(parse(value)) for name, value in known.items()})
    return None if pairs is None else [key for key, _ in pairs]


def test_a_spread_mapping_adds_its_keys() -> None:
    assert list_keys('{**base, "ips": a}', base='{"readOnly": 0, "note": n}') == [
        'readOnly',
        'note',
        'ips',
    ]


def test_a_spread_of_something_unknown_adds_none() -> None:
    assert list_keys('{**base, "ips": a}') == ['ips']


@pytest.mark.parametrize(
    ('text', 'elements'),
    [
        ('["read", "trade"]', ['read', 'trade']),
        ('listOf("read", "trade")', ['read', 'trade']),
        ('List.of("read", "trade")', ['read', 'trade']),
        ('java.util.List.of("read", "trade")', ['read', 'trade']),
        ('Arrays.asList("read", "trade")', ['read', 'trade']),
        ('Collections.singletonList("read")', ['read']),
        ('ListOfRights("read", "trade")', []),
    ],
)
def test_makers_of_lists_are_known_by_the_end_of_their_names(
    text: str, elements: list[str]
) -> None:
    reader = RequestReader(Lines(text.encode()), {})
    node = reader.make_mapping([('perm', parse(text))], (0, len(text))).entries['perm']
    settings = [one.setting for one in node.entries.values()]
    assert [one.value.decode() for one in settings if one is not None] == elements
