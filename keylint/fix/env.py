"""`.env` files: how values are read from them and written to them, and a committed one whose values move to an untracked one."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from keylint.fix.edits import Edit, Move, Repaired, Spot, Unfixable, applied
from keylint.fix.names import Names

# NAME=value, as dotenv readers of all languages, Compose and shells agree on it.
_LINE = re.compile(
    rb'^(?P<head>[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*)(?P<value>\'[^\']*\'|"(?:[^"\\]++|\\.)*+"|[^\r\n]*)',
    re.MULTILINE,
)
_BARE = re.compile(r'[\w./:@%+=,~^-]*')
_ESCAPE = re.compile(rb'\\(.)', re.DOTALL)
_COMMENT = re.compile(rb'[ \t]#.*')
_LETTERS = {b'n': b'\n', b'r': b'\r', b't': b'\t'}


def values(data: bytes) -> dict[str, str]:
    """The names of a `.env` and their values; of a name that stands there twice the last one."""
    return {
        line['name'].decode(): _plain(line['value']).decode('utf-8', 'replace')
        for line in _LINE.finditer(data)
    }


def _plain(raw: bytes) -> bytes:
    if raw[:1] == b"'":
        return raw[1:-1] if len(raw) > 1 else raw
    if raw[:1] == b'"' and len(raw) > 1:
        return _ESCAPE.sub(lambda match: _LETTERS.get(match[1], match[1]), raw[1:-1])
    return _COMMENT.sub(b'', raw).strip()


def line_of(move: Move) -> str:
    """`NAME=value` so that every reader of such files takes it for the same. Raises Unfixable where they do not agree."""
    if _BARE.fullmatch(move.value):
        return f'{move.name}={move.value}\n'
    if "'" in move.value or '\\' in move.value or '\x00' in move.value:
        raise Unfixable(
            'its value has characters that readers of .env files take in different ways; move it by hand'
        )
    return f"{move.name}='{move.value}'\n"


def fix(data: bytes, path: str, spots: Sequence[Spot], names: Names) -> Repaired:
    """The file with nothing behind the names; the values go to the `.env` beside it."""
    edits: list[Edit] = []
    moves: list[Move] = []
    for line in _LINE.finditer(data):
        start, end = line.span('value')
        touched = [spot for spot in spots if spot.start < end and spot.end > start]
        if touched:
            raw = line['value']
            end = start + len(raw if raw[:1] in b'\'"' else _COMMENT.sub(b'', raw).rstrip())
            if any(spot.end > end for spot in touched):
                raise Unfixable('it does not stand in a line NAME=value')
            moves.append(Move(line['name'].decode(), _plain(raw).decode()))
            edits.append(Edit(start, end, b''))
    if sum(
        any(edit.start <= spot.start and spot.end <= edit.end for edit in edits) for spot in spots
    ) < len(spots):
        raise Unfixable('it does not stand in a line NAME=value')
    names.keep(moves)
    named = ', '.join(move.name for move in moves)
    return Repaired(applied(data, edits), tuple(moves), f'{named} in .env', os.path.dirname(path))
