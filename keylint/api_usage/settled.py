"""Tell whether all texts that an expression may stand for are known."""

from __future__ import annotations

import ast

from keylint.api_usage.values import Values
from keylint.readers.python_ast import dotted_name, read_literal
from keylint.readers.python_outline import Spot

_MAX_DEPTH = 6
_MAX_STEPS = 400


class Settled:
    """Whether the expressions of a file are settled before it runs.

    `wrappers` collects the functions whose parameters decide: their callers may be anywhere.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self.wrappers: set[str] = set()
        self._steps = 0

    def is_settled(self, node: ast.expr, spot: Spot, depth: int = 0) -> bool:
        """Tell whether the texts that `Values` finds for an expression are all that it may be."""
        self._steps = self._steps + 1 if depth else 0
        if depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            return False
        match node:
            case ast.Constant():
                return True
            case ast.IfExp():
                return all(
                    self.is_settled(part, spot, depth + 1) for part in (node.body, node.orelse)
                )
            case ast.BoolOp():
                return all(self.is_settled(part, spot, depth + 1) for part in node.values)
            case ast.List() | ast.Tuple() | ast.Set():
                return all(self.is_settled(part, spot, depth + 1) for part in node.elts)
            case ast.Dict():
                return all(self.is_settled(part, spot, depth + 1) for part in node.values)
            case ast.Subscript():
                return read_literal(node.slice) is not None and self.is_settled(
                    node.value, spot, depth + 1
                )
            case ast.Name() | ast.Attribute():
                return self._is_name_settled(dotted_name(node), spot, depth)
        return False

    def _is_name_settled(self, name: str, spot: Spot, depth: int) -> bool:
        bound = self.values.find_bindings(name, spot) if name else []
        bindings = [one for one in bound if one.way != 'annotation']
        given = [one for one in bindings if one.way == 'argument']
        function = self._find_function_of(name, spot)
        if function and not given:
            return False
        if function:
            self.wrappers.add(function)
        return bool(bindings) and all(
            self.is_settled(one.value, one.spot, depth + 1) for one in bindings
        )

    def _find_function_of(self, name: str, spot: Spot) -> str:
        """Return the function around the spot that has the name as a parameter, or nothing."""
        for function_name in reversed(spot.scope):
            for function in self.values.outline.functions.get(function_name, ()):
                if name in function.parameters and function.owner == spot.owner:
                    return function_name
        return ''
