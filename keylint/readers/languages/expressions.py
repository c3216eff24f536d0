"""Lower expressions to the neutral tree: a kind without a table row stands for all its parts."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from keylint.readers.languages.nodes import NodeReader, Parameter

if TYPE_CHECKING:
    from tree_sitter import Node

# Methods that pass the receiver's items to a callback and return the callback's results.
_MAPPINGS = ('map', 'flatMap', 'Select', 'mapNotNull')


class ExpressionLowering(NodeReader):
    """Lowers the expressions of a file."""

    def lower_statement(self, node: Node) -> list[ast.stmt]:
        """Return the effect of a statement."""
        raise NotImplementedError

    def lower_body(self, node: Node) -> list[ast.stmt]:
        """Return the body of a function."""
        raise NotImplementedError

    def list_parameters(self, node: Node) -> list[Parameter]:
        """List the parameters of a function."""
        raise NotImplementedError

    def make_branch(self, inner: list[ast.stmt], node: Node) -> list[ast.stmt]:
        """Return statements that may run or not."""
        if not inner:
            return []
        return [self.make_statement(ast.If(ast.Constant(True), inner, []), node)]

    def lower_expression(self, node: Node | None) -> ast.expr:
        """Return the lowered form of an expression."""
        if node is None:
            return ast.Constant(None, lineno=1, col_offset=0)
        if node.type in self.functions:
            return self.hoist_function(node, None)
        rule = self.expressions.get(node.type)
        if rule is not None:
            found: ast.expr = rule.lower(self, node, *rule.fields)
            return found
        if node.type in self.statements:
            self.pending += self.lower_statement(node)
            return self.make(ast.Constant(None), node)
        return self.lower_any(node)

    def lower_any(self, node: Node) -> ast.expr:
        """Return an expression that may be any of its parts."""
        parts = [self.lower_expression(child) for child in self.list_children(node)]
        if not parts:
            return self.make(ast.Constant(None), node)
        return parts[0] if len(parts) == 1 else self.make(ast.BoolOp(ast.Or(), parts), node)

    def lower_field(self, node: Node, field: str) -> ast.expr:
        """Return the one relevant part of an expression: a cast, a reference, `await`."""
        return self.lower_expression(node.child_by_field_name(field))

    def lower_constant(self, node: Node) -> ast.expr:
        """Return a value that is not a text."""
        words = {'true': True, 'True': True, 'false': False}
        return self.make(ast.Constant(words.get(self.text_of(node))), node)

    def lower_number(self, node: Node) -> ast.expr:
        """Return a number; one that is not valid in Python becomes 1."""
        text = self.text_of(node).rstrip('nLlFfMmuU')
        return self.make(ast.Constant(int(text) if text.isdecimal() else 1), node)

    def lower_name(self, node: Node) -> ast.expr:
        """Return a name, or an attribute if the class has one of that name."""
        return self.lower_known(self.text_of(node), node)

    def lower_known(self, name: str, node: Node) -> ast.expr:
        """Return a name at the place of a node, or the attribute that it denotes in a class."""
        if self.fields and name in self.fields[-1] and not any(name in one for one in self.locals):
            return self.make(ast.Attribute(self.make_name('self', node), name), node)
        return self.make_name(name, node)

    def lower_self(self, node: Node) -> ast.expr:
        """Return the object of the enclosing class."""
        return self.make_name('self', node)

    def lower_super(self, node: Node) -> ast.expr:
        """Return the object as an instance of its base class."""
        return self.make(ast.Call(self.make_name('super', node), [], []), node)

    def lower_member(self, node: Node, base: str, name: str) -> ast.expr:
        """Return an attribute."""
        last = self.read_name(node.child_by_field_name(name))
        held = self.lower_expression(node.child_by_field_name(base))
        return self.make(ast.Attribute(held, last or '_'), node)

    def lower_index(self, node: Node, base: str, index: str) -> ast.expr:
        """Return an entry of a container."""
        held = self.lower_expression(node.child_by_field_name(base))
        return self.make(
            ast.Subscript(held, self.lower_expression(node.child_by_field_name(index))), node
        )

    def lower_text(self, node: Node) -> ast.expr:
        """Return a text, in parts if values are embedded in it."""
        children = self.list_children(node)
        if any(child.type not in self.texts for child in children):
            return self.lower_template(node)
        text = self.text_of(node)[1:-1] if not children else ''.join(map(self.text_of, children))
        return self.make(ast.Constant(text), node)

    def lower_template(self, node: Node) -> ast.expr:
        """Return a text with embedded values."""
        parts: list[ast.expr] = [
            self.make(ast.Constant(self.text_of(child)), child)
            if child.type in self.texts
            else self.make(ast.FormattedValue(self.lower_any(child), -1), child)
            for child in self.list_children(node)
        ]
        return self.make(ast.JoinedStr(parts), node)

    def lower_binary(self, node: Node, left: str = 'left', right: str = 'right') -> ast.expr:
        """Return a sum of two texts, or an expression that may be either of two values."""
        operator = node.child_by_field_name('operator')
        one = self.lower_expression(node.child_by_field_name(left))
        other = self.lower_expression(node.child_by_field_name(right))
        sign = operator.type if operator is not None else ''
        if not sign:
            sign = next((child.type for child in node.children if not child.is_named), '')
        if sign in self.adds:
            return self.make(ast.BinOp(one, ast.Add(), other), node)
        return self.make(ast.BoolOp(ast.Or(), [one, other]), node)

    def lower_choice(self, node: Node, body: str, other: str) -> ast.expr:
        """Return one of two values."""
        made = ast.IfExp(
            ast.Constant(True),
            self.lower_expression(node.child_by_field_name(body)),
            self.lower_expression(node.child_by_field_name(other)),
        )
        return self.make(made, node)

    def lower_list(self, node: Node) -> ast.expr:
        """Return a list of values."""
        parts = [self.lower_expression(child) for child in self.list_children(node)]
        return self.make(ast.List(parts), node)

    def lower_call(self, node: Node, func: str, arguments: str) -> ast.expr:
        """Return a call, or the creation of an object."""
        called = self.lower_expression(node.child_by_field_name(func))
        return self.make_call(called, self.list_arguments(node, arguments), node)

    def list_arguments(self, node: Node, field: str) -> list[Node]:
        """List the arguments of a call."""
        found = [
            child
            for given in node.children_by_field_name(field)
            for child in self.list_children(given)
        ]
        return found

    def make_call(self, called: ast.expr, given: Iterable[Node], node: Node) -> ast.expr:
        """Return a call; arguments to a function of an object's parts are bound to the parts."""
        held = called.value if isinstance(called, ast.Attribute) else None
        args: list[ast.expr] = []
        keywords: list[ast.keyword] = []
        for child in given:
            if child.type in self.functions:
                args.append(self.hoist_function(child, held))
            else:
                self.add_argument(child, args, keywords)
        is_mapping = isinstance(called, ast.Attribute) and called.attr in _MAPPINGS
        if is_mapping and len(args) == 1 and isinstance(args[0], ast.ListComp):
            return args[0]
        if isinstance(called, ast.Subscript):
            called = self.make_dynamic(called, node)
        return self.make(ast.Call(called, args, keywords), node)

    def make_dynamic(self, called: ast.Subscript, node: Node) -> ast.expr:
        """Return `getattr(value, name)` for `value[name]`, if that is called."""
        parts = [called.value, called.slice]
        return self.make(ast.Call(self.make_name('getattr', node), parts, []), node)

    def add_argument(self, node: Node, args: list[ast.expr], keywords: list[ast.keyword]) -> None:
        """Add one argument of a call."""
        args.append(self.lower_expression(node))

    def hoist_function(self, node: Node, held: ast.expr | None) -> ast.expr:
        """Hoist the body of an anonymous function to its statement, as code that may run or not.

        `held` is the object to whose method it is passed: its parameter may be an item of that
        object.
        """
        given = self.list_parameters(node)
        source = held if isinstance(held, ast.Name | ast.Attribute) and _is_plain(held) else None
        target = self.make_name(given[0].name, node) if given else None
        body = node.child_by_field_name('body')
        self.locals.append({one.name for one in given})
        is_value = body is not None and body.type in self.expressions
        value = self.lower_expression(body) if is_value else None
        inner = self.lower_body(node) if value is None else []
        self.locals.pop()
        if value is not None:
            if source is None or target is None:
                return self.make(ast.Lambda(_no_arguments(), value), node)
            loops = [ast.comprehension(target, source, [], 0)]
            return self.make(ast.ListComp(value, loops), node)
        inner = [_drop_return(one) for one in inner]
        if source is not None and target is not None and inner:
            loop = ast.For(target, source, inner, [])
            self.pending.append(self.make_statement(loop, node))
        else:
            self.pending += self.make_branch(inner, node)
        return self.make(ast.Constant(None), node)


def _is_plain(node: ast.expr) -> bool:
    """Tell whether an expression is a name with attributes, safe to evaluate many times."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _no_arguments() -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


def _drop_return(node: ast.stmt) -> ast.stmt:
    """Turn a `return` that belongs to an inner function into a plain expression."""
    if isinstance(node, ast.Return) and node.value is not None:
        return ast.Expr(node.value, lineno=node.lineno, col_offset=node.col_offset)
    return node
