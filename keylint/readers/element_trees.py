"""Read XML as trees: a tolerant pass over tags, so that a broken file gives a partial tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting
from keylint.readers.tree import Node

_TAG = defer_regex(
    rb'<!--.*?-->|<!\[CDATA\[|<(?P<close>/)?(?P<name>[A-Za-z_][\w:.-]{0,80})'
    rb'(?P<rest>(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|\'[^\'<]*\'))*)\s*(?P<empty>/)?>',
    re.DOTALL,
)
_ATTRIBUTE = defer_regex(rb'([\w:.-]+)\s*=\s*(?:"([^"<]*)"|\'([^\'<]*)\')')
_MOST = 50_000
_MAX_DEPTH = 60


def read_element_trees(data: bytes) -> Iterator[Node]:
    """Yield one tree of the elements of a text."""
    root = Node('')
    stack: list[tuple[Node, int]] = [(root, 0)]
    for tag in islice(_TAG.finditer(data), _MOST):
        if tag['name'] is None:
            continue
        if tag['close']:
            _close_element(stack, tag, data)
        elif len(stack) < _MAX_DEPTH:
            node = _open_element(stack[-1][0], tag)
            if tag['empty']:
                _finish(node, b'', tag.start(), tag.end())
            else:
                stack.append((node, tag.end()))
    yield root


def _open_element(parent: Node, tag: re.Match[bytes]) -> Node:
    name = tag['name'].decode('utf-8', 'replace').rsplit(':', 1)[-1]
    key = name
    if key in parent.entries:
        key = f'{name}#{len(parent.entries)}'
    node = Node(key)
    for name_of, double, single in _ATTRIBUTE.findall(tag['rest'] or b''):
        text = name_of.decode('utf-8', 'replace')
        setting = Setting((text,), double or single, tag.start(), tag.end())
        node.entries[text] = Node(text, setting)
    node.grow(tag.start(), tag.end())
    parent.entries[key] = node
    return node


def _close_element(stack: list[tuple[Node, int]], tag: re.Match[bytes], data: bytes) -> None:
    """Close the innermost element of this name; elements still open inside it end here too."""
    name = tag['name'].decode('utf-8', 'replace').rsplit(':', 1)[-1]
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth][0].key.partition('#')[0] != name.partition('#')[0]:
            continue
        node, start = stack[depth]
        del stack[depth:]
        _finish(node, data[start : tag.start()].strip(), start, tag.start())
        parent = stack[-1][0]
        parent.grow(node.start, node.end)
        return


def _finish(node: Node, text: bytes, start: int, end: int) -> None:
    """Give an element its text, or number its children if all have one name."""
    node.grow(start, end)
    if not node.entries:
        node.setting = Setting((node.key,), text, start, end)
        return
    names = {key.partition('#')[0] for key in node.entries}
    if len(names) == 1 and len(node.entries) > 1:
        items = node.items
        node.entries = {str(number): item for number, item in enumerate(items)}
        for number, item in enumerate(items):
            item.key = str(number)
