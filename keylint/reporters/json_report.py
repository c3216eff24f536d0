"""One JSON object; docs/report.schema.json is its schema."""

from __future__ import annotations

from typing import Any, TextIO

from keylint._version import __version__
from keylint.core.config import Config
from keylint.core.model import (
    CommitRef,
    DeclarationSummary,
    Finding,
    FindingPart,
    Lifetime,
    RelatedLocation,
)
from keylint.core.report import Report
from keylint.reporters.json_text import dumps


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Sorted and stable: the same report gives the same bytes but for the seconds."""
    document = {
        'keylint': __version__,
        'findings': [finding_object(finding) for finding in report.findings],
        'summary': summary(report),
        'failures': [{'path': f.path, 'stage': f.stage, 'error': f.error} for f in report.failures],
        'warnings': [
            {'path': w.path, 'line': w.line, 'message': w.message} for w in report.warnings
        ],
    }
    stream.write(dumps(document, indent=2) + '\n')


def summary(report: Report) -> dict[str, Any]:
    """Counts of the run."""
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
        'failures': len(report.failures),
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """A finding as the plain object that the schema describes."""
    cell = finding.cell
    return {
        'rule': finding.rule,
        'severity': finding.severity,
        'confidence': finding.confidence,
        'issuer': finding.issuer,
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
        'cell': None
        if cell is None or cell.number < 0
        else {'index': cell.number, 'part': cell.part, 'line': cell.line},
        'container': finding.container,
        'commit': finding.commit,
        'history': None if finding.life is None else _history(finding.life),
        'parts': [_part(part) for part in finding.parts],
        'missing_parts': list(finding.missing),
        'related': [_related(other) for other in finding.related],
        'declaration': None if finding.declaration is None else _declaration(finding.declaration),
        'fingerprint': finding.fingerprint,
        'help_url': finding.help_url,
        'state': finding.state,
        'reason': finding.reason,
    }


def _history(life: Lifetime) -> dict[str, Any]:
    """How long the repository's history has held it; in a range no commits are counted, and what lies outside it is not known."""
    return {
        'first': _held(life.first),
        'last': _held(life.last),
        'commits': life.commits,
        'paths': list(life.paths),
        'refs': list(life.refs),
        'others': list(life.others),
        'in_head': life.in_head,
        'reachable': life.is_reachable,
        'on_remote': life.on_remote,
    }


def _held(held: CommitRef | None) -> dict[str, str] | None:
    return (
        None
        if held is None
        else {'commit': held.commit, 'authored': held.authored, 'committed': held.committed}
    )


def _related(other: RelatedLocation) -> dict[str, Any]:
    place = other.place
    return {
        'path': other.path,
        'line': place.line,
        'column': place.column,
        'end_line': place.end_line,
        'end_column': place.end_column,
        'note': other.note,
    }


def _declaration(said: DeclarationSummary) -> dict[str, Any]:
    return {
        'exchange': said.exchange,
        'label': said.label,
        'permissions': None if said.permissions is None else list(said.permissions),
        'ip_allowlist': None if said.ip_allowlist is None else list(said.ip_allowlist),
        'source': said.source,
    }


def _part(part: FindingPart) -> dict[str, Any]:
    found: dict[str, Any] = {
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
