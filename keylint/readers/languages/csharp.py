"""Lower C#, where the attributes of a class are used without naming the object."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from keylint.readers.languages.csharp_objects import ObjectLowering
from keylint.readers.languages.nodes import LoweringRule as Rule
from keylint.readers.languages.nodes import Parameter

if TYPE_CHECKING:
    from tree_sitter import Node


class CSharp(ObjectLowering):
    """Lowers one file of C#."""

    functions = ('lambda_expression', 'anonymous_method_expression')
    texts = ('string_literal_content', 'string_content', 'escape_sequence', 'raw_string_content')
    comments = ('comment', 'interpolation_start', 'interpolation_brace', 'interpolation_quote')

    def __init__(self, stem: str) -> None:
        super().__init__(stem)
        self.held: list[ast.expr] = []

    def lower_using(self, node: Node) -> list[ast.stmt]:
        """Lower `using Namespace;`: all its names are known."""
        children = self.list_children(node)
        alias = node.child_by_field_name('name')
        module = self.text_of(children[-1]) if children else ''
        if not module or any(child.type == 'variable_declaration' for child in children):
            return [one for child in children for one in self.lower_statement(child)]
        if alias is not None and len(children) > 1:
            made: ast.stmt = ast.Import([ast.alias(module, self.text_of(alias))])
        else:
            made = ast.ImportFrom(module, [ast.alias('*', None)], 0)
        found = [self.make_statement(made, node)]
        if alias is None and module.split('.')[0].islower():
            # Some code uses the full name of a namespace's member too: `new ccxt.binance()`.
            found.append(self.make_statement(ast.Import([ast.alias(module)]), node))
        return found

    # Classes

    def list_fields(self, node: Node) -> set[str]:
        """List the fields and properties of a class."""
        body = node.child_by_field_name('body')
        found: set[str] = set()
        for member in self.list_children(body):
            if member.type == 'property_declaration':
                found.add(self.text_of(member.child_by_field_name('name')))
            if member.type != 'field_declaration':
                continue
            for part in self.list_children(member):
                found |= {
                    self.text_of(one.child_by_field_name('name'))
                    for one in self.list_children(part)
                    if one.type == 'variable_declarator'
                }
        return found | {one.name for one in self.list_primary(node)}

    def list_primary(self, node: Node) -> list[Parameter]:
        """List the parameters of a class: `class Bot(Client client)`."""
        given = next((one for one in node.named_children if one.type == 'parameter_list'), None)
        if given is None:
            return []
        return [one for child in self.list_children(given) for one in self.read_parameter(child)]

    def lower_members(self, node: Node | None) -> list[ast.stmt]:
        """Lower the members of a class, and bind the parameters of its primary constructor."""
        given = self.list_primary(node.parent) if node is not None and node.parent else []
        found: list[ast.stmt] = []
        if given and node is not None:
            body = [self.assign_field(one, node) for one in given]
            found.append(self.make_function('__init__', given, body, node, True, []))
        return [*found, *self.lower_block(node)]

    def list_bases(self, node: Node) -> list[ast.expr]:
        """List the base classes of a class."""
        bases = next((one for one in node.named_children if one.type == 'base_list'), None)
        return [self.lower_expression(one) for one in self.list_children(bases)] if bases else []

    def lower_method(self, node: Node) -> list[ast.stmt]:
        """Lower a method or a constructor."""
        name = self.read_name(node.child_by_field_name('name'))
        is_constructor = node.type == 'constructor_declaration'
        return [self.lower_function_as('__init__' if is_constructor else name, node, True)]

    def list_decorators(self, node: Node) -> list[ast.expr]:
        """List the attributes of a method; an overriding method is called by its base."""
        found = [one for one in node.named_children if one.type == 'attribute_list']
        marks = [
            one
            for one in node.named_children
            if one.type == 'modifier' and self.text_of(one) == 'override'
        ]
        return [self.make_name('attribute', one) for one in (*found, *marks)]

    def lower_body(self, node: Node) -> list[ast.stmt]:
        """Return the body of a function, `=> value` as what it returns."""
        body = node.child_by_field_name('body')
        if body is None or body.type != 'arrow_expression_clause':
            return super().lower_body(node)
        before, self.pending = self.pending, []
        made = self.make_statement(ast.Return(self.lower_any(body)), body)
        found = [*self.pending, made]
        self.pending = before
        return found

    def lower_property(self, node: Node) -> list[ast.stmt]:
        """Lower a property: its type, its value, and the bodies of its accessors."""
        name = self.text_of(node.child_by_field_name('name'))
        kind = self.lower_field(node, 'type')
        made: list[ast.stmt] = [
            self.make_statement(ast.AnnAssign(ast.Name(name), kind, simple=1), node)
        ]
        value = node.child_by_field_name('value')
        if value is not None:
            self.implied = kind
            given = self.lower_expression(value)
            made += self.assign(self.make_name(name, node), given, node)
        accessors = node.child_by_field_name('accessors')
        for one in self.list_children(accessors):
            body = self.lower_body(one)
            if body:
                made.append(self.make_function(name, [], body, one, True, []))
        return made

    def list_parameters(self, node: Node) -> list[Parameter]:
        """List the parameters of a function; a lambda may have one without parentheses."""
        given = node.child_by_field_name('parameters')
        if given is not None and given.type == 'implicit_parameter':
            return [Parameter(self.text_of(given))]
        return super().list_parameters(node)

    def read_parameter(self, node: Node) -> Iterable[Parameter]:
        """Yield the name that a parameter declares."""
        if node.child_by_field_name('name') is None and node.type != 'implicit_parameter':
            return []
        return super().read_parameter(node)

    # Statements

    def lower_variables(self, node: Node) -> list[ast.stmt]:
        """Lower declared variables with their type."""
        kind = node.child_by_field_name('type')
        is_typed = kind is not None and kind.type != 'implicit_type'
        annotation = self.lower_expression(kind) if is_typed else None
        found: list[ast.stmt] = []
        for one in self.list_children(node):
            if one.type != 'variable_declarator':
                continue
            name = self.text_of(one.child_by_field_name('name'))
            if annotation is not None:
                made = ast.AnnAssign(ast.Name(name), annotation, simple=1)
                found.append(self.make_statement(made, one))
            value = self.list_children(one)[1:]
            if value:
                self.implied = annotation
                given = self.lower_expression(value[-1])
                found += self.assign(self.make_name(name, one), given, one)
            if self.locals:
                self.locals[-1].add(name)
        return found

    # Expressions

    def lower_access(self, node: Node) -> ast.expr:
        """Return a member; without an object it is a member of `this`."""
        base = node.child_by_field_name('expression')
        name = node.child_by_field_name('name')
        held = self.lower_expression(base) if base is not None else self.make_name('self', node)
        return self.make(ast.Attribute(held, self.read_member(name) or '_'), node)

    def read_member(self, node: Node | None) -> str:
        """Return a name without its types."""
        if node is not None and node.type == 'generic_name':
            node = node.named_children[0]
        return self.text_of(node).lstrip('@')

    def lower_conditional(self, node: Node) -> ast.expr:
        """Return `value?.Member`."""
        children = self.list_children(node)
        self.held.append(self.lower_expression(children[0]))
        found = self.lower_expression(children[-1])
        self.held.pop()
        return found

    def lower_bound(self, node: Node) -> ast.expr:
        """Return the member after a `?`."""
        held = self.held[-1] if self.held else self.make_name('_', node)
        name = self.read_member(node.child_by_field_name('name'))
        return self.make(ast.Attribute(held, name or '_'), node)

    def lower_invocation(self, node: Node) -> ast.expr:
        """Return a call; its type arguments precede its arguments."""
        func = node.child_by_field_name('function')
        called = self.lower_expression(func)
        made = self.make_call(called, self.list_arguments(node, 'arguments'), node)
        name = func.child_by_field_name('name') if func is not None else None
        name = name if name is not None else func
        if isinstance(made, ast.Call) and name is not None and name.type == 'generic_name':
            kinds = self.list_children(name.named_children[-1])
            made.args = [*(self.lower_expression(kind) for kind in kinds), *made.args]
        return made

    def list_arguments(self, node: Node, field: str) -> list[Node]:
        """List the arguments of a call; an unnamed wrapper stands for its content."""
        found = []
        for one in super().list_arguments(node, field):
            inner = self.list_children(one)
            is_plain = one.type == 'argument' and one.child_by_field_name('name') is None
            found.append(inner[-1] if is_plain and inner else one)
        return found

    def add_argument(self, node: Node, args: list[ast.expr], keywords: list[ast.keyword]) -> None:
        """Add one argument of a call, `name: value` by its name."""
        name = node.child_by_field_name('name') if node.type == 'argument' else None
        if name is None:
            super().add_argument(node, args, keywords)
        else:
            value = self.lower_expression(self.list_children(node)[-1])
            keywords.append(ast.keyword(self.text_of(name), value))

    def lower_assigned(self, node: Node) -> ast.expr:
        """Return the value that is assigned within an expression."""
        self.pending += self.lower_assignment(node, 'left', 'right')
        return self.lower_field(node, 'left')


