"""Tell what a Python module calls `os`, and import it where it is missing."""

from __future__ import annotations

import ast
import re
import sys

from keylint.fix.edits import UnfixableError, find_line_ending

# Lines as Python's own parser counts them, which also takes a lone CR for the end of one.
_PYTHON_LINE_END = re.compile(rb'\r\n|\n|\r')


def is_os_shadowed(data: bytes) -> bool:
    """Tell whether `os` is something else than the module anywhere in the file."""
    return any(_binds_other_os(node) for node in ast.walk(ast.parse(data)))


def _binds_other_os(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id == 'os' and not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.arg):
        return node.arg == 'os'
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == 'os'
    if isinstance(node, ast.Import | ast.ImportFrom):
        return any(
            _name_bound_by(alias) == 'os' and not _is_os_module(node, alias) for alias in node.names
        )
    return False


def _name_bound_by(alias: ast.alias) -> str:
    return alias.asname or alias.name.split('.')[0]


def _is_os_module(node: ast.stmt, alias: ast.alias) -> bool:
    return isinstance(node, ast.Import) and (
        alias.name == 'os' or (alias.name.startswith('os.') and not alias.asname)
    )


def imports_os(data: bytes) -> bool:
    """Tell whether the module's own level imports `os` under its name. Raises SyntaxError."""
    return any(
        _name_bound_by(alias) == 'os' and _is_os_module(node, alias)
        for node in ast.parse(data).body
        if isinstance(node, ast.Import)
        for alias in node.names
    )


def add_os_import(data: bytes, name: str) -> bytes:
    """Return the module with `os` imported as `name` (`os` or `_os`) among its first imports.

    Nothing is added if the first imports bring it already: later ones may come too late. Raises
    UnfixableError if there is no line for it.
    """
    body = ast.parse(data).body
    first = _count_preamble(body)
    if _is_imported_first(body[first:], name):
        return data
    statement = body[first]
    decorators = getattr(statement, 'decorator_list', ())
    line = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    if first and body[first - 1].end_lineno == line:
        raise UnfixableError('its first statements share one line: no place for `import os`')
    starts = [0, *(match.end() for match in _PYTHON_LINE_END.finditer(data))]
    at = starts[line - 1]
    text = b'import os as _os' if name == '_os' else b'import os'
    ends = 1 if _imports_standard_library(statement) else 2
    return data[:at] + text + find_line_ending(data) * ends + data[at:]


def _count_preamble(body: list[ast.stmt]) -> int:
    """Count the statements that must stay first: the docstring and imports from `__future__`."""
    count = 0
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        count = int(isinstance(body[0].value.value, str))
    for node in body[count:]:
        if not isinstance(node, ast.ImportFrom) or node.module != '__future__':
            break
        count += 1
    return count


def _is_imported_first(body: list[ast.stmt], name: str) -> bool:
    """Tell whether the imports at the start bring `os` under a name."""
    for node in body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            return False
        if isinstance(node, ast.Import) and any(
            _name_bound_by(alias) == name and alias.name.split('.')[0] == 'os'
            for alias in node.names
        ):
            return True
    return False


def _imports_standard_library(node: ast.stmt) -> bool:
    """Tell whether a statement imports from the standard library: `import os` goes right before."""
    if isinstance(node, ast.Import):
        return node.names[0].name.split('.')[0] in sys.stdlib_module_names
    if isinstance(node, ast.ImportFrom):
        return (node.module or '').split('.')[0] in sys.stdlib_module_names
    return False
