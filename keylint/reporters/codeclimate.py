"""Write GitLab's Code Quality report: the part of the Code Climate format that it documents."""

from __future__ import annotations

import hashlib
from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Failure, Report
from keylint.reporters.json_text import JsonObject, dump_json
from keylint.reporters.order import fingerprint_occurrences, list_open_places
from keylint.reporters.text import format_inner_place, sanitize_text

_SEVERITIES = {
    'critical': 'blocker',
    'high': 'critical',
    'medium': 'major',
    'low': 'minor',
    'info': 'info',
}


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write an array of issues: open findings, and files that could not be scanned.

    Fingerprints hold no line numbers, so that an issue stays the same when lines move.
    """
    findings = list_open_places(report)
    issues = [
        _build_issue(finding, name)
        for finding, name in zip(findings, fingerprint_occurrences(findings), strict=True)
    ]
    issues += [_build_failure_issue(failure) for failure in report.failures]
    stream.write(dump_json(issues, indent=2) + '\n')


def _build_issue(finding: Finding, name: str) -> JsonObject:
    where = format_inner_place(finding)
    return {
        'type': 'issue',
        'description': sanitize_text(
            f'{finding.title}{f" ({where})" if where else ""}: {finding.message}'
        ),
        'check_name': finding.rule,
        'categories': ['Security'],
        'severity': _SEVERITIES[finding.severity],
        'fingerprint': name,
        'location': {
            'path': finding.path,
            'lines': {'begin': finding.place.line, 'end': finding.place.end_line},
        },
    }


def _build_failure_issue(failure: Failure) -> JsonObject:
    path = failure.path
    digest = hashlib.blake2b(
        path.encode('utf-8', 'surrogatepass'), digest_size=16, person=b'keylint-lost-1'
    )
    return {
        'type': 'issue',
        'categories': ['Security'],
        'fingerprint': digest.hexdigest(),
        'location': {'path': path, 'lines': {'begin': 1}},
        'description': f'not scanned: {sanitize_text(failure.error)}',
        'check_name': 'not-scanned',
        'severity': 'major',
    }
