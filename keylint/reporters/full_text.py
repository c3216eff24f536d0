"""Write the longest text for people: findings by file, why each matters and all its steps."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.core.terms import KIND_WORDS
from keylint.reporters.lifetimes import format_lifetime
from keylint.reporters.notes import write_notes
from keylint.reporters.painter import SEVERITY_COLOURS, Painter
from keylint.reporters.terminal import measure_terminal
from keylint.reporters.text import format_copies, format_inner_place, sanitize_text, wrap_words
from keylint.reporters.text_report import accept_any_text, write_summary

_LABEL_COLUMNS = 13


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write open findings by file, warnings, failures and the summary line."""
    accept_any_text(stream)
    paint = Painter(is_coloured)
    columns = measure_terminal(stream).columns
    for path, findings in groupby(report.open, key=lambda finding: finding.path):
        stream.write(paint('1', sanitize_text(path)) + '\n')
        for finding in findings:
            stream.write(_format_finding(finding, paint, columns))
        stream.write('\n')
    write_notes(report, stream, paint)
    if not report.is_quiet:
        stream.writelines(_format_hint(report.open, paint, columns))
    write_summary(report, config, stream, paint)


def _format_hint(shown: list[Finding], paint: Painter, columns: int) -> list[str]:
    """Say what to do next: the reader may have met keylint only now, when it refused a commit."""
    if not shown:
        return []
    advice = (
        '`keylint fix --dry-run` to preview a fix, or accept a false positive with '
        '`# keylint: ignore[rule] reason` or `keylint baseline create`.'
    )
    if any(finding.life for finding in shown):
        advice = (
            '`keylint publish` for what to revoke, what to remove from the history, and in which '
            'order.'
        )
    lines = wrap_words(advice, columns, 'Next: ', 0)
    return [lines[0].replace('Next:', paint('2', 'Next:'), 1), *lines[1:]]


def _format_finding(finding: Finding, paint: Painter, columns: int) -> str:
    within = format_inner_place(finding)
    place = f'{finding.place.line}:{finding.place.column}'
    if within:
        place += f' ({within})'
    severity = paint(SEVERITY_COLOURS[finding.severity], finding.severity)
    title, rule = paint('1', sanitize_text(finding.title)), paint('2', finding.rule)
    lines = [f'  {place}  {severity}  {title}  {rule}\n']
    lines += [f'      {paint("2", sanitize_text(str(line)))}\n' for line in finding.excerpt]
    paragraphs = [('parts:', _format_parts(finding))]
    if finding.copies:
        paragraphs.append(('also:', format_copies(finding)))
    if finding.life:
        paragraphs.append(('life:', sanitize_text(format_lifetime(finding))))
    paragraphs.append(('why:', sanitize_text(finding.message)))
    paragraphs += [
        ('do:' if number == 1 else '', f'{number}. {sanitize_text(step)}')
        for number, step in enumerate(finding.do, 1)
    ]
    for label, text in paragraphs:
        if text:
            lines += wrap_words(text, columns, f'      {label:7}', _LABEL_COLUMNS)
    lines.append(f'      page:  {finding.help_url}\n')
    return ''.join(lines)


def _format_parts(finding: Finding) -> str:
    return ', '.join(
        f'{KIND_WORDS[part.role]} {sanitize_text(part.preview)} line {part.place.line}'
        for part in finding.parts
    )
