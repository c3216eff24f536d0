"""Arguments of calls as the mappings that a vendor's request would be, in any language."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keylint.core.model import Setting
from keylint.core.records import NamedTuple
from keylint.core.spans import Lines
from keylint.readers.made_trees import LATER, make_node, read_json_text
from keylint.readers.python_ast import dotted_name, list_entries, read_literal
from keylint.readers.tree import Node

Pair = tuple[str, ast.expr]

# Names under which a request's body stands among other arguments.
BODIES = (
    'params', 'data', 'json', 'payload', 'body', 'request', 'content', 'query', 'form', 'variables',
)  # fmt: skip
# Calls that put an entry into an object: `map.put("perm", "trade")`, `form.append(…)`.
_FILLERS = (
    'put', 'set', 'add', 'insert', 'append', 'addproperty', 'addparameter', 'addqueryparameter',
    'queryparam', 'param', 'addformdatapart', 'addquery', 'setparam', 'tryadd',
)  # fmt: skip
# Functions that make a mapping of the texts and values they are given in turn.
_ALTERNATING = ('Map.of', 'ImmutableMap.of')
_MAX_DEPTH = 8
_MAX_PARTS = 2000


class Known(NamedTuple):
    """What a name is bound to, and the entries that were put into it later."""

    value: ast.expr
    more: tuple[Pair, ...] = ()


Names = dict[str, Known]


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name, also of one behind a call, or with types."""
    if isinstance(node, ast.BoolOp):
        node = node.values[0]
    return node.attr if isinstance(node, ast.Attribute) else dotted_name(node).rsplit('.', 1)[-1]


def list_pairs(node: ast.expr, known: Names, depth: int = 0) -> list[Pair] | None:
    """Return keys and values of a mapping.

    Of a literal, of `dict(a=1)`, of an object made with names, of a chain that fills one, of a name
    bound to one, with what was put into it later. None for all else.
    """
    if depth > _MAX_DEPTH:
        return None
    if isinstance(node, ast.Dict):
        spread = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
        inner = [pair for value in spread for pair in list_pairs(value, known, depth + 1) or []]
        return inner + list(list_entries(node))
    if isinstance(node, ast.Call):
        return _list_call_pairs(node, known, depth)
    bound = known.get(dotted_name(node))
    if bound is None or dotted_name(bound.value) == dotted_name(node):
        return None
    without = {name: value for name, value in known.items() if value is not bound}
    found = list_pairs(bound.value, without, depth + 1)
    return None if found is None and not bound.more else [*(found or []), *bound.more]


def _list_call_pairs(node: ast.Call, known: Names, depth: int) -> list[Pair] | None:
    name = dotted_name(node.func)
    last = last_name(node.func)
    if name in _ALTERNATING:
        texts = [read_literal(key) for key in node.args[::2]]
        return [(text, value) for text, value in zip(texts, node.args[1::2], strict=False) if text]
    entry = read_filler(node)
    if entry is not None and isinstance(node.func, ast.Attribute):
        held = list_pairs(node.func.value, known, depth + 1)
        return [*(held or []), *entry]
    keywords = [(one.arg, one.value) for one in node.keywords if one.arg]
    is_maker = last == 'dict' or (last[:1].isupper() and bool(node.keywords))
    if not is_maker or len(keywords) != len(node.keywords) or node.args:
        return None
    return keywords


def read_filler(node: ast.Call) -> list[Pair] | None:
    """Return the entry that a call puts into the object it is called on, None for other calls."""
    if not isinstance(node.func, ast.Attribute) or len(node.args) < 2:
        return None
    key = read_literal(node.args[0])
    is_filler = node.func.attr.replace('_', '').lower() in _FILLERS
    return [(key, node.args[1])] if is_filler and key and '/' not in key else None


def list_chain(node: ast.expr) -> list[ast.Call]:
    """List the calls of a chain, the last first: `a().b().c()`."""
    found = []
    while isinstance(node, ast.Call):
        found.append(node)
        node = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    return found


