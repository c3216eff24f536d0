"""Lower Java, where the attributes of a class are used without naming the object."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from keylint.readers.languages.lowering import Lowering
from keylint.readers.languages.nodes import LoweringRule as Rule
from keylint.readers.languages.nodes import Parameter

if TYPE_CHECKING:
    from tree_sitter import Node


class Java(Lowering):
    """Lowers one file of Java."""

    functions = ('lambda_expression',)
    texts = ('string_fragment', 'escape_sequence', 'multiline_string_fragment')

    def lower_import(self, node: Node) -> list[ast.stmt]:
        """Lower an import of a class or of all that a package has."""
        children = self.list_children(node)
        module, _, last = self.text_of(children[0]).rpartition('.')
        if any(child.type == 'asterisk' for child in children):
            module, last = self.text_of(children[0]), '*'
        return [self.make_statement(ast.ImportFrom(module, [ast.alias(last, None)], 0), node)]

    def list_fields(self, node: Node) -> set[str]:
        """List the fields of a class."""
        body = node.child_by_field_name('body')
        return {
            self.text_of(one.child_by_field_name('name'))
            for member in self.list_children(body)
            if member.type == 'field_declaration'
            for one in self.list_field(member, 'declarator')
        }

    def list_bases(self, node: Node) -> list[ast.expr]:
        """List the classes and interfaces that a class extends and implements."""
        parts = [node.child_by_field_name(name) for name in ('superclass', 'interfaces')]
        found: list[ast.expr] = []
        for part in (part for part in parts if part is not None):
            kinds = self.list_children(part)
            kinds = self.list_children(kinds[0]) if kinds[0].type == 'type_list' else kinds
            found += [self.lower_base(kind) for kind in kinds]
        return found

    def lower_base(self, node: Node) -> ast.expr:
        """Return a class without its types."""
        return self.lower_expression(
            node.named_children[0] if node.type == 'generic_type' else node
        )

    def lower_method(self, node: Node) -> list[ast.stmt]:
        """Lower a method or a constructor."""
        name = self.read_name(node.child_by_field_name('name'))
        if node.type in ('constructor_declaration', 'compact_constructor_declaration'):
            name = '__init__'
        return [self.lower_function_as(name, node, True)]

    def list_decorators(self, node: Node) -> list[ast.expr]:
        """List the annotations of a method: those of frameworks, and `@Override`."""
        marks = [one for one in node.named_children if one.type == 'modifiers']
        return [
            self.make_name('annotation', one)
            for mark in marks
            for one in mark.named_children
            if one.type in ('annotation', 'marker_annotation')
        ]

    def list_parameters(self, node: Node) -> list[Parameter]:
        """List the parameters of a function; a lambda may have names alone."""
        given = node.child_by_field_name('parameters')
        if given is not None and given.type == 'identifier':
            return [Parameter(self.text_of(given))]
        return super().list_parameters(node)

    def lower_variables(self, node: Node) -> list[ast.stmt]:
        """Lower declared variables or fields with their type."""
        kind = node.child_by_field_name('type')
        found: list[ast.stmt] = []
        for one in self.list_field(node, 'declarator'):
            name = self.text_of(one.child_by_field_name('name'))
            if kind is not None and self.text_of(kind) != 'var':
                made = ast.AnnAssign(ast.Name(name), self.lower_expression(kind), simple=1)
                found.append(self.make_statement(made, one))
            value = one.child_by_field_name('value')
            if value is not None:
                found += self.assign(self.make_name(name, one), self.lower_expression(value), one)
            if self.locals:
                self.locals[-1].add(name)
        return found

    def lower_resource(self, node: Node) -> list[ast.stmt]:
        """Lower the resources that a `try` opens."""
        name = self.text_of(node.child_by_field_name('name'))
        value = self.lower_field(node, 'value')
        return self.assign(self.make_name(name or '_', node), value, node)

    def lower_invocation(self, node: Node) -> ast.expr:
        """Return a call of a method."""
        base, name = node.child_by_field_name('object'), node.child_by_field_name('name')
        called = self.make_name(self.text_of(name), node)
        if base is not None:
            called = self.make(ast.Attribute(self.lower_expression(base), self.text_of(name)), node)
        return self.make_call(called, self.list_arguments(node, 'arguments'), node)

    def lower_creation(self, node: Node) -> ast.expr:
        """Return the creation of an object; the methods of an anonymous class may run."""
        body = next((one for one in node.named_children if one.type == 'class_body'), None)
        if body is not None:
            inner = [one for one in self.lower_block(body) if isinstance(one, ast.FunctionDef)]
            self.pending += [one for made in inner for one in self.make_branch(made.body, node)]
        kind = node.child_by_field_name('type')
        made = self.lower_base(kind) if kind is not None else self.make_name('_', node)
        return self.make_call(made, self.list_arguments(node, 'arguments'), node)

    def lower_base_call(self, node: Node) -> list[ast.stmt]:
        """Lower `super(…)` and `this(…)` of a constructor."""
        base = self.lower_super(node)
        called = self.make(ast.Attribute(base, '__init__'), node)
        made = self.make_call(called, self.list_arguments(node, 'arguments'), node)
        return [self.make_statement(ast.Expr(made), node)]

    def lower_assigned(self, node: Node) -> ast.expr:
        """Return the value that is assigned within an expression."""
        self.pending += self.lower_assignment(node, 'left', 'right')
        return self.lower_field(node, 'left')


Java.expressions = {
    'identifier': Rule(Java.lower_name),
    'type_identifier': Rule(Java.lower_name),
    'scoped_identifier': Rule(Java.lower_member, ('scope', 'name')),
    'scoped_type_identifier': Rule(
        lambda self, node: self.make_name(self.read_name(node) or '_', node)
    ),
    'class_literal': Rule(Java.lower_any),
    'this': Rule(Java.lower_self),
    'super': Rule(Java.lower_super),
    'string_literal': Rule(Java.lower_text),
    'decimal_integer_literal': Rule(Java.lower_number),
    'decimal_floating_point_literal': Rule(Java.lower_number),
    'true': Rule(Java.lower_constant),
    'false': Rule(Java.lower_constant),
    'null_literal': Rule(Java.lower_constant),
    'field_access': Rule(Java.lower_member, ('object', 'field')),
    'array_access': Rule(Java.lower_index, ('array', 'index')),
    'method_invocation': Rule(Java.lower_invocation),
    'method_reference': Rule(
        lambda self, node: self.make(
            ast.Attribute(
                self.lower_expression(node.named_children[0]),
                self.read_name(node.named_children[-1]) or '_',
            ),
            node,
        )
    ),
    'object_creation_expression': Rule(Java.lower_creation),
    'assignment_expression': Rule(Java.lower_assigned),
    'binary_expression': Rule(Java.lower_binary, ('left', 'right')),
    'ternary_expression': Rule(Java.lower_choice, ('consequence', 'alternative')),
    'cast_expression': Rule(Java.lower_field, ('value',)),
    'instanceof_expression': Rule(Java.lower_field, ('left',)),
    'parenthesized_expression': Rule(Java.lower_any),
    'array_initializer': Rule(Java.lower_list),
    'unary_expression': Rule(Java.lower_any),
}
Java.statements = {
    'package_declaration': Rule(Java.lower_nothing),
    'import_declaration': Rule(Java.lower_import),
    'class_declaration': Rule(Java.lower_class),
    'record_declaration': Rule(Java.lower_class),
    'enum_declaration': Rule(Java.lower_class),
    'interface_declaration': Rule(Java.lower_nothing),
    'annotation_type_declaration': Rule(Java.lower_nothing),
    'modifiers': Rule(Java.lower_nothing),
    'method_declaration': Rule(Java.lower_method),
    'constructor_declaration': Rule(Java.lower_method),
    'compact_constructor_declaration': Rule(Java.lower_method),
    'explicit_constructor_invocation': Rule(Java.lower_base_call),
    'field_declaration': Rule(Java.lower_variables),
    'local_variable_declaration': Rule(Java.lower_variables),
    'resource': Rule(Java.lower_resource),
    'assignment_expression': Rule(Java.lower_assignment, ('left', 'right')),
    'if_statement': Rule(Java.lower_if, ('condition', 'consequence', 'alternative')),
    'enhanced_for_statement': Rule(Java.lower_loop_over, ('name', 'value', 'body')),
    'for_statement': Rule(Java.lower_branch),
    'while_statement': Rule(Java.lower_branch),
    'do_statement': Rule(Java.lower_branch),
    'catch_clause': Rule(Java.lower_branch),
    'switch_expression': Rule(Java.lower_branch),
    'switch_block_statement_group': Rule(Java.lower_branch),
    'switch_rule': Rule(Java.lower_branch),
    'return_statement': Rule(Java.lower_return),
}
