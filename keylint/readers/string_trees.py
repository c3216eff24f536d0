"""Read JSON documents in the strings of a program, or after `curl -d`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from keylint.core.lazy_patterns import defer_regex
from keylint.readers.made_trees import MAX_JSON_CHARS, make_node, read_json_text
from keylint.readers.tree import Node

_PLAIN = defer_regex(
    rb'(?:\'\'\'|\'|`|""")\s{0,40}([{\[]\s{0,40}["{\[][^\'`]{6,20000}?[}\]])\s{0,40}[\'`"]'
)
_ESCAPED = defer_regex(rb'"([{\[](?:[^"\\\n]|\\.){6,20000}[}\]])"')
_MOST = 2000


def read_string_trees(data: bytes) -> Iterator[Node]:
    """Yield the documents in the strings of a text, each at the bytes of its string."""
    if b'{' not in data:
        return
    for match in islice(_PLAIN.finditer(data), _MOST):
        yield from _read_text(match.group(1).decode('utf-8', 'replace'), *match.span(1))
    if b'\\"' in data:
        for match in islice(_ESCAPED.finditer(data), _MOST):
            text = match.group(1).decode('utf-8', 'replace')
            yield from _read_text(text.replace('\\"', '"').replace('\\\\', '\\'), *match.span(1))


def _read_text(text: str, start: int, end: int) -> Iterator[Node]:
    found = read_json_text(text) if len(text) < MAX_JSON_CHARS else None
    if found is not None:
        yield make_node('', found, start, end)
