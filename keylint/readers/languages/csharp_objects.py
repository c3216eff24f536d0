"""Lower the creation of objects in C#, with the members that it sets and the entries it adds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from keylint.readers.languages.lowering import Lowering

if TYPE_CHECKING:
    from tree_sitter import Node

_PAIR = 2


class ObjectLowering(Lowering):
    """Lowers the expressions that create objects."""

    def __init__(self, stem: str) -> None:
        super().__init__(stem)
        # The type of the variable whose value is `new()`.
        self.implied: ast.expr | None = None

    def lower_creation(self, node: Node) -> ast.expr:
        """Return the creation of an object; members set in it count as keyword arguments."""
        kind = node.child_by_field_name('type')
        implied, self.implied = self.implied, None
        made = self.lower_expression(kind) if kind is not None else implied
        if made is None:
            made = self.make_name('_', node)
        keywords: list[ast.keyword] = []
        args: list[ast.expr] = []
        parts = [one for one in node.named_children if one.type == 'argument_list']
        given = [child for part in parts for child in self.list_children(part)]
        for child in given:
            inner = self.list_children(child)
            if inner and inner[-1].type in self.functions:
                keywords += self.list_set(inner[-1].child_by_field_name('body'))
                args.append(self.hoist_function(inner[-1], None))
            else:
                name = child.child_by_field_name('name')
                plain = inner[-1] if inner else child
                self.add_argument(child if name is not None else plain, args, keywords)
        for part in node.named_children:
            if part.type == 'initializer_expression':
                keywords += self.list_set(part)
        return self.make(ast.Call(made, args, keywords), node)

    def list_set(self, node: Node | None) -> list[ast.keyword]:
        """List the assignments in an initializer, or in the body of a configuring function."""
        found: list[ast.keyword] = []
        for child in self.list_children(node):
            one = child.named_children[0] if child.type == 'expression_statement' else child
            if one.type == 'assignment_expression':
                name = self.text_of(one.child_by_field_name('left')).rsplit('.', 1)[-1]
                value = self.lower_field(one, 'right')
                found.append(ast.keyword(name.strip('[]"'), value))
            elif node is not None and node.type == 'initializer_expression':
                found.append(self.make_item(one))
        return found

    def make_item(self, node: Node) -> ast.keyword:
        """Return an added item: `{ "perm", "trade" }` under its key, others without one."""
        parts = self.list_children(node) if node.type == 'initializer_expression' else []
        key = self.lower_expression(parts[0]) if len(parts) == _PAIR else None
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return ast.keyword(key.value, self.lower_expression(parts[1]))
        return ast.keyword('item', self.lower_expression(node))

    def lower_anonymous(self, node: Node) -> ast.expr:
        """Return an object without a class: `new { perm = "trade", ip }`."""
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        name: ast.expr | None = None
        for child in node.children:
            if child.type == '=':
                name, _ = keys.pop(), values.pop()
                continue
            if child.is_named and child.type not in self.comments:
                keys.append(name or self.make_text(self.read_name(child), child))
                values.append(self.lower_expression(child))
                name = None
        return self.make(ast.Dict(keys, values), node)
