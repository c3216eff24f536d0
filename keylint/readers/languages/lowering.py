"""Lower the tree of a grammar to the neutral one: blocks, statements, functions and classes."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from keylint.readers.languages.expressions import ExpressionLowering
from keylint.readers.languages.nodes import Parameter

if TYPE_CHECKING:
    from tree_sitter import Node


class Lowering(ExpressionLowering):
    """Lowers one file."""

    def lower_module(self, root: Node) -> ast.Module:
        """Return the module of a file."""
        return ast.Module(self.lower_block(root), [])

    def lower_block(self, node: Node | None) -> list[ast.stmt]:
        """Return the statements of a block, or the single statement in its place."""
        if node is None:
            return []
        if node.type in self.statements or node.type in self.expressions:
            return self.lower_statement(node)
        return [one for child in self.list_children(node) for one in self.lower_statement(child)]

    def lower_statement(self, node: Node) -> list[ast.stmt]:
        """Return the effect of a statement, after the effects of its anonymous functions."""
        before, self.pending = self.pending, []
        rule = self.statements.get(node.type)
        if rule is not None:
            found = rule.lower(self, node, *rule.fields)
        elif node.type in self.expressions:
            found = [self.make_statement(ast.Expr(self.lower_expression(node)), node)]
        else:
            found = self.lower_block(node) if node.named_child_count else []
        found = [*self.pending, *found]
        self.pending = before
        return found

    def lower_nothing(self, node: Node) -> list[ast.stmt]:
        """Drop a node that says nothing about clients."""
        return []

    def lower_assignment(self, node: Node, left: str, right: str) -> list[ast.stmt]:
        """Lower `left = right`, also if several values are assigned at once."""
        targets = self.list_values(node.child_by_field_name(left))
        given = node.child_by_field_name(right)
        values = self.list_values(given)
        return self.bind_values(node, targets, values)

    def bind_values(self, node: Node, targets: list[Node], values: list[Node]) -> list[ast.stmt]:
        """Bind targets to values; a single value for several goes to the first (`x, err :=`)."""
        found: list[ast.stmt] = []
        for place, value in enumerate(values):
            target = targets[place] if place < len(targets) else None
            if target is None:
                found.append(self.make_statement(ast.Expr(self.lower_expression(value)), node))
            else:
                found += self.bind(target, value, node)
        return found

    def bind(self, target: Node, value: Node, node: Node) -> list[ast.stmt]:
        """Bind a target to a value; a function that is bound gets its name."""
        name = self.read_name(target)
        if value.type in self.functions and name:
            return self.define_bound_function(target, name, value)
        return self.assign(self.lower_expression(target), self.lower_expression(value), node)

    def define_bound_function(self, target: Node, name: str, value: Node) -> list[ast.stmt]:
        """Return the function under the last name of its target."""
        return [self.lower_function_as(name, value)]

    def assign(self, target: ast.expr, value: ast.expr, node: Node) -> list[ast.stmt]:
        """Return an assignment of lowered parts."""
        return [self.make_statement(ast.Assign([target], value), node)]

    def lower_if(self, node: Node, test: str, body: str, other: str) -> list[ast.stmt]:
        """Lower a statement with a condition and one or two branches."""
        first = [
            one
            for field in ('initializer', test)
            for part in self.list_field(node, field)
            for one in self.lower_statement(part)
        ]
        made = ast.If(
            ast.Constant(True),
            self.or_pass(self.lower_block(node.child_by_field_name(body))),
            self.lower_block(node.child_by_field_name(other)),
        )
        return [*first, self.make_statement(made, node)]

    def lower_branch(self, node: Node) -> list[ast.stmt]:
        """Lower a statement whose parts each may run or not, in their order."""
        inner = [one for child in self.list_children(node) for one in self.lower_statement(child)]
        return self.make_branch(inner, node)

    def lower_loop_over(self, node: Node, target: str, source: str, body: str) -> list[ast.stmt]:
        """Lower a loop over the items of a value."""
        names = self.list_values(node.child_by_field_name(target))
        held = node.child_by_field_name(source)
        inner = self.lower_block(node.child_by_field_name(body))
        if not names or held is None:
            return self.make_branch(inner, node)
        return [
            self.make_statement(
                ast.For(
                    self.lower_expression(names[-1]),
                    self.lower_expression(held),
                    self.or_pass(inner),
                    [],
                ),
                node,
            )
        ]

    def lower_return(self, node: Node) -> list[ast.stmt]:
        """Lower `return value`; of several values, return the first that is present."""
        values = [one for child in self.list_children(node) for one in self.list_values(child)]
        lowered = [self.lower_expression(value) for value in values]
        made: list[ast.stmt] = [self.make_statement(ast.Expr(value), node) for value in lowered[1:]]
        return [*made, self.make_statement(ast.Return(lowered[0] if lowered else None), node)]

    def lower_function(self, node: Node, name: str = 'name', owner: bool = False) -> list[ast.stmt]:
        """Lower a function that has a name."""
        return [self.lower_function_as(self.read_name(node.child_by_field_name(name)), node, owner)]

    def lower_function_as(self, name: str, node: Node, owner: bool = False) -> ast.stmt:
        """Return a function under a name; a method has `self` before its parameters."""
        given = self.list_parameters(node)
        self.locals.append({one.name for one in given})
        body = self.lower_body(node)
        self.locals.pop()
        made = [self.assign_field(one, node) for one in given if one.is_field]
        decorators = [*self.list_decorators(node)]
        return self.make_function(name, given, [*made, *body], node, owner, decorators)

    def make_function(
        self,
        name: str,
        given: list[Parameter],
        body: list[ast.stmt],
        node: Node,
        owner: bool,
        decorators: list[ast.expr],
    ) -> ast.stmt:
        """Return a function of lowered parts."""
        first = next((at for at, one in enumerate(given) if one.default is not None), len(given))
        taken = [ast.arg(one.name, one.annotation) for one in given]
        if owner:
            taken.insert(0, ast.arg('self'))
        arguments = ast.arguments(
            posonlyargs=[],
            args=taken,
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[one.default or self.make(ast.Constant(None), node) for one in given[first:]],
        )
        made = ast.FunctionDef(name or '_', arguments, self.or_pass(body), decorators)
        return self.make_statement(made, node)

    def assign_field(self, parameter: Parameter, node: Node) -> ast.stmt:
        """Return the assignment of a parameter to the attribute of its name."""
        attribute = self.make(ast.Attribute(self.make_name('self', node), parameter.name), node)
        return self.assign(attribute, self.make_name(parameter.name, node), node)[0]

    def lower_body(self, node: Node) -> list[ast.stmt]:
        """Return the body of a function; an expression in its place is the return value."""
        body = node.child_by_field_name('body')
        if body is not None and body.type in self.expressions:
            before, self.pending = self.pending, []
            made = self.make_statement(ast.Return(self.lower_expression(body)), body)
            found = [*self.pending, made]
            self.pending = before
            return found
        return self.lower_block(body)

    def list_parameters(self, node: Node) -> list[Parameter]:
        """List the parameters of a function."""
        given = node.child_by_field_name('parameters')
        if given is None:
            return []
        return [one for child in self.list_children(given) for one in self.read_parameter(child)]

    def read_parameter(self, node: Node) -> Iterable[Parameter]:
        """Yield the names that a parameter declares."""
        kind = node.child_by_field_name('type')
        annotation = self.lower_expression(kind) if kind is not None else None
        default = node.child_by_field_name('value')
        value = self.lower_expression(default) if default is not None else None
        names = self.list_field(node, 'name') or self.list_field(node, 'pattern')
        for name in names or [node]:
            yield Parameter(self.read_name(name) or '_', annotation, value)

    def list_decorators(self, node: Node) -> list[ast.expr]:
        """List the marks of a function that a framework calls."""
        return []

    def lower_class(self, node: Node, body: str = 'body') -> list[ast.stmt]:
        """Lower a class with its bases."""
        name = self.read_name(node.child_by_field_name('name'))
        inner = node.child_by_field_name(body)
        self.fields.append(self.list_fields(node))
        made = ast.ClassDef(
            name or '_', self.list_bases(node), [], self.or_pass(self.lower_members(inner)), []
        )
        self.fields.pop()
        return [self.make_statement(made, node)]

    def lower_members(self, node: Node | None) -> list[ast.stmt]:
        """Lower the members of a class."""
        return self.lower_block(node)

    def list_fields(self, node: Node) -> set[str]:
        """List the attributes that a class's methods use without naming the object."""
        return set()

    def list_bases(self, node: Node) -> list[ast.expr]:
        """List the base classes of a class."""
        return []