CSharp.expressions = {
    'identifier': Rule(CSharp.lower_name),
    'qualified_name': Rule(CSharp.lower_member, ('qualifier', 'name')),
    'alias_qualified_name': Rule(CSharp.lower_field, ('name',)),
    'this': Rule(CSharp.lower_self),
    'this_expression': Rule(CSharp.lower_self),
    'base': Rule(CSharp.lower_super),
    'base_expression': Rule(CSharp.lower_super),
    'string_literal': Rule(CSharp.lower_text),
    'verbatim_string_literal': Rule(
        lambda self, node: self.make_text(self.text_of(node)[2:-1], node)
    ),
    'raw_string_literal': Rule(CSharp.lower_text),
    'interpolated_string_expression': Rule(CSharp.lower_template),
    'integer_literal': Rule(CSharp.lower_number),
    'real_literal': Rule(CSharp.lower_number),
    'anonymous_object_creation_expression': Rule(CSharp.lower_anonymous),
    'boolean_literal': Rule(CSharp.lower_constant),
    'null_literal': Rule(CSharp.lower_constant),
    'predefined_type': Rule(CSharp.lower_constant),
    'implicit_type': Rule(CSharp.lower_constant),
    'member_access_expression': Rule(CSharp.lower_access),
    'conditional_access_expression': Rule(CSharp.lower_conditional),
    'member_binding_expression': Rule(CSharp.lower_bound),
    'element_access_expression': Rule(CSharp.lower_index, ('expression', 'subscript')),
    'invocation_expression': Rule(CSharp.lower_invocation),
    'object_creation_expression': Rule(CSharp.lower_creation),
    'implicit_object_creation_expression': Rule(CSharp.lower_creation),
    'assignment_expression': Rule(CSharp.lower_assigned),
    'binary_expression': Rule(CSharp.lower_binary, ('left', 'right')),
    'conditional_expression': Rule(CSharp.lower_choice, ('consequence', 'alternative')),
    'cast_expression': Rule(CSharp.lower_field, ('value',)),
    'as_expression': Rule(CSharp.lower_field, ('left',)),
    'await_expression': Rule(CSharp.lower_any),
    'postfix_unary_expression': Rule(CSharp.lower_any),
    'prefix_unary_expression': Rule(CSharp.lower_any),
    'parenthesized_expression': Rule(CSharp.lower_any),
    'switch_expression': Rule(CSharp.lower_any),
    'array_creation_expression': Rule(CSharp.lower_any),
    'implicit_array_creation_expression': Rule(CSharp.lower_any),
    'collection_expression': Rule(CSharp.lower_list),
    'initializer_expression': Rule(CSharp.lower_list),
    'is_pattern_expression': Rule(CSharp.lower_field, ('expression',)),
}
CSharp.statements = {
    'using_directive': Rule(CSharp.lower_using),
    'class_declaration': Rule(CSharp.lower_class),
    'record_declaration': Rule(CSharp.lower_class),
    'struct_declaration': Rule(CSharp.lower_class),
    'interface_declaration': Rule(CSharp.lower_nothing),
    'enum_declaration': Rule(CSharp.lower_nothing),
    'attribute_list': Rule(CSharp.lower_nothing),
    'method_declaration': Rule(CSharp.lower_method),
    'constructor_declaration': Rule(CSharp.lower_method),
    'local_function_statement': Rule(CSharp.lower_function),
    'property_declaration': Rule(CSharp.lower_property),
    'variable_declaration': Rule(CSharp.lower_variables),
    'assignment_expression': Rule(CSharp.lower_assignment, ('left', 'right')),
    'if_statement': Rule(CSharp.lower_if, ('condition', 'consequence', 'alternative')),
    'foreach_statement': Rule(CSharp.lower_loop_over, ('left', 'right', 'body')),
    'for_statement': Rule(CSharp.lower_branch),
    'while_statement': Rule(CSharp.lower_branch),
    'do_statement': Rule(CSharp.lower_branch),
    'catch_clause': Rule(CSharp.lower_branch),
    'switch_section': Rule(CSharp.lower_branch),
    'return_statement': Rule(CSharp.lower_return),
}
