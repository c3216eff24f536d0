"""Comma-separated values (RFC 4180): a row for each finding and for each file that could not be scanned."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.reporters.lives import life_text
from keylint.reporters.text import cell_text, clean

_HEAD = (
    'state',
    'severity',
    'confidence',
    'rule',
    'issuer',
    'environment',
    'title',
    'path',
    'line',
    'column',
    'end_line',
    'end_column',
    'cell',
    'container',
    'parts',
    'message',
    'do',
    'reason',
    'fingerprint',
    'help_url',
    'commit',
    'history',
    'environment_certainty',
    'environment_proof',
    'missing_parts',
)
# With these a spreadsheet begins a formula (OWASP: CSV injection).
_FORMULAS = ('=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠')


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """All findings, whatever their state. Lines end in CRLF."""
    rows = csv.writer(stream, lineterminator='\r\n')
    rows.writerow(_HEAD)
    rows.writerows([cell(value) for value in _row(finding)] for finding in report.findings)
    for failure in report.failures:
        values = {'state': 'not scanned', 'path': failure.path, 'message': failure.error}
        rows.writerow([cell(values.get(name, '')) for name in _HEAD])


def cell(value: str) -> str:
    """One line without control characters; what a spreadsheet would calculate is led by an apostrophe."""
    text = f"'{clean(value)}" if value.lstrip(' ').startswith(_FORMULAS) else clean(value)
    return text.replace('##', '#\ufffd')


def _row(finding: Finding) -> Iterable[str]:
    place = finding.place
    parts = '; '.join(
        f'{part.role} {part.preview} line {part.place.line}' for part in finding.parts
    )
    steps = '; '.join(f'{number}. {step}' for number, step in enumerate(finding.do, 1))
    return (
        finding.state,
        finding.severity,
        finding.confidence,
        finding.rule,
        finding.issuer or '',
        finding.environment,
        finding.title,
        finding.path,
        str(place.line),
        str(place.column),
        str(place.end_line),
        str(place.end_column),
        cell_text(finding.cell),
        finding.container or '',
        parts,
        finding.message,
        steps,
        finding.reason or '',
        finding.fingerprint,
        finding.help_url,
        finding.commit or '',
        life_text(finding),
        finding.environment_claim.certainty,
        finding.environment_proof,
        '; '.join(finding.missing),
    )
