"""Read keyword arguments and class fields in Python as trees.

`ApiKey(exchange='kraken', permissions=['read'])`, `dict(…)` in a list, dataclasses and settings of
pydantic. Values that are only known when the program runs are marked as such.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.readers.made_trees import LATER, make_mapping, make_node
from keylint.readers.python_ast import dotted_name, parse_module
from keylint.readers.tree import Node

# `=` or `:`, possibly with a type, followed by a literal or by the description of a field.
_BINDS_LITERAL = defer_regex(
    rb'(?:=|:[ \t]*[\w.\[\], |"\']{1,80}=)[ \t]*'
    rb'(?:[\[({"\'\d+\-]|[rRbBfFuU]{1,2}["\']|True\b|False\b|None\b|(?:[\w.]+\.)?(?:field|Field'
    rb'|mapped_column|Column|list|tuple|set|frozenset|dict)\(|[A-Z]\w*\()'
)
_SIGN_BYTES = 12
_FIELD_COLUMNS = 4
_MAX_DEPTH = 8
_MIN_FIELDS = 2
_KEY_CLASS = defer_regex(r'(?i)key|credential|api|account|settings|config|exchange')
# Enumerations whose members are words: `Permission.READ`, `ApiScope.WITHDRAW | ApiScope.READ`.
_ENUMERATION = defer_regex(r'(?i)(?:permission|perm|right|scope|privilege|exchange|venue)s?\Z')
# Calls whose keywords describe a field: `field(default_factory=lambda: [])`, `Field(default=…)`.
_FIELDS = ('field', 'Field', 'mapped_column', 'Column')
_DEFAULTS = ('default', 'default_factory')
# Of fields that only a request or an answer fills.
_UNSET = ('null', '', LATER)


def may_hold_keywords(data: bytes, places: Sequence[int]) -> bool:
    """Tell whether a keyword or a field with a literal value ends at one of the places.

    `places` are offsets after `=` or `:`. Parsing a large file takes long, and most only contain
    `'withdraw':` in a dictionary, or bind a name to the result of a call.
    """
    return any(
        _BINDS_LITERAL.match(data, max(0, place - 1)) for place in places if _is_bare(data, place)
    )


def _is_bare(data: bytes, place: int) -> bool:
    """Tell whether the text before a sign is a name, and not a string or an index."""
    before = data[max(0, place - _SIGN_BYTES) : place - 1]
    name = before.rstrip(b' \t')
    if name != before and data[place - 1 : place] == b'=' and not _is_field(data, place):
        return False
    return name[-1:].isalnum() or name[-1:] == b'_'


def _is_field(data: bytes, place: int) -> bool:
    """Tell whether a statement is indented like the fields of a class, and not in a function."""
    line = data[data.rfind(b'\n', 0, place) + 1 : place].expandtabs(4)
    return len(line) - len(line.lstrip()) <= _FIELD_COLUMNS


def read_python_trees(data: bytes) -> Iterator[Node]:
    """Yield a mapping for each call with keywords, and for the fields of each class."""
    module = parse_module(data)
    if module is None:
        return
    reader = _Reader(data)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and len(node.keywords) >= _MIN_FIELDS:
            if _makes_thing(node):
                tree = reader.read_call('', node, 0)
                tree.key = _name_of_key(dotted_name(node.func))
                yield tree
        elif isinstance(node, ast.ClassDef):
            fields = list(reader.read_fields(node))
            if any(field.value not in _UNSET for field in fields):  # else a model of an answer
                yield make_mapping(_name_of_key(node.name), fields)


def _name_of_key(name: str) -> str:
    """Return the name of a class if it may be a key's: a view's permissions do not count."""
    last = name.rsplit('.', 1)[-1]
    return last if _KEY_CLASS.search(last) else ''


def _makes_thing(node: ast.Call) -> bool:
    """Tell whether a call creates a mapping or an object: `dict(…)`, the name of a class."""
    name = dotted_name(node.func).rsplit('.', 1)[-1]
    return name in ('dict', 'OrderedDict') or name[:1].isupper()


class _Reader:
    """Turns expressions into trees, with byte offsets."""

    def __init__(self, data: bytes) -> None:
        self.starts = [0]
        for line in data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def _find_span(self, node: ast.expr) -> tuple[int, int]:
        start = self.starts[node.lineno - 1] + node.col_offset
        end_line = node.end_lineno or node.lineno
        return start, self.starts[end_line - 1] + (node.end_col_offset or node.col_offset)

    def read_fields(self, owner: ast.ClassDef) -> Iterator[Node]:
        """Yield the fields of a class that have a value."""
        for statement in owner.body:
            if isinstance(statement, ast.AnnAssign) and statement.value is not None:
                targets: Sequence[ast.expr] = [statement.target]
                value = statement.value
            elif isinstance(statement, ast.Assign):
                targets, value = statement.targets, statement.value
            else:
                continue
            for target in targets:
                if isinstance(target, ast.Name):
                    yield self.read_value(target.id, _unwrap_field(value), 0)

    def read_call(self, key: str, call: ast.Call, depth: int) -> Node:
        """Read the keywords of a call as a mapping."""
        entries = [
            self.read_value(keyword.arg, keyword.value, depth + 1)
            for keyword in call.keywords
            if keyword.arg is not None
        ]
        return self._place(make_mapping(key, entries), call)

    def _place(self, node: Node, expression: ast.expr) -> Node:
        node.grow(*self._find_span(expression))
        return node

    def read_value(self, key: str, value: ast.expr, depth: int) -> Node:
        """Read an expression as far as it is a literal."""
        span = self._find_span(value)
        if depth >= _MAX_DEPTH:
            return make_node(key, LATER, *span)
        if isinstance(value, ast.Constant):
            plain = value.value
            return make_node(
                key, plain if isinstance(plain, str | int | float | None) else LATER, *span
            )
        if isinstance(value, ast.Attribute) and _is_member(value):
            return make_node(key, value.attr, *span)
        if isinstance(value, ast.List | ast.Tuple | ast.Set | ast.BinOp):
            items = [
                self.read_value(str(number), item, depth + 1)
                for number, item in enumerate(_list_items(value))
            ]
            return (
                self._place(make_mapping(key, items), value) if items else make_node(key, [], *span)
            )
        if isinstance(value, ast.Dict):
            return self._read_dictionary(key, value, depth)
        if isinstance(value, ast.Call):
            name = dotted_name(value.func).rsplit('.', 1)[-1]
            if name in ('list', 'tuple', 'set', 'frozenset', 'dict') and not (
                value.args or value.keywords
            ):
                return make_node(key, [], *span)
            if name in ('list', 'tuple', 'set', 'frozenset') and not value.keywords:
                return self.read_value(key, value.args[0], depth + 1)
            if value.keywords and _makes_thing(value):
                return self.read_call(key, value, depth)
        return make_node(key, LATER, *span)

    def _read_dictionary(self, key: str, value: ast.Dict, depth: int) -> Node:
        entries = [
            self.read_value(name.value, item, depth + 1)
            for name, item in zip(value.keys, value.values, strict=True)
            if isinstance(name, ast.Constant) and isinstance(name.value, str)
        ]
        if not value.keys:
            return make_node(key, [], *self._find_span(value))
        return self._place(make_mapping(key, entries), value)


def _is_member(value: ast.Attribute) -> bool:
    return _ENUMERATION.search(dotted_name(value.value).rsplit('.', 1)[-1]) is not None


def _list_items(value: ast.List | ast.Tuple | ast.Set | ast.BinOp) -> list[ast.expr]:
    """List the items of a literal, or the members that `|` joins."""
    if not isinstance(value, ast.BinOp):
        return value.elts
    if not isinstance(value.op, ast.BitOr):
        return [ast.copy_location(ast.Name('sum', ast.Load()), value)]
    found: list[ast.expr] = []
    waiting: list[ast.expr] = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr):
            waiting += [part.right, part.left]
        else:
            found.append(part)
    return found


def _unwrap_field(value: ast.expr) -> ast.expr:
    """Return the default of a described field, else the value itself."""
    if not isinstance(value, ast.Call) or dotted_name(value.func).rsplit('.', 1)[-1] not in _FIELDS:
        return value
    found: ast.expr = value
    for keyword in value.keywords:
        if keyword.arg in _DEFAULTS:
            found = keyword.value
    if found is value and value.args:
        found = value.args[0]
    if isinstance(found, ast.Lambda):
        return found.body
    if isinstance(found, ast.Name) and found.id in ('list', 'tuple', 'set', 'dict'):
        return ast.copy_location(ast.List(elts=[], ctx=ast.Load()), found)
    return found
