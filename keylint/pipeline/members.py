"""What the members of a carrier hold: each is looked at like a file, and its findings say in which member they stand."""

from __future__ import annotations

from keylint.archives.walk import Found, walk
from keylint.core.config import Config
from keylint.core.limits import Limits, chosen
from keylint.core.model import Blob, BlobResult, Failure, Finding, Place
from keylint.matcher.hyperscan import FLOODED, MOST_WAKES
from keylint.matcher.patterns import NAMING
from keylint.matcher.permissions import speaking
from keylint.matcher.prefilter import narrowed
from keylint.readers import ending
from keylint.readers.decode import is_table, to_text
from keylint.rules.load import Rules

# The place of what has no line: a value in a database or a pickle.
_NOWHERE = Place(1, 1, 1, 1)
# What members may say of rights and addresses is judged in documents; the programs in an archive are somebody's release.
_DOCUMENTS = (
    'json',
    'jsonc',
    'json5',
    'yaml',
    'yml',
    'toml',
    'ini',
    'cfg',
    'conf',
    'env',
    'properties',
    'csv',
    'tsv',
)


def with_members(blob: Blob, own: BlobResult, rules: Rules, config: Config) -> BlobResult:
    """The findings in a blob as it is, `own`, and in its members. What the members show better is not told twice."""
    inner = inside(blob.origin.path, blob.data, rules, config)
    told = {finding.fingerprint for finding in inner.findings}
    findings = (
        tuple(finding for finding in own.findings if finding.fingerprint not in told)
        + inner.findings
    )
    return own._replace(findings=findings, failures=own.failures + inner.failures)


def inside(
    path: str,
    data: bytes,
    rules: Rules,
    config: Config,
    limits: Limits | None = None,
    leaks_only: bool = False,
) -> BlobResult:
    """The findings in the members of a carrier, and what could not be read. What they declare does not count for the whole tree."""
    findings: dict[tuple[str, str | None], Finding] = {}
    failures: list[Failure] = []
    for item in walk(path, data, limits or chosen(config.costs)):
        if isinstance(item, Failure):
            failures.append(item)
            continue
        result = _scanned(path, item, rules, config, leaks_only)
        failures += [
            failure._replace(path=path, error=f'{item.container}: {failure.error}')
            for failure in result.failures
        ]
        for finding in result.findings:
            findings.setdefault((finding.fingerprint, finding.container), finding)
    return BlobResult(tuple(findings.values()), tuple(failures))


def _scanned(path: str, found: Found, rules: Rules, config: Config, leaks_only: bool) -> BlobResult:
    member = found.member
    folder = path.rpartition('/')[0]
    name = f'{folder}/{found.container}' if folder else found.container
    name = f'{name}/{member.name}.{member.form}' if member.form else name
    data, is_text = to_text(member.data)
    seen = rules.gate.scan(data)
    wakes, kind = narrowed(data, seen), ending(name)
    if is_text and not leaks_only and kind in _DOCUMENTS:
        wakes = speaking(data, kind, wakes, rules.first_declaration, rules.gate)
    else:
        wakes = [
            wake
            for wake in wakes
            if (is_text or wake[0] >= NAMING) and wake[0] < rules.first_declaration
        ]
    if not wakes and not (is_text and is_table(name, data)):
        return BlobResult()
    from keylint.pipeline.text import examine  # noqa: PLC0415 - most members end above

    result = examine(name, data, is_text, wakes, rules.pack, config, (path, found.container))
    if len(seen) >= MOST_WAKES:
        result = result._replace(failures=(*result.failures, Failure(path, 'scan', FLOODED)))
    return (
        result._replace(
            findings=tuple(_labelled(finding, member.labels) for finding in result.findings)
        )
        if member.labels
        else result
    )


def _labelled(finding: Finding, labels: tuple[str, ...]) -> Finding:
    """The finding in a text that keylint wrote itself: named by the label of its line, which is no line that anybody could open."""
    from keylint.findings.fingerprint import LEADING  # noqa: PLC0415 - only for a finding

    lead = next((part for part in finding.parts if part.role in LEADING), None)
    number = (lead.place if lead else finding.place).line
    label = labels[min(number, len(labels)) - 1]
    excerpt = tuple(_told(line, labels) for line in finding.excerpt)
    parts = tuple(part._replace(place=_NOWHERE) for part in finding.parts)
    container = f'{finding.container}!/{label}' if label else finding.container
    return finding._replace(place=_NOWHERE, parts=parts, excerpt=excerpt, container=container)


def _told(line: str, labels: tuple[str, ...]) -> str:
    number, mark, rest = line.partition(': ')
    return (
        f'{labels[int(number) - 1]}: {rest}'
        if mark and number.isdigit() and 0 < int(number) <= len(labels)
        else line
    )
