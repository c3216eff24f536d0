"""Turn what Python files and notebook cells hold into text that the parser takes."""

from __future__ import annotations

import ast
import re

from keylint.readers.python_ast import parse_module


def parse_newer_syntax(data: bytes) -> ast.Module | None:
    """Parse code that is newer than the interpreter, as far as f-strings make it so."""
    if not any(mark in data for mark in (b'f"', b"f'", b'F"', b"F'")):
        return None
    from keylint.readers.python_cst import replace_formatted_strings  # noqa: PLC0415 - loads libcst

    plain = replace_formatted_strings(data)
    return None if plain is None else parse_module(plain)


def blank_magic(data: bytes) -> tuple[bytes, bool]:
    """Return a cell without the lines that only notebooks understand; say if the rest is Python.

    All bytes that stay keep their offsets: such a line becomes `0` and blanks.
    """
    if data.lstrip().startswith(b'%%'):
        return _blank_out(data), True
    lines = data.split(b'\n')
    for number, line in enumerate(lines):
        code = line.lstrip()
        if code.startswith((b'%', b'!', b'?')):
            lines[number] = line[: len(line) - len(code)] + b'0'.ljust(len(code))
    plain = b'\n'.join(lines)
    return (plain, True) if parse_module(plain) is not None else (_blank_out(data), False)


def _blank_out(data: bytes) -> bytes:
    """Return as many blanks, with the ends of lines where they are."""
    return re.sub(rb'[^\n]', b' ', data)
