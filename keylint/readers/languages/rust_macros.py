"""Lower the macros of Rust: their arguments are code, or a document (`json!`)."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from keylint.readers.languages.rust_blocks import BlockLowering

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLS = re.compile(r'\w\s*\(')
_MAX_MACROS = 6
_MAX_COLUMNS = 200
_MAX_DEPTH = 12
_WRAP = 'fn f(){m(['


class MacroLowering(BlockLowering):
    """Lowers macros."""

    macros = 0

    def lower_macro(self, node: Node) -> ast.expr:
        """Return the arguments of a macro, read as those of a call."""
        name = self.text_of(node.child_by_field_name('macro')).rsplit('::', 1)[-1]
        tree = next((one for one in node.named_children if one.type == 'token_tree'), None)
        if name == 'json' and tree is not None:
            return self.lower_document(tree.children[1:-1], node)
        parts = self.parse_macro(tree) if tree is not None else []
        if name in ('format', 'concat') and parts and isinstance(parts[0], ast.Constant):
            called = self.make(ast.Attribute(parts[0], 'format'), node)
            return self.make(ast.Call(called, parts[1:], []), node)
        return self.make(ast.List(parts), node)

    def lower_document(self, tokens: list[Node], node: Node, depth: int = 0) -> ast.expr:
        """Return the value of a document's tokens: a mapping, a list, or code."""
        first = tokens[0] if tokens else None
        if first is None or depth > _MAX_DEPTH:
            return self.make(ast.Constant(None), node)
        sign = first.children[0].type if first.type == 'token_tree' and first.children else ''
        if len(tokens) > 1 or sign not in ('{', '['):
            return self.lower_tokens(tokens)
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        for part in _split_tokens(first.children[1:-1], ','):
            head, *rest = _split_tokens(part, ':', most=1) if sign == '{' else [[], part]
            keys.append(self.lower_tokens(head) if head else None)
            values.append(self.lower_document(rest[0] if rest else [], first, depth + 1))
        made = ast.Dict(keys, values) if sign == '{' else ast.List(values)
        return self.make(made, first)

    def lower_tokens(self, tokens: list[Node]) -> ast.expr:
        """Return the code that some tokens represent."""
        first, last = tokens[0], tokens[-1]
        if first is last and first.type in ('string_literal', 'integer_literal', 'identifier'):
            return self.lower_expression(first)
        if first is last and self.text_of(first) in ('true', 'false'):
            return self.lower_constant(first)
        text = ' '.join(self.text_of(one) for one in tokens)
        found = self.parse_tokens(text, first) if '(' in text else []
        return found[0] if found else self.make_name('_', first)

    def parse_macro(self, tree: Node) -> list[ast.expr]:
        """Parse the inside of a macro as a list of expressions, at its place."""
        text = self.text_of(tree)[1:-1]
        return self.parse_tokens(text, tree) if _CALLS.search(text) or '"' in text else []

    def parse_tokens(self, text: str, place: Node) -> list[ast.expr]:
        """Parse a text as a list of expressions, at the place of a node."""
        if self.macros >= _MAX_MACROS:
            self.lost = self.lost if self.lost is not None else place.start_byte
            return []
        if self.reparse is None:
            return []
        row, column = place.start_point
        blank = ' ' * min(max(0, column - len(_WRAP) + 1), _MAX_COLUMNS)
        root = self.reparse(f'{blank}{_WRAP}{text}])}}'.encode())
        before, self.rows = self.rows, self.rows + row
        self.macros += 1
        found = self.lower_block(root)
        self.macros -= 1
        self.rows = before
        inner = found[0] if found else None
        value = inner.body[0] if isinstance(inner, ast.FunctionDef) and inner.body else None
        call = value.value if isinstance(value, ast.Return | ast.Expr) else None
        given = call.args[0] if isinstance(call, ast.Call) and call.args else None
        if isinstance(given, ast.List):
            return given.elts
        self.pending += found
        return []


def _split_tokens(tokens: list[Node], sign: str, most: int = 0) -> list[list[Node]]:
    """Split tokens at a sign, at most as often as `most` allows."""
    found: list[list[Node]] = [[]]
    for token in tokens:
        if token.type == sign and (not most or len(found) <= most):
            found.append([])
        else:
            found[-1].append(token)
    return [part for part in found if part]
