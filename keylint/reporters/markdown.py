"""Markdown for comments and job summaries: a table of the open findings, the worst first, and what to do about each rule."""

from __future__ import annotations

import re
from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.reporters.lives import life_text
from keylint.reporters.order import counted, open_ones, worst_first
from keylint.reporters.text import clean, within_text

# What can be part of Markdown, HTML, a table, a formula or a mention becomes a character reference, which no parser takes for structure.
_MARKS = re.compile(r'[\\`*_{}\[\]<>&|~#@!$^]|\A[-+=\d]|(?<=\w):(?=//)|(?<=www)\.', re.IGNORECASE)


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """No values, no code: only places, titles and steps."""
    findings = worst_first(open_ones(report))
    accepted = len(report.findings) - len(findings)
    stream.write(f'# keylint: {counted(report)}\n')
    if accepted:
        stream.write(f'\n{accepted} accepted finding{"s" * (accepted != 1)} not shown.\n')
    if findings:
        stream.write('\n| severity | finding | place | rule |\n|---|---|---|---|\n')
        stream.writelines(_row(finding) for finding in findings)
    for finding in _first_of_each_rule(findings):
        stream.write(_section(finding))
    if report.failures:
        stream.write('\n## Not scanned\n\n')
        stream.writelines(
            f'- {_code(failure.path)}: {escaped(failure.error)}\n' for failure in report.failures
        )
    if report.warnings:
        stream.write('\n## Warnings\n\n')
        stream.writelines(
            f'- {_code(f"{warned.path}:{warned.line}")}: {escaped(warned.message)}\n'
            for warned in report.warnings
        )


def escaped(text: str) -> str:
    """Text that Markdown shows as it is. A mention is broken up: nobody is notified."""
    return _references(text).replace('&#64;', '&#64;<!-- -->')


def _references(text: str) -> str:
    return _MARKS.sub(lambda match: f'&#{ord(match[0])};', ' '.join(clean(text).split()))


def _code(text: str) -> str:
    """As code, but by HTML: within backticks nothing can be escaped."""
    return f'<code>{_references(text)}</code>'


def _row(finding: Finding) -> str:
    where = within_text(finding)
    place = _code(f'{finding.path}:{finding.place.line}') + (f' {escaped(where)}' if where else '')
    place += f'<br>{escaped(life_text(finding))}' if finding.life else ''
    return f'| {finding.severity} | {escaped(finding.title)} | {place} | [{finding.rule}]({finding.help_url}) |\n'


def _section(finding: Finding) -> str:
    steps = ''.join(f'{number}. {escaped(step)}\n' for number, step in enumerate(finding.do, 1))
    return f'\n## {finding.rule}\n\n{escaped(finding.message)}\n\n{steps}'


def _first_of_each_rule(findings: list[Finding]) -> list[Finding]:
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding)
    return list(first.values())
