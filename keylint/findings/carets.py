"""Find the character of a shown line that a finding points at, and cut long lines around it.

A shown line is the line of the file with an ellipsis for whatever is masked. Where the text between
two ellipses stands in the file is found from the left and from the right; a caret is set only where
both agree, because one at the wrong value misleads.
"""

from __future__ import annotations

from keylint.core.excerpt import ExcerptLine
from keylint.core.records import NamedTuple

ELLIPSIS = '…'


class Caret(NamedTuple):
    """The first character that is pointed at, and how many there are."""

    start: int
    width: int


NO_CARET = Caret(-1, 1)


class _Piece(NamedTuple):
    """A piece of the line: a text that is shown, or the gap that an ellipsis stands for."""

    is_shown: bool
    number: int
    start: int
    end: int


def find_caret(line: bytes, shown: str, start: int, end: int) -> Caret:
    """Return where the bytes `start:end` of a line begin in what is shown of it.

    NO_CARET where the two cannot be aligned with certainty.
    """
    text = line.decode('utf-8', 'replace')
    first = len(line[:start].decode('utf-8', 'replace'))
    last = max(first + 1, len(line[:end].decode('utf-8', 'replace')))
    found = _align_caret(text, shown, first, last)
    if (
        found is NO_CARET and '\\"' in text
    ):  # excerpts of notebooks show quotes without their escapes
        first -= text.count('\\"', 0, first)
        last -= text.count('\\"', 0, last)
        found = _align_caret(text.replace('\\"', '"'), shown, first, last)
    return found


def _align_caret(text: str, shown: str, first: int, last: int) -> Caret:
    pieces = shown.split(ELLIPSIS)
    found = [
        _find_piece(starts, pieces, first, len(text))
        for starts in (_align_left(text, pieces), _align_right(text, pieces))
    ]
    one, other = found
    if one is None or other is None or one[:2] != other[:2]:
        return NO_CARET
    if one.is_shown and one.start != other.start:
        return NO_CARET
    before = sum(map(len, pieces[: one.number])) + one.number
    if one.is_shown:
        return Caret(before + first - one.start, max(1, min(last, one.end) - first))
    return Caret(before + len(pieces[one.number]), 1)


def _align_left(text: str, pieces: list[str]) -> list[int]:
    """Return the first place where each piece can stand; empty where they cannot stand in order."""
    starts: list[int] = []
    at = 0
    for number, piece in enumerate(pieces):
        is_last = number == len(pieces) - 1
        if number == 0:
            found = 0 if text.startswith(piece) else -1
        elif is_last:
            found = len(text) - len(piece) if text.endswith(piece) else -1
        else:
            found = text.find(piece, at + 1)
        if found < at:
            return []
        starts.append(found)
        at = found + len(piece)
    return starts


def _align_right(text: str, pieces: list[str]) -> list[int]:
    """Return the last place where each piece can stand."""
    mirrored = [piece[::-1] for piece in reversed(pieces)]
    starts = _align_left(text[::-1], mirrored)
    return [
        len(text) - start - len(piece)
        for start, piece in zip(reversed(starts), pieces, strict=bool(starts))
    ]


def _find_piece(starts: list[int], pieces: list[str], at: int, length: int) -> _Piece | None:
    """Find the piece, or the gap behind a piece, that holds a character."""
    for number, start in enumerate(starts):
        end = start + len(pieces[number])
        following = starts[number + 1] if number + 1 < len(starts) else length
        if start <= at < end:
            return _Piece(True, number, start, end)
        if end <= at < following:
            return _Piece(False, number, end, following)
    return None


def cut_excerpt(label: str, shown: str, caret: Caret, most: int) -> ExcerptLine:
    """Return a line of an excerpt: without indentation, and at most `most` characters around it."""
    text = shown.strip()
    start = caret.start - (len(shown) - len(shown.lstrip())) if caret.start >= 0 else -1
    if len(text) > most and start > most * 3 // 4:
        cut = min(start - most // 2, len(text) - most)
        text = ELLIPSIS + text[cut + 1 :]
        start -= cut
    text = text[:most]
    if not 0 <= start < len(text):
        return ExcerptLine(label, text)
    return ExcerptLine(label, text, start, min(caret.width, len(text) - start))
