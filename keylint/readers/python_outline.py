"""Outline the bindings, definitions and calls of a Python module, with scopes and branches."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from keylint.core.records import NamedTuple
from keylint.readers.python_ast import dotted_name

_LEAVES = (
    ast.Constant,
    ast.Name,
    ast.expr_context,
    ast.operator,
    ast.cmpop,
    ast.boolop,
    ast.unaryop,
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Fields of compound statements that do not always run.
_ARMS = {
    ast.If: ('body', 'orelse'),
    ast.For: ('body', 'orelse'),
    ast.AsyncFor: ('body', 'orelse'),
    ast.While: ('body', 'orelse'),
    ast.Try: ('handlers', 'orelse'),
    ast.Match: ('cases',),
}


class Spot(NamedTuple):
    """The place of an expression.

    It has the functions around it (innermost last), the class, the line, and the enclosing
    branches.
    """

    scope: tuple[str, ...] = ()
    owner: str = ''
    line: int = 0
    branches: tuple[tuple[int, str], ...] = ()


class Binding(NamedTuple):
    """The value of a name.

    `way` is `value`, `item` (one of the value's items), `held` (the value is put into the name),
    `argument` or `annotation`.
    """

    value: ast.expr
    spot: Spot
    way: str


class Function(NamedTuple):
    """A function of the module: its parameters, its return values, its place."""

    parameters: tuple[str, ...]
    scope: tuple[str, ...]
    owner: str
    returns: list[tuple[ast.expr, Spot]]


class Outline:
    """Everything that the walk over a module collects."""

    def __init__(self, module: ast.Module) -> None:
        self.imports: dict[str, str] = {}
        self.stars: list[str] = []
        self.bindings: dict[tuple[object, str], list[Binding]] = {}
        self.functions: dict[str, list[Function]] = {}
        self.bases: dict[str, list[tuple[ast.expr, Spot]]] = {}
        self.methods: dict[str, set[str]] = {}
        self.calls: list[tuple[ast.Call, Spot]] = []
        self.attributes: list[tuple[ast.Attribute, Spot]] = []
        self._called: set[int] = set()
        self._globals: set[tuple[tuple[str, ...], str]] = set()
        self._visit(module, Spot())
        self._hand_over()
        self.bound = frozenset(name for _, name in self.bindings)

    def _visit(self, node: ast.AST, spot: Spot) -> None:
        handler = _HANDLERS.get(type(node))
        if handler is not None and handler(self, node, spot):
            return
        self._into(node, spot)

    def _into(self, node: ast.AST, spot: Spot) -> None:
        arms = _ARMS.get(type(node), ())
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                for number, child in enumerate(value):
                    if isinstance(child, ast.AST) and not isinstance(child, _LEAVES):
                        arm = f'{field}{number}' if field in ('handlers', 'cases') else field
                        inner = (
                            spot._replace(branches=(*spot.branches, (id(node), arm)))
                            if field in arms
                            else spot
                        )
                        self._visit(child, inner)
            elif isinstance(value, ast.AST) and not isinstance(value, _LEAVES):
                self._visit(value, spot)

    def _import(self, node: ast.Import, spot: Spot) -> bool:
        for alias in node.names:
            self.imports[alias.asname or alias.name.split('.')[0]] = (
                alias.name if alias.asname else alias.name.split('.')[0]
            )
        return True

    def _import_from(self, node: ast.ImportFrom, spot: Spot) -> bool:
        head = '.' * node.level + (node.module or '')
        for alias in node.names:
            if alias.name == '*':
                self.stars.append(head)
            else:
                self.imports[alias.asname or alias.name] = f'{head}.{alias.name}'
        return True

    def _class(self, node: ast.ClassDef, spot: Spot) -> bool:
        self.bases.setdefault(node.name, []).extend(
            (base, spot._replace(line=node.lineno)) for base in node.bases
        )
        self.methods.setdefault(node.name, set()).update(
            inner.name for inner in node.body if isinstance(inner, _FUNCTIONS)
        )
        for child in node.body:
            self._visit(child, Spot((), node.name, child.lineno, ()))
        return True

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, spot: Spot) -> bool:
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        function = Function(
            tuple(argument.arg for argument in given), (*spot.scope, node.name), spot.owner, []
        )
        self.functions.setdefault(node.name, []).append(function)
        if spot.owner and not spot.scope and node.name == '__init__':
            self.functions.setdefault(spot.owner, []).append(function)
        inner = Spot(function.scope, spot.owner, node.lineno, ())
        for argument in given:
            if argument.annotation is not None:
                self._bind(argument.arg, Binding(argument.annotation, inner, 'annotation'))
        positional = [*node.args.posonlyargs, *node.args.args]
        for argument, default in zip(
            positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True
        ):
            self._bind(argument.arg, Binding(default, inner, 'value'))
        for decorator in node.decorator_list:
            self._visit(decorator, spot)
        for child in node.body:
            self._visit(child, inner._replace(line=child.lineno))
        return True

    def _global(self, node: ast.Global | ast.Nonlocal, spot: Spot) -> bool:
        self._globals |= {(spot.scope, name) for name in node.names}
        return True

    def _return(self, node: ast.Return | ast.Yield, spot: Spot) -> bool:
        if node.value is not None and spot.scope:
            mine = [
                function
                for function in self.functions.get(spot.scope[-1], ())
                if function.scope == spot.scope and function.owner == spot.owner
            ]
            if mine:
                mine[-1].returns.append((node.value, spot._replace(line=node.lineno)))
        return False

    def _assign(self, node: ast.Assign, spot: Spot) -> bool:
        for target in node.targets:
            self._target(target, node.value, spot._replace(line=node.lineno))
        return False

    def _annotated(self, node: ast.AnnAssign, spot: Spot) -> bool:
        spot = spot._replace(line=node.lineno)
        if node.value is not None:
            self._target(node.target, node.value, spot)
        elif name := dotted_name(node.target):
            self._bind(name, Binding(node.annotation, spot, 'annotation'))
        return False

    def _checked(self, node: ast.Assert | ast.If, spot: Spot) -> bool:
        """Bind the value in an `isinstance` check to the class that it must have."""
        tests = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
        for test in tests:
            if isinstance(test, ast.Call) and dotted_name(test.func) == 'isinstance':
                name = dotted_name(test.args[0]) if len(test.args) > 1 else ''
                if name:
                    inner = spot._replace(line=node.lineno)
                    self._bind(name, Binding(test.args[1], inner, 'annotation'))
        return False

    def _walrus(self, node: ast.NamedExpr, spot: Spot) -> bool:
        self._target(node.target, node.value, spot._replace(line=node.lineno))
        return False

    def _with(self, node: ast.With | ast.AsyncWith, spot: Spot) -> bool:
        for item in node.items:
            if item.optional_vars is not None:
                self._target(item.optional_vars, item.context_expr, spot._replace(line=node.lineno))
        return False

    def _loop(self, node: ast.For | ast.AsyncFor | ast.comprehension, spot: Spot) -> bool:
        names = node.target.elts if isinstance(node.target, ast.Tuple | ast.List) else [node.target]
        for name in names:
            self._bind(
                dotted_name(name), Binding(node.iter, spot._replace(line=node.iter.lineno), 'item')
            )
        return False

    def _call(self, node: ast.Call, spot: Spot) -> bool:
        self._called.add(id(node.func))
        self.calls.append((node, spot._replace(line=node.lineno)))
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in ('append', 'add', 'setdefault', 'insert')
            and node.args
        ):
            self._bind(
                dotted_name(node.func.value),
                Binding(node.args[-1], spot._replace(line=node.lineno), 'held'),
            )
        return False

    def _attribute(self, node: ast.Attribute, spot: Spot) -> bool:
        if id(node) not in self._called and isinstance(node.ctx, ast.Load):
            self.attributes.append((node, spot._replace(line=node.lineno)))
        return False

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, spot: Spot
    ) -> bool:
        for generator in node.generators:
            self._loop(generator, spot)
        return False

    def _target(self, target: ast.expr, value: ast.expr, spot: Spot) -> None:
        if isinstance(target, ast.Subscript):
            self._bind(dotted_name(target.value), Binding(value, spot, 'held'))
        elif (
            isinstance(target, ast.Tuple | ast.List)
            and isinstance(value, ast.Tuple | ast.List)
            and len(target.elts) == len(value.elts)
        ):
            for one, its in zip(target.elts, value.elts, strict=True):
                self._target(one, its, spot)
        else:
            self._bind(dotted_name(target), Binding(value, spot, 'value'))

    def _bind(self, name: str, binding: Binding) -> None:
        if not name:
            return
        spot = binding.spot
        place: object = spot.scope
        if name.startswith(('self.', 'cls.')) or (spot.owner and not spot.scope):
            place, name = (
                spot.owner,
                name.partition('.')[2] if name.startswith(('self.', 'cls.')) else name,
            )
        elif (spot.scope, name) in self._globals:
            place = ()
        elif spot.scope:
            place = (spot.owner, *spot.scope)
        self.bindings.setdefault((place, name), []).append(binding)

    def _hand_over(self) -> None:
        """Bind the parameters of the module's own functions to the arguments of their calls."""
        for call, spot in self.calls:
            name = dotted_name(call.func).rsplit('.', 1)[-1]
            functions = self.functions.get(name, ()) if name else ()
            if not functions and name in self.bases:
                self._fill_fields(name, call, spot)
            if len(functions) != 1:
                continue
            for function in functions:
                is_method = function.parameters[:1] in (('self',), ('cls',))
                parameters = function.parameters[1:] if is_method else function.parameters
                given = [
                    *zip(parameters, call.args, strict=False),
                    *((keyword.arg, keyword.value) for keyword in call.keywords),
                ]
                for parameter, value in given:
                    if parameter in parameters:
                        key = ((function.owner, *function.scope), parameter)
                        self.bindings.setdefault(key, []).append(Binding(value, spot, 'argument'))

    def _fill_fields(self, owner: str, call: ast.Call, spot: Spot) -> None:
        """Bind the fields of a class without a constructor to the arguments of a call."""
        for keyword in call.keywords:
            known = self.bindings.get((owner, keyword.arg or ''))
            if known is not None:
                known.append(Binding(keyword.value, spot, 'argument'))


_HANDLERS: dict[type, Callable[[Outline, Any, Spot], bool]] = {
    ast.Import: Outline._import,
    ast.ImportFrom: Outline._import_from,
    ast.ClassDef: Outline._class,
    ast.FunctionDef: Outline._function,
    ast.AsyncFunctionDef: Outline._function,
    ast.Global: Outline._global,
    ast.Nonlocal: Outline._global,
    ast.Return: Outline._return,
    ast.Yield: Outline._return,
    ast.Assign: Outline._assign,
    ast.AnnAssign: Outline._annotated,
    ast.Assert: Outline._checked,
    ast.If: Outline._checked,
    ast.NamedExpr: Outline._walrus,
    ast.With: Outline._with,
    ast.AsyncWith: Outline._with,
    ast.For: Outline._loop,
    ast.AsyncFor: Outline._loop,
    ast.ListComp: Outline._comprehension,
    ast.SetComp: Outline._comprehension,
    ast.DictComp: Outline._comprehension,
    ast.GeneratorExp: Outline._comprehension,
    ast.Call: Outline._call,
    ast.Attribute: Outline._attribute,
}
