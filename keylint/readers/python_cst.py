"""Python source as libcst trees, and the plain values in them.

It imports libcst, so it is used only for fixes, and for code that `ast` cannot read.
"""

from __future__ import annotations

import libcst as cst

from keylint.readers.python_ast import has_endless_name

_LONGEST = 4_000_000


def parse_module(data: bytes) -> cst.Module | None:
    """Parse a module; None if it is not Python 3 (old bots, templates), too large or too deep."""
    if len(data) > _LONGEST or has_endless_name(data):
        return None
    try:
        return cst.parse_module(data)
    except (
        cst.ParserSyntaxError,
        SyntaxError,
        RecursionError,
        UnicodeDecodeError,
        ValueError,
        LookupError,
    ):  # includes encoding errors
        return None


class _Plain(cst.CSTTransformer):
    """Replaces an f-string by a plain string with as many lines."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self.module = module

    def visit_FormattedString(self, node: cst.FormattedString) -> bool:
        return False

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.SimpleString:
        lines = self.module.code_for_node(original_node).count('\n')
        return cst.SimpleString("'''" + '\n' * lines + "'''")


def replace_formatted_strings(data: bytes) -> bytes | None:
    """Return the text with plain strings for f-strings.

    Those of Python 3.12 may contain quotes that an older interpreter cannot read.
    """
    module = parse_module(data)
    try:
        return None if module is None else module.visit(_Plain(module)).code.encode()
    except (RecursionError, UnicodeEncodeError):
        return None
