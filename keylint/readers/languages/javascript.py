"""Lower JavaScript and TypeScript: the grammar of TSX reads both."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from keylint.readers.languages.javascript_modules import ModuleLowering
from keylint.readers.languages.lowering import Lowering
from keylint.readers.languages.nodes import LoweringRule as Rule
from keylint.readers.languages.nodes import Parameter

if TYPE_CHECKING:
    from tree_sitter import Node

_ENVIRONMENTS = ('process.env', 'import.meta.env', 'Bun.env', 'env')


class JavaScript(ModuleLowering):
    """Lowers one file of JavaScript or TypeScript."""

    functions = ('arrow_function', 'function_expression', 'generator_function')
    texts = ('string_fragment', 'escape_sequence')
    requires = 0

    # Declarations

    def lower_variable(self, node: Node, name: str, value: str) -> list[ast.stmt]:
        """Lower one declared variable."""
        target, given = node.child_by_field_name(name), node.child_by_field_name(value)
        if target is None:
            return []
        if given is None:
            return self.annotate(target, node)
        module = self.read_required(given)
        if module and target.type == 'identifier':
            return [self.import_module(module, self.text_of(target), node)]
        if module and target.type == 'object_pattern':
            return [
                self.import_member(module, member, alias, node)
                for member, alias in self.list_pattern(target)
            ]
        if target.type == 'object_pattern':
            return self.unpack(target, self.lower_expression(given), node)
        return [*self.annotate(target, node), *self.bind(target, given, node)]

    def annotate(self, target: Node, node: Node) -> list[ast.stmt]:
        """Return the type that a variable is declared with."""
        kind = node.child_by_field_name('type')
        if kind is None or target.type not in ('identifier', 'property_identifier'):
            return []
        named = ast.Name(self.read_name(target))
        made = ast.AnnAssign(named, self.lower_expression(kind), simple=1)
        return [self.make_statement(made, node)]

    def list_pattern(self, node: Node) -> list[tuple[str, str]]:
        """List the names of `{ a, b: c, d = 1 }`, each with that of the variable."""
        found: list[tuple[str, str]] = []
        for child in self.list_children(node):
            if child.type == 'pair_pattern':
                member = self.read_name(child.child_by_field_name('key'))
                found.append((member, self.read_name(child.child_by_field_name('value'))))
            elif child.type == 'object_assignment_pattern':
                name = self.read_name(child.child_by_field_name('left'))
                found.append((name, name))
            else:
                name = self.read_name(child)
                found.append((name, name))
        return [(member, alias or member) for member, alias in found if member]

    def unpack(self, target: Node, value: ast.expr, node: Node) -> list[ast.stmt]:
        """Bind the names of a pattern to the parts of a value."""
        return [
            one
            for member, alias in self.list_pattern(target)
            for one in self.assign(
                self.make_name(alias, node), self.make_part(value, member, node), node
            )
        ]

    def make_part(self, value: ast.expr, name: str, node: Node) -> ast.expr:
        """Return a member; a member of the environment is an entry of it."""
        if isinstance(value, ast.Attribute) and ast.unparse(value) in _ENVIRONMENTS:
            return self.make(ast.Subscript(value, self.make_text(name, node)), node)
        return self.make(ast.Attribute(value, name), node)

    def lower_assigned(self, node: Node, left: str, right: str) -> list[ast.stmt]:
        """Lower an assignment that is a statement."""
        target, value = node.child_by_field_name(left), node.child_by_field_name(right)
        if target is None or value is None:
            return []
        text = self.text_of(target)
        if text in ('module.exports', 'exports.default', 'exports'):
            return self.export(value, node)
        if target.type == 'object_pattern':
            return self.unpack(target, self.lower_expression(value), node)
        return self.bind(target, value, node)

    def define_bound_function(self, target: Node, name: str, value: Node) -> list[ast.stmt]:
        """Return the function; one that is assigned to a prototype is a method."""
        head, _, rest = self.text_of(target).partition('.prototype.')
        made = self.lower_function_as(name, value, owner=bool(rest))
        if not rest or not head.isidentifier():
            return [made]
        return [self.make_statement(ast.ClassDef(head, [], [], [made], []), target)]

    def lower_assigned_value(self, node: Node, left: str, right: str) -> ast.expr:
        """Return the value that is assigned within an expression."""
        self.pending += self.lower_assigned(node, left, right)
        return self.lower_expression(node.child_by_field_name(left))

    # Functions and classes

    def read_parameter(self, node: Node) -> list[Parameter]:
        """Return the names that a parameter declares."""
        pattern = node.child_by_field_name('pattern') or node
        found = list(super().read_parameter(node))
        if pattern.type == 'assignment_pattern':
            default = self.lower_expression(pattern.child_by_field_name('right'))
            return [
                Parameter(self.read_name(pattern.child_by_field_name('left')) or '_', None, default)
            ]
        if pattern.type == 'object_pattern':
            return [found[0]._replace(name='_'), *()]
        modifiers = ('accessibility_modifier', 'override_modifier', 'readonly')
        is_field = any(child.type in modifiers for child in node.children)
        return [one._replace(is_field=is_field) for one in found]

    def list_parameters(self, node: Node) -> list[Parameter]:
        """List the parameters of a function."""
        single = node.child_by_field_name('parameter')
        if single is not None:
            return [Parameter(self.text_of(single))]
        return super().list_parameters(node)

    def lower_method(self, node: Node, name: str) -> list[ast.stmt]:
        """Lower a method of a class."""
        known = self.read_name(node.child_by_field_name(name))
        known = '__init__' if known == 'constructor' else known
        return [self.lower_function_as(known, node, owner=True)]

    def lower_attribute(self, node: Node, name: str, value: str) -> list[ast.stmt]:
        """Lower an attribute of a class."""
        target, given = node.child_by_field_name(name), node.child_by_field_name(value)
        if target is None or given is None:
            return self.annotate(target, node) if target is not None else []
        if given.type in self.functions:
            return [self.lower_function_as(self.read_name(target), given, owner=True)]
        named = self.make_name(self.read_name(target) or '_', target)
        return [
            *self.annotate(target, node),
            *self.assign(named, self.lower_expression(given), node),
        ]

    def lower_members(self, node: Node | None) -> list[ast.stmt]:
        """Lower the members of a class; a decorator belongs to the method after it."""
        found: list[ast.stmt] = []
        marks: list[ast.expr] = []
        for child in self.list_children(node):
            if child.type == 'decorator':
                marks.append(self.lower_any(child))
                continue
            made = self.lower_statement(child)
            for one in made:
                if isinstance(one, ast.FunctionDef):
                    one.decorator_list += marks
            marks = []
            found += made
        return found

    def list_bases(self, node: Node) -> list[ast.expr]:
        """List the classes and interfaces that a class extends and implements."""
        heritage = [one for one in self.list_children(node) if one.type == 'class_heritage']
        found = []
        for part in (part for one in heritage for part in self.list_children(one)):
            if part.type == 'extends_clause':
                found += [
                    self.lower_expression(one) for one in part.children_by_field_name('value')
                ]
            elif part.type == 'implements_clause':
                continue
            else:
                found.append(self.lower_expression(part))
        return found

    # Expressions

    def lower_property(self, node: Node, base: str, name: str) -> ast.expr:
        """Return a member; `process.env.X` is an entry of the environment."""
        last = self.read_name(node.child_by_field_name(name)) or '_'
        inner = node.child_by_field_name(base)
        return self.make_part(self.lower_expression(inner), last, node)

    def lower_required(self, node: Node, func: str, arguments: str) -> ast.expr:
        """Return a call; `require` stands for the module."""
        module = self.read_required(node)
        if not module:
            return self.lower_super_call(super().lower_call(node, func, arguments), node)
        self.requires += 1
        alias = f'required_{self.requires}'
        self.pending.append(self.import_module(module, alias, node))
        return self.make_name(alias, node)

    def lower_super_call(self, called: ast.expr, node: Node) -> ast.expr:
        """Return a call; `super(…)` calls the base's constructor."""
        func = called.func if isinstance(called, ast.Call) else None
        if isinstance(called, ast.Call) and isinstance(func, ast.Call):
            name = func.func
            if isinstance(name, ast.Name) and name.id == 'super' and not func.args:
                called.func = self.make(ast.Attribute(func, '__init__'), node)
        return called

    def lower_new(self, node: Node, made: str, arguments: str) -> ast.expr:
        """Return the creation of an object."""
        constructor = self.lower_expression(node.child_by_field_name(made))
        args = [self.lower_expression(child) for child in self.list_arguments(node, arguments)]
        return self.make(ast.Call(constructor, args, []), node)

    def lower_object(self, node: Node) -> ast.expr:
        """Return a literal object."""
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        for child in self.list_children(node):
            key, value = self.lower_pair(child)
            keys.append(key)
            values.append(value)
        return self.make(ast.Dict(keys, values), node)

    def lower_pair(self, node: Node) -> tuple[ast.expr | None, ast.expr]:
        """Return one entry of a literal object; its functions get their keys' names."""
        if node.type == 'spread_element':
            return None, self.lower_any(node)
        if node.type == 'shorthand_property_identifier':
            return self.make_text(self.text_of(node), node), self.lower_name(node)
        key = node.child_by_field_name('key') or node.child_by_field_name('name')
        if key is None:
            return None, self.lower_any(node)
        is_text = key.type in ('string', 'computed_property_name')
        name = self.read_text(key) if is_text else self.text_of(key)
        value = node.child_by_field_name('value')
        function = node if node.type == 'method_definition' else value
        if (
            function is not None
            and name.isidentifier()
            and (function is node or function.type in self.functions)
        ):
            self.pending.append(self.lower_function_as(name, function))
            return self.make_text(name, key), self.make_name(name, node)
        lowered = self.lower_expression(value)
        return self.make_text(name, key) if name else self.lower_expression(key), lowered


