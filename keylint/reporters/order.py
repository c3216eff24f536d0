"""Sort, count and fingerprint findings, as several formats need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keylint.core.digests import blake2b
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.core.terms import SEVERITIES
from keylint.findings.copies import list_all_places
from keylint.rules.builtin import GENERIC_RULES


def list_open_places(report: Report) -> list[Finding]:
    """List a finding for each place of open values, for formats that speak of lines."""
    return list_all_places(report.open)


def sort_by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Put the worst first, otherwise in the order of the report: some systems show only a few."""
    return sorted(findings, key=lambda finding: -SEVERITIES.index(finding.severity))


def fingerprint_occurrences(findings: Sequence[Finding]) -> list[str]:
    """Return 32 hex digits for each finding, different for every occurrence of one value.

    A finding's own fingerprint names its value, which may stand in several places. Line numbers
    are left out, so that the result stays when lines move.
    """
    seen: dict[tuple[str, str], int] = {}
    found = []
    for finding in findings:
        key = (finding.fingerprint, finding.path)
        seen[key] = seen.get(key, 0) + 1
        subject = f'{finding.fingerprint}|{finding.path}|{seen[key]}'
        digest = blake2b(
            subject.encode('utf-8', 'surrogatepass'), digest_size=16, person=b'keylint-place-1'
        )
        found.append(digest.hexdigest())
    return found


def find_cwe(rule: str) -> int:
    """Return the number of the weakness at cwe.mitre.org.

    798 is hard-coded credentials, 284 improper access control.
    """
    return 798 if rule.endswith('-credential') or rule in GENERIC_RULES else 284


def format_counts(report: Report) -> str:
    """Format `2 critical, 1 low in 3 files`, or say that nothing was scanned."""
    found = report.open
    counts = [
        (level, sum(finding.severity == level for finding in found))
        for level in reversed(SEVERITIES)
    ]
    if not report.files and not found:
        return 'nothing was scanned'
    text = ', '.join(f'{count} {level}' for level, count in counts if count) or 'no findings'
    return f'{text} in {report.files} {report.unit}{"s" * (report.files != 1)}'
