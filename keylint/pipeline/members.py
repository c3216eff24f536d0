"""Scan the members of archives and other containers like files.

Their findings say in which member they are.
"""

from __future__ import annotations

from keylint.archives.walk import LocatedMember, walk_members
from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.excerpt import ExcerptLine
from keylint.core.limits import Limits, build_limits
from keylint.core.model import Finding, SourceRange
from keylint.core.report import BlobResult, Failure, HiddenFinding
from keylint.core.terms import LEADING
from keylint.pipeline.scan import MEMBER, Scope, read_document, scan
from keylint.readers.document import MemberName
from keylint.rules.load import Rules

# The place of what has no line: a value in a database or a pickle.
_NOWHERE = SourceRange(1, 1, 1, 1)


def add_members(blob: Blob, own: BlobResult, rules: Rules, config: Config) -> BlobResult:
    """Add the findings in the members of a blob to `own`, those in the blob as it is.

    A secret that a member shows too is reported there alone.
    """
    inner = scan_members(blob.origin, blob.data, rules, config)
    known = {finding.fingerprint for finding in inner.findings}
    findings = tuple(f for f in own.findings if f.fingerprint not in known) + inner.findings
    return own._replace(
        findings=findings,
        failures=own.failures + inner.failures,
        hidden=tuple(dict.fromkeys(own.hidden + inner.hidden)),
    )


def scan_members(
    origin: Origin,
    data: bytes,
    rules: Rules,
    config: Config,
    scope: Scope = MEMBER,
    limits: Limits | None = None,
) -> BlobResult:
    """Find the leaks in the members of a container, and name what could not be read.

    What members declare does not count for the whole repository.
    """
    path = origin.path
    findings: dict[tuple[str, str | None], Finding] = {}
    failures: list[Failure] = []
    hidden: dict[HiddenFinding, None] = {}
    for item in walk_members(path, data, limits or build_limits(config.costs)):
        if isinstance(item, Failure):
            failures.append(item)
            continue
        result = _scan_member(origin, item, rules, config, scope)
        failures += [
            failure._replace(path=path, error=f'{item.container}: {failure.error}')
            for failure in result.failures
        ]
        hidden |= dict.fromkeys(result.hidden)
        for finding in result.findings:
            findings.setdefault((finding.fingerprint, finding.container), finding)
    return BlobResult(tuple(findings.values()), tuple(failures), hidden=tuple(hidden))


def _scan_member(
    origin: Origin, found: LocatedMember, rules: Rules, config: Config, scope: Scope
) -> BlobResult:
    member = found.member
    place = origin.tree_place
    folder = place.path.rpartition('/')[0]
    name = f'{folder}/{found.container}' if folder else found.container
    if member.form:
        name = f'{name}/{member.name}.{member.form}'
    document = read_document(
        origin.path,
        member.data,
        rules,
        scope,
        place=place,
        member=MemberName(name, found.container),
    )
    result = scan(document, rules, config, scope)
    if not member.labels:
        return result
    labelled = tuple(_name_by_label(finding, member.labels) for finding in result.findings)
    return result._replace(findings=labelled)


def _name_by_label(finding: Finding, labels: tuple[str, ...]) -> Finding:
    """Name a finding by the label of its line, in a text that keylint wrote itself.

    Nobody could open such a line.
    """
    lead = next((part for part in finding.parts if part.role in LEADING), None)
    number = (lead.place if lead else finding.place).line
    label = labels[min(number, len(labels)) - 1]
    return finding._replace(
        place=_NOWHERE,
        parts=tuple(part._replace(place=_NOWHERE) for part in finding.parts),
        excerpt=tuple(_replace_number(line, labels) for line in finding.excerpt),
        container=f'{finding.container}!/{label}' if label else finding.container,
    )


def _replace_number(line: ExcerptLine, labels: tuple[str, ...]) -> ExcerptLine:
    """Replace the number of an excerpt's line by the label of that line."""
    if line.label.isdigit() and 0 < int(line.label) <= len(labels):
        return line._replace(label=labels[int(line.label) - 1])
    return line
