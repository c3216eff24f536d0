"""List what containers hold: literals, comprehensions, and the containers that names stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from keylint.api_usage.library_names import Value
from keylint.readers.python_ast import dotted_name, read_literal
from keylint.readers.python_outline import Binding, Spot

if TYPE_CHECKING:
    from keylint.api_usage.values import Values

_CONTAINER_MAKERS = tuple(
    'list tuple set sorted iter dict enumerate reversed Object.values Object.entries Array.from'
    ' Promise.all'.split()
)
_CONTAINER_METHODS = ('items', 'values', 'keys', 'copy')


class ContainerItems:
    """Lists the items of the containers of one module. `values` evaluates the items."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._kept: dict[tuple[object, ...], list[Value]] = {}

    def list_items(self, node: ast.expr, spot: Spot, wanted: str | None = None) -> list[Value]:
        """Return what a list, a dictionary or a comprehension holds.

        Of a literal dictionary's values the `wanted` one.
        """
        node = _unwrap_container(node)
        match node:
            case ast.List() | ast.Tuple() | ast.Set():
                return self._evaluate_all(node.elts, spot)
            case ast.Dict():
                return self._list_dictionary(node, spot, wanted)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._evaluate_all([node.elt], spot)
            case ast.DictComp():
                return self._evaluate_all([node.value, node.key], spot)
            case ast.Call() if dotted_name(node.func).endswith('gather'):
                return self._evaluate_all(node.args, spot)
            case ast.Name() | ast.Attribute():
                return self._list_items_of_name(node, spot, wanted)
        return []

    def _evaluate_all(self, nodes: Iterable[ast.expr], spot: Spot) -> list[Value]:
        return [thing for node in nodes for thing in self._values.evaluate(node, spot)]

    def _list_dictionary(self, node: ast.Dict, spot: Spot, wanted: str | None) -> list[Value]:
        keys = [read_literal(key) for key in node.keys]
        chosen = [
            value
            for key, value in zip(keys, node.values, strict=True)
            if wanted is None or key is None or key == wanted
        ]
        found = self._evaluate_all(chosen, spot)
        if wanted is None:
            found += [Value('text', key) for key in keys if key is not None]
        return found

    def _list_items_of_name(
        self, node: ast.Name | ast.Attribute, spot: Spot, wanted: str | None
    ) -> list[Value]:
        """Return the items of the containers that a name may stand for; kept unless cut short."""
        bindings = self._values.find_bindings(dotted_name(node), spot)
        key = (wanted, *map(id, bindings))
        if key in self._kept:
            return self._kept[key]
        cuts = self._values.cuts
        found = self._list_items_of_bindings(bindings, wanted)
        if self._values.cuts == cuts:
            self._kept[key] = found
        return found

    def _list_items_of_bindings(self, bindings: list[Binding], wanted: str | None) -> list[Value]:
        """Return the items of the containers that names are bound to.

        Names that are bound to names are followed once each: names that are bound to each other in
        a circle have as many paths through them as they have orders.
        """
        found: list[Value] = []
        followed: set[int] = set()
        waiting = bindings[::-1]
        while waiting:
            binding = waiting.pop()
            value = _unwrap_container(binding.value)
            if binding.way == 'held':
                found += self._values.evaluate(binding.value, binding.spot)
            elif binding.way == 'annotation' or id(value) in followed:
                continue
            elif isinstance(value, ast.Name | ast.Attribute):
                followed.add(id(value))
                waiting += reversed(self._values.find_bindings(dotted_name(value), binding.spot))
            else:
                found += self.list_items(value, binding.spot, wanted)
        return list(dict.fromkeys(found))


def _unwrap_container(node: ast.expr) -> ast.expr:
    """Return what a container is made of: the names in `list(names)` and in `names.values()`."""
    while isinstance(node, ast.Call):
        if node.args and dotted_name(node.func) in _CONTAINER_MAKERS:
            node = node.args[0]
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _CONTAINER_METHODS:
            node = node.func.value
        else:
            break
    return node