def walk_request(node: ast.expr, known: Names) -> Iterator[ast.expr]:
    """Yield the parts of a request, mappings as they stand and names as what they are bound to."""
    stack = [(node, 0)]
    for _ in range(_MAX_PARTS):
        if not stack:
            return
        part, depth = stack.pop()
        yield part
        bound = known.get(dotted_name(part)) if isinstance(part, ast.Name | ast.Attribute) else None
        inner: list[ast.AST] = []
        if bound is not None and depth < _MAX_DEPTH:
            inner = [bound.value]
        elif not isinstance(part, ast.JoinedStr | ast.BinOp | ast.Lambda):
            inner = list(ast.iter_child_nodes(part))
        for one in reversed(inner):
            one = one.value if isinstance(one, ast.keyword) else one
            if isinstance(one, ast.expr):
                stack.append((one, depth + (bound is not None)))


def join_text(node: ast.expr) -> str | None:
    """Return the text of a string, of a template's literal parts, or of a sum of strings."""
    if isinstance(node, ast.JoinedStr):
        return ''.join(read_literal(part) or '' for part in node.values)
    if isinstance(node, ast.BinOp):
        parts: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.BinOp):
            parts.append(join_text(inner.right) or '' if not _is_sum(inner.right) else '')
            inner = inner.left
        return (join_text(inner) or '') + ''.join(reversed(parts))
    return read_literal(node)


def _is_sum(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp)


class RequestReader:
    """Turns keys and values of a request into trees, at the bytes of their text."""

    def __init__(self, lines: Lines, known: Names) -> None:
        self.lines = lines
        self.known = known

    def make_mapping(self, pairs: list[Pair], whole: tuple[int, int]) -> Node:
        """Return the mapping of the pairs; the last of one name counts."""
        root = Node('')
        root.grow(*whole)
        for key, value in pairs:
            root.entries[key] = self._make_entry(key, value, whole)
        return root

    def _make_entry(
        self, key: str, node: ast.expr, around: tuple[int, int], depth: int = 0
    ) -> Node:
        start, end = find_span(node, self.lines)
        if not around[0] <= start < around[1]:
            start, end = around
        pairs = list_pairs(node, self.known)
        bound = self.known.get(dotted_name(node))
        if bound is not None and pairs is None:
            node = bound.value
        elements = _list_elements(node)
        if elements is not None:
            pairs = [(str(number), element) for number, element in enumerate(elements)]
        if pairs and depth < _MAX_DEPTH:
            found = Node(key)
            for name, value in pairs:
                found.entries[name] = self._make_entry(name, value, (start, end), depth + 1)
            found.grow(start, end)
            return found
        if pairs is not None:
            return Node(key, Setting((key,), b'[]', start, end))
        return make_node(key, read_plain(node), start, end)


def _list_elements(node: ast.expr) -> list[ast.expr] | None:
    """Return the elements of a list, also of `List.of(…)`, `listOf(…)` and their kin."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return node.elts
    if isinstance(node, ast.Call) and not node.keywords:
        name = dotted_name(node.func).lower()
        if name.endswith(('list.of', 'listof', 'aslist', 'set.of', 'setof', 'singletonlist')):
            return node.args
    return None


def read_plain(node: ast.expr) -> object:
    """Return the plain value of a literal, or of what stands around one, such as `Some("a")`."""
    while isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        node = node.args[0]
    try:
        return ast.literal_eval(node)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return LATER


def read_json(node: ast.expr) -> object:
    """Return the document in JSON that a text holds, else None."""
    text = read_literal(node)
    if text is None or '{' not in text:
        return None
    return read_json_text(text) or read_json_text(text.replace('\\"', '"'))


def find_span(node: ast.expr, lines: Lines) -> tuple[int, int]:
    """Return the bytes of an expression."""
    start = lines.offset_in(node.lineno, node.col_offset)
    if node.end_lineno is None or node.end_col_offset is None:
        return start, start
    return start, lines.offset_in(node.end_lineno, node.end_col_offset)
