"""Write the default text: a block for each finding, the worst first, and what to do at the end."""

from __future__ import annotations

from keylint.core.lazy_typing import TextIO
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.reporters.advice import format_advice
from keylint.reporters.blocks import format_block
from keylint.reporters.notes import write_notes
from keylint.reporters.order import sort_by_severity
from keylint.reporters.overview import format_overview
from keylint.reporters.painter import Painter
from keylint.reporters.terminal import measure_terminal

# The blank line above the advice, and the summary.
_CLOSING = 2


def write_details(report: Report, stream: TextIO, paint: Painter) -> None:
    """Write the findings, what to do about them, warnings and failures.

    A summary by exchange is above findings that do not fit the screen, and the advice is short
    where all of it would not fit.
    """
    size = measure_terminal(stream)
    findings: list[Finding] = sort_by_severity(report.open)
    lines = [line for one in findings for line in format_block(one, size.columns, paint)]
    if report.is_quiet:
        stream.writelines(f'{line}\n' for line in lines)
        write_notes(report, stream, paint)
        return
    moment = 'first commit' if report.is_first_commit else report.mode
    top = ':/' if report.is_below_top else ''
    advice = format_advice(findings, moment, size.columns, paint, top=top)
    if len(lines) + len(advice) + _CLOSING >= size.lines:
        advice = format_advice(findings, moment, size.columns, paint, is_short=True, top=top)
    if len(lines) >= size.lines:
        lines = [*format_overview(findings, size.columns, paint), '', *lines]
    if advice:
        lines += ['', *advice]
    stream.writelines(f'{line}\n' for line in lines)
    write_notes(report, stream, paint)
