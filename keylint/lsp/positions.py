"""Turn lines and columns from 1, as people count, into positions as an editor counts."""

from __future__ import annotations

from lsprotocol import types
from pygls.workspace import PositionCodec

from keylint.core.model import SourceRange


class PositionMap:
    """Knows the lines of a text, and how the editor counts the characters in them."""

    def __init__(self, text: str, codec: PositionCodec) -> None:
        self._lines = split_text(text)
        self._codec = codec

    def make_range(self, place: SourceRange) -> types.Range:
        """Return the range of a place; one that lies beyond the text ends with it."""
        start = self._make_position(place.line, place.column)
        end = self._make_position(place.end_line, place.end_column)
        return types.Range(start, max(start, end, key=_order))

    def make_line(self, line: int) -> types.Range:
        """Return the range of a whole line."""
        return types.Range(self._make_position(line, 1), self._make_position(line, 1 << 30))

    def _make_position(self, line: int, column: int) -> types.Position:
        number = min(max(line, 1), max(len(self._lines), 1)) - 1
        text = self._lines[number] if self._lines else ''
        return types.Position(number, self._codec.client_num_units(text[: max(column, 1) - 1]))


def split_text(text: str) -> list[str]:
    """Split a text into lines where an editor does; the last one may be empty."""
    return text.replace('\r\n', '\n').replace('\r', '\n').split('\n')


def _order(position: types.Position) -> tuple[int, int]:
    return position.line, position.character


def does_hold(place: types.Range, position: types.Position) -> bool:
    """Tell whether a range holds a position, its end included."""
    return _order(place.start) <= _order(position) <= _order(place.end)


def do_meet(one: types.Range, other: types.Range) -> bool:
    """Tell whether two ranges have a position in common."""
    return _order(one.start) <= _order(other.end) and _order(other.start) <= _order(one.end)
