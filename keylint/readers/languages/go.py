"""Lower Go: a method's receiver is `self`, a structure is a class."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from keylint.readers.languages.lowering import Lowering
from keylint.readers.languages.nodes import LoweringRule as Rule
from keylint.readers.languages.nodes import Parameter

if TYPE_CHECKING:
    from tree_sitter import Node

_VERSION = re.compile(r'/v\d+(?=/|$)')
# Methods that a framework's interface requires: Go does not declare which interfaces a type has.
_CALLED_BY_OTHERS = re.compile(r'On[A-Z]\w*|Run|Start|Serve\w*|Handle\w*|Execute|Init|Subscribe')


class Go(Lowering):
    """Lowers one file of Go."""

    functions = ('func_literal',)
    texts = ('interpreted_string_literal_content', 'raw_string_literal_content', 'escape_sequence')
    receiver = ''

    def lower_import(self, node: Node) -> list[ast.stmt]:
        """Lower one import: without an alias, a package has the name at the end of its path."""
        path = node.child_by_field_name('path')
        module = _VERSION.sub('', self.text_of(path)[1:-1])
        name = node.child_by_field_name('name')
        if name is not None and name.type == 'dot':
            star = [ast.alias('*', None)]
            return [self.make_statement(ast.ImportFrom(module, star, 0), node)]
        last = module.rsplit('/', 1)[-1]
        plain = re.sub(r'^go-|-go$|\.go$', '', last)
        names = [self.text_of(name)] if name is not None else [last, plain, *re.split(r'\W', plain)]
        return [
            self.make_statement(ast.Import([ast.alias(module, one)]), node)
            for one in dict.fromkeys(names)
            if one.isidentifier()
        ]

    def list_values(self, node: Node | None) -> list[Node]:
        """List the values on one side of an assignment."""
        if node is not None and node.type == 'expression_list':
            return self.list_children(node)
        return super().list_values(node)

    def lower_declared(self, node: Node) -> list[ast.stmt]:
        """Lower declared variables or constants, with their type."""
        names = self.list_field(node, 'name')
        kind = node.child_by_field_name('type')
        values = self.list_values(node.child_by_field_name('value'))
        found = self.annotate_names(names, kind, node) if kind is not None else []
        return [*found, *self.bind_values(node, names, values)]

    def annotate_names(self, names: list[Node], kind: Node, node: Node) -> list[ast.stmt]:
        """Return the type that variables or fields are declared with."""
        return [
            self.make_statement(
                ast.AnnAssign(ast.Name(self.text_of(name)), self.lower_expression(kind), simple=1),
                node,
            )
            for name in names
        ]

    def lower_type(self, node: Node) -> list[ast.stmt]:
        """Lower a structure; the types that it embeds are its bases."""
        kind = node.child_by_field_name('type')
        name = self.read_name(node.child_by_field_name('name'))
        if kind is None or kind.type != 'struct_type':
            return []
        bases: list[ast.expr] = []
        body: list[ast.stmt] = []
        for field in self.list_children(kind.named_children[0]):
            names = self.list_field(field, 'name')
            inner = field.child_by_field_name('type')
            if inner is not None and names:
                body += self.annotate_names(names, inner, field)
            elif inner is not None:
                bases.append(self.lower_expression(inner))
        return [self.make_statement(ast.ClassDef(name, bases, [], self.or_pass(body), []), node)]

    def lower_method(self, node: Node) -> list[ast.stmt]:
        """Lower a method as a part of its class."""
        given = node.child_by_field_name('receiver')
        parameter = given.named_children[0] if given is not None and given.named_children else None
        kind = parameter.child_by_field_name('type') if parameter is not None else None
        while kind is not None and kind.type in ('pointer_type', 'generic_type'):
            kind = kind.named_children[0]
        owner = self.read_name(kind)
        self.receiver = self.text_of(parameter.child_by_field_name('name')) if parameter else ''
        name = self.read_name(node.child_by_field_name('name'))
        made = self.lower_function_as(name, node, owner=True)
        self.receiver = ''
        return [self.make_statement(ast.ClassDef(owner or '_', [], [], [made], []), node)]

    def list_decorators(self, node: Node) -> list[ast.expr]:
        """Mark the methods that an interface of other code may require."""
        name = self.text_of(node.child_by_field_name('name'))
        is_asked = node.type == 'method_declaration' and _CALLED_BY_OTHERS.fullmatch(name)
        return [self.make_name('interface', node)] if is_asked else []

    def read_parameter(self, node: Node) -> Iterable[Parameter]:
        """Yield the names that a parameter declares."""
        if node.child_by_field_name('name') is None:
            return [Parameter('_')]
        return super().read_parameter(node)

    def lower_for(self, node: Node) -> list[ast.stmt]:
        """Lower a loop, over the items of a value or by a condition."""
        clause = next((one for one in self.list_children(node) if one.type == 'range_clause'), None)
        if clause is None:
            return self.lower_branch(node)
        inner = self.or_pass(self.lower_block(node.child_by_field_name('body')))
        source = self.lower_expression(clause.child_by_field_name('right'))
        names = self.list_values(clause.child_by_field_name('left'))
        target = self.lower_expression(names[-1]) if names else self.make_name('_', node)
        return [self.make_statement(ast.For(target, source, inner, []), node)]

    def lower_receiver(self, node: Node) -> ast.expr:
        """Return a name; the receiver's is `self`."""
        name = self.text_of(node)
        return self.make_name('self' if name and name == self.receiver else name, node)

    def lower_key(self, key: Node | None, node: Node) -> ast.expr:
        """Return the key of an entry; a field of a structure is a text."""
        text = self.text_of(key)
        return self.make_text(text, node) if text.isidentifier() else self.lower_expression(key)

    def lower_literal(self, node: Node) -> ast.expr:
        """Return a literal; that of a structure becomes a call that creates it."""
        kind, body = node.child_by_field_name('type'), node.child_by_field_name('body')
        parts = self.list_children(body)
        if kind is None or kind.type in ('slice_type', 'array_type', 'implicit_length_array_type'):
            return self.lower_elements(node, parts)
        pairs = [one for one in parts if one.type == 'keyed_element']
        named = [(one.child_by_field_name('key'), self.lower_field(one, 'value')) for one in pairs]
        if kind.type == 'map_type':
            keys: list[ast.expr | None] = [self.lower_expression(key) for key, _ in named]
            return self.make(ast.Dict(keys, [value for _, value in named]), node)
        plain = [self.lower_expression(one) for one in parts if one.type != 'keyed_element']
        keywords = [ast.keyword(self.text_of(key), value) for key, value in named]
        return self.make(ast.Call(self.lower_expression(kind), plain, keywords), node)

    def lower_inner(self, node: Node) -> ast.expr:
        """Return a literal within another one, which declares its type."""
        parts = self.list_children(node)
        pairs = [one for one in parts if one.type == 'keyed_element']
        if not pairs or len(pairs) != len(parts):
            return self.lower_elements(node, parts)
        keys: list[ast.expr | None] = [
            self.lower_key(one.child_by_field_name('key'), node) for one in pairs
        ]
        return self.make(ast.Dict(keys, [self.lower_field(one, 'value') for one in pairs]), node)

    def lower_elements(self, node: Node, parts: list[Node]) -> ast.expr:
        """Return a list of elements, including those with an index."""
        values = [
            self.lower_field(one, 'value')
            if one.type == 'keyed_element'
            else self.lower_expression(one)
            for one in parts
        ]
        return self.make(ast.List(values), node)


