"""Format findings as single lines for tests, logs and terminals, without any value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.core.model import Finding, FindingPart


def describe_part(part: FindingPart) -> str:
    """Show the masked preview of a part, never the value."""
    return f'<Part {part.role} {part.preview} at {part.place.line}:{part.place.column}>'


def format_line(finding: Finding) -> str:
    """Say in one line what was found and where, as `--format concise` does."""
    return f'{format_place(finding)}: {finding.severity}: {finding.title} ({finding.rule})'


def describe_finding(finding: Finding) -> str:
    """Name rule, place, severity and state, short enough for a list in a test's output."""
    state = '' if finding.state == 'open' else f' {finding.state}'
    return f'<Finding {finding.rule} {format_place(finding)} {finding.severity}{state}>'


def format_place(finding: Finding) -> str:
    """Format the place of a finding so that terminals can open it."""
    return f'{finding.path}:{finding.place.line}:{finding.place.column}'
