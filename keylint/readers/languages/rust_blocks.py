"""Lower the blocks of Rust: they, and the choices between them, have values."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from keylint.readers.languages.lowering import Lowering

if TYPE_CHECKING:
    from tree_sitter import Node


class BlockLowering(Lowering):
    """Lowers nodes whose last expression is their value."""

    holders = 0

    def lower_tail(self, node: Node, give: Callable[[ast.expr, Node], ast.stmt]) -> list[ast.stmt]:
        """Lower a node with a value: `give` makes the statement that receives it."""
        children = self.list_children(node)
        if node.type in ('block', 'unsafe_block', 'async_block'):
            if not children:
                return []
            first = [one for child in children[:-1] for one in self.lower_statement(child)]
            return [*first, *self.lower_tail(children[-1], give)]
        if node.type in ('if_expression', 'match_expression', 'match_block'):
            return [one for child in children for one in self.lower_arm(child, give)]
        if node.type in ('match_arm', 'else_clause'):
            value = node.child_by_field_name('value') or children[-1]
            return self.make_branch(self.lower_tail(value, give), node)
        if node.type in self.expressions or node.type in self.functions:
            before, self.pending = self.pending, []
            made = give(self.lower_expression(node), node)
            found = [*self.pending, made]
            self.pending = before
            return found
        return self.lower_statement(node)

    def lower_arm(self, node: Node, give: Callable[[ast.expr, Node], ast.stmt]) -> list[ast.stmt]:
        """Lower a part of a choice: its condition, or an arm that has a value."""
        if node.type == 'block':
            return self.make_branch(self.lower_tail(node, give), node)
        if node.type in ('match_block', 'match_arm', 'else_clause'):
            return self.lower_tail(node, give)
        return self.lower_statement(node)

    def lower_choice_value(self, node: Node) -> ast.expr:
        """Return the name that receives the value of a choice or a block."""
        self.holders += 1
        name = f'held_{self.holders}'

        def give(value: ast.expr, place: Node) -> ast.stmt:
            return self.assign(self.make_name(name, place), value, place)[0]

        self.pending += self.lower_tail(node, give)
        return self.make_name(name, node)

    def lower_match(self, node: Node) -> list[ast.stmt]:
        """Lower a choice whose value is not used."""

        def give(value: ast.expr, place: Node) -> ast.stmt:
            return self.make_statement(ast.Expr(value), place)

        return self.lower_tail(node, give)
