"""Find the names of variables and settings that a client's key comes from."""

from __future__ import annotations

import ast
import re

from keylint.readers.python_ast import dotted_name, list_arguments, read_literal

_KEY_WORDS = re.compile(r'(?i)key|secret|token|pass|wallet|mnemonic|auth|cred')
_ENVIRONMENT = re.compile(r'(?:^|\.)(?:environ|env|ENV)$')
_ENVIRONMENT_CALL = re.compile(
    r'(?:^|\.)(?:[gG]et[eE]nv|get_env|LookupEnv|GetEnvironmentVariable|environ\.(?:get|pop)'
    r'|env(?:\.\w+)?|config)$'
)
_NAME = re.compile(r'[A-Za-z_][\w./:-]*')
_MAX_NAME_CHARS = 80


def list_call_arguments(call: ast.Call) -> list[tuple[str, ast.expr]]:
    """List the arguments of a call with their names; those by position have none."""
    return [('', value) for value in call.args] + [
        (keyword.arg or '', keyword.value) for keyword in call.keywords
    ]


def list_key_names(node: ast.expr) -> list[str]:
    """Return names in an expression.

    Of variables, attributes, and of environment variables and settings in quotes.
    """
    found = []
    for part in ast.walk(node):
        name = name_of_node(part)
        if len(name) < _MAX_NAME_CHARS and _NAME.fullmatch(name) and _KEY_WORDS.search(name):
            found.append(name)
    return found


def list_variables(nodes: list[ast.expr]) -> list[str]:
    """List the environment variables that expressions read: `os.environ['X']`, `getenv('X')`."""
    found = []
    for part in (part for node in nodes for part in ast.walk(node)):
        name = None
        if isinstance(part, ast.Subscript) and _ENVIRONMENT.search(dotted_name(part.value)):
            name = read_literal(part.slice)
        elif isinstance(part, ast.Call) and _ENVIRONMENT_CALL.search(dotted_name(part.func)):
            name = read_literal(part.args[0]) if part.args else None
        if name:
            found.append(name)
    return list(dict.fromkeys(found))


def name_of_node(node: ast.AST) -> str:
    """Return the name of a variable or an attribute, or a text in quotes; empty for all else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return read_literal(node) or ''


def find_references(call: ast.Call) -> tuple[tuple[str, ...], bool]:
    """Return the names that the client's key comes from, and whether it is given one at all."""
    found: list[str] = []
    has_key = False
    for key, value in list_arguments(call):
        if (key and not _KEY_WORDS.search(key)) or (not key and isinstance(value, ast.JoinedStr)):
            continue
        if not key and isinstance(value, ast.Constant) and not isinstance(value.value, str):
            continue
        if isinstance(value, ast.Constant) and value.value in (None, ''):
            continue
        names = list_key_names(value)
        has_key = has_key or bool(key or names)
        found += names
    return tuple(dict.fromkeys(found)), has_key
