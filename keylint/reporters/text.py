"""Put what a report quotes into words that all formats for people share."""

from __future__ import annotations

from keylint.core.model import Cell, Finding
from keylint.findings.foreign_text import mask_values
from keylint.reporters.painter import strip_controls

_MAX_SHOWN_COPIES = 2


def sanitize_text(text: str) -> str:
    """Quote a text of others: without control characters, commands and what looks like a value.

    A hostile file name cannot move the cursor, colour the screen, or steer a CI job.
    """
    return strip_controls(mask_values(text, ()))


def format_cell(cell: Cell | None) -> str:
    """Format `cell 3, line 2` for a place in a notebook; nothing elsewhere.

    Cells count from 1, as in ruff and as a reader counts them; those of a report of JSON from 0.
    """
    if cell is None or cell.number < 0:
        return ''
    part = '' if cell.part == 'source' else f'{cell.part} '
    return f'cell {cell.number + 1}, {part}line {cell.line}'


def identify_cell(cell: Cell | None) -> str:
    """Name a place in a notebook for programs: `cell 2, source line 2`, counted from 0.

    Systems that read reports know findings again by it, so it stays as it is.
    """
    if cell is None or cell.number < 0:
        return ''
    return f'cell {cell.number}, {cell.part} line {cell.line}'


def format_inner_place(finding: Finding) -> str:
    """Format where in its file a finding is, beyond line and column.

    The cell of a notebook, the member of an archive, the layers of an encoding.
    """
    cell = format_cell(finding.cell)
    if not finding.container:
        return cell
    container = f'in {sanitize_text(finding.container)}'
    return f'{cell}, {container}' if cell else container


def format_copies(finding: Finding) -> str:
    """Format the other places of a value, the first few: `a.py:3, b.py:4 and 7 more places`."""
    places = list(dict.fromkeys(f'{one.path}:{one.place.line}' for one in finding.copies))
    shown = ', '.join(sanitize_text(place) for place in places[:_MAX_SHOWN_COPIES])
    more = len(places) - _MAX_SHOWN_COPIES
    return f'{shown} and {more} more place{"s" * (more != 1)}' if more > 0 else shown


def wrap_words(text: str, width: int, head: str, indent: int) -> list[str]:
    """Wrap the text behind its head, between words only, so that addresses stay whole.

    `width` and `indent`, which is that of the further lines, are numbers of columns. Does what
    `textwrap` would, which imports `re`.
    """
    lines: list[str] = []
    line, gap = head, ''
    is_empty = True
    for word in ' '.join(text.splitlines()).expandtabs().split(' '):
        if word and not is_empty and len(line) + len(gap) + len(word) > width:
            lines.append(f'{line}\n')
            line, gap = ' ' * indent, ''
        if word:
            line += gap + word
            gap, is_empty = '', False
        gap += ' '
    return lines if is_empty else [*lines, f'{line}\n']
