"""Read tables in texts: a line with the names of columns, and below it a line for each row.

pandas, `column -t`, psql, mysql and Markdown print such tables, and people paste CSV and TSV. A
table is searched for where the matcher saw a name above a value: the line of that name is its
header if all of its cells look like names. Every cell below is a setting under its column's name,
in its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import Setting
from keylint.core.names import find_role
from keylint.core.records import NamedTuple
from keylint.core.regex_cache import compile_once
from keylint.matcher.match import Match
from keylint.readers.html_tables import read_html_table
from keylint.readers.limits import MAX_SETTINGS
from keylint.validators.randomness import is_random

_MAX_HEADER_BYTES = 2000
_MAX_TABLE_BYTES = 1_000_000
_NAME = defer_regex(rb'[A-Za-z_$][\w $.()/#:\-]{0,40}')
_IDENTIFIER = defer_regex(rb'[A-Za-z_][\w\-]{0,40}')
_MIN_RANDOM_BYTES = 16
_MIN_TITLED_ROLES = 2
_MAX_LINES_UP = 3
_KEY = defer_regex(rb'.*[:\[,(=]\s*"')
# A line break, also as JSON and the literals of programs write it.
_BREAK = defer_regex(rb'\r?\n|\\r\\n|\\n')
_STRING_END = defer_regex(rb'(?<!\\)"')
# Lines between header and rows, or around a table: `|---|:-:|`, `+-----+`, `├────┼────┤`.
_RULE = defer_regex(rb'(?:[\s|+:=\-]|\xe2\x94[\x80-\xbf]|\xe2\x95[\x80-\xbf])*')
_HEADER_RULE = defer_regex(
    rb'(?m)\|[^\r\n|]*+\r?\n(?P<rule>[ \t]*+\|?+[ \t]*+:?-{2,}[-| :\t]*+)\r?$'
)
_BAR = defer_regex(rb'\||\xe2\x94\x82|\xe2\x95\x91')  # also the bars of box drawings
_MARKUP = b' \t\r*_`"\'\\'
_COLUMN = defer_regex(rb'[^\s]++(?: [^\s]++)*+')
_WORD = defer_regex(rb'[^\s]++')


class TextCell(NamedTuple):
    """The text of a cell, stripped, with its bytes in the whole text."""

    text: bytes
    start: int
    end: int


# The offsets of a line's first byte and of its end.
Line = tuple[int, int]
Split = Callable[[bytes, int, int], list[TextCell]]


def read_tables(data: bytes, matches: Iterable[Match]) -> Iterator[Setting]:
    """Yield the cells of the tables whose headers matched; the matches are in order."""
    return islice(_read_tables(data, matches), MAX_SETTINGS)


def read_ruled_tables(data: bytes) -> Iterator[Setting]:
    """Yield the cells of all tables of Markdown: below a header and a rule of dashes."""
    for rule in _HEADER_RULE.finditer(data):
        end = rule.start('rule') - 1
        start = data.rfind(b'\n', max(0, end - _MAX_HEADER_BYTES), end) + 1
        header = _split_bars(data, start, end)
        if len(header) > 1 and b'|' in rule['rule']:
            yield from _read_rows(data, header, (start, end), _split_bars)


def _read_tables(data: bytes, matches: Iterable[Match]) -> Iterator[Setting]:
    done = -1
    for match in matches:
        if match.end <= done:
            continue
        if match.pattern.kind == 'head-cell':
            cells, done = read_html_table(data, match.end)
            yield from cells
            continue
        line = _find_header(data, match.end)
        done = max(done, match.end)
        if not line:
            continue
        for setting in _read_below(data, line):
            done = max(done, setting.end)
            yield setting


def _read_below(data: bytes, line: Line) -> Iterator[Setting]:
    """Yield the cells below a header line, split in the first way that fits."""
    for split in _SPLITTERS:
        header = split(data, *line)
        if len(header) > 1 and _is_header(header, split):
            rows = _read_rows(data, header, line, split)
            first = next(rows, None)
            if first is not None:
                yield first
                yield from rows
                return


def _find_header(data: bytes, offset: int) -> Line | None:
    """Return the line above an offset's line, or above a rule between the two.

    Returns None if there is none, or only one that is too long.
    """
    lower = max(0, offset - _MAX_HEADER_BYTES)
    end = _find_break(data, lower, offset)
    is_below_rule = False
    for _ in range(_MAX_LINES_UP):
        if end is None:
            return None
        above = _find_break(data, lower, end.start())
        start = above.end() if above else lower
        if not _RULE.fullmatch(data, start, end.start()):
            if (lower and not above) or (not is_below_rule and _is_in_body(data, start)):
                return None
            return _skip_key(data, start, end), end.start()
        is_below_rule = True
        end = above
    return None


def _is_in_body(data: bytes, start: int) -> bool:
    """Tell whether a line with bars is below the rule of a table: it is a row, not a header."""
    lower = max(0, start - _MAX_HEADER_BYTES)
    if _BAR.search(data, start, start + _MAX_HEADER_BYTES) is None:
        return False
    for line in reversed(_BREAK.split(data[lower:start])[:-1]):
        if _RULE.fullmatch(line):
            return line.strip() != b''
        if _BAR.search(line) is None:
            return False
    return False


def _find_break(data: bytes, lower: int, upper: int) -> re.Match[bytes] | None:
    """Find the last line break in a range."""
    start = max(data.rfind(mark, lower, upper) for mark in (b'\n', b'\\n'))
    if start < 0:
        return None
    for mark in (b'\r', b'\\r'):  # may belong to it
        before = max(lower, start - len(mark))
        whole = _BREAK.match(data, before, upper)
        if whole is not None and data.startswith(mark, before):
            return whole
    return _BREAK.match(data, start, upper)


def _skip_key(data: bytes, start: int, end: re.Match[bytes]) -> int:
    """Return the beginning of a line, skipping the key of a JSON string that begins on it."""
    if end.group() in (b'\n', b'\r\n'):
        return start
    key = _KEY.match(data, start, end.start())
    return key.end() if key else start


def _is_header(cells: Sequence[TextCell], split: Split) -> bool:
    """Tell whether all cells could name columns; those of single words must be roles."""
    texts = [cell.text for cell in cells if cell.text]
    if not all(_NAME.fullmatch(text) and not _is_value(text) for text in texts):
        return False
    if split is not _split_words:
        return len(texts) > 1
    roles = sum(find_role(text.decode('latin-1')) is not None for text in texts)
    return roles >= _MIN_TITLED_ROLES and all(_IDENTIFIER.fullmatch(text) for text in texts)


def _is_value(text: bytes) -> bool:
    return (
        len(text) >= _MIN_RANDOM_BYTES
        and find_role(text.decode('latin-1')) is None
        and is_random(text)
    )


def _read_rows(data: bytes, header: list[TextCell], line: Line, split: Split) -> Iterator[Setting]:
    """Yield the cells of the lines below a header, up to the first line that is not a row."""
    position, limit = line[1], line[0] + _MAX_TABLE_BYTES
    while position < limit and (found := _BREAK.match(data, position)):
        start = found.end()
        following = _BREAK.search(data, start, start + _MAX_TABLE_BYTES)
        position = following.start() if following else min(len(data), start + _MAX_TABLE_BYTES)
        if found.group()[:1] == b'\\' and (end := _STRING_END.search(data, start, position)):
            position = end.start()
        text = data[start:position]
        if _RULE.fullmatch(text):
            if text.strip():
                continue
            return
        row = split(data, start, position)
        bound = _align(header, line[0], row, start) if split is _split_columns else None
        if bound is None:
            bound = _count(header, row)
        if not bound and split is _split_bars and len(row) > 1:
            bound = _count(header[: len(row)], row)  # Markdown's rows may end early
        if not bound and split is not _split_bars:
            return
        for name, cell in bound:
            yield Setting(
                (f'line{start}', name.text.decode('utf-8', 'replace')),
                cell.text,
                cell.start,
                cell.end,
            )


def _count(header: list[TextCell], row: list[TextCell]) -> list[tuple[TextCell, TextCell]]:
    """Bind cells to names by position; a row may have a number before its cells."""
    if len(row) == len(header) + 1:
        row = row[1:]
    if len(row) != len(header):
        return []
    return [(name, cell) for name, cell in zip(header, row, strict=True) if name.text and cell.text]


def _align(
    header: list[TextCell], header_start: int, row: list[TextCell], start: int
) -> list[tuple[TextCell, TextCell]] | None:
    """Bind cells to the names that begin or end in the same column; None if too few match."""
    ends = {name.end - header_start: name for name in header}
    starts = {name.start - header_start: name for name in header}
    bound = []
    for cell in row:
        name = ends.get(cell.end - start) or starts.get(cell.start - start)
        if name is not None:
            bound.append((name, cell))
    return bound if len(bound) >= min(len(row) - 1, len(header)) > 0 else None


def _strip(data: bytes, start: int, end: int) -> TextCell:
    """Strip blanks, quotes and emphasis from a cell."""
    text = data[start:end]
    first = start + len(text) - len(text.lstrip(_MARKUP))
    text = text.strip(_MARKUP)
    return TextCell(text, first, first + len(text))


def _split_bars(data: bytes, start: int, end: int) -> list[TextCell]:
    """Split at the bars of Markdown, psql, mysql and box drawings; outer bars are ignored."""
    bars = list(_BAR.finditer(data, start, end))
    if not bars:
        return []
    starts = [start, *(bar.end() for bar in bars)]
    ends = [*(bar.start() for bar in bars), end]
    cells = [_strip(data, *span) for span in zip(starts, ends, strict=True)]
    if data[start : bars[0].start()].strip():
        return cells
    return cells[1:-1] if not data[bars[-1].end() : end].strip() else cells[1:]


def _split_at(separator: bytes) -> Split:
    """Return a function that splits a line at a separator outside of double quotes."""
    pattern = compile_once(rb'(?:"[^"\r\n]*+"|[^"%b\r\n])*+' % re.escape(separator))

    def split(data: bytes, start: int, end: int) -> list[TextCell]:
        cells = []
        position = start
        while (found := pattern.match(data, position, end)) is not None:
            cells.append(_strip(data, position, found.end()))
            if found.end() >= end:
                return cells if len(cells) > 1 else []
            if data[found.end() : found.end() + 1] != separator:
                break
            position = found.end() + 1
        return []

    return split


def _split_escaped_tabs(data: bytes, start: int, end: int) -> list[TextCell]:
    """Split at the tabs of a text within a string of JSON."""
    tabs = [found.span() for found in re.finditer(rb'\\t', data[start:end])]
    if not tabs:
        return []
    starts = [start, *(start + last for _, last in tabs)]
    ends = [*(start + first for first, _ in tabs), end]
    return [_strip(data, *span) for span in zip(starts, ends, strict=True)]


def _split_columns(data: bytes, start: int, end: int) -> list[TextCell]:
    """Split at two or more blanks."""
    return [_strip(data, *found.span()) for found in _COLUMN.finditer(data, start, end)]


def _split_words(data: bytes, start: int, end: int) -> list[TextCell]:
    """Split at every blank."""
    return [_strip(data, *found.span()) for found in _WORD.finditer(data, start, end)]


_SPLITTERS: tuple[Split, ...] = (
    _split_bars,
    _split_at(b'\t'),
    _split_escaped_tabs,
    _split_at(b','),
    _split_at(b';'),
    _split_columns,
    _split_words,
)
