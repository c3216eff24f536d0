"""String literals that the language joins: `"half" + "half"`, adjacent literals, literals on following lines."""

from __future__ import annotations

import re

from keylint.model import Fragment, Piece

_JOIN = re.compile(
    rb'(?<=[A-Za-z0-9+/=,_\-])(["\'`])[ \t]*(?:[+.][ \t]*)?\\?(?:\r?\n[ \t]*)?(?:[+.][ \t]*)?[rbfuRBFU]?\1(?=[A-Za-z0-9+/=,\]_\-])',
)
_SAME_LINE = re.compile(rb'.[ \t]+[rbfuRBFU]?.')


def join(fragment: Fragment, is_adjacent: bool) -> Fragment:
    """The fragment without what stands between joined literals.

    Literals side by side on one line are joined only where `is_adjacent` says that the language does so.
    """
    data = fragment.data
    parts: list[bytes] = []
    pieces: list[Piece] = []
    length = position = 0
    for gap in _JOIN.finditer(data):
        if _SAME_LINE.fullmatch(gap.group()) and not is_adjacent:
            continue
        run = data[position : gap.start()]
        parts.append(run)
        pieces += _cut(fragment.pieces, position, gap.start(), length)
        length += len(run)
        position = gap.end()
    if not parts:
        return fragment
    parts.append(data[position:])
    pieces += _cut(fragment.pieces, position, len(data), length)
    return Fragment(b''.join(parts), tuple(pieces), fragment.cell, fragment.container)


def _cut(pieces: tuple[Piece, ...], start: int, end: int, at: int) -> list[Piece]:
    """The pieces behind `start:end` of the old fragment, moved to `at` of the new one."""
    if not pieces:
        return [Piece(at, start, end - start)] if end > start else []
    found = []
    for piece in pieces:
        first, last = max(start, piece.start), min(end, piece.start + piece.length)
        if first < last:
            found.append(Piece(at + first - start, piece.blob_start + (first - piece.start) * piece.scale, last - first, piece.scale))
    return found
