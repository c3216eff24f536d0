"""Join string literals as the language does: `"half" + "half"`, adjacent ones, on lines."""

from __future__ import annotations

import re
from bisect import bisect_right

from keylint.core.model import Fragment, OffsetSegment

# No half is the name in quotes of what follows it: `"key"="…"` and on the next line `"secret"="…"`.
_JOIN = re.compile(
    rb'(["\'`])(?<=[A-Za-z0-9+/=,_\-].)[ \t]*(?:[+.][ \t]*)?\\?(?:\r?\n[ \t]*)?(?:[+.][ \t]*)?'
    rb'[rbfuRBFU]?\1(?=[A-Za-z0-9+/=,\]_\-])'
    rb'(?![\w.\-]{1,60}\1[ \t]*[=:])'
)
# Each join takes a piece: what stands behind so many of them is left as it is.
_MOST = 500_000
_SAME_LINE = re.compile(rb'.[ \t]+[rbfuRBFU]?.')


def join_literals(fragment: Fragment, is_adjacent: bool) -> Fragment:
    """Return the fragment without what stands between joined literals.

    Literals side by side on one line are joined only where `is_adjacent` says that the language
    does so.
    """
    data = fragment.data
    parts: list[bytes] = []
    pieces: list[OffsetSegment] = []
    length = position = 0
    for gap in _JOIN.finditer(data):
        if _SAME_LINE.fullmatch(gap.group()) and not is_adjacent:
            continue
        if _is_between_rows(data, gap):
            continue
        run = data[position : gap.start()]
        parts.append(run)
        pieces += cut_pieces(fragment.pieces, position, gap.start(), length)
        length += len(run)
        position = gap.end()
        if len(parts) >= _MOST:
            break
    if not parts:
        return fragment
    parts.append(data[position:])
    pieces += cut_pieces(fragment.pieces, position, len(data), length)
    return Fragment(b''.join(parts), tuple(pieces), fragment.cell, fragment.container)


def _is_between_rows(data: bytes, gap: re.Match[bytes]) -> bool:
    """Tell whether a gap is the line break between two rows of quoted cells, as CSV has them."""
    quote = gap.group(1)
    if gap.group() not in (quote + b'\n' + quote, quote + b'\r\n' + quote):
        return False
    start = data.rfind(b'\n', 0, gap.start()) + 1
    line = data[start : gap.start()]
    return line[:1] == quote and any(quote + mark + quote in line for mark in (b',', b';', b'\t'))


def cut_pieces(
    pieces: tuple[OffsetSegment, ...], start: int, end: int, at: int
) -> list[OffsetSegment]:
    """Return the pieces behind `start:end` of the old fragment, moved to `at` of the new one."""
    if not pieces:
        return [OffsetSegment(at, start, end - start)] if end > start else []
    found = []
    for number in range(
        max(0, bisect_right(pieces, start, key=lambda piece: piece.start) - 1), len(pieces)
    ):  # no slice: there may be many
        piece = pieces[number]
        if piece.start >= end:
            break
        first, last = max(start, piece.start), min(end, piece.start + piece.length)
        odd = (
            first - piece.start
        ) % piece.step  # a group of bytes that stand for each other is cut in two
        if first < last and odd:
            stop = min(last, first - odd + piece.step)
            found.append(
                OffsetSegment(
                    at + first - start,
                    _behind(piece, first),
                    stop - first,
                    piece.scale,
                    piece.step - odd,
                )
            )
            first = stop
        if first < last:
            found.append(
                OffsetSegment(
                    at + first - start, _behind(piece, first), last - first, piece.scale, piece.step
                )
            )
    return found


def _behind(piece: OffsetSegment, offset: int) -> int:
    return piece.blob_start + (offset - piece.start) // piece.step * piece.scale
