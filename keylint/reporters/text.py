"""Write what a text report has to show: findings by file, warnings, failures, what to do."""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap
from typing import TextIO

from keylint.core.model import Cell, Finding
from keylint.core.report import Failure, Report
from keylint.findings.foreign_text import mask_values
from keylint.reporters.lifetimes import format_lifetime
from keylint.reporters.painter import SEVERITY_COLOURS, Painter, strip_controls

_WIDTH_COLUMNS = 120
# Limit on lines about members of one archive that could not be read for the same reason.
_MAX_ALIKE_FAILURES = 5
_MAX_SHOWN_COPIES = 2


def write_details(report: Report, shown: list[Finding], stream: TextIO, paint: Painter) -> None:
    """Write findings by file, warnings, failures and what to do next."""
    for path, findings in groupby(shown, key=lambda finding: finding.path):
        stream.write(paint('1', sanitize_text(path)) + '\n')
        for finding in findings:
            stream.write(_format_finding(finding, paint))
        stream.write('\n')
    for warned in report.warnings:
        place = f'{sanitize_text(warned.path)}:{warned.line}'
        stream.write(f'{paint("33", "warning")} {place} {sanitize_text(warned.message)}\n')
    for (path, why), failures in groupby(report.failures, key=_split_failure):
        head = f'{paint("31", "not scanned")} {sanitize_text(path)}'
        stream.writelines(f'{head}: {line}\n' for line in _list_failures(list(failures), why))
    stream.write(_format_hint(shown, paint))


def _list_failures(failures: list[Failure], why: str) -> list[str]:
    """Say what is wrong with members of one archive; `why` is what all of them share."""
    if len(failures) <= _MAX_ALIKE_FAILURES:
        return [sanitize_text(failure.error) for failure in failures]
    shown = [sanitize_text(failure.error) for failure in failures[: _MAX_ALIKE_FAILURES - 1]]
    more = len(failures) - len(shown)
    return [*shown, f'{more} more: {sanitize_text(why)} (--format json names all)']


def _split_failure(failure: Failure) -> tuple[str, str]:
    """Return the path, and the error without the name of an archive's member."""
    member, found, why = failure.error.partition(': ')
    return failure.path, why if found and '!/' in member else failure.error


def _format_hint(shown: list[Finding], paint: Painter) -> str:
    """Say what to do next: the reader may have met keylint only now, when it refused a commit."""
    if not shown:
        return ''
    advice = (
        'keylint fix --dry-run shows repairs; '
        '# keylint: ignore[rule] reason, or keylint baseline create, accepts'
    )
    if any(finding.life for finding in shown):
        advice = 'keylint publish says what to revoke, what to purge and in which order'
    return f'{paint("2", "next:")} {advice}\n'


def sanitize_text(text: str) -> str:
    """Quote a text of others: without control characters, commands and what looks like a value.

    A hostile file name cannot move the cursor, colour the screen, or steer a CI job.
    """
    return strip_controls(mask_values(text, ()))


def format_cell(cell: Cell | None) -> str:
    """Format `cell 3, source line 2` for a place in a notebook; nothing elsewhere."""
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


def _format_finding(finding: Finding, paint: Painter) -> str:
    within = format_inner_place(finding)
    place = f'{finding.place.line}:{finding.place.column}'
    if within:
        place += f' ({within})'
    severity = paint(SEVERITY_COLOURS[finding.severity], finding.severity)
    title, rule = paint('1', sanitize_text(finding.title)), paint('2', finding.rule)
    lines = [f'  {place}  {severity}  {title}  {rule}\n']
    lines += [f'      {paint("2", sanitize_text(line))}\n' for line in finding.excerpt]
    parts = ', '.join(
        f'{part.role} {sanitize_text(part.preview)} line {part.place.line}'
        for part in finding.parts
    )
    if parts:
        lines += _wrap_paragraph('parts:', parts)
    if finding.copies:
        lines += _wrap_paragraph('also:', format_copies(finding))
    if finding.life:
        lines += _wrap_paragraph('life:', sanitize_text(format_lifetime(finding)))
    lines += _wrap_paragraph('why:', sanitize_text(finding.message))
    for number, step in enumerate(finding.do, 1):
        lines += _wrap_paragraph('do:' if number == 1 else '', f'{number}. {sanitize_text(step)}')
    lines.append(f'      page:  {finding.help_url}\n')
    return ''.join(lines)


def _wrap_paragraph(label: str, text: str) -> list[str]:
    return wrap_words(text, _WIDTH_COLUMNS, f'      {label:7}', 13)


def wrap_words(text: str, width: int, head: str, indent: int) -> list[str]:
    """Wrap the text behind its head, between words only, so that addresses stay whole.

    `width` and `indent`, which is that of the further lines, are numbers of columns.
    """
    lines = wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=' ' * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [f'{line}\n' for line in lines]
