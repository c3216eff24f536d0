"""Build trees from what is not written as a document: values that a reader has found, by name."""

from __future__ import annotations

import json
from typing import Any

from keylint.core.model import Setting
from keylint.readers.tree import Node

# Stands for a value that is only known when the program runs.
LATER = '${later}'
_MAX_DEPTH = 12
# A text that may be a document in JSON; larger ones are files of their own.
_MIN_JSON_CHARS, MAX_JSON_CHARS = 8, 20_000


def make_node(key: str, value: object, start: int, end: int, depth: int = 0) -> Node:
    """Build a tree of a plain value, all of whose nodes stand at the same bytes."""
    if isinstance(value, dict | list | tuple | set) and value and depth < _MAX_DEPTH:
        node = Node(key)
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in entries:
            node.entries[str(name)] = make_node(str(name), inner, start, end, depth + 1)
        node.grow(start, end)
        return node
    return Node(key, Setting((key,), _as_text(value).encode('utf-8', 'replace'), start, end))


def _as_text(value: object) -> str:
    if value is None:
        return 'null'
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, dict | list | tuple | set):
        return '[]'
    return str(value)


def make_mapping(key: str, entries: list[Node]) -> Node:
    """Build a mapping of named nodes; of two with one name the first counts."""
    node = Node(key)
    for entry in entries:
        node.entries.setdefault(entry.key, entry)
        node.grow(entry.start, entry.end)
    return node


def read_json_text(text: str) -> Any:  # noqa: ANN401 - whatever the document holds
    """Read a text that is a document in JSON; None for any other."""
    stripped = text.strip()
    if not _MIN_JSON_CHARS < len(stripped) < MAX_JSON_CHARS or stripped[0] not in '{[':
        return None
    try:
        found = json.loads(stripped)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) and found else None
