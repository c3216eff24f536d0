"""GitLab's Code Quality report: the part of the Code Climate format that its documentation names."""

from __future__ import annotations

from typing import Any, TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.reporters.json_text import dumps
from keylint.reporters.order import occurrences, open_ones
from keylint.reporters.text import clean, within_text

_SEVERITIES = {
    'critical': 'blocker',
    'high': 'critical',
    'medium': 'major',
    'low': 'minor',
    'info': 'info',
}


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """An array of issues: open findings, and files that could not be scanned. A fingerprint stays when lines move."""
    findings = open_ones(report)
    issues = [
        _issue(finding, name) for finding, name in zip(findings, occurrences(findings), strict=True)
    ]
    for failure in report.failures:
        lost = _lost(failure.path)
        issues.append(
            {
                **lost,
                'description': f'not scanned: {clean(failure.error)}',
                'check_name': 'not-scanned',
                'severity': 'major',
            }
        )
    stream.write(dumps(issues, indent=2) + '\n')


def _issue(finding: Finding, name: str) -> dict[str, Any]:
    where = within_text(finding)
    return {
        'type': 'issue',
        'description': clean(f'{finding.title}{f" ({where})" if where else ""}: {finding.message}'),
        'check_name': finding.rule,
        'categories': ['Security'],
        'severity': _SEVERITIES[finding.severity],
        'fingerprint': name,
        'location': {
            'path': finding.path,
            'lines': {'begin': finding.place.line, 'end': finding.place.end_line},
        },
    }


def _lost(path: str) -> dict[str, Any]:
    import hashlib  # noqa: PLC0415 - only where a file could not be read

    name = hashlib.blake2b(
        path.encode('utf-8', 'surrogatepass'), digest_size=16, person=b'keylint-lost-1'
    ).hexdigest()
    return {
        'type': 'issue',
        'categories': ['Security'],
        'fingerprint': name,
        'location': {'path': path, 'lines': {'begin': 1}},
    }
