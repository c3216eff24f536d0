"""Collect what tells whether something calls a function: the names that stand where."""

from __future__ import annotations

import ast

from keylint.core.key_model import FunctionUse
from keylint.readers.python_ast import dotted_name, read_literal
from keylint.readers.python_outline import Spot

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Nodes in which no name stands.
_EMPTY = (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
_PLAIN_BASES = ('', 'object', 'ABC', 'Protocol', 'Generic')


def collect_functions(module: ast.Module) -> tuple[tuple[FunctionUse, ...], frozenset[str]]:
    """Return the functions of a module and of its classes, and the names outside of them."""
    found: list[FunctionUse] = []
    outside: set[str] = set()
    for node in module.body:
        if isinstance(node, _FUNCTIONS):
            found.append(_read_function(node, '', False))
        elif isinstance(node, ast.ClassDef):
            _read_class(node, found, outside)
        else:
            outside |= _list_mentions(node)
    return tuple(found), frozenset(outside)


def name_function(spot: Spot) -> str:
    """Return the function at the top of the file or of a class that a place stands in."""
    return f'{spot.owner}.{spot.scope[0]}' if spot.scope else ''


def _read_class(node: ast.ClassDef, found: list[FunctionUse], outside: set[str]) -> None:
    bases = {dotted_name(base).rsplit('.', 1)[-1] for base in node.bases}
    for child in node.body:
        if isinstance(child, _FUNCTIONS):
            found.append(_read_function(child, node.name, False))
        else:
            outside |= _list_mentions(child)
    for part in (*node.bases, *node.decorator_list, *(key.value for key in node.keywords)):
        outside |= _list_mentions(part)
    outside |= bases - set(_PLAIN_BASES)


def _read_function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str, is_root: bool
) -> FunctionUse:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    parameters = tuple(argument.arg for argument in given)
    if owner and parameters[:1] in (('self',), ('cls',)):
        parameters = parameters[1:]
    is_special = node.name.startswith('__') or bool(node.decorator_list)
    return FunctionUse(
        node.name, owner, parameters, frozenset(_list_mentions(node)), is_root or is_special
    )


def _list_mentions(node: ast.AST) -> set[str]:
    """Return names, attributes and texts that may be names, in a tree."""
    found: set[str] = set()
    stack: list[ast.AST] = [node]
    while stack:  # not by `ast.walk`, which takes three times as long
        part = stack.pop()
        kind = type(part)
        if kind is ast.Name:
            found.add(part.id)  # type: ignore[attr-defined]
            continue
        if kind is ast.Constant:
            text = read_literal(part)
            if text is not None and text.isidentifier():
                found.add(text)
            continue
        if kind is ast.Attribute:
            found.add(part.attr)  # type: ignore[attr-defined]
        for value in vars(part).values():
            if type(value) is list:
                stack += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, _EMPTY):
                stack.append(value)
    return found
