"""Lower the imports and exports of JavaScript and TypeScript."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from keylint.readers.languages.lowering import Lowering
from keylint.readers.languages.nodes import name_file

if TYPE_CHECKING:
    from tree_sitter import Node

_MODULE = re.compile(r'((?:@[^/]+/)?[^/]+)(?:/(.*))?')


class ModuleLowering(Lowering):
    """Lowers the imports and exports of a file."""

    def lower_import(self, node: Node) -> list[ast.stmt]:
        """Lower `import`."""
        source = node.child_by_field_name('source')
        clause = next(
            (one for one in self.list_children(node) if one.type.endswith('_clause')), None
        )
        if source is None and clause is not None:
            source = clause.child_by_field_name('source')
        module = self.read_text(source)
        found: list[ast.stmt] = []
        for part in self.list_children(clause):
            if part.type == 'identifier':
                found.append(self.import_module(module, self.text_of(part), node))
            elif part.type == 'namespace_import':
                name = self.text_of(part.named_children[-1])
                found.append(self.import_module(module, name, node))
            elif part.type == 'named_imports':
                for one in self.list_children(part):
                    member = self.read_name(one.child_by_field_name('name'))
                    alias = self.read_name(one.child_by_field_name('alias')) or member
                    found.append(self.import_member(module, member, alias, node))
        return found

    def import_module(self, module: str, alias: str, node: Node) -> ast.stmt:
        """Import a module's default export; for a file, that is the member with the file's name."""
        name = _default_of(module)
        return self.make_statement(ast.Import([ast.alias(name, alias)]), node)

    def import_member(self, module: str, member: str, alias: str, node: Node) -> ast.stmt:
        """Import one member of a module."""
        if member == 'default':
            return self.import_module(module, alias, node)
        names = [ast.alias(member, alias)]
        return self.make_statement(ast.ImportFrom(_module_of(module), names, 0), node)

    def lower_export(self, node: Node) -> list[ast.stmt]:
        """Lower `export`; the default export gets the file's name."""
        value = node.child_by_field_name('value')
        if value is None:
            return [
                one for child in self.list_children(node) for one in self.lower_statement(child)
            ]
        return self.export(value, node)

    def export(self, value: Node, node: Node) -> list[ast.stmt]:
        """Bind the file's name to its default export."""
        if value.type in self.functions:
            return [self.lower_function_as(self.stem, value)]
        name = self.make_name(self.stem, node)
        lowered = self.lower_expression(value)
        return [*self.assign(name, lowered, node)]

    def read_text(self, node: Node | None) -> str:
        """Return a plain text."""
        if node is None:
            return ''
        value = self.lower_expression(node)
        return (
            value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ''
        )

    def read_required(self, node: Node) -> str:
        """Return the module of `require('module')` or `await import('module')`, else nothing."""
        while node.type in ('await_expression', 'parenthesized_expression'):
            inner = self.list_children(node)
            if not inner:
                return ''
            node = inner[0]
        if (
            node.type == 'member_expression'
            and self.read_name(node.child_by_field_name('property')) == 'default'
        ):
            return self.read_required(node.child_by_field_name('object') or node.children[0])
        if node.type != 'call_expression':
            return ''
        called = self.text_of(node.child_by_field_name('function'))
        given = self.list_arguments(node, 'arguments')
        is_import = called in ('require', 'import') and len(given) == 1
        return self.read_text(given[0]) if is_import and given[0].type == 'string' else ''


def _module_of(module: str) -> str:
    """Return a module as the tables write it: a package, then a dot before each inner module."""
    match = _MODULE.fullmatch(module.removeprefix('node:'))
    if match is None or module.startswith('.'):
        return module
    return f'{match[1]}.{match[2].replace("/", ".")}' if match[2] else match[1]


def _default_of(module: str) -> str:
    """Return the full name of a module's default export."""
    if not module.startswith(('.', '/', '~', '@/')):
        return f'{_module_of(module)}.default'
    return f'{module}.{name_file(module)}'
