"""What several formats share: findings sorted by weight, names for single occurrences, the numbers of weaknesses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.core.terms import SEVERITIES
from keylint.rules.builtin import GENERIC_RULES


def open_ones(report: Report) -> list[Finding]:
    """The findings that are neither suppressed nor known."""
    return [finding for finding in report.findings if finding.state == 'open']


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first, otherwise in the order of the report: some systems show only the first few."""
    return sorted(findings, key=lambda finding: -SEVERITIES.index(finding.severity))


def occurrences(findings: Sequence[Finding]) -> list[str]:
    """32 hex digits for each finding: its fingerprint names the value, which may stand in several places. No line numbers go in."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for finding in findings:
        key = (finding.fingerprint, finding.path)
        seen[key] = seen.get(key, 0) + 1
        subject = f'{finding.fingerprint}|{finding.path}|{seen[key]}'.encode(
            'utf-8', 'surrogatepass'
        )
        found.append(
            hashlib.blake2b(subject, digest_size=16, person=b'keylint-place-1').hexdigest()
        )
    return found


def cwe(rule: str) -> int:
    """The weakness (cwe.mitre.org): 798 hard-coded credentials, 284 improper access control."""
    return 798 if rule.endswith('-credential') or rule in GENERIC_RULES else 284


def counted(report: Report) -> str:
    """`2 critical, 1 low in 3 files`, or that nothing was scanned."""
    found = open_ones(report)
    counts = [
        (level, sum(finding.severity == level for finding in found))
        for level in reversed(SEVERITIES)
    ]
    if not report.files and not found:
        return 'nothing was scanned'
    said = ', '.join(f'{count} {level}' for level, count in counts if count) or 'no findings'
    return f'{said} in {report.files} {report.unit}{"s" * (report.files != 1)}'
