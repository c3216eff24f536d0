"""Python source as trees of the standard library, several times faster than libcst.

Enough for code that is only read and never written back.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex

_LONGEST = 8_000_000
_NAME = '<scanned>'
# CPython's parser takes a minute for a dotted name of 200 KB, and libcst's ends the process.
_MAX_DOTTED_BYTES = 1000
_MIN_DOTS = 100
_DOTTED = defer_regex(rb'(?:[\w\x80-\xff]++[\s\\]*+\.[\s\\]*+)++')
ENDLESS = f'a name with dots is longer than {_MAX_DOTTED_BYTES} bytes: its code was not looked at'


def has_endless_name(data: bytes) -> bool:
    """Tell whether a dotted name (`import a.a.a…`) would keep the parsers busy for very long."""
    if data.count(b'.') < _MIN_DOTS:
        return False
    return any(
        len(name[0]) > _MAX_DOTTED_BYTES and name[0].count(b'.') >= _MIN_DOTS
        for name in _DOTTED.finditer(data)
    )


def parse_module(data: bytes) -> ast.Module | None:
    """Parse a module; None if it is not Python 3 (old bots, templates), too large or too deep."""
    if len(data) > _LONGEST or has_endless_name(data):
        return None
    # Warnings about the scanned code's backslashes do not concern the user.
    warnings.filterwarnings('ignore', module=_NAME)
    try:
        return ast.parse(data, _NAME)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def dotted_name(node: ast.AST) -> str:
    """Return `self.exchange` for names and attributes, an empty text for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted_name(node.value)
        return f'{head}.{node.attr}' if head else ''
    return ''


def read_literal(node: ast.AST | None) -> str | None:
    """Return the text of a string literal, or None."""
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bytes):
        return value.decode('latin-1')
    return value if isinstance(value, str) else None


def list_entries(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    """Yield the keys that are string literals, with their values."""
    for key, value in zip(node.keys, node.values, strict=True):
        text = read_literal(key)
        if text is not None:
            yield text, value


def list_arguments(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield names (empty for positional ones) and values of a call's arguments.

    A literal dictionary is replaced by its entries.
    """
    for name, value in [('', value) for value in call.args] + [
        (keyword.arg or '', keyword.value) for keyword in call.keywords
    ]:
        if isinstance(value, ast.Dict):
            yield from list_entries(value)
        else:
            yield name, value
