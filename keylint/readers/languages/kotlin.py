"""Lower Kotlin: its grammar names few parts, so most are identified by position."""

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

_DOLLAR_NAME = re.compile(r'\$([A-Za-z_]\w*)')


class Kotlin(Lowering):
    """Lowers one file of Kotlin."""

    functions = ('lambda_literal', 'anonymous_function')
    texts = ('string_content', 'escape_sequence')

    def find_child(self, node: Node, *kinds: str) -> Node | None:
        """Return the first part of a kind."""
        return next((one for one in node.named_children if one.type in kinds), None)

    def lower_import(self, node: Node) -> list[ast.stmt]:
        """Lower an import of a name, possibly under an alias, or of everything in a package."""
        children = self.list_children(node)
        full = self.text_of(children[0])
        module, _, last = full.rpartition('.')
        alias = self.text_of(children[1]) if len(children) > 1 else None
        if self.text_of(node).rstrip().endswith('*'):
            module, last, alias = full, '*', None
        return [self.make_statement(ast.ImportFrom(module, [ast.alias(last, alias)], 0), node)]

    # Classes and functions

    def lower_type(self, node: Node) -> list[ast.stmt]:
        """Lower a class or an object."""
        name = self.text_of(node.child_by_field_name('name') or self.find_child(node, 'identifier'))
        body = self.find_child(node, 'class_body', 'enum_class_body')
        given = self.list_primary(node)
        bases = self.find_child(node, 'delegation_specifiers')
        held = [one for one in given if one.is_field]
        self.fields.append(self.list_fields(body) | {one.name for one in held})
        members = self.lower_block(body) if body is not None else []
        if given:
            fields = [self.assign_field(one, node) for one in held]
            members.insert(0, self.make_function('__init__', given, fields, node, True, []))
        self.fields.pop()
        lowered = [self.lower_base(one) for one in self.list_children(bases)]
        made = ast.ClassDef(name or '_', lowered, [], self.or_pass(members), [])
        return [self.make_statement(made, node)]

    def lower_base(self, node: Node) -> ast.expr:
        """Return the base of a class."""
        while node.type in ('delegation_specifier', 'constructor_invocation', 'user_type'):
            node = node.named_children[0]
        return self.lower_expression(node)

    def list_primary(self, node: Node) -> list[Parameter]:
        """List the parameters of a class: with `val` or `var` they are attributes as well."""
        constructor = self.find_child(node, 'primary_constructor')
        given = (
            self.find_child(constructor, 'class_parameters') if constructor is not None else None
        )
        found = []
        for one in self.list_children(given):
            words = {child.type for child in one.children}
            kind = self.find_child(one, 'user_type', 'nullable_type')
            annotation = self.lower_expression(kind) if kind is not None else None
            name = self.text_of(self.find_child(one, 'identifier'))
            found.append(Parameter(name or '_', annotation, None, bool(words & {'val', 'var'})))
        return found

    def list_fields(self, body: Node | None) -> set[str]:
        """List the properties of a class."""
        found = set()
        for member in self.list_children(body):
            variable = self.find_child(member, 'variable_declaration')
            if member.type == 'property_declaration' and variable is not None:
                found.add(self.text_of(self.find_child(variable, 'identifier')))
        return found

    def lower_fun(self, node: Node) -> list[ast.stmt]:
        """Lower a function."""
        name = self.text_of(node.child_by_field_name('name') or self.find_child(node, 'identifier'))
        return [self.lower_function_as(name, node, bool(self.fields))]

    def list_parameters(self, node: Node) -> list[Parameter]:
        """List the parameters of a function or a lambda, `it` for a lambda without any."""
        given = self.find_child(node, 'function_value_parameters', 'lambda_parameters')
        if given is None:
            return [Parameter('it')] if node.type == 'lambda_literal' else []
        return [one for child in self.list_children(given) for one in self.read_parameter(child)]

    def read_parameter(self, node: Node) -> Iterable[Parameter]:
        """Yield the name that a parameter declares."""
        name = node if node.type == 'identifier' else self.find_child(node, 'identifier')
        kind = self.find_child(node, 'user_type', 'nullable_type')
        annotation = self.lower_expression(kind) if kind is not None else None
        return [Parameter(self.text_of(name), annotation)] if name is not None else []

    def list_decorators(self, node: Node) -> list[ast.expr]:
        """List the annotations of a function, and `override`."""
        marks = self.find_child(node, 'modifiers')
        text = self.text_of(marks)
        return [self.make_name('annotation', node)] if '@' in text or 'override' in text else []

    def lower_body(self, node: Node) -> list[ast.stmt]:
        """Return the body of a function; `= value` becomes its return value."""
        if node.type == 'lambda_literal':
            parts = [one for one in self.list_children(node) if one.type != 'lambda_parameters']
            return [one for part in parts for one in self.lower_statement(part)]
        body = self.find_child(node, 'function_body', 'block')
        inner = self.list_children(body)[0] if body is not None and body.named_children else None
        if inner is None or body is None:
            return []
        if inner.type == 'block' or body.type == 'block':
            return self.lower_block(inner if inner.type == 'block' else body)
        before, self.pending = self.pending, []
        made = self.make_statement(ast.Return(self.lower_expression(inner)), inner)
        found = [*self.pending, made]
        self.pending = before
        return found

    # Statements

    def lower_variable(self, node: Node) -> list[ast.stmt]:
        """Lower a declared value with its type."""
        variables = [
            one
            for part in node.named_children
            if part.type in ('variable_declaration', 'multi_variable_declaration')
            for one in ([part] if part.type == 'variable_declaration' else part.named_children)
        ]
        skipped = ('modifiers', 'variable_declaration', 'multi_variable_declaration')
        values = [
            one
            for one in self.list_children(node)
            if one.type not in (*skipped, 'getter', 'setter', 'user_type', 'type_parameters')
        ]
        found: list[ast.stmt] = []
        for one in variables:
            name = self.text_of(self.find_child(one, 'identifier'))
            kind = self.find_child(one, 'user_type', 'nullable_type')
            if kind is not None:
                made = ast.AnnAssign(ast.Name(name), self.lower_expression(kind), simple=1)
                found.append(self.make_statement(made, one))
            if values:
                given = self.lower_expression(values[-1])
                found += self.assign(self.make_name(name or '_', one), given, node)
            if self.locals:
                self.locals[-1].add(name)
        return found

    def lower_for(self, node: Node) -> list[ast.stmt]:
        """Lower a loop over the items of a value."""
        children = self.list_children(node)
        inner = self.lower_block(children[-1])
        name = self.text_of(self.find_child(children[0], 'identifier')) or '_'
        source = self.lower_expression(children[1])
        made = ast.For(self.make_name(name, node), source, self.or_pass(inner), [])
        return [self.make_statement(made, node)]

    # Expressions

    def lower_navigation(self, node: Node) -> ast.expr:
        """Return a member; `Name::class.java` stands for the class."""
        children = self.list_children(node)
        name = self.text_of(children[-1])
        held = self.lower_expression(children[0])
        if name in ('class', 'java') or len(children) < 2:
            return held
        return self.make(ast.Attribute(held, name), node)

    def lower_called(self, node: Node) -> ast.expr:
        """Return a call; `value.apply { … }` is the value."""
        children = self.list_children(node)
        func = children[0]
        given = [
            one
            for part in children[1:]
            for one in (self.list_children(part) if part.type == 'value_arguments' else [part])
        ]
        called = self.lower_expression(func)
        lambdas = [one for one in given if one.type == 'annotated_lambda']
        given = [one.named_children[-1] if one in lambdas else one for one in given]
        if isinstance(called, ast.Attribute) and called.attr in ('apply', 'also') and lambdas:
            self.hoist_function(given[-1], called.value)
            return called.value
        made = self.make_call(called, given, node)
        return self.make_mapping(made, node) if isinstance(made, ast.Call) else made

    def make_mapping(self, made: ast.Call, node: Node) -> ast.expr:
        """Return a mapping if a call makes one from pairs: `mapOf("a" to b)`."""
        pairs = [one for one in made.args if isinstance(one, ast.Tuple)]
        if not pairs or len(pairs) != len(made.args) or made.keywords:
            return made
        keys: list[ast.expr | None] = [one.elts[0] for one in pairs]
        return self.make(ast.Dict(keys, [one.elts[1] for one in pairs]), node)

    def add_argument(self, node: Node, args: list[ast.expr], keywords: list[ast.keyword]) -> None:
        """Add one argument of a call, `name = value` by its name."""
        children = self.list_children(node)
        is_named = node.type == 'value_argument' and len(children) > 1
        value = children[-1] if node.type == 'value_argument' and children else node
        if is_named:
            lowered = self.lower_expression(value)
            keywords.append(ast.keyword(self.text_of(children[0]), lowered))
        elif value.type in self.functions:
            args.append(self.hoist_function(value, None))
        else:
            args.append(self.lower_expression(value))

    def lower_string(self, node: Node) -> ast.expr:
        """Return a text; the grammar does not parse a plain name after `$` in it."""
        parts: list[ast.expr] = []
        text = ''
        for child in self.list_children(node):
            if child.type in self.texts:
                text += self.text_of(child)
                continue
            value = self.make(ast.FormattedValue(self.lower_any(child), -1), child)
            parts += [*self.split_text(text, node), value]
            text = ''
        parts += self.split_text(text, node)
        if all(isinstance(part, ast.Constant) for part in parts):
            return self.lower_text(node)
        return self.make(ast.JoinedStr(parts), node)

    def split_text(self, text: str, node: Node) -> list[ast.expr]:
        """Split a text into its literal parts and the names after `$`."""
        found: list[ast.expr] = []
        for place, part in enumerate(_DOLLAR_NAME.split(text)):
            if place % 2:
                found.append(self.make(ast.FormattedValue(self.lower_known(part, node), -1), node))
            elif part:
                found.append(self.make_text(part, node))
        return found

    def lower_infix(self, node: Node) -> ast.expr:
        """Return the two values of `a to b`."""
        children = self.list_children(node)
        parts = [self.lower_expression(children[0]), self.lower_expression(children[-1])]
        return self.make(ast.Tuple(parts, ast.Load()), node)

    def lower_entry(self, node: Node) -> ast.expr:
        """Return an entry of a container."""
        children = self.list_children(node)
        if len(children) < 2:
            return self.lower_any(node)
        held, index = self.lower_expression(children[0]), self.lower_expression(children[1])
        return self.make(ast.Subscript(held, index), node)


