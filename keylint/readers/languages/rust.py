"""Lower Rust: blocks have values, and the arguments of macros are code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from keylint.readers.languages.nodes import LoweringRule as Rule
from keylint.readers.languages.nodes import Parameter
from keylint.readers.languages.rust_macros import MacroLowering

if TYPE_CHECKING:
    from tree_sitter import Node

# Types and methods that only wrap or return a value: they stand for the value.
_HOLDERS = re.compile(
    r'(?:(?:\w+(?:\.|::))*(?:Arc|Rc|Box|Mutex|RwLock|RefCell|Cell|Pin)(?:\.|::)new|Some|Ok)'
)
_GIVERS = frozenset(
    'clone unwrap expect unwrap_or_default as_ref as_mut as_deref lock read write borrow borrow_mut'
    ' to_owned into to_string as_str deref await iter iter_mut into_iter ok context map_err'
    ' ok_or ok_or_else unwrap_or_else insecure_clone with_context cloned'.split()
)
_MAKERS = re.compile(r'new|parse$|from_|try_from$')


class Rust(MacroLowering):
    """Lowers one file of Rust."""

    functions = ('closure_expression',)
    texts = ('string_content', 'escape_sequence')
    owner = ''

    def lower_use(self, node: Node) -> list[ast.stmt]:
        """Lower `use`, with all names in its braces."""
        given = node.child_by_field_name('argument')
        return self.list_uses(given, '', node) if given is not None else []

    def list_uses(self, part: Node, base: str, node: Node) -> list[ast.stmt]:
        """List the imports of a part of a `use`."""
        if part.type in ('use_list', 'scoped_use_list'):
            head = self.join(base, self.text_of(part.child_by_field_name('path')))
            inner = part.child_by_field_name('list')
            children = self.list_children(inner if inner is not None else part)
            return [one for child in children for one in self.list_uses(child, head, node)]
        if part.type == 'use_wildcard':
            module = self.join(base, self.text_of(part).removesuffix('::*'))
            return [self.make_statement(ast.ImportFrom(module, [ast.alias('*', None)], 0), node)]
        alias = self.text_of(part.child_by_field_name('alias')) or None
        name = part.child_by_field_name('path') if part.type == 'use_as_clause' else part
        full = self.join(base, self.text_of(name))
        module, _, last = full.rpartition('.')
        if last == 'self':
            module, _, last = module.rpartition('.')
        if not module:
            made: ast.stmt = ast.Import([ast.alias(last, alias)])
        else:
            made = ast.ImportFrom(module, [ast.alias(last, alias)], 0)
        return [self.make_statement(made, node)]

    @staticmethod
    def join(base: str, name: str) -> str:
        """Return a path with dots."""
        return '.'.join(part for part in (base, name.replace('::', '.')) if part)

    # Items

    def lower_struct(self, node: Node) -> list[ast.stmt]:
        """Lower a structure with the types of its fields."""
        name = self.text_of(node.child_by_field_name('name'))
        body = node.child_by_field_name('body')
        fields: list[ast.stmt] = []
        for one in self.list_children(body):
            kind = one.child_by_field_name('type')
            known = one.child_by_field_name('name')
            if kind is not None and known is not None:
                made = ast.AnnAssign(
                    ast.Name(self.text_of(known)), self.lower_expression(kind), simple=1
                )
                fields.append(self.make_statement(made, one))
        return [self.make_statement(ast.ClassDef(name, [], [], self.or_pass(fields), []), node)]

    def lower_impl(self, node: Node) -> list[ast.stmt]:
        """Lower the methods of a type; a trait counts as its base."""
        kind, trait = node.child_by_field_name('type'), node.child_by_field_name('trait')
        name = self.read_name(self.plain_type(kind))
        bases = [self.lower_expression(self.plain_type(trait))] if trait is not None else []
        self.owner = name
        body = self.or_pass(self.lower_block(node.child_by_field_name('body')))
        self.owner = ''
        return [self.make_statement(ast.ClassDef(name or '_', bases, [], body, []), node)]

    @staticmethod
    def plain_type(node: Node | None) -> Node | None:
        """Return a type without its parameters."""
        while node is not None and node.type in ('generic_type', 'reference_type'):
            node = node.child_by_field_name('type') or node.named_children[0]
        return node

    def lower_item(self, node: Node) -> list[ast.stmt]:
        """Lower a function; `new` of a type is still called by its name."""
        name = self.text_of(node.child_by_field_name('name'))
        given = node.child_by_field_name('parameters')
        is_method = given is not None and any(
            one.type == 'self_parameter' for one in given.named_children
        )
        return [self.lower_function_as(name, node, is_method)]

    def lower_module_item(self, node: Node) -> list[ast.stmt]:
        """Lower a module; a test module is not part of the program."""
        if self.text_of(node.child_by_field_name('name')) in ('tests', 'test'):
            return []
        return self.lower_block(node.child_by_field_name('body'))

    def read_parameter(self, node: Node) -> Iterable[Parameter]:
        """Yield the name that a parameter declares."""
        if node.type == 'self_parameter':
            return []
        if node.type == 'parameter':
            return super().read_parameter(node)
        return [Parameter(self.read_name(node) or '_')]

    def lower_body(self, node: Node) -> list[ast.stmt]:
        """Return the body of a function; its last value is the return value."""
        body = node.child_by_field_name('body')
        return self.lower_tail(body, self.return_value) if body is not None else []

    def return_value(self, value: ast.expr, node: Node) -> ast.stmt:
        """Return the statement that returns a value."""
        return self.make_statement(ast.Return(value), node)

    # Statements

    def lower_let(self, node: Node) -> list[ast.stmt]:
        """Lower `let`: a type named there determines what `T::new` creates."""
        pattern, kind = node.child_by_field_name('pattern'), node.child_by_field_name('type')
        given = node.child_by_field_name('value')
        value = self.lower_expression(given) if given is not None else None
        names = self.list_names(pattern) if pattern is not None else []
        found: list[ast.stmt] = []
        plain = self.plain_type(kind)
        if kind is not None and names:
            made = ast.AnnAssign(ast.Name(names[0]), self.lower_expression(kind), simple=1)
            found.append(self.make_statement(made, node))
        if value is None:
            return found
        func = value.func if isinstance(value, ast.Call) else None
        is_made = isinstance(func, ast.Attribute) and _MAKERS.match(func.attr) is not None
        if plain is not None and isinstance(value, ast.Call) and is_made:
            value.func = self.lower_expression(plain)
        for name in names or ['_']:
            found += self.assign_name(name, value, node)
        other = node.child_by_field_name('alternative')
        if other is not None:
            found += self.make_branch(self.lower_block(other), node)
        return found

    def assign_name(self, name: str, value: ast.expr, node: Node) -> list[ast.stmt]:
        """Return an assignment to a name."""
        return self.assign(self.make_name(name, node), value, node)

    def list_names(self, node: Node) -> list[str]:
        """List the names that a pattern binds."""
        if node.type in ('identifier', 'shorthand_field_identifier'):
            return [self.text_of(node)]
        skipped = node.child_by_field_name('type')
        return [
            name
            for child in self.list_children(node)
            if child != skipped
            for name in self.list_names(child)
        ]

    def lower_condition(self, node: Node) -> list[ast.stmt]:
        """Lower `let Some(x) = value` in a condition."""
        pattern = node.child_by_field_name('pattern')
        value = self.lower_field(node, 'value')
        names = self.list_names(pattern) if pattern is not None else []
        return [one for name in names or ['_'] for one in self.assign_name(name, value, node)]

    # Expressions

    def lower_path(self, node: Node) -> ast.expr:
        """Return the name at the end of a path: `a::b` is `a.b`."""
        path, name = node.child_by_field_name('path'), node.child_by_field_name('name')
        if path is None:
            return self.make_name(self.text_of(name), node)
        held = self.lower_expression(self.plain_type(path))
        return self.make(ast.Attribute(held, self.text_of(name) or '_'), node)

    def lower_own(self, node: Node) -> ast.expr:
        """Return a name; `Self` is the class."""
        name = self.text_of(node)
        if name == 'Self' and self.owner:
            return self.make_name(self.owner, node)
        return self.make_name(name, node)

    def lower_called(self, node: Node) -> ast.expr:
        """Return a call; a call that only wraps or returns a value stands for the value."""
        func = node.child_by_field_name('function')
        if func is not None and func.type == 'generic_function':
            kinds = func.child_by_field_name('type_arguments')
            func = func.child_by_field_name('function')
            if kinds is not None and self.text_of(func).endswith(('.parse', '.into')):
                kind = self.lower_expression(self.plain_type(kinds.named_children[0]))
                given_to = func.child_by_field_name('value') if func is not None else None
                return self.make(ast.Call(kind, [self.lower_expression(given_to)], []), node)
        given = self.list_arguments(node, 'arguments')
        if func is not None and len(given) == 1 and _HOLDERS.fullmatch(self.text_of(func)):
            return self.lower_expression(given[0])
        if func is not None and func.type == 'field_expression':
            name = self.text_of(func.child_by_field_name('field'))
            if name in _GIVERS:
                return self.lower_field(func, 'value')
        return self.make_call(self.lower_expression(func), given, node)

    def lower_made(self, node: Node) -> ast.expr:
        """Return the creation of a structure."""
        body = node.child_by_field_name('body')
        keywords: list[ast.keyword] = []
        for one in self.list_children(body):
            name = one.child_by_field_name('field') or one
            value = one.child_by_field_name('value') or one
            if one.type != 'base_field_initializer':
                keywords.append(ast.keyword(self.read_name(name), self.lower_expression(value)))
        kind = self.lower_expression(self.plain_type(node.child_by_field_name('name')))
        return self.make(ast.Call(kind, [], keywords), node)


Rust.expressions = {
    'identifier': Rule(Rust.lower_own),
    'type_identifier': Rule(Rust.lower_own),
    'field_identifier': Rule(Rust.lower_name),
    'shorthand_field_identifier': Rule(Rust.lower_name),
    'shorthand_field_initializer': Rule(Rust.lower_any),
    'self': Rule(Rust.lower_self),
    'crate': Rule(Rust.lower_name),
    'scoped_identifier': Rule(Rust.lower_path),
    'scoped_type_identifier': Rule(Rust.lower_path),
    'string_literal': Rule(Rust.lower_text),
    'raw_string_literal': Rule(Rust.lower_text),
    'integer_literal': Rule(Rust.lower_number),
    'float_literal': Rule(Rust.lower_number),
    'boolean_literal': Rule(Rust.lower_constant),
    'unit_expression': Rule(Rust.lower_constant),
    'primitive_type': Rule(Rust.lower_constant),
    'field_expression': Rule(Rust.lower_member, ('value', 'field')),
    'index_expression': Rule(Rust.lower_any),
    'call_expression': Rule(Rust.lower_called),
    'generic_function': Rule(Rust.lower_field, ('function',)),
    'struct_expression': Rule(Rust.lower_made),
    'macro_invocation': Rule(Rust.lower_macro),
    'try_expression': Rule(Rust.lower_any),
    'await_expression': Rule(Rust.lower_any),
    'reference_expression': Rule(Rust.lower_field, ('value',)),
    'unary_expression': Rule(Rust.lower_any),
    'parenthesized_expression': Rule(Rust.lower_any),
    'tuple_expression': Rule(Rust.lower_list),
    'array_expression': Rule(Rust.lower_list),
    'type_cast_expression': Rule(Rust.lower_field, ('value',)),
    'binary_expression': Rule(Rust.lower_binary, ('left', 'right')),
    'if_expression': Rule(Rust.lower_choice_value),
    'match_expression': Rule(Rust.lower_choice_value),
    'block': Rule(Rust.lower_choice_value),
    'unsafe_block': Rule(Rust.lower_choice_value),
    'async_block': Rule(Rust.lower_choice_value),
}
Rust.statements = {
    'use_declaration': Rule(Rust.lower_use),
    'attribute_item': Rule(Rust.lower_nothing),
    'inner_attribute_item': Rule(Rust.lower_nothing),
    'struct_item': Rule(Rust.lower_struct),
    'enum_item': Rule(Rust.lower_nothing),
    'type_item': Rule(Rust.lower_nothing),
    'function_signature_item': Rule(Rust.lower_nothing),
    'impl_item': Rule(Rust.lower_impl),
    'function_item': Rule(Rust.lower_item),
    'mod_item': Rule(Rust.lower_module_item),
    'const_item': Rule(Rust.lower_assignment, ('name', 'value')),
    'static_item': Rule(Rust.lower_assignment, ('name', 'value')),
    'let_declaration': Rule(Rust.lower_let),
    'let_condition': Rule(Rust.lower_condition),
    'assignment_expression': Rule(Rust.lower_assignment, ('left', 'right')),
    'if_expression': Rule(Rust.lower_match),
    'match_expression': Rule(Rust.lower_match),
    'block': Rule(Rust.lower_match),
    'unsafe_block': Rule(Rust.lower_match),
    'async_block': Rule(Rust.lower_match),
    'match_pattern': Rule(Rust.lower_nothing),
    'for_expression': Rule(Rust.lower_loop_over, ('pattern', 'value', 'body')),
    'loop_expression': Rule(Rust.lower_branch),
    'while_expression': Rule(Rust.lower_branch),
    'return_expression': Rule(Rust.lower_return),
}
