"""Count decisions, idioms, docstrings and comments in parsed source."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from codebase import FunctionNode

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def find_nested_ternaries(tree: ast.AST) -> list[ast.expr]:
    """Return conditional expressions that stand directly in another one."""
    return [
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.IfExp)
        for part in (node.test, node.body, node.orelse)
        if isinstance(part, ast.IfExp)
    ]


def count_long_comprehensions(tree: ast.AST) -> int:
    """Count comprehensions with two `for` or more."""
    return sum(
        isinstance(node, Comprehension) and len(node.generators) > 1 for node in ast.walk(tree)
    )


def is_maybe_empty(node: ast.expr) -> bool:
    """Tell whether an expression is `x if c else []`, or the same with the empty side first."""
    return isinstance(node, ast.IfExp) and any(
        isinstance(side, ast.List | ast.Tuple) and not side.elts
        for side in (node.body, node.orelse)
    )


def find_conditional_lists(tree: ast.AST) -> tuple[list[ast.expr], list[ast.expr]]:
    """Return `list += [x] if c else []`; and `for x in y if c else ()`, `[*(y if c else ())]`."""
    added: list[ast.expr] = []
    looped: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) and is_maybe_empty(node.value):
            added.append(node.value)
        elif isinstance(node, ast.Starred) and is_maybe_empty(node.value):
            looped.append(node.value)
        elif isinstance(node, ast.For | ast.comprehension) and is_maybe_empty(node.iter):
            looped.append(node.iter)
    return added, looped


def count_docstrings(tree: ast.AST) -> tuple[int, int]:
    """Count classes and functions without a leading underscore: with a docstring, and all."""
    documented = total = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | FunctionNode) and not node.name.startswith('_'):
            total += 1
            documented += ast.get_docstring(node) is not None
    return documented, total


def count_comments(text: str) -> int:
    """Count comments, also at the end of a line; orders to tools (`noqa`, `type:`) are none."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = (token.string for token in tokens if token.type == tokenize.COMMENT)
    return sum(not re.match(r'#\s*(noqa|type:|fmt:|pragma|mypy|ruff|!)', each) for each in comments)


def list_complexities(tree: ast.AST) -> list[int]:
    """Return radon's cyclomatic complexity of each function, method and class.

    A function in a function is counted in neither; a class has the mean of its methods plus one.
    """
    found: list[int] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FunctionNode):
            found.append(measure_body(node.body))
        elif isinstance(node, ast.ClassDef):
            methods = [
                measure_body(each.body) for each in node.body if isinstance(each, FunctionNode)
            ]
            whole = measure_body(node.body) + sum(methods)
            found.extend(
                [*methods, whole // len(methods) + (len(methods) > 1) if methods else whole]
            )
        else:
            waiting.extend(ast.iter_child_nodes(node))
    return found


def measure_body(body: list[ast.stmt]) -> int:
    """Return one plus the decisions of some statements, without functions and classes in them."""
    decisions = 1
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, FunctionNode | ast.ClassDef):
            continue
        decisions += count_decisions(node)
        if not isinstance(node, ast.Assert):  # radon does not look into an assertion
            waiting.extend(ast.iter_child_nodes(node))
    return decisions


def count_decisions(node: ast.AST) -> int:
    """Return what one node adds, children apart."""
    match node:
        case ast.Try():
            return len(node.handlers) + bool(node.orelse)
        case ast.BoolOp():
            return len(node.values) - 1
        case ast.If() | ast.IfExp() | ast.Assert():
            return 1
        case ast.For() | ast.AsyncFor() | ast.While():
            return 1 + bool(node.orelse)
        case ast.comprehension():
            return 1 + len(node.ifs)
        case ast.Match():
            return len(node.cases) - any(is_default(case.pattern) for case in node.cases)
        case _:
            return 0


def is_default(pattern: ast.pattern) -> bool:
    """Tell whether a case of `match` takes what is left."""
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
