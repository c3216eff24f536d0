"""Show what is wrong with a text where it stands."""

from __future__ import annotations

from lsprotocol import types

from keylint._version import __version__
from keylint.core.model import Finding, FindingPart
from keylint.core.terms import KIND_WORDS, LEADING
from keylint.lsp.documents import CheckedText
from keylint.lsp.positions import PositionMap

SOURCE = f'keylint {__version__}'
_LEVELS = {
    'critical': types.DiagnosticSeverity.Error,
    'high': types.DiagnosticSeverity.Error,
    'medium': types.DiagnosticSeverity.Warning,
    'low': types.DiagnosticSeverity.Information,
    'info': types.DiagnosticSeverity.Hint,
}


def list_diagnostics(checked: CheckedText, uri: str, map_: PositionMap) -> list[types.Diagnostic]:
    """List what is shown of a text: findings, marks in vain, and what was not scanned."""
    found = [_show_finding(finding, uri, map_) for finding in checked.findings]
    found += [
        types.Diagnostic(
            map_.make_line(warning.line),
            warning.message,
            severity=types.DiagnosticSeverity.Information,
            source=SOURCE,
        )
        for warning in checked.warnings
        if warning.path == checked.path
    ]
    found += [
        types.Diagnostic(
            map_.make_line(1),
            f'not scanned: {failure.error}',
            severity=types.DiagnosticSeverity.Warning,
            source=SOURCE,
        )
        for failure in checked.failures
    ]
    return found


def _show_finding(finding: Finding, uri: str, map_: PositionMap) -> types.Diagnostic:
    leading = find_leading_part(finding)
    place = map_.make_range(leading.place if leading else finding.place)
    others = [
        types.DiagnosticRelatedInformation(
            types.Location(uri, map_.make_range(part.place)), f'the {KIND_WORDS[part.role]} of it'
        )
        for part in finding.parts
        if part is not leading
    ]
    others += [
        types.DiagnosticRelatedInformation(
            types.Location(uri, map_.make_range(copy.place)), 'the same value'
        )
        for copy in finding.copies
        if copy.path == finding.path
    ]
    return types.Diagnostic(
        place,
        f'{finding.title}. {finding.why}'.strip(),
        severity=_LEVELS[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(finding.help_url) if finding.help_url else None,
        source=SOURCE,
        related_information=others or None,
        data={'fingerprint': finding.fingerprint},
    )


def find_leading_part(finding: Finding) -> FindingPart | None:
    """Return the part that names the credential, where marks and squiggles go."""
    parts = finding.parts
    return next((part for part in parts if part.role in LEADING), parts[0] if parts else None)


def list_ranges(finding: Finding, map_: PositionMap) -> list[types.Range]:
    """List where a finding stands: each part, or the whole of it."""
    places = [part.place for part in finding.parts] or [finding.place]
    places += [copy.place for copy in finding.copies if copy.path == finding.path]
    return [map_.make_range(place) for place in places]
