"""Texts as trees: which way each format is read."""

from __future__ import annotations

import pytest

from keylint.readers.formats import format_of
from keylint.readers.parsed import ParsedText
from keylint.readers.tree import Node
from keylint.readers.trees import read_trees


def flatten(node: Node, above: str = '') -> dict[str, str | None]:
    """Return path and value of all scalars of a tree."""
    path = f'{above}.{node.key}'.strip('.')
    found: dict[str, str | None] = {path: node.value} if node.value is not None else {}
    for entry in node.items:
        found |= flatten(entry, path)
    return found


def read(name: str, text: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for node in read_trees(ParsedText(text.encode()), format_of(name)):
        found |= flatten(node)
    return found


@pytest.mark.parametrize(
    ('name', 'text', 'want'),
    [
        ('a.yaml', 'a:\n  b: c\n---\nd: e\n', {'0.a.b': 'c', '1.d': 'e'}),
        ('a.json', '{"a": {"b": "c"}}', {'a.b': 'c'}),
        ('a.toml', '[a]\nb = "c"\n', {'a.b': 'c'}),
        ('a.toml', '{"a": {"b": "c"}}', {'a.b': 'c'}),
        ('a.tf', 'a "x" {\n  b = "c"\n}\n', {'x.b': 'c'}),
        ('a.py', 'x = {"a": {"b": "c"}}\n', {'x.a.b': 'c'}),
        ('a.py', 'a.b = "c"\n', {}),
        ('a.py', '{"a": {"b": "c"}}', {'a.b': 'c'}),
        ('a.md', 'text\n```yaml\na:\n  b: c\n```\n', {'0.a.b': 'c'}),
        ('a.md', 'text\n```python\na = 1\n```\n', {}),
        ('a.md', 'a:\n  b: c\n', {}),
    ],
)
def test_trees(name: str, text: str, want: dict[str, str]) -> None:
    assert read(name, text) == want
