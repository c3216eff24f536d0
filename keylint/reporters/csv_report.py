"""Write CSV (RFC 4180): a row for each finding and for each file that could not be scanned."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.findings.copies import list_all_places
from keylint.reporters.lifetimes import format_lifetime
from keylint.reporters.text import identify_cell, sanitize_text

_COLUMNS = (
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
# Prefixes that make a spreadsheet evaluate a cell as a formula (OWASP: CSV injection).
_FORMULA_PREFIXES = ('=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠')


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write all findings, whatever their state. Lines end in CRLF."""
    rows = csv.writer(stream, lineterminator='\r\n')
    rows.writerow(_COLUMNS)
    rows.writerows(
        [escape_cell(value) for value in _list_values(finding)]
        for finding in list_all_places(report.findings)
    )
    for failure in report.failures:
        values = {'state': 'not scanned', 'path': failure.path, 'message': failure.error}
        rows.writerow([escape_cell(values.get(name, '')) for name in _COLUMNS])


def escape_cell(value: str) -> str:
    """Make a value one line without control characters.

    An apostrophe goes before what a spreadsheet would evaluate as a formula.
    """
    text = (
        f"'{sanitize_text(value)}"
        if value.lstrip(' ').startswith(_FORMULA_PREFIXES)
        else sanitize_text(value)
    )
    return text.replace('##', '#\ufffd')


def _list_values(finding: Finding) -> Iterable[str]:
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
        identify_cell(finding.cell),
        finding.container or '',
        parts,
        finding.message,
        steps,
        finding.reason or '',
        finding.fingerprint,
        finding.help_url,
        finding.commit or '',
        format_lifetime(finding),
        finding.environment_claim.certainty,
        finding.environment_proof,
        '; '.join(finding.missing),
    )
