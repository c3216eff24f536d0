"""Make of findings what may leave the process: keyed digests, columns, and no value."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Failure, Report
from keylint.core.terms import LEADING, SEVERITIES
from keylint.findings.foreign_text import redact_report
from keylint.fleet.codec import pack
from keylint.fleet.owner_key import OwnerKey
from keylint.fleet.units import FoundSecret

# A repository with more findings than this is one that somebody made for it.
_MAX_FINDINGS = 50_000


def describe_findings(
    report: Report, config: Config, key: OwnerKey
) -> tuple[tuple[FoundSecret, ...], tuple[Failure, ...]]:
    """Return the findings of a repository for the store, and what could not be scanned."""
    digests = [digest_values(finding, key) for finding in report.findings]
    shown = redact_report(report)
    failures = tuple(shown.failures)
    rows = list(zip(shown.findings, digests, strict=True))
    if len(rows) > _MAX_FINDINGS:
        why = f'{len(rows)} findings: only the first {_MAX_FINDINGS} are kept'
        failures += (Failure(rows[_MAX_FINDINGS][0].path, 'limit', why),)
        del rows[_MAX_FINDINGS:]
    names = name_findings([finding for finding, _ in rows])
    found = tuple(
        _describe(finding, name, digest, config)
        for (finding, digest), name in zip(rows, names, strict=True)
    )
    return found, failures


def digest_values(finding: Finding, key: OwnerKey) -> tuple[bytes, ...]:
    """Return digests of all values of a finding, the leading one first.

    A guessable value is the same word in many files: there the rule belongs to it, as where copies
    are joined. A value that is not known, as one in a name, is told by its fingerprint.
    """
    parts = [part for one in (finding, *finding.copies) for part in one.parts]
    if not any(part.value for part in parts):
        subject = f'{finding.rule}\0{finding.fingerprint}'.encode()
        return (key.make_digest('finding', subject),)
    lead = next((part for part in parts if part.role in LEADING and part.value), None)
    lead = lead or next(part for part in parts if part.value)
    values = [part.value for part in (lead, *parts) if part.value]
    rule = finding.rule if finding.local else ''
    return tuple(
        dict.fromkeys(
            key.make_digest('value', f'{rule}\0{value}'.encode('utf-8', 'surrogatepass'))
            for value in values
        )
    )


def strip_values(finding: Finding) -> Finding:
    """Take out of a finding what only its process may know."""
    return finding._replace(
        parts=tuple(part._replace(value=None, trace=None, identity=0) for part in finding.parts),
        copies=tuple(map(strip_values, finding.copies)),
    )


def name_findings(findings: Sequence[Finding]) -> list[str]:
    """Name the findings of a repository: the same one has the same name in the next run.

    One value may have two, of which one is accepted: the open one comes first.
    """
    order = sorted(range(len(findings)), key=lambda number: findings[number].state != 'open')
    names = [''] * len(findings)
    seen: dict[str, int] = {}
    for number in order:
        name = findings[number].fingerprint
        count = seen[name] = seen.get(name, 0) + 1
        names[number] = name if count == 1 else f'{name}#{count}'
    return names


def _describe(
    finding: Finding, name: str, digests: tuple[bytes, ...], config: Config
) -> FoundSecret:
    life = finding.life
    is_severe = SEVERITIES.index(finding.severity) >= SEVERITIES.index(config.fail_on)
    return FoundSecret(
        uid=name,
        rule=finding.rule,
        issuer=finding.issuer or '',
        severity=finding.severity,
        environment=finding.environment,
        state=finding.state,
        is_counted=finding.state == 'open' and is_severe,
        in_head=life is not None and life.in_head,
        on_remote=life is not None and life.on_remote,
        first_seen=life.first.committed if life is not None and life.first else '',
        digests=digests,
        data=pack(strip_values(finding)),
    )
