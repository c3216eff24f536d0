"""Write one JSON object; docs/report.schema.json is its schema."""

from __future__ import annotations

from typing import TextIO

from keylint._version import __version__
from keylint.core.claims import find_claim
from keylint.core.config import Config
from keylint.core.model import (
    Cell,
    CommitRef,
    DeclarationSummary,
    Finding,
    FindingPart,
    Lifetime,
    RelatedLocation,
)
from keylint.core.report import Report
from keylint.findings.copies import list_places
from keylint.reporters.json_text import JsonObject, dump_json


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write the report sorted: the same report gives the same bytes except for the seconds."""
    document = {
        'keylint': __version__,
        'findings': [finding_object(finding) for finding in report.findings],
        'summary': count_summary(report),
        'failures': [{'path': f.path, 'stage': f.stage, 'error': f.error} for f in report.failures],
        'warnings': [
            {'path': w.path, 'line': w.line, 'message': w.message} for w in report.warnings
        ],
    }
    stream.write(dump_json(document, indent=2) + '\n')


def count_summary(report: Report) -> JsonObject:
    """Count what the run scanned, skipped and found."""
    severities: dict[str, int] = {}
    for finding in report.findings:
        if finding.state == 'open':
            severities[finding.severity] = severities.get(finding.severity, 0) + 1
    return {
        'files': report.files,
        'unchanged': report.unchanged,
        'bytes': report.bytes,
        'seconds': round(report.seconds, 3),
        'skipped': dict(sorted(report.skipped.items())),
        'findings': severities,
        'suppressed': sum(finding.state == 'suppressed' for finding in report.findings),
        'known': sum(finding.state == 'known' for finding in report.findings),
        'hidden': report.hidden_counts,
        'failures': len(report.failures),
    }


def finding_object(finding: Finding) -> JsonObject:
    """Convert a finding to the plain object that the schema describes."""
    issuer = find_claim(finding.claims, 'issuer')
    return {
        'rule': finding.rule,
        'severity': finding.severity,
        'confidence': finding.confidence,
        'issuer': finding.issuer,
        'issuer_certainty': issuer.certainty if issuer.proof else None,
        'issuer_proof': issuer.proof.describe() if issuer.proof else None,
        'environment': finding.environment,
        'environment_certainty': finding.environment_claim.certainty,
        'environment_proof': finding.environment_proof or None,
        'title': finding.title,
        'message': finding.message,
        'do': list(finding.do),
        'path': finding.path,
        'line': finding.place.line,
        'column': finding.place.column,
        'end_line': finding.place.end_line,
        'end_column': finding.place.end_column,
        'cell': _build_cell(finding.cell),
        'container': finding.container,
        'commit': finding.commit,
        'history': None if finding.life is None else _build_history(finding.life),
        'places': [_build_place(place) for place in list_places(finding)],
        'parts': [_build_part(part) for part in finding.parts],
        'missing_parts': list(finding.missing),
        'related': [_build_related(other) for other in finding.related],
        'declaration': None
        if finding.declaration is None
        else _build_declaration(finding.declaration),
        'fingerprint': finding.fingerprint,
        'help_url': finding.help_url,
        'state': finding.state,
        'reason': finding.reason,
    }


def _build_place(finding: Finding) -> JsonObject:
    """Convert one place of a value; its fingerprint is the finding's unless the value is weak."""
    return {
        'path': finding.path,
        'line': finding.place.line,
        'column': finding.place.column,
        'end_line': finding.place.end_line,
        'end_column': finding.place.end_column,
        'cell': _build_cell(finding.cell),
        'container': finding.container,
        'rule': finding.rule,
        'severity': finding.severity,
        'fingerprint': finding.fingerprint,
    }


def _build_cell(cell: Cell | None) -> JsonObject | None:
    """Convert a place in a notebook; metadata, which belongs to no cell, has a negative number."""
    if cell is None or cell.number < 0:
        return None
    return {'index': cell.number, 'part': cell.part, 'line': cell.line}


def _build_history(life: Lifetime) -> JsonObject:
    """Convert how long the history has held a finding.

    When a range of commits was scanned, commits are not counted (0): nothing is known outside it.
    """
    return {
        'first': _build_commit(life.first),
        'last': _build_commit(life.last),
        'commits': life.commits,
        'paths': list(life.paths),
        'refs': list(life.refs),
        'others': list(life.others),
        'in_head': life.in_head,
        'reachable': life.is_reachable,
        'on_remote': life.on_remote,
    }


def _build_commit(held: CommitRef | None) -> dict[str, str] | None:
    if held is None:
        return None
    return {'commit': held.commit, 'authored': held.authored, 'committed': held.committed}


def _build_related(other: RelatedLocation) -> JsonObject:
    place = other.place
    return {
        'path': other.path,
        'line': place.line,
        'column': place.column,
        'end_line': place.end_line,
        'end_column': place.end_column,
        'note': other.note,
    }


def _build_declaration(declaration: DeclarationSummary) -> JsonObject:
    return {
        'exchange': declaration.exchange,
        'label': declaration.label,
        'permissions': None if declaration.permissions is None else list(declaration.permissions),
        'ip_allowlist': None
        if declaration.ip_allowlist is None
        else list(declaration.ip_allowlist),
        'source': declaration.source,
    }


def _build_part(part: FindingPart) -> JsonObject:
    found: JsonObject = {
        'role': part.role,
        'line': part.place.line,
        'column': part.place.column,
        'end_line': part.place.end_line,
        'end_column': part.place.end_column,
        'preview': part.preview,
    }
    if part.value is not None:
        found['value'] = part.value
    return found
