"""Read and write `.env` files, and move the values of a committed one to an untracked one."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from keylint.fix.edits import (
    Edit,
    MovedValue,
    RepairedFile,
    SecretSpan,
    UnfixableError,
    apply_edits,
)
from keylint.fix.names import Names

# NAME=value, as dotenv readers of all languages, Compose and shells agree on it.
_LINE = re.compile(
    rb'^(?P<head>[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*)'
    rb'(?P<value>\'[^\']*\'|"(?:[^"\\]++|\\.)*+"|[^\r\n]*)',
    re.MULTILINE,
)
_UNQUOTED = re.compile(r'[\w./:@%+=,~^-]*')
_ESCAPE = re.compile(rb'\\(.)', re.DOTALL)
_COMMENT = re.compile(rb'[ \t]#.*')
_CONTROL_LETTERS = {b'n': b'\n', b'r': b'\r', b't': b'\t'}
_NO_LINE = 'it is not in a line NAME=value'


def read_values(data: bytes) -> dict[str, str]:
    """Read names and values of a `.env`; if a name occurs twice, its last value counts."""
    return {
        line['name'].decode(): _decode_value(line['value']).decode('utf-8', 'replace')
        for line in _LINE.finditer(data)
    }


def _decode_value(raw: bytes) -> bytes:
    """Return a value without quotes, escapes and a trailing comment."""
    if raw[:1] == b"'":
        return raw[1:-1] if len(raw) > 1 else raw
    if raw[:1] == b'"' and len(raw) > 1:
        return _ESCAPE.sub(lambda match: _CONTROL_LETTERS.get(match[1], match[1]), raw[1:-1])
    return _COMMENT.sub(b'', raw).strip()


def format_line(move: MovedValue) -> str:
    """Return `NAME=value` as every reader of such files reads it.

    Raises UnfixableError if no form fits.
    """
    if _UNQUOTED.fullmatch(move.value):
        return f'{move.name}={move.value}\n'
    if any(char in move.value for char in "'\\\x00\r"):
        raise UnfixableError(
            'its value has characters that readers of .env files take in different ways; '
            'move it by hand'
        )
    return f"{move.name}='{move.value}'\n"


def fix_env_file(data: bytes, path: str, spans: Sequence[SecretSpan], names: Names) -> RepairedFile:
    """Return the file with empty values; the values go to the `.env` beside it.

    Raises UnfixableError if a value is not in a line of the file.
    """
    edits: list[Edit] = []
    moves: list[MovedValue] = []
    for line in _LINE.finditer(data):
        start, end = line.span('value')
        touched = [span for span in spans if span.start < end and span.end > start]
        if touched:
            raw = line['value']
            end = start + len(raw if raw[:1] in b'\'"' else _COMMENT.sub(b'', raw).rstrip())
            if any(span.end > end for span in touched):
                raise UnfixableError(_NO_LINE)
            moves.append(MovedValue(line['name'].decode(), _decode_value(raw).decode()))
            edits.append(Edit(start, end, b''))
    for span in spans:
        if not any(edit.start <= span.start and span.end <= edit.end for edit in edits):
            raise UnfixableError(_NO_LINE)
    names.keep(moves)
    says = f'{", ".join(move.name for move in moves)} in .env'
    return RepairedFile(apply_edits(data, edits), tuple(moves), says, os.path.dirname(path))
