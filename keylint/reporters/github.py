"""Workflow commands of GitHub Actions: an annotation for each open finding, the worst first (GitHub shows ten of a kind for a step)."""

from __future__ import annotations

from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.reporters.order import open_ones, worst_first
from keylint.reporters.text import clean, within_text

_COMMANDS = {
    'critical': 'error',
    'high': 'error',
    'medium': 'warning',
    'low': 'notice',
    'info': 'notice',
}
_LONGEST = 4000


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Commands only: every line begins with one."""
    for finding in worst_first(open_ones(report)):
        stream.write(
            _command(
                _COMMANDS[finding.severity],
                _place(finding),
                f'{finding.title} ({finding.rule})',
                _lines(finding),
            )
        )
    for failure in report.failures:
        stream.write(
            _command('error', {'file': failure.path}, 'keylint: not scanned', [failure.error])
        )
    for warned in report.warnings:
        stream.write(
            _command(
                'warning',
                {'file': warned.path, 'line': str(max(1, warned.line))},
                'keylint',
                [warned.message],
            )
        )
    if not report.files:
        stream.write(_command('warning', {}, 'keylint', ['nothing was scanned']))


def _place(finding: Finding) -> dict[str, str]:
    """Columns only within one line: the runner drops an annotation that has them over several."""
    place = finding.place
    found = {'file': finding.path, 'line': str(place.line), 'endLine': str(place.end_line)}
    return (
        found | {'col': str(place.column), 'endColumn': str(place.end_column)}
        if place.line == place.end_line
        else found
    )


def _lines(finding: Finding) -> list[str]:
    where = within_text(finding)
    steps = [f'{number}. {step}' for number, step in enumerate(finding.do, 1)]
    return [f'{where}: {finding.message}' if where else finding.message, *steps, finding.help_url]


def _command(name: str, properties: dict[str, str], title: str, lines: list[str]) -> str:
    """One command on one line, as actions/toolkit escapes it."""
    message = '\n'.join(clean(line) for line in lines)[:_LONGEST]
    listed = ','.join(
        f'{key}={_property(value)}' for key, value in (properties | {'title': title}).items()
    )
    return f'::{name} {listed}::{_data(message)}\n'


def _data(text: str) -> str:
    return text.replace('%', '%25').replace('\r', '%0D').replace('\n', '%0A')


def _property(text: str) -> str:
    return _data(clean(text)).replace(':', '%3A').replace(',', '%2C')
