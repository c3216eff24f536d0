"""Put texts of a Python file together: addresses and paths, with holes where only running tells."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from keylint.api_usage.values import Values
from keylint.readers.python_ast import dotted_name, list_arguments, read_literal
from keylint.readers.python_outline import Binding, Spot

HOLE = '\x00'
VERBS = ('GET', 'POST', 'PUT', 'DELETE', 'PATCH')
VERB_ARGUMENTS = ('method', 'http_method', 'verb', 'httpMethod')
PLACEHOLDER = re.compile(r'%[sd]|\{[^{}]*\}')
_VERB = re.compile(
    r'(?i)(?:^|_|\b)(get|post|put|delete|patch)(?:\w{0,12}async|for(?:object|entity))?(?:$|_|\b)'
)
# How languages name a verb that is no text: `http.MethodPost`, `HttpMethod.Post`, `Method::POST`.
_NAMED_VERB = re.compile(r'(?i)(?:^|\.)(?:http)?(?:method\.?|verb\.)(get|post|put|delete|patch)$')
_FORMATTERS = ('Sprintf', 'Format')
_JOINING = ('urljoin', 'join')
# Methods that leave a path the same as far as the tables go.
_UNCHANGED = ('strip', 'lstrip', 'rstrip')
_MAX_DEPTH = 8
_MAX_PARTS = 400


def find_verb(call: ast.Call, spot: Spot, values: Values) -> str:
    """GET, POST …, by an argument or by the called name; empty where neither tells."""
    named = [value for name, value in list_arguments(call) if name in VERB_ARGUMENTS]
    for node in (*call.args[:3], *named):
        constant = _NAMED_VERB.search(dotted_name(node))
        if constant is not None:
            return constant.group(1).upper()
        for text in values.find_texts(node, spot):
            if text.upper() in VERBS:
                return text.upper()
    match = _VERB.search(dotted_name(call.func).rsplit('.', 1)[-1])
    return match.group(1).upper() if match else ''


def flatten_text(node: ast.expr, spot: Spot, values: Values, used: set[int], depth: int = 0) -> str:
    """Return a text with holes. `used` collects the bound expressions that went into it."""
    values.parts_of_text = values.parts_of_text + 1 if depth else 0
    if depth > _MAX_DEPTH or values.parts_of_text > _MAX_PARTS:
        return HOLE

    def flatten(part: ast.expr) -> str:
        return flatten_text(part, spot, values, used, depth + 1)

    match node:
        case ast.Constant():
            return PLACEHOLDER.sub(HOLE, node.value) if isinstance(node.value, str) else HOLE
        case ast.JoinedStr():
            return ''.join(
                str(part.value) if isinstance(part, ast.Constant) else flatten(part)
                for part in node.values
            )
        case ast.FormattedValue():
            return flatten(node.value)
        case ast.BinOp():
            return _flatten_operation(node, flatten)
        case ast.Call():
            return _flatten_call(node, flatten)
        case ast.Name() | ast.Attribute():
            binding = find_only_binding(dotted_name(node), spot, values)
            if binding is not None:
                used.add(id(binding.value))
                return flatten_text(binding.value, binding.spot, values, used, depth + 1)
    return HOLE


def _flatten_operation(node: ast.BinOp, flatten: Callable[[ast.expr], str]) -> str:
    """Return `BASE + path` and `'%s/order' % BASE`; a hole for any other operation."""
    if isinstance(node.op, ast.Add):
        return flatten(node.left) + flatten(node.right)
    if isinstance(node.op, ast.Mod):
        given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return _fill_holes(flatten(node.left), [flatten(part) for part in given])
    return HOLE


def _flatten_call(node: ast.Call, flatten: Callable[[ast.expr], str]) -> str:
    """Return the text of a call that puts texts together; a hole for any other."""
    if isinstance(node.func, ast.Attribute) and node.func.attr == 'format':
        template = read_literal(node.func.value)
        if template is None:
            return _fill_holes(flatten(node.func.value), [flatten(part) for part in node.args])
        named = {key.arg or '': flatten(key.value) for key in node.keywords}
        return _fill_template(template, [flatten(part) for part in node.args], named)
    if _is_formatter(node.func) and node.args:
        return _fill_holes(flatten(node.args[0]), [flatten(part) for part in node.args[1:]])
    if isinstance(node.func, ast.Attribute) and node.func.attr in _UNCHANGED and not node.args:
        return flatten(node.func.value)
    if _is_join(node) and isinstance(node.func, ast.Attribute):
        parts = node.args[0].elts if isinstance(node.args[0], ast.List | ast.Tuple) else []
        return flatten(node.func.value).join(flatten(part) for part in parts)
    if dotted_name(node.func).rsplit('.', 1)[-1] in _JOINING:
        return ''.join(flatten(part) for part in node.args)
    return HOLE


def _is_formatter(func: ast.expr) -> bool:
    """Tell whether a function fills its first argument with the others: `fmt.Sprintf`."""
    is_known = isinstance(func, ast.Attribute) and func.attr in _FORMATTERS
    return is_known or dotted_name(func) == 'String.format'


def _is_join(node: ast.Call) -> bool:
    """Tell whether a call is `'/'.join([base, path])`."""
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr == 'join'
        and read_literal(node.func.value) is not None
        and len(node.args) == 1
        and isinstance(node.args[0], ast.List | ast.Tuple)
    )


def _fill_holes(template: str, given: list[str]) -> str:
    """Put texts into the holes of a template, in their order."""
    parts = template.split(HOLE)
    if len(parts) - 1 != len(given):
        return template
    return parts[0] + ''.join(text + part for text, part in zip(given, parts[1:], strict=True))


def _fill_template(template: str, given: list[str], named: dict[str, str]) -> str:
    """Put texts into the fields of a template: `{}`, `{0}`, `{name}`, `{name:>8}`."""
    texts = {str(number): text for number, text in enumerate(given)} | named
    numbers = iter(range(len(given)))

    def fill(match: re.Match[str]) -> str:
        name = re.split(r'[:!.\[]', match[0][1:-1])[0] or str(next(numbers, ''))
        return texts.get(name, HOLE)

    return PLACEHOLDER.sub(fill, template)


def find_only_binding(name: str, spot: Spot, values: Values) -> Binding | None:
    """Return what a name is bound to, None for no name and for one that is bound twice."""
    if not name:
        return None
    bindings = [one for one in values.find_bindings(name, spot) if one.way == 'value']
    return bindings[0] if len(bindings) == 1 else None
