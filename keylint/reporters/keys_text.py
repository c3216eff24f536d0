"""Write the keys of a tree for people: a table of one line a key, and the details if asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import TextIO

from keylint.api_usage.other_languages import UnreadUse
from keylint.core.records import NamedTuple
from keylint.core.terms import SEVERITIES
from keylint.policies.key_table import KeyRow
from keylint.reporters.keys import describe_unread, format_may, format_needs
from keylint.reporters.painter import SEVERITY_COLOURS, Painter
from keylint.reporters.terminal import count_columns, cut_text, measure_terminal, pad_text
from keylint.reporters.text import sanitize_text, wrap_words

_HEADS = ('EXCHANGE', 'LABEL', 'FROM', 'MAY', 'NEEDS', 'IP LIST', 'AGE', 'VERDICT')
# A word is cut to so many columns where a narrow terminal has no room for it.
_MIN_WORD_COLUMNS = 6
_NAMES = ('LABEL', 'FROM')
_SHADES = {**SEVERITY_COLOURS, 'ok': '32', 'unknown': '33'}
_GAP = '  '
_NONE = '-'


class KeysText(NamedTuple):
    """The text of `keylint keys`, with or without what is known of each key beyond its row.

    `left_out` says of how many files nothing was read, and why.
    """

    has_details: bool
    is_coloured: bool = False
    left_out: tuple[tuple[str, int], ...] = ()

    def write(self, rows: Sequence[KeyRow], unread: Sequence[UnreadUse], stream: TextIO) -> None:
        """Write the table, the details, how many keys there are, and files that were not read."""
        paint = Painter(self.is_coloured)
        columns = measure_terminal(stream).columns
        lines = _format_table(rows, columns, paint) if rows else []
        if self.has_details:
            for row in rows:
                lines += ['', *_format_details(row, columns, paint)]
        if rows:
            lines += ['', *_wrap(_summarise(rows, self.has_details), columns)]
        elif not unread:
            lines.append('no exchange keys: nothing declared, used or leaked')
        lines += describe_unread(unread)
        if self.left_out:
            reasons = ', '.join(f'{count} {sanitize_text(why)}' for why, count in self.left_out)
            lines += _wrap(f'not looked at: {reasons}', columns)
        stream.writelines(f'{line}\n' for line in lines)


def _format_table(rows: Sequence[KeyRow], columns: int, paint: Painter) -> list[str]:
    """Format a head and a line for each key, or more where the terminal is too narrow for one.

    Columns that say nothing of any key are left out.
    """
    cells = [[sanitize_text(cell) for cell in _list_cells(row)] for row in rows]
    used = [
        number
        for number in range(len(_HEADS))
        if any(line[number] != _NONE for line in cells) or number == len(_HEADS) - 1
    ]
    heads = [_HEADS[number] for number in used]
    cells = [[line[number] for number in used] for line in cells]
    widths = _fit_columns([heads, *cells], columns)
    lines = [paint('1', line) for line in _format_row(heads, widths)]
    for row in cells:
        first, *more = _format_row(row, widths)
        painted = first.removesuffix(row[-1]) + paint(_SHADES[row[-1]], row[-1])
        lines += [painted, *more]
    return lines


def _fit_columns(lines: Sequence[Sequence[str]], columns: int) -> list[int]:
    """Return the widths of the columns of a table, so that a line is not longer than `columns`.

    The widest column gives first: down to its longest word. Then words are cut, in names before
    rights and addresses, and in the verdict never. The first of the lines has the heads.
    """
    cells = [[line[number] for line in lines] for number in range(len(lines[0]))]
    widths = [max(map(count_columns, column)) for column in cells]
    words = [
        max(count_columns(word) for cell in column for word in cell.split()) for column in cells
    ]
    cut = [min(low, _MIN_WORD_COLUMNS) for low in words[:-1]] + words[-1:]
    names = [
        low if head in _NAMES else word
        for head, low, word in zip(lines[0], cut, words, strict=True)
    ]
    for least in (words, names, cut):
        while sum(widths) + len(_GAP) * (len(widths) - 1) > columns:
            spare = [width if width > low else 0 for width, low in zip(widths, least, strict=True)]
            if not any(spare):
                break
            widths[spare.index(max(spare))] -= 1
    return widths


def _format_row(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Format a row: as many lines as its longest cell takes, words whole where they fit."""
    wrapped = [
        wrap(cell, width, break_long_words=False, break_on_hyphens=False)
        for cell, width in zip(cells, widths, strict=True)
    ]
    return [
        _GAP.join(
            pad_text(cut_text(cell, width), width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in zip_longest(*wrapped, fillvalue='')
    ]


def _list_cells(row: KeyRow) -> tuple[str, ...]:
    """List the cells of a row. The strongest rights come first: nobody should look for them."""
    return (
        _name_exchange(row),
        row.label or _NONE,
        row.source.removeprefix('reference '),
        format_may(row, strongest_first=True),
        format_needs(row, strongest_first=True),
        row.restriction,
        _NONE if row.age is None else f'{row.age}d',
        row.verdict,
    )


def _name_exchange(row: KeyRow) -> str:
    name = row.exchange or 'chosen at run time'
    return name if row.environment == 'unknown' else f'{name} ({row.environment})'


def _summarise(rows: Sequence[KeyRow], has_details: bool) -> str:
    """Format `3 keys: 1 critical, 2 unknown.` and how to see more."""
    counts = Counter(row.verdict for row in rows)
    order = (*reversed(SEVERITIES), 'unknown', 'ok')
    shown = ', '.join(f'{counts[verdict]} {verdict}' for verdict in order if counts[verdict])
    hint = (
        '' if has_details else ' `keylint keys --details` shows where, why and what was not read.'
    )
    return f'{len(rows)} key{"s" * (len(rows) != 1)}: {shown}.{hint}'


def _format_details(row: KeyRow, columns: int, paint: Painter) -> list[str]:
    """Format all that is known of a key: a fact a line, wrapped to the terminal."""
    label = f' "{row.label}"' if row.label else ''
    head = sanitize_text(f'{_name_exchange(row)}{label}')
    facts = [
        ('where', row.place),
        ('value', row.source.removeprefix('reference ')),
        ('may', format_may(row)),
        ('needs', format_needs(row)),
        *(('', f'{level}: {proof}') for level, proof in row.proofs),
        *(('', f'not counted: {level}: {proof}') for level, proof in row.idle),
        *(('', f'not read: {doubt}') for doubt in row.doubts),
        ('IP list', row.restriction),
        ('age', '' if row.age is None else f'{row.age} days'),
    ]
    lines = [f'{paint("1", head)}  {paint(_SHADES[row.verdict], row.verdict)}']
    for name, fact in facts:
        if fact:
            lines += _wrap(sanitize_text(fact), columns, f'  {name:7}  ')
    return lines


def _wrap(text: str, columns: int, head: str = '') -> list[str]:
    return [line.rstrip('\n') for line in wrap_words(text, columns, head, len(head))]