_E, _S = Lowering, JavaScript
JavaScript.expressions = {
    'identifier': Rule(_E.lower_name),
    'property_identifier': Rule(_E.lower_name),
    'private_property_identifier': Rule(_E.lower_name),
    'shorthand_property_identifier_pattern': Rule(_E.lower_name),
    'type_identifier': Rule(_E.lower_name),
    'nested_type_identifier': Rule(_E.lower_member, ('module', 'name')),
    'nested_identifier': Rule(_E.lower_member, ('object', 'property')),
    'this': Rule(_E.lower_self),
    'super': Rule(_E.lower_super),
    'string': Rule(_E.lower_text),
    'template_string': Rule(_E.lower_template),
    'number': Rule(_E.lower_number),
    'true': Rule(_E.lower_constant),
    'false': Rule(_E.lower_constant),
    'null': Rule(_E.lower_constant),
    'undefined': Rule(_E.lower_constant),
    'regex': Rule(_E.lower_constant),
    'predefined_type': Rule(_E.lower_constant),
    'member_expression': Rule(_S.lower_property, ('object', 'property')),
    'subscript_expression': Rule(_E.lower_index, ('object', 'index')),
    'call_expression': Rule(_S.lower_required, ('function', 'arguments')),
    'new_expression': Rule(_S.lower_new, ('constructor', 'arguments')),
    'object': Rule(_S.lower_object),
    'array': Rule(_E.lower_list),
    'binary_expression': Rule(_E.lower_binary, ('left', 'right')),
    'ternary_expression': Rule(_E.lower_choice, ('consequence', 'alternative')),
    'assignment_expression': Rule(_S.lower_assigned_value, ('left', 'right')),
    'augmented_assignment_expression': Rule(_E.lower_any),
    'type_assertion': Rule(_E.lower_any),
    'as_expression': Rule(lambda self, node: self.lower_expression(node.named_children[0])),
    'satisfies_expression': Rule(lambda self, node: self.lower_expression(node.named_children[0])),
    'parenthesized_expression': Rule(_E.lower_any),
    'await_expression': Rule(_E.lower_any),
    'non_null_expression': Rule(_E.lower_any),
    'unary_expression': Rule(_E.lower_any),
    'sequence_expression': Rule(_E.lower_any),
    'spread_element': Rule(_E.lower_any),
    'yield_expression': Rule(_E.lower_any),
}
JavaScript.statements = {
    'import_statement': Rule(_S.lower_import),
    'export_statement': Rule(_S.lower_export),
    'assignment_expression': Rule(_S.lower_assigned, ('left', 'right')),
    'variable_declarator': Rule(_S.lower_variable, ('name', 'value')),
    'function_declaration': Rule(_E.lower_function),
    'generator_function_declaration': Rule(_E.lower_function),
    'class_declaration': Rule(_E.lower_class),
    'abstract_class_declaration': Rule(_E.lower_class),
    'class': Rule(_E.lower_class),
    'method_definition': Rule(_S.lower_method, ('name',)),
    'public_field_definition': Rule(_S.lower_attribute, ('name', 'value')),
    'field_definition': Rule(_S.lower_attribute, ('name', 'value')),
    'if_statement': Rule(_E.lower_if, ('condition', 'consequence', 'alternative')),
    'for_in_statement': Rule(_E.lower_loop_over, ('left', 'right', 'body')),
    'for_statement': Rule(_E.lower_branch),
    'while_statement': Rule(_E.lower_branch),
    'do_statement': Rule(_E.lower_branch),
    'catch_clause': Rule(_E.lower_branch),
    'switch_case': Rule(_E.lower_branch),
    'switch_default': Rule(_E.lower_branch),
    'return_statement': Rule(_E.lower_return),
    'interface_declaration': Rule(_E.lower_nothing),
    'type_alias_declaration': Rule(_E.lower_nothing),
    'ambient_declaration': Rule(_E.lower_nothing),
    'function_signature': Rule(_E.lower_nothing),
    'method_signature': Rule(_E.lower_nothing),
    'abstract_method_signature': Rule(_E.lower_nothing),
}
