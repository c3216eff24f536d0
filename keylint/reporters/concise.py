"""Write one line for each place of a finding: what terminals, editors and their matchers read.

The form is that of compilers, `path:line:column: severity: title (rule)`, as in the GNU coding
standards, section "Formatting Error Messages".
"""

from __future__ import annotations

from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.reporters.order import list_open_places
from keylint.reporters.painter import SEVERITY_COLOURS, Painter
from keylint.reporters.text import format_inner_place, sanitize_text
from keylint.reporters.text_report import write_summary


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write open findings by place, warnings, failures and the summary line."""
    paint = Painter(is_coloured)
    findings = list_open_places(report)
    stream.writelines(_format_line(finding, paint) for finding in findings)
    for warned in report.warnings:
        place = f'{sanitize_text(warned.path)}:{warned.line}:1'
        stream.write(f'{place}: {paint("33", "warning")}: {sanitize_text(warned.message)}\n')
    for failure in report.failures:
        lost = f'{paint("31", "not scanned")}: {sanitize_text(failure.error)}'
        stream.write(f'{sanitize_text(failure.path)}:1:1: {lost}\n')
    write_summary(report, config, stream, paint)


def _format_line(finding: Finding, paint: Painter) -> str:
    place = f'{sanitize_text(finding.path)}:{finding.place.line}:{finding.place.column}'
    severity = paint(SEVERITY_COLOURS[finding.severity], finding.severity)
    within = format_inner_place(finding)
    title = sanitize_text(finding.title) + (f', {within}' if within else '')
    return f'{place}: {severity}: {title} ({finding.rule})\n'
