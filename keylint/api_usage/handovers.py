"""Find the clients that a Python file gives to functions and classes of other files."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from keylint.api_usage.library_names import Value
from keylint.api_usage.values import Values
from keylint.core.key_model import Handover
from keylint.core.spans import Lines
from keylint.readers.python_ast import dotted_name, list_entries
from keylint.readers.python_outline import Spot

# Calls that look at a client and keep nothing of it, or put it where it is followed.
_HARMLESS = {name for name in dir(builtins) if name.islower()} | {
    'append',
    'add',
    'setdefault',
    'insert',
    'info',
    'debug',
    'warning',
    'error',
    'exception',
    'assertIsInstance',
    'cast',
    'deepcopy',
    'shield',
    'closing',
    'aclosing',
    'enter_context',
    'enter_async_context',
    'push',
    'log',
    'stringify',
    'Println',
    'Printf',
    'WriteLine',
    'println',
    'resolve',
}


def find_handovers(values: Values, lines: Lines, derived: dict[str, int]) -> Iterator[Handover]:
    """Yield clients among the arguments of calls that the file itself does not answer.

    `derived` has the indexes of the clients that the file's own classes are.
    """
    for call, spot in values.outline.calls:
        callee, shift = _find_callee(call, spot, values)
        if not callee or callee in _HARMLESS or _is_followed(call, callee, shift, spot, values):
            continue
        start = lines.offset_in(call.lineno, call.col_offset)
        given: list[tuple[int, str, ast.expr]] = [
            *((number - shift, '', node) for number, node in enumerate(call.args)),
            *((-1, key.arg or '', key.value) for key in call.keywords),
        ]
        given += _list_entries_given(given)
        for position, keyword, node in given:
            clients = _find_given_clients(node, spot, values)
            for thing in clients:
                yield Handover(callee, position, keyword, thing.number, start)
            if dotted_name(node) == 'self' and spot.owner in derived:
                yield Handover(callee, position, keyword, derived[spot.owner], start)
            if clients:
                continue
            for name in sorted(_list_parameters(node, spot, values)):
                yield Handover(callee, position, keyword, -1, start, source=name)


def _list_entries_given(given: list[tuple[int, str, ast.expr]]) -> list[tuple[int, str, ast.expr]]:
    """List what literal dictionaries and lists among the arguments hold, by the keys' names."""
    found: list[tuple[int, str, ast.expr]] = []
    for _, _, node in given:
        if isinstance(node, ast.Dict):
            found += [(-1, key, value) for key, value in list_entries(node)]
        elif isinstance(node, ast.List | ast.Tuple):
            found += [(-1, '', value) for value in node.elts]
    return [one for one in found if isinstance(one[2], ast.Name | ast.Attribute)]


def _find_given_clients(node: ast.expr, spot: Spot, values: Values) -> list[Value]:
    """Return the clients that an argument is or holds."""
    name = dotted_name(node)
    if isinstance(node, ast.Attribute) and not values.find_bindings(name, spot):
        return []  # a part of a client, or a method that is handed on
    found = values.find_clients(node, spot)
    if isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.Set):
        found = [one for one in values.list_items(node, spot) if one.kind == 'client']
    return [thing for thing in found if thing.number >= 0]


def _list_parameters(node: ast.expr, spot: Spot, values: Values) -> set[str]:
    """Return the parameters that a name or an attribute holds, and its own name."""
    name = dotted_name(node)
    if not name or not spot.scope:
        return set()
    bound = [one.value for one in values.find_bindings(name, spot)]
    return {name.rsplit('.', 1)[-1], *(one.id for one in bound if isinstance(one, ast.Name))}


def _find_callee(call: ast.Call, spot: Spot, values: Values) -> tuple[str, int]:
    """Return the name of the function or class that is called.

    And how many of its arguments stand for no parameter (`Base.__init__(self, client)`).
    """
    func = call.func.func if isinstance(call.func, ast.Call) else call.func
    last = func.attr if isinstance(func, ast.Attribute) else dotted_name(func)
    if last != '__init__' or not isinstance(func, ast.Attribute):
        return values.expand_name(last).rsplit('.', 1)[-1], 0
    bases = [dotted_name(base) for base, _ in values.outline.bases.get(spot.owner, ())]
    if isinstance(func.value, ast.Call):
        return (bases[0].rsplit('.', 1)[-1] if bases else ''), 0
    return dotted_name(func.value).rsplit('.', 1)[-1], 1


def _fills_fields(call: ast.Call, callee: str, values: Values) -> bool:
    """Tell whether a call only fills fields that a class of the file declares."""
    outline = values.outline
    is_plain = callee in outline.bases and callee not in outline.functions
    return is_plain and all((callee, one.arg or '') in outline.bindings for one in call.keywords)


def _is_followed(call: ast.Call, callee: str, shift: int, spot: Spot, values: Values) -> bool:
    """Tell whether the evaluation follows the arguments by itself."""
    is_init = isinstance(call.func, ast.Attribute) and call.func.attr == '__init__'
    if len(values.outline.functions.get(callee, ())) == 1 and not is_init and not shift:
        return True
    if callee in values.derived or _fills_fields(call, callee, values):
        return True
    if any(thing.kind == 'client' for thing in values.evaluate(call, spot)):
        return True
    return isinstance(call.func, ast.Attribute) and bool(values.find_clients(call.func.value, spot))
