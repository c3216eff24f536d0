"""Write workflow commands of GitHub Actions: an annotation for each open finding.

The worst come first: GitHub shows only ten annotations of a kind for a step.
"""

from __future__ import annotations

from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.reporters.order import list_open_places, sort_by_severity
from keylint.reporters.text import format_inner_place, sanitize_text

_COMMANDS = {
    'critical': 'error',
    'high': 'error',
    'medium': 'warning',
    'low': 'notice',
    'info': 'notice',
}
_MAX_MESSAGE_CHARS = 4000


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write commands and nothing else: every line begins with one."""
    for finding in sort_by_severity(list_open_places(report)):
        stream.write(
            _format_command(
                _COMMANDS[finding.severity],
                _build_location(finding),
                f'{finding.title} ({finding.rule})',
                _list_message_lines(finding),
            )
        )
    for failure in report.failures:
        stream.write(
            _format_command(
                'error', {'file': failure.path}, 'keylint: not scanned', [failure.error]
            )
        )
    for warned in report.warnings:
        stream.write(
            _format_command(
                'warning',
                {'file': warned.path, 'line': str(max(1, warned.line))},
                'keylint',
                [warned.message],
            )
        )
    if not report.files:
        stream.write(_format_command('warning', {}, 'keylint', ['nothing was scanned']))


def _build_location(finding: Finding) -> dict[str, str]:
    """Return file, lines and columns.

    Columns stand only within one line: the runner drops an annotation that has them over several.
    """
    place = finding.place
    found = {'file': finding.path, 'line': str(place.line), 'endLine': str(place.end_line)}
    if place.line == place.end_line:
        found |= {'col': str(place.column), 'endColumn': str(place.end_column)}
    return found


def _list_message_lines(finding: Finding) -> list[str]:
    where = format_inner_place(finding)
    steps = [f'{number}. {step}' for number, step in enumerate(finding.do, 1)]
    return [f'{where}: {finding.message}' if where else finding.message, *steps, finding.help_url]


def _format_command(name: str, properties: dict[str, str], title: str, lines: list[str]) -> str:
    """Format a command on one line, escaped as actions/toolkit does."""
    message = '\n'.join(sanitize_text(line) for line in lines)[:_MAX_MESSAGE_CHARS]
    listed = ','.join(
        f'{key}={_escape_property(value)}' for key, value in (properties | {'title': title}).items()
    )
    return f'::{name} {listed}::{_escape_data(message)}\n'


def _escape_data(text: str) -> str:
    return text.replace('%', '%25').replace('\r', '%0D').replace('\n', '%0A')


def _escape_property(text: str) -> str:
    return _escape_data(sanitize_text(text)).replace(':', '%3A').replace(',', '%2C')
