"""Python source as libcst trees, and the plain values in them.

Imports libcst: only for repairs, and for code that `ast` cannot read.
"""

from __future__ import annotations

import libcst as cst

from keylint.readers.python_ast import has_endless_name

_LONGEST = 4_000_000


def parse_module(data: bytes) -> cst.Module | None:
    """Parse a module; None for what is no Python 3 (old bots, templates), too large or too deep."""
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
    ):  # of encodings, too
        return None


class _Plain(cst.CSTTransformer):
    """Put a plain string of as many lines where an f-string stands."""

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

    Those of Python 3.12 may hold quotes that an older interpreter cannot read.
    """
    module = parse_module(data)
    try:
        return None if module is None else module.visit(_Plain(module)).code.encode()
    except (RecursionError, UnicodeEncodeError):
        return None
