"""Sum up many findings by exchange, for whoever sees the first screen only."""

from __future__ import annotations

from collections import Counter

from keylint.core.model import Finding
from keylint.core.terms import SEVERITIES
from keylint.reporters.painter import SEVERITY_COLOURS, Painter
from keylint.reporters.terminal import count_columns
from keylint.reporters.text import sanitize_text

_MAX_GROUPS = 24
_OTHER, _UNKNOWN = 'others', 'no issuer'


def format_overview(findings: list[Finding], columns: int, paint: Painter) -> list[str]:
    """Format a head, and how many findings each exchange or other issuer has, the worst first.

    `findings` are sorted by severity.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        name = _name_issuer(finding)
        groups.setdefault(name if len(groups) < _MAX_GROUPS or name in groups else _OTHER, [])
        groups[name if name in groups else _OTHER].append(finding)
    files = len({finding.path for finding in findings})
    head = f'{len(findings)} findings in {files} file{"s" * (files != 1)}'
    lines, taken = [f'{paint("1", head)}:'], count_columns(f'{head}:')
    for name, group in groups.items():
        item = f'{name} {_count_levels(group, Painter(is_coloured=False))}'
        painted = f'{name} {_count_levels(group, paint)}'
        joint = ' ' if lines[-1].endswith(':') else '; '
        if taken + count_columns(f'{joint}{item};') > columns:
            lines[-1] += joint.rstrip()
            lines.append(f'  {painted}')
            taken = count_columns(f'  {item}')
        else:
            lines[-1] += f'{joint}{painted}'
            taken += count_columns(f'{joint}{item}')
    return lines


def _name_issuer(finding: Finding) -> str:
    declared = finding.declaration.exchange if finding.declaration else None
    return sanitize_text(finding.issuer or declared or _UNKNOWN)


def _count_levels(group: list[Finding], paint: Painter) -> str:
    """Format `2 critical, 1 high`."""
    counts = Counter(finding.severity for finding in group)
    return ', '.join(
        f'{counts[level]} {paint(SEVERITY_COLOURS[level], level)}'
        for level in reversed(SEVERITIES)
        if counts[level]
    )