Go.expressions = {
    'identifier': Rule(Go.lower_receiver),
    'literal_value': Rule(Go.lower_inner),
    'field_identifier': Rule(Go.lower_name),
    'package_identifier': Rule(Go.lower_name),
    'type_identifier': Rule(Go.lower_name),
    'qualified_type': Rule(Go.lower_member, ('package', 'name')),
    'interpreted_string_literal': Rule(Go.lower_text),
    'raw_string_literal': Rule(Go.lower_text),
    'int_literal': Rule(Go.lower_number),
    'float_literal': Rule(Go.lower_number),
    'true': Rule(Go.lower_constant),
    'false': Rule(Go.lower_constant),
    'nil': Rule(Go.lower_constant),
    'selector_expression': Rule(Go.lower_member, ('operand', 'field')),
    'index_expression': Rule(Go.lower_index, ('operand', 'index')),
    'slice_expression': Rule(Go.lower_field, ('operand',)),
    'type_assertion_expression': Rule(Go.lower_field, ('operand',)),
    'type_conversion_expression': Rule(Go.lower_field, ('operand',)),
    'call_expression': Rule(Go.lower_call, ('function', 'arguments')),
    'composite_literal': Rule(Go.lower_literal),
    'literal_element': Rule(Go.lower_any),
    'binary_expression': Rule(Go.lower_binary, ('left', 'right')),
    'unary_expression': Rule(Go.lower_any),
    'parenthesized_expression': Rule(Go.lower_any),
}
Go.statements = {
    'package_clause': Rule(Go.lower_nothing),
    'import_spec': Rule(Go.lower_import),
    'type_spec': Rule(Go.lower_type),
    'const_spec': Rule(Go.lower_declared),
    'var_spec': Rule(Go.lower_declared),
    'short_var_declaration': Rule(Go.lower_assignment, ('left', 'right')),
    'assignment_statement': Rule(Go.lower_assignment, ('left', 'right')),
    'function_declaration': Rule(Go.lower_function),
    'method_declaration': Rule(Go.lower_method),
    'if_statement': Rule(Go.lower_if, ('condition', 'consequence', 'alternative')),
    'for_statement': Rule(Go.lower_for),
    'expression_case': Rule(Go.lower_branch),
    'type_case': Rule(Go.lower_branch),
    'default_case': Rule(Go.lower_branch),
    'communication_case': Rule(Go.lower_branch),
    'return_statement': Rule(Go.lower_return),
}
