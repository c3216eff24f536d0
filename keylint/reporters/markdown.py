"""Write Markdown for comments and job summaries.

A table of the open findings, the worst first, and what to do about each rule.
"""

from __future__ import annotations

import re
from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.reporters.issuer_pages import find_issuer_pages, split_page
from keylint.reporters.lifetimes import format_lifetime
from keylint.reporters.order import format_counts, sort_by_severity
from keylint.reporters.text import format_copies, format_inner_place, sanitize_text
from keylint.reporters.text_report import list_hidden

# What can be part of Markdown, HTML, a table, a formula or a mention becomes a character
# reference, which no parser takes for structure.
_MARKDOWN_SYNTAX = re.compile(
    r'[\\`*_{}\[\]<&|~#@$^]|\A(?:[-+=>]|\d(?=\d*[.)]))|(?<=\w):(?=//)|(?<=www)\.', re.IGNORECASE
)


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write places, titles and steps only: no values and no code, since comments are public."""
    findings = sort_by_severity(report.open)
    accepted = len(report.findings) - len(findings)
    stream.write(f'# keylint: {format_counts(report)}\n')
    if accepted:
        stream.write(f'\n{accepted} accepted finding{"s" * (accepted != 1)} not shown.\n')
    for line in list_hidden(report, config):
        stream.write(f'\n{line}.\n')
    if findings:
        stream.write('\n| severity | finding | place | rule |\n|---|---|---|---|\n')
        stream.writelines(_format_row(finding) for finding in findings)
    pages = find_issuer_pages(findings, config)
    for finding in _keep_first_of_each_rule(findings):
        stream.write(_format_section(finding, pages.get(finding.issuer or '', '')))
    if report.failures:
        stream.write('\n## Not scanned\n\n')
        stream.writelines(
            f'- {_format_code(failure.path)}: {escape_markdown(failure.error)}\n'
            for failure in report.failures
        )
    if report.warnings:
        stream.write('\n## Warnings\n\n')
        stream.writelines(
            f'- {_format_code(f"{warned.path}:{warned.line}")}: {escape_markdown(warned.message)}\n'
            for warned in report.warnings
        )


def escape_markdown(text: str) -> str:
    """Escape text so that Markdown shows it as it is; mentions are broken up, to notify nobody."""
    return _encode_references(text).replace('&#64;', '@<!-- -->')


def _encode_references(text: str) -> str:
    return _MARKDOWN_SYNTAX.sub(
        lambda match: f'&#{ord(match[0])};', ' '.join(sanitize_text(text).split())
    )


def _format_code(text: str) -> str:
    """Format text as code by means of HTML: within backticks nothing can be escaped."""
    return f'<code>{_encode_references(text)}</code>'


def _format_row(finding: Finding) -> str:
    where = format_inner_place(finding)
    place = _format_code(f'{finding.path}:{finding.place.line}') + (
        f' {escape_markdown(where)}' if where else ''
    )
    if finding.copies:
        place += f'<br>also {escape_markdown(format_copies(finding))}'
    if finding.life:
        place += f'<br>{escape_markdown(format_lifetime(finding))}'
    rule = f'[{finding.rule}]({finding.help_url})'
    return f'| {finding.severity} | {escape_markdown(finding.title)} | {place} | {rule} |\n'


def _format_section(finding: Finding, page: str) -> str:
    """Format why and what to do; `page` is the issuer's own, the one address that is a link."""
    steps = ''.join(
        f'{number}. {_format_step(step, page)}\n' for number, step in enumerate(finding.do, 1)
    )
    return f'\n## {finding.rule}\n\n{escape_markdown(finding.message)}\n\n{steps}'


def _format_step(step: str, page: str) -> str:
    """Format a step, with a link where it ends in the page that the issuer's rule names."""
    what, link = split_page(step, page)
    return f'{escape_markdown(what)} <{link}>' if link else escape_markdown(step)


def _keep_first_of_each_rule(findings: list[Finding]) -> list[Finding]:
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding)
    return list(first.values())
