"""Convert byte offsets to lines and columns, and offsets of a fragment to those of its blob.

Lines and columns count from 1, columns in characters. No other module counts them.
"""

from __future__ import annotations

from bisect import bisect_right
from codecs import utf_8_decode

from keylint.core.model import Cell, Fragment, SourceRange

# Bytes of a character, at most.
_MAX_CHAR_BYTES = 4


class Lines:
    """The line starts of a text; ends are LF, CRLF, or CR if there is no LF at all."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        mark = b'\n' if b'\n' in data else b'\r'
        starts = [0]
        position = data.find(mark)
        while position >= 0:
            starts.append(position + 1)
            position = data.find(mark, position + 1)
        self.starts = starts
        # Index of the line, offset and column of the last lookup: the next lookup is usually after
        # it.
        self._last = (0, 0, 1)

    def place(self, start: int, end: int) -> SourceRange:
        """Return where the bytes `start:end` are. The end is exclusive."""
        line, column = self._line_and_column(start)
        end_line, end_column = self._line_and_column(max(start, end - 1))
        return SourceRange(line, column, end_line, end_column + 1)

    def offset(self, place: SourceRange) -> int:
        """Return the first byte of a place: the inverse of `place`."""
        start, end = self.bounds(place.line)
        return start + len(
            _decode_part(self.data[start : min(end, start + _MAX_CHAR_BYTES * place.column)])[
                : place.column - 1
            ].encode()
        )

    def span(self, place: SourceRange) -> tuple[int, int]:
        """Return the bytes of a place, the end exclusive."""
        end = place._replace(line=place.end_line, column=place.end_column)
        return self.offset(place), self.offset(end)

    def line_of(self, offset: int) -> int:
        """Return the line of a byte."""
        return bisect_right(self.starts, max(offset, 0))

    def offset_in(self, line: int, column: int) -> int:
        """Return the byte `column` bytes after the start of a line, at most its end.

        Parsers of Python count this way. A line number beyond the last line means the last line.
        """
        start, end = self.bounds(min(line, len(self.starts)))
        return min(start + column, end)

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        index = bisect_right(self.starts, offset) - 1
        line, known, column = (
            self._last
            if self._last[0] == index and self._last[1] <= offset
            else (index, self.starts[index], 1)
        )
        column += len(_decode_part(self.data[known:offset]))
        self._last = line, offset, column
        return index + 1, column

    def bounds(self, line: int) -> tuple[int, int]:
        """Return the first byte of a line (counted from 1) and the end of its text."""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.data)
        while end > start and self.data[end - 1] in b'\r\n':
            end -= 1
        return start, end


def _decode_part(data: bytes) -> str:
    """Decode bytes whose last character may be cut off; bytes that are not UTF-8 are Latin-1."""
    try:
        return utf_8_decode(data, 'strict', False)[0]
    except UnicodeDecodeError:
        return data.decode('latin-1')


def map_to_blob(fragment: Fragment, start: int, end: int) -> tuple[int, int]:
    """Return the bytes of the blob that `start:end` of a fragment was read from."""
    if not fragment.pieces:
        return start, end
    first, size = _blob_offset(fragment, start)
    last, width = _blob_offset(fragment, max(start, end - 1))
    return first, max(last + width, first + size)


def _blob_offset(fragment: Fragment, offset: int) -> tuple[int, int]:
    """Return the first blob byte for a byte of the fragment, and the number of blob bytes."""
    pieces = fragment.pieces
    index = bisect_right(pieces, offset, key=lambda piece: piece.start) - 1
    piece = pieces[max(index, 0)]
    return piece.blob_start + min(
        offset - piece.start, piece.length
    ) // piece.step * piece.scale, max(piece.scale, 1)


def cell_at(fragment: Fragment, offset: int) -> Cell | None:
    """Return the notebook cell of an offset, with the line in its part, counted from 1."""
    if fragment.cell is None:
        return None
    ends = fragment.data.count(b'\n', 0, offset)
    if any(
        piece.step > 1 or piece.scale > 1 for piece in fragment.pieces
    ):  # line breaks in a decoded text are not those of the cell
        clear = [
            piece
            for piece in fragment.pieces
            if piece.step == 1 and piece.scale <= 1 and piece.start < offset
        ]
        ends = sum(
            fragment.data.count(b'\n', piece.start, min(offset, piece.start + piece.length))
            for piece in clear
        )
    return Cell(fragment.cell.number, fragment.cell.part, ends + 1)
