"""Python source as trees of the standard library: what is only read, never written back, needs no more. Several times faster than libcst."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

_LONGEST = 8_000_000
_NAME = '<scanned>'


def parse_module(data: bytes) -> ast.Module | None:
    """The module, or None for what is no Python 3 (old bots, templates) or too large or too deep to be parsed."""
    if len(data) > _LONGEST:
        return None
    warnings.filterwarnings(
        'ignore', module=_NAME
    )  # what the scanned code does with its backslashes is not our business
    try:
        return ast.parse(data, _NAME)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def dotted_name(node: ast.AST) -> str:
    """`self.exchange` for names and attributes; an empty text for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted_name(node.value)
        return f'{head}.{node.attr}' if head else ''
    return ''


def read_literal(node: ast.AST | None) -> str | None:
    """The text of a string literal, or None."""
    if isinstance(node, ast.Constant):
        return (
            node.value
            if isinstance(node.value, str)
            else node.value.decode('latin-1')
            if isinstance(node.value, bytes)
            else None
        )
    return None


def list_entries(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    """Keys that are string literals, and their values."""
    for key, value in zip(node.keys, node.values, strict=True):
        text = read_literal(key)
        if text is not None:
            yield text, value


def list_arguments(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Names (empty for positional ones) and values of a call's arguments; the entries of literal dictionaries stand for themselves."""
    for name, value in [('', value) for value in call.args] + [
        (keyword.arg or '', keyword.value) for keyword in call.keywords
    ]:
        if isinstance(value, ast.Dict):
            yield from list_entries(value)
        else:
            yield name, value
