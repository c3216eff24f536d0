"""Text for people: by file, the worst first in colour, every secret masked, what to do, a summary."""

from __future__ import annotations

import re
from io import TextIOWrapper
from itertools import groupby
from typing import TextIO

from keylint.core.config import Config
from keylint.core.report import Failure, Report
from keylint.core.terms import SEVERITIES
from keylint.reporters.lives import life_text

TYPE_CHECKING = False  # a clean run has no findings
if TYPE_CHECKING:
    from keylint.core.model import Cell, Finding

_WIDTH = 120
# So many members of a file that could not be looked at for the same reason are named.
_MOST_ALIKE = 5
# In shorter texts no value is looked for but those that the run has found.
_MIN_RUN_CHARS = 16
_LONG_RUN = re.compile(r'[A-Za-z0-9+=~]{16}')
_COLOURS = {'critical': '1;37;41', 'high': '1;31', 'medium': '1;33', 'low': '36', 'info': '2'}
# Commands to agents of CI systems that read logs: Azure, older GitHub runners and TeamCity wherever they stand, GitHub at the start of a line.
_COMMANDS = r'##(?=\w*\[)|(?<!\S)::(?=\w)'


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Open findings, warnings, failures, the summary line."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors='replace')  # a console may know less than UTF-8
    paint = _Paint(is_coloured)
    shown = [finding for finding in report.findings if finding.state == 'open']
    for path, findings in groupby(shown, key=lambda finding: finding.path):
        stream.write(paint('1', clean(path)) + '\n')
        for finding in findings:
            stream.write(_finding(finding, paint))
        stream.write('\n')
    for warned in report.warnings:
        stream.write(
            f'{paint("33", "warning")} {clean(warned.path)}:{warned.line} {clean(warned.message)}\n'
        )
    for (path, why), failures in groupby(report.failures, key=_why):
        told = list(failures)
        for failure in told if len(told) <= _MOST_ALIKE else told[: _MOST_ALIKE - 1]:
            stream.write(f'{paint("31", "not scanned")} {clean(path)}: {clean(failure.error)}\n')
        if len(told) > _MOST_ALIKE:
            stream.write(
                f'{paint("31", "not scanned")} {clean(path)}: {len(told) - _MOST_ALIKE + 1} more: {clean(why)} (--format json names all)\n'
            )
    stream.write(_hint(shown, paint) + _summary(report, shown, paint))


def _why(failure: Failure) -> tuple[str, str]:
    """The file, and what is wrong without the name of a member."""
    member, found, why = failure.error.partition(': ')
    return failure.path, why if found and '!/' in member else failure.error


def _hint(shown: list[Finding], paint: _Paint) -> str:
    """What a user can do next, who may have met keylint only now: it refused a commit."""
    if not shown:
        return ''
    if any(finding.life for finding in shown):
        return f'{paint("2", "next:")} keylint publish says what to revoke, what to purge and in which order\n'
    return f'{paint("2", "next:")} keylint fix --dry-run shows repairs; # keylint: ignore[rule] reason, or keylint baseline create, accepts\n'


class _Paint:
    def __init__(self, is_coloured: bool) -> None:
        self.is_coloured = is_coloured

    def __call__(self, style: str, text: str) -> str:
        return f'\x1b[{style}m{text}\x1b[0m' if self.is_coloured else text


def clean(text: str) -> str:
    """Quote a text of others: without control characters, commands and what looks like a value.

    A hostile name cannot move the cursor, colour the screen, or steer a CI job.
    """
    shown = ''.join(char if char.isprintable() else '\ufffd' for char in text)
    if len(shown) >= _MIN_RUN_CHARS and _LONG_RUN.search(shown):
        from keylint.findings.foreign_text import mask_values  # noqa: PLC0415 - only where one may stand

        shown = mask_values(shown, ())
    return (
        re.sub(_COMMANDS, lambda match: f'{match[0][0]}\ufffd', shown)
        if '##' in shown or '::' in shown
        else shown
    )


def cell_text(cell: Cell | None) -> str:
    """`cell 3, source line 2` for a place in a notebook; nothing elsewhere."""
    return (
        ''
        if cell is None or cell.number < 0
        else f'cell {cell.number}, {cell.part} line {cell.line}'
    )


def within_text(finding: Finding) -> str:
    """Where in its file a finding is, beyond line and column: the cell of a notebook, the member of a carrier, the layer of an encoding."""
    return ', '.join(
        text
        for text in (
            cell_text(finding.cell),
            f'in {clean(finding.container)}' if finding.container else '',
        )
        if text
    )


def _finding(finding: Finding, paint: _Paint) -> str:
    within = within_text(finding)
    place = f'{finding.place.line}:{finding.place.column}{f" ({within})" if within else ""}'
    head = f'  {place}  {paint(_COLOURS[finding.severity], finding.severity)}  {paint("1", clean(finding.title))}  {paint("2", finding.rule)}\n'
    lines = [head]
    lines += [f'      {paint("2", clean(line))}\n' for line in finding.excerpt]
    parts = ', '.join(
        f'{part.role} {clean(part.preview)} line {part.place.line}' for part in finding.parts
    )
    lines += _paragraph('parts:', parts) if parts else []
    lines += _paragraph('life:', clean(life_text(finding))) if finding.life else []
    lines += _paragraph('why:', clean(finding.message))
    for number, step in enumerate(finding.do, 1):
        lines += _paragraph('do:' if number == 1 else '', f'{number}. {clean(step)}')
    lines.append(f'      page:  {finding.help_url}\n')
    return ''.join(lines)


def _paragraph(label: str, text: str) -> list[str]:
    """The text under its label, broken between words; an address is never broken."""
    from textwrap import wrap  # noqa: PLC0415 - only for a finding

    return [
        line + '\n'
        for line in wrap(
            text,
            _WIDTH,
            initial_indent=f'      {label:7}',
            subsequent_indent=' ' * 13,
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]


def _summary(report: Report, shown: list[Finding], paint: _Paint) -> str:
    counts = [
        (level, sum(finding.severity == level for finding in shown))
        for level in reversed(SEVERITIES)
    ]
    found = ', '.join(
        f'{count} {paint(_COLOURS[level], level)}' for level, count in counts if count
    )
    skipped = ', '.join(f'{count} {clean(why)}' for why, count in sorted(report.skipped.items()))
    suppressed = sum(finding.state == 'suppressed' for finding in report.findings)
    unchanged = f'{report.unchanged} unchanged, ' if report.unchanged else ''
    amount = f'{report.files} {report.unit}{"s" * (report.files != 1)} ({unchanged}{report.bytes / 1e6:.1f} MB, {report.seconds:.2f} s)'
    line = f'{found or "no findings"} in {amount}'
    if not report.files:
        line = 'nothing was scanned'
    extras = [f'{suppressed} suppressed'] if suppressed else []
    known = sum(finding.state == 'known' for finding in report.findings)
    extras += [f'{known} known'] if known else []
    extras += [f'skipped: {skipped}'] if skipped else []
    extras += [f'{len(report.failures)} not scanned'] if report.failures else []
    return '; '.join([line, *extras]) + '\n'
