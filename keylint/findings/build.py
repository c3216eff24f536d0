"""Build findings from credentials and from violations of policies.

Filter and suppress those of one file.
"""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.blob import TreePlace
from keylint.core.claims import Claim
from keylint.core.config import Config
from keylint.core.excerpt import ExcerptLine
from keylint.core.key_model import DeclarationResult, Violation
from keylint.core.model import (
    Cell,
    Credential,
    DeclarationRecord,
    Finding,
    FindingPart,
    Fragment,
    KeyDeclaration,
    RelatedLocation,
    SecretPart,
    SourceRange,
    Suppression,
)
from keylint.core.records import NamedTuple
from keylint.core.report import BlobResult, ScanWarning
from keylint.core.spans import Lines, cell_at, map_to_blob
from keylint.core.terms import Confidence, PartKind, Severity
from keylint.core.value_traces import ValueTrace, identify_value, trace_value
from keylint.detect.secret_parts import find_missing_parts, has_whole_part
from keylint.findings.completeness import claim_credential
from keylint.findings.declared import claim_declared, summarise_declaration
from keylint.findings.filtering import split_hidden
from keylint.findings.fingerprint import (
    fingerprint_credential,
    leading_hit,
    locate_credential,
    make_digest,
    rule_id,
)
from keylint.findings.redaction import (
    LineRedactor,
    Secrets,
    collect_secrets,
    preview_value,
    redact_declaration,
    redact_violation,
)
from keylint.findings.severity import (
    credential_confidence,
    credential_severity,
    violation_confidence,
)
from keylint.findings.suppressions import (
    apply_suppressions,
    complain_about_partial,
    complain_about_suppressions,
    find_suppressions,
)
from keylint.findings.wording import Wording, word_credential
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.rule_set import RuleSet
from keylint.rules.types import GenericRule, Rule
from keylint.validators.plain_words import is_plain_name

_HELP = 'https://keylint.readthedocs.io/rules/'


class Detected(NamedTuple):
    """What detection and policies found in one file, and where the file stands in its tree.

    Credentials and violations name fragments by index.
    """

    path: str
    data: bytes
    fragments: Sequence[Fragment]
    credentials: Sequence[Credential]
    keys: DeclarationResult
    place: TreePlace


class _Subject(NamedTuple):
    """What a finding is about."""

    rule: str
    severity: Severity
    confidence: Confidence
    issuer: str | None
    claims: tuple[Claim, ...]
    wording: Wording
    fingerprint: str
    local: str
    declaration: KeyDeclaration | None = None
    missing: tuple[PartKind, ...] = ()
    page: str = ''  # of a rule of the user's own, which our site knows nothing of


class _Location(NamedTuple):
    """Where a finding stands, and what is shown of it."""

    path: str
    place: SourceRange
    parts: tuple[FindingPart, ...] = ()
    excerpt: tuple[ExcerptLine, ...] = ()
    cell: Cell | None = None
    container: str | None = None
    related: tuple[RelatedLocation, ...] = ()


class _File(NamedTuple):
    """A file whose findings are built: its path for reports, and the one from its tree's top."""

    path: str
    tree_path: str
    lines: Lines
    fragments: Sequence[Fragment]
    secrets: Secrets
    redactor: LineRedactor


def build_findings(detected: Detected, pack: RuleSet, config: Config) -> BlobResult:
    """Build the findings of a file, sorted, without those that the configuration hides.

    The result also has warnings about suppressions, and the file's declarations for the policies of
    the whole tree.
    """
    path, data, fragments, credentials, keys, place = detected
    if not (credentials or keys.declarations or keys.violations or b'keylint:' in data):
        return BlobResult()
    lines = Lines(data)
    secrets = _collect_file_secrets(lines, detected)
    redactor = LineRedactor(lines, path, secrets, pack.public_names)
    file = _File(path, place.path, lines, fragments, secrets, redactor)
    suppressions = find_suppressions(data, lines.starts, path)
    known = pack.rule_ids if suppressions else ()
    built = [_build_from_credential(file, credential, pack, config) for credential in credentials]
    built += [_build_from_violation(file, violation) for violation in keys.violations]
    findings: list[Finding] = []
    used: set[Suppression] = set()
    partial: list[ScanWarning] = []
    visible, hidden = split_hidden(built, config)
    for shown in visible:
        finding, touching = apply_suppressions(shown, suppressions)
        findings.append(finding)
        used.update(touching)
        partial += complain_about_partial(finding, touching)
    return BlobResult(
        tuple(sorted(findings, key=lambda f: (f.place.line, f.place.column, f.rule))),
        warnings=(*complain_about_suppressions(path, suppressions, used, known), *partial),
        records=tuple(
            _build_record(file, number, declaration, tuple(suppressions))
            for number, declaration in keys.declarations
        ),
        hidden=hidden,
    )


def build_repository_finding(violation: Violation, tree_path: str) -> Finding:
    """Build the finding of a violation that has its place, as those of the whole tree have."""
    location = _Location(violation.path, violation.place, related=violation.related)
    return _build_finding(_describe_violation(violation, tree_path), location)


def _build_finding(subject: _Subject, location: _Location) -> Finding:
    declaration = subject.declaration
    return Finding(
        path=location.path,
        place=location.place,
        rule=subject.rule,
        severity=subject.severity,
        confidence=subject.confidence,
        issuer=subject.issuer,
        claims=subject.claims,
        title=subject.wording.title,
        message=subject.wording.message,
        do=subject.wording.steps,
        parts=location.parts,
        fingerprint=subject.fingerprint,
        help_url=subject.page or f'{_HELP}{subject.rule}/',
        excerpt=location.excerpt,
        cell=location.cell,
        container=location.container,
        declaration=None if declaration is None else summarise_declaration(declaration),
        related=location.related,
        local=subject.local,
        missing=subject.missing,
        why=subject.wording.why,
    )