Kotlin.expressions = {
    'identifier': Rule(Kotlin.lower_name),
    'this_expression': Rule(Kotlin.lower_self),
    'super_expression': Rule(Kotlin.lower_super),
    'user_type': Rule(Kotlin.lower_any),
    'string_literal': Rule(Kotlin.lower_string),
    'multiline_string_literal': Rule(Kotlin.lower_string),
    'number_literal': Rule(Kotlin.lower_number),
    'boolean_literal': Rule(Kotlin.lower_constant),
    'null_literal': Rule(Kotlin.lower_constant),
    'navigation_expression': Rule(Kotlin.lower_navigation),
    'call_expression': Rule(Kotlin.lower_called),
    'index_expression': Rule(Kotlin.lower_entry),
    'binary_expression': Rule(Kotlin.lower_binary, ('left', 'right')),
    'as_expression': Rule(Kotlin.lower_field, ('left',)),
    'unary_expression': Rule(Kotlin.lower_any),
    'parenthesized_expression': Rule(Kotlin.lower_any),
    'infix_expression': Rule(Kotlin.lower_infix),
    'elvis_expression': Rule(Kotlin.lower_any),
}
Kotlin.statements = {
    'package_header': Rule(Kotlin.lower_nothing),
    'import': Rule(Kotlin.lower_import),
    'class_declaration': Rule(Kotlin.lower_type),
    'object_declaration': Rule(Kotlin.lower_type),
    'modifiers': Rule(Kotlin.lower_nothing),
    'function_declaration': Rule(Kotlin.lower_fun),
    'secondary_constructor': Rule(
        lambda self, node: [self.lower_function_as('__init__', node, True)]
    ),
    'property_declaration': Rule(Kotlin.lower_variable),
    'assignment': Rule(Kotlin.lower_assignment, ('left', 'right')),
    'for_statement': Rule(Kotlin.lower_for),
    'when_entry': Rule(Kotlin.lower_branch),
    'while_statement': Rule(Kotlin.lower_branch),
    'do_while_statement': Rule(Kotlin.lower_branch),
    'catch_block': Rule(Kotlin.lower_branch),
    'control_structure_body': Rule(Kotlin.lower_branch),
    'return_expression': Rule(Kotlin.lower_return),
}
