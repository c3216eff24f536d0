"""Join string literals as the language does: `"half" + "half"`, adjacent ones, on lines."""

from __future__ import annotations

from bisect import bisect_right

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import Fragment, OffsetSegment
from keylint.core.records import NamedTuple
from keylint.matcher.common_ranges import CommonRange

# Not the quoted name of the next value: `"key"="…"` and on the next line `"secret"="…"`.
_JOIN = defer_regex(
    rb'(["\'`])(?<=[A-Za-z0-9+/=,_\-].)[ \t]*(?:[+.][ \t]*)?\\?(?:\r?\n[ \t]*)?(?:[+.][ \t]*)?'
    rb'[rbfuRBFU]?\1(?=[A-Za-z0-9+/=,\]_\-])'
    rb'(?![\w.\-]{1,60}\1[ \t]*[=:])'
)
# Each join takes a piece: text after this many joins is left unchanged.
_MOST = 500_000
_SAME_LINE = defer_regex(rb'.[ \t]+[rbfuRBFU]?.')


class JoinedText(NamedTuple):
    """A fragment without the text between its literals, and the ranges that it was made of."""

    fragment: Fragment
    ranges: list[CommonRange]


def join_literals(fragment: Fragment, is_adjacent: bool) -> JoinedText | None:
    """Remove the text between joined literals; None if none are joined.

    Adjacent literals on one line are joined only if `is_adjacent` says that the language joins
    them.
    """
    data = fragment.data
    parts: list[bytes] = []
    ranges: list[CommonRange] = []
    pieces: list[OffsetSegment] = []
    length = position = 0
    for gap in _JOIN.finditer(data):
        if _SAME_LINE.fullmatch(gap.group()) and not is_adjacent:
            continue
        if _is_between_rows(data, gap):
            continue
        run = data[position : gap.start()]
        parts.append(run)
        ranges.append(CommonRange(position, length, len(run)))
        pieces += cut_pieces(fragment.pieces, position, gap.start(), length)
        length += len(run)
        position = gap.end()
        if len(parts) >= _MOST:
            break
    if not parts:
        return None
    parts.append(data[position:])
    ranges.append(CommonRange(position, length, len(data) - position))
    pieces += cut_pieces(fragment.pieces, position, len(data), length)
    joined = Fragment(b''.join(parts), tuple(pieces), fragment.cell, fragment.container)
    return JoinedText(joined, ranges)


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
    """Return the pieces for `start:end` of the old fragment, moved to `at` of the new one."""
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
        ) % piece.step  # a group of bytes that decode together is cut in two
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