def _build_from_credential(
    file: _File, credential: Credential, pack: RuleSet, config: Config
) -> Finding:
    fragment = file.fragments[credential.fragment]
    rule = pack.rules.get(credential.rule) or GENERIC_RULES[credential.rule]
    parts = tuple(
        _build_part(file.lines, fragment, hit, config.show_secrets) for hit in credential.parts
    )
    numbers = sorted({part.place.line for part in parts}) if config.shows_excerpts else []
    span = _whole_span(fragment, credential.parts)
    location = _Location(
        file.path,
        file.lines.place(*span),
        parts,
        tuple(file.redactor.redact_line(number, span) for number in numbers),
        cell_at(fragment, credential.parts[0].start),
        fragment.container,
    )
    placed = credential._replace(environment=_place_claim(file, fragment, credential.environment))
    path = file.tree_path
    inner = f'{path}/{fragment.container}' if fragment.container else path
    subject = _describe_credential(placed, rule, path, inner)
    page = pack.find_own_page(credential.rule)
    return _build_finding(subject._replace(page=page), location)


def _place_claim(file: _File, fragment: Fragment, claim: Claim) -> Claim:
    """Fill in the line of a claim's proof."""
    proof = claim.proof
    if proof is None or proof.start < 0:
        return claim
    cell = cell_at(fragment, proof.start)
    place = file.lines.place(*map_to_blob(fragment, proof.start, proof.start + 1))
    return claim._replace(proof=proof._replace(line=cell.line if cell else place.line))


def _build_from_violation(file: _File, violation: Violation) -> Finding:
    fragment = file.fragments[violation.fragment]
    start, end = violation.start, violation.end
    span = map_to_blob(fragment, start, end)
    place = file.lines.place(*span)
    location = _Location(
        file.path,
        place,
        excerpt=(file.redactor.redact_line(place.line, span),),
        cell=cell_at(fragment, start),
        container=fragment.container,
    )
    redacted = redact_violation(violation, fragment.data[start:end], file.secrets.values)
    return _build_finding(_describe_violation(redacted, file.tree_path), location)


def _describe_credential(
    credential: Credential, rule: Rule | GenericRule, path: str, location: str
) -> _Subject:
    leading = leading_hit(credential.parts)
    claims = (*credential.claims, *claim_credential(credential, rule))
    return _Subject(
        rule=rule_id(credential.rule),
        severity=credential_severity(credential, rule, location),
        confidence=credential_confidence(credential),
        issuer=None if credential.rule in GENERIC_RULES else credential.rule,
        claims=claims,
        wording=word_credential(credential, rule, claims, location),
        fingerprint=fingerprint_credential(path, credential.rule, leading),
        local=locate_credential(credential.rule, leading),
        missing=_find_missing(credential, rule),
    )


def _find_missing(credential: Credential, rule: Rule | GenericRule) -> tuple[PartKind, ...]:
    if isinstance(rule, GenericRule):
        return ()
    return find_missing_parts(
        {hit.role for hit in credential.parts}, rule, has_whole_part(credential)
    )


def _describe_violation(violation: Violation, path: str) -> _Subject:
    declaration = violation.declaration
    return _Subject(
        rule=violation.rule,
        severity=violation.severity,
        confidence=violation_confidence(violation),
        issuer=declaration.issuer if declaration else None,
        claims=(claim_declared(declaration),) if declaration else (),
        wording=Wording(violation.title, violation.message, violation.steps, violation.why),
        fingerprint=make_digest(violation.rule, f'{path}|{violation.identity}'.encode()),
        local=make_digest(violation.rule, violation.identity.encode()),
        declaration=declaration,
    )


def _build_part(
    lines: Lines, fragment: Fragment, hit: SecretPart, show_secrets: bool
) -> FindingPart:
    place = lines.place(*map_to_blob(fragment, hit.start, hit.end))
    value = hit.value.decode('utf-8', 'replace') if show_secrets else None
    trace, identity = _trace_part(hit), identify_value(hit.value)
    return FindingPart(hit.role, place, preview_value(hit), value, trace, identity)


def _trace_part(hit: SecretPart) -> ValueTrace | None:
    """Return the trace of a value; None for a word, which paths and messages have anyway."""
    is_word = is_plain_name(hit.value.decode('utf-8', 'replace'))
    return None if is_word else trace_value(hit.value)


def _whole_span(fragment: Fragment, hits: Sequence[SecretPart]) -> tuple[int, int]:
    """Return the bytes of the file from the first part to the last."""
    spans = [map_to_blob(fragment, hit.start, hit.end) for hit in hits]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _collect_file_secrets(lines: Lines, detected: Detected) -> Secrets:
    return collect_secrets(
        lines,
        [
            (*map_to_blob(detected.fragments[credential.fragment], hit.start, hit.end), hit.value)
            for credential in detected.credentials
            for hit in credential.parts
        ],
    )


def _build_record(
    file: _File, number: int, declaration: KeyDeclaration, suppressions: tuple[Suppression, ...]
) -> DeclarationRecord:
    """Give a declaration the places that findings of the whole tree will point at."""
    fragment = file.fragments[number]
    return DeclarationRecord(
        file.path,
        redact_declaration(declaration, file.secrets.values),
        file.lines.place(*map_to_blob(fragment, declaration.start, declaration.end)),
        tuple(
            (topic, file.lines.place(*map_to_blob(fragment, start, end)))
            for topic, start, end in declaration.places
        ),
        suppressions,
    )
