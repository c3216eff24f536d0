"""Replace the texts of a tree that are documents themselves by the trees of these documents.

Workflows contain the bodies of their requests as JSON texts, config maps whole files in YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.core.model import Setting
from keylint.readers.made_trees import make_node, read_json_text
from keylint.readers.parsed import ParsedText
from keylint.readers.tree import BrokenYamlError, Node, PartlyReadError, build_trees

# A text is parsed only if it has such an entry of a mapping, which mentions a key.
_YAML = re.compile(
    rb'(?mi)^[ \t]*(?:-[ \t]+)?(?:exchange|permissions?|perms|rights|scopes|api_?keys?|keys|can_\w+'
    rb'|\w*ip\w*(?:list|s))[ \t]*:'
)
# The head of a text over several lines in YAML.
_BLOCK = re.compile(rb':[ \t]*[|>][+-]?[ \t]*\r?\n')
_MAX_YAML_BYTES = 20_000


def may_hold_documents(data: bytes) -> bool:
    """Tell whether values of a document may be documents themselves."""
    return b'\\"' in data or b"'{" in data or _BLOCK.search(data) is not None


def graft_documents(node: Node) -> None:
    """Replace the texts of a tree that are documents by their trees."""
    stack = [node]
    while stack:
        current = stack.pop()
        for name, item in current.entries.items():
            if item.setting is None:
                stack.append(item)
                continue
            found = _read_document(name, item, item.setting.value)
            if found is not None:
                current.entries[name] = found


def _read_document(name: str, item: Node, value: bytes) -> Node | None:
    if value.lstrip()[:1] in (b'{', b'['):
        text = value.decode('utf-8', 'replace')
        found = read_json_text(text) or read_json_text(text.replace('\\"', '"'))
        return None if found is None else make_node(name, found, item.start, item.end)
    if b'\n' not in value or len(value) > _MAX_YAML_BYTES or not _YAML.search(value):
        return None
    try:
        (tree,) = build_trees(_list_yaml(value, item))
    except (BrokenYamlError, PartlyReadError, ValueError):
        return None
    made = Node(name)
    made.entries = tree.entries
    made.grow(item.start, item.end)
    return made


def _list_yaml(value: bytes, item: Node) -> Iterator[Setting]:
    """Yield the settings of a text in YAML, all at the bytes of the text."""
    for setting in ParsedText(value).yaml.tree_settings():
        yield setting._replace(start=item.start, end=item.end)
