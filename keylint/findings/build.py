"""The one sieve: credentials become findings with severity, place and text; marks and configuration put them in a bucket."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from keylint.core.config import Config, matches
from keylint.core.model import (
    CONFIDENCES,
    LEVELS,
    SEVERITIES,
    BlobResult,
    Credential,
    Declared,
    Fact,
    Finding,
    Fragment,
    Hit,
    KeyDeclaration,
    Keys,
    Part,
    Place,
    Statement,
    Warned,
)
from keylint.core.spans import Lines, cell_at, to_blob
from keylint.detect.secret_parts import GENERIC, GENERIC_PASSWORD, is_complete
from keylint.findings.redaction import Secrets, excerpt, secrets_of, shown, without
from keylint.findings.suppressions import Mark, marks
from keylint.readers.decode import to_text
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.rule_set import Pack
from keylint.validators.randomness import is_random

HELP = 'https://keylint.readthedocs.io/rules/'
_PIECES = re.compile(rb'[/?&=#;]')
# Rules that only the whole tree can break: the file alone cannot tell that a mark for them is unused.
OF_TREE = frozenset(
    'keys-drift keys-too-many key-unused key-undeclared key-exceeds-code code-withdraws code-transfers'.split()
)
# The part that a credential is named by.
LEADING = ('secret', 'private-key', 'token')
# Rules that do not say whose the value is: in a folder of tests such values are nearly always made for the test.
_UNNAMED = frozenset((*GENERIC_RULES, 'pem-private-key', 'ed25519-der'))
# Where a value that nobody signs for is more often a sample than a secret: tests and documentation.
_SAMPLES = re.compile(
    r'(?i)(?:^|/)(?:tests?|testing|testdata|test_data|fixtures?|specs?|__tests__|mocks?|testutils)(?:/|$)|(?:^|/)test_[^/]*$'
    r'|(?:^|/)docs?/|\.(?:md|rst|mdx|adoc)$'
)
# Folders that a package manager fills: what stands there is nearly always a sample of the package's authors.
_OF_PACKAGES = re.compile(r'(?:^|/)(?:site-packages|dist-packages|node_modules|bower_components)/')
_OTHERS_SAMPLE = ' It stands in a folder of installed packages: probably a sample of their authors.'
# The issuer's own steps come first; the general ones repeat the revoking only where there are none.
_OWN_STEPS, _GENERAL_STEPS = 3, 4
_ROLE_WORDS = {
    'api-key': 'API key',
    'secret': 'secret',
    'passphrase': 'passphrase',
    'private-key': 'private key',
    'mnemonic': 'recovery phrase',
    'token': 'token',
    'url': 'URL with key',
    'password': 'password',
}


def judge(
    path: str,
    data: bytes,
    fragments: list[Fragment],
    credentials: list[Credential],
    keys: Keys,
    pack: Pack,
    config: Config,
) -> BlobResult:
    """The findings of a blob, sorted, those below the thresholds dropped; warnings about marks; facts for the whole tree."""
    if (
        not credentials
        and not keys.declarations
        and not keys.statements
        and b'keylint:' not in data
    ):
        return BlobResult()
    lines = Lines(data)
    secrets = secrets_of(
        lines,
        [
            (*to_blob(fragments[c.fragment], h.start, h.end), h.value)
            for c in credentials
            for h in c.hits
        ],
    )
    accepted = marks(data, lines.starts)
    used: set[Mark] = set()
    found = [
        _finding(path, lines, fragments[c.fragment], c, pack, config, secrets) for c in credentials
    ]
    found += [
        _of_statement(path, lines, fragments[s.fragment], s, secrets) for s in keys.statements
    ]
    findings = [sifted(finding, accepted, used) for finding in found if is_shown(finding, config)]
    facts = tuple(
        _fact(path, lines, fragments[number], _discreet(said, secrets), accepted)
        for number, said in keys.declarations
    )
    return BlobResult(
        tuple(sorted(findings, key=_order)),
        warnings=tuple(_complaints(path, accepted, used)),
        facts=facts,
    )


def _discreet(said: KeyDeclaration, secrets: Secrets) -> KeyDeclaration:
    """The declaration with nothing in its texts that is a value of a finding."""
    if not secrets.values:
        return said
    label, account, purpose, reference = (
        without(text, secrets.values)
        for text in (said.label, said.account, said.purpose, said.secret_ref)
    )
    addresses = tuple(without(text, secrets.values) for text in said.addresses)
    return said._replace(
        label=label, account=account, purpose=purpose, secret_ref=reference, addresses=addresses
    )


def _of_statement(
    path: str, lines: Lines, fragment: Fragment, statement: Statement, secrets: Secrets
) -> Finding:
    """A finding about what is said of a key: it has no secret parts."""
    place = lines.place(*to_blob(fragment, statement.start, statement.end))
    said = _discreet(statement.said, secrets) if statement.said else None
    message = statement.message
    if statement.quote:
        message = message.replace(
            statement.quote,
            shown(fragment.data[statement.start : statement.end], secrets.values)[
                : len(statement.quote)
            ],
        )
    return Finding(
        path=path,
        place=place,
        rule=statement.rule,
        severity=statement.severity,
        confidence='medium' if said is None or said.source == 'config' else 'high',
        issuer=said.issuer if said else None,
        environment=said.environment if said else 'unknown',
        title=without(statement.title, secrets.values),
        message=without(message, secrets.values),
        do=tuple(without(step, secrets.values) for step in statement.do),
        parts=(),
        fingerprint=_digest(statement.rule, f'{path}|{statement.identity}'.encode()),
        help_url=f'{HELP}{statement.rule}/',
        local=_digest(statement.rule, statement.identity.encode()),
        excerpt=(excerpt(lines, place.line, secrets),),
        cell=cell_at(fragment, statement.start),
        container=fragment.container,
        declaration=declared(said) if said else None,
    )


def of_tree(
    found: tuple[str, Place, Statement, tuple[tuple[int, tuple[str, ...], str], ...] | None],
    read: Callable[[str], bytes],
) -> Finding:
    """A finding of the whole tree; `found` is its path, place and statement, and the lines that marks cover where they are known."""
    path, place, statement, covered = found
    said = statement.said
    if covered is None:
        data = to_text(read(path))[0]
        covered = tuple(
            (line, mark.rules, mark.reason)
            for mark in marks(data, Lines(data).starts)
            for line in mark.covers
        )
    mark = next(
        (
            m
            for m in covered
            if m[0] in (place.line, place.end_line) and (not m[1] or statement.rule in m[1])
        ),
        None,
    )
    return Finding(
        path=path,
        place=place,
        rule=statement.rule,
        severity=statement.severity,
        confidence='medium',
        issuer=said.issuer if said else None,
        environment=said.environment if said else 'unknown',
        title=statement.title,
        message=statement.message,
        do=statement.do,
        parts=(),
        fingerprint=_digest(statement.rule, f'{path}|{statement.identity}'.encode()),
        help_url=f'{HELP}{statement.rule}/',
        local=_digest(statement.rule, statement.identity.encode()),
        state='suppressed' if mark else 'open',
        reason=(mark[2] or None) if mark else None,
        declaration=declared(said) if said else None,
    )


def declared(said: KeyDeclaration) -> Declared:
    """What a finding shows of a declaration."""
    levels = (
        None if said.levels is None else tuple(level for level in LEVELS if level in said.levels)
    )
    addresses = None if said.restriction in ('unknown', 'later') else said.addresses
    return Declared(said.issuer, said.label, levels, addresses, said.source)


def _fact(
    path: str, lines: Lines, fragment: Fragment, said: KeyDeclaration, accepted: list[Mark]
) -> Fact:
    """A declaration with the lines that the whole tree's findings will point at."""
    topics = tuple(
        (topic, lines.place(*to_blob(fragment, start, end))) for topic, start, end in said.places
    )
    place = lines.place(*to_blob(fragment, said.start, said.end))
    covered = tuple((line, mark.rules, mark.reason) for mark in accepted for line in mark.covers)
    return Fact(path, said, place, topics, covered, cell_at(fragment, said.start))


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.place.line, finding.place.column, finding.rule


def rule_id(credential_rule: str) -> str:
    """The id of the rule for a dossier's credential."""
    return credential_rule if credential_rule in GENERIC_RULES else f'{credential_rule}-credential'


def _finding(
    path: str,
    lines: Lines,
    fragment: Fragment,
    credential: Credential,
    pack: Pack,
    config: Config,
    secrets: Secrets,
) -> Finding:
    table = pack.rules.get(credential.rule) or GENERIC_RULES[credential.rule]
    roles = {hit.role for hit in credential.hits}
    severity = _severity(table, roles, credential.environment)
    where = f'{path}/{fragment.container}' if fragment.container else path
    is_of_package = _OF_PACKAGES.search(where) is not None
    if is_of_package or (credential.rule in _UNNAMED and _SAMPLES.search(where)):
        severity = {'critical': 'medium', 'high': 'medium'}.get(severity, severity)
    confidence = max((hit.confidence for hit in credential.hits), key=CONFIDENCES.index)
    parts = tuple(_part(lines, fragment, hit, config.show_secrets) for hit in credential.hits)
    first = credential.hits[0]
    lead = next((hit for hit in credential.hits if hit.role in LEADING), first)
    is_generic = credential.rule in GENERIC_RULES
    return Finding(
        path=path,
        place=lines.place(*_whole(fragment, credential.hits)),
        rule=rule_id(credential.rule),
        severity=severity,
        confidence=confidence,
        issuer=None if is_generic else credential.rule,
        environment=credential.environment,
        title=_title(table, roles, credential.environment, is_generic),
        message=_message(table, credential, roles) + _OTHERS_SAMPLE * is_of_package,
        do=tuple(_steps(table)),
        parts=parts,
        fingerprint=_fingerprint(path, credential.rule, lead),
        help_url=f'{HELP}{rule_id(credential.rule)}/',
        excerpt=tuple(
            excerpt(lines, number, secrets)
            for number in sorted({part.place.line for part in parts})
        ),
        cell=cell_at(fragment, first.start),
        container=fragment.container,
        local=_digest(credential.rule, lead.name.encode()) if _is_guessable(lead) else '',
    )


def _whole(fragment: Fragment, hits: tuple[Hit, ...]) -> tuple[int, int]:
    spans = [to_blob(fragment, hit.start, hit.end) for hit in hits]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _severity(table: dict[str, Any], roles: set[str], environment: str) -> str:
    levels = table['severity']
    if is_complete(roles, table if 'roles' in table else None):
        severity = levels['complete']
    else:
        severity = levels['key'] if roles <= {'api-key', 'passphrase'} else levels['secret']
    if environment in ('testnet', 'paper'):
        severity = {'critical': 'medium', 'high': 'medium', 'medium': 'low'}.get(severity, 'low')
    if table.get('status') == 'closed':
        severity = 'low' if SEVERITIES.index(severity) > 1 else severity
    return str(severity)


def _title(table: dict[str, Any], roles: set[str], environment: str, is_generic: bool) -> str:
    where = '' if environment == 'unknown' else f'{environment} '
    if is_generic:
        return str(table['title'])
    if table['kind'] in ('wallet', 'database'):
        return f'{table["name"]}' + (f' ({environment})' if where else '')
    if is_complete(roles, table) and len(roles) > 1:
        return f'{table["name"]} {where}credential'
    return f'{table["name"]} {where}{_listed(roles)}'


def _listed(roles: set[str]) -> str:
    return ' and '.join(_ROLE_WORDS[role] for role in sorted(roles))


def _message(table: dict[str, Any], credential: Credential, roles: set[str]) -> str:
    found = ', '.join(f'{_ROLE_WORDS[hit.role]}' for hit in credential.hits)
    whole = (
        f'complete: {found}'
        if is_complete(roles, table if 'roles' in table else None)
        else f'only the {found}'
    )
    return f'{whole}. {table["why"]}'


def _steps(table: dict[str, Any]) -> list[str]:
    own = table.get('revoke', [])
    steps = [*own[:_OWN_STEPS], *table['do'][1:_GENERAL_STEPS]] if own else list(table['do'])
    manage = table.get('manage')
    return (
        [f'{steps[0]} ({manage})', *steps[1:]]
        if manage and steps and manage not in steps[0]
        else steps
    )


def _part(lines: Lines, fragment: Fragment, hit: Hit, show: bool) -> Part:
    place = lines.place(*to_blob(fragment, hit.start, hit.end))
    return Part(
        hit.role, place, preview(hit), hit.value.decode('utf-8', 'replace') if show else None
    )


def preview(hit: Hit) -> str:
    """A few first characters and the length; nothing of a value that is short or made of words."""
    text = hit.value.decode('utf-8', 'replace')
    if hit.role in ('password', 'passphrase', 'mnemonic') or len(text) < 16:
        return f'…({len(text)})'
    scheme, mark, _ = text.partition('://')
    return (
        f'{scheme}://…({len(text)})'
        if mark and len(scheme) < 20
        else f'{" ".join(text[:4].split())}…({len(text)})'
    )


def _fingerprint(path: str, rule: str, hit: Hit) -> str:
    """Names the finding over moves of lines. A weak value is named by its place: a digest would let others guess it."""
    weak = is_weak(hit.role, len(hit.value))
    subject = (
        b'\x00'.join([path.encode('utf-8', 'surrogateescape'), hit.name.encode()])
        if weak
        else hit.value
    )
    return _digest(rule, subject)


def is_weak(role: str, length: int) -> bool:
    """Whether a value of so many bytes could be guessed from its digest."""
    return role in ('password', 'passphrase') or length < 16


def _is_guessable(hit: Hit) -> bool:
    """Whether a value is weak or looks made by a person, so that no file may keep a digest of it; in a URL all but its secret is known."""
    if hit.role in ('private-key', 'mnemonic'):
        return False
    _, mark, rest = hit.value.partition(b'://')
    if is_weak(hit.role, len(hit.value)) or not mark:
        return is_weak(hit.role, len(hit.value)) or not is_random(hit.value)
    authority, _, path = rest.partition(b'/')
    user, mark, _ = authority.rpartition(b'@')
    pieces = [user.partition(b':')[2] or user] if mark else _PIECES.split(path)
    return not any(not is_weak(hit.role, len(piece)) and is_random(piece) for piece in pieces)


def _digest(rule: str, subject: bytes) -> str:
    return hashlib.blake2b(
        subject, key=rule.encode()[:64], digest_size=16, person=b'keylint-v1'
    ).hexdigest()


def is_shown(finding: Finding, config: Config) -> bool:
    """Whether thresholds and configuration let a finding through."""
    if SEVERITIES.index(finding.severity) < SEVERITIES.index(config.severity):
        return False
    if CONFIDENCES.index(finding.confidence) < CONFIDENCES.index(config.confidence):
        return False
    if config.select and not finding.rule.startswith(config.select):
        return False
    if finding.rule.startswith(config.ignore) if config.ignore else False:
        return False
    return not any(
        finding.rule.startswith(rules) and matches(finding.path, glob)
        for glob, rules in config.per_path_ignores
    )


def sifted(finding: Finding, accepted: list[Mark], used: set[Mark]) -> Finding:
    """The finding, suppressed when a mark covers one of its lines."""
    touched = {
        line for part in finding.parts for line in (part.place.line, part.place.end_line)
    } | {finding.place.line}
    for mark in accepted:
        if touched & set(mark.covers) and (not mark.rules or finding.rule in mark.rules):
            used.add(mark)
            return finding._replace(state='suppressed', reason=mark.reason or None)
    return finding


def _complaints(path: str, accepted: list[Mark], used: set[Mark]) -> list[Warned]:
    """Unused marks of ours and marks without a reason."""
    found = []
    for mark in accepted:
        if mark.is_own and mark not in used and not (mark.rules and set(mark.rules) <= OF_TREE):
            found.append(
                Warned(path, mark.line, 'this `keylint: ignore` mark covers no finding; remove it')
            )
        elif mark.is_own and not mark.reason:
            found.append(
                Warned(
                    path,
                    mark.line,
                    'this `keylint: ignore` mark gives no reason; write why after it',
                )
            )
    return found


__all__ = ['GENERIC', 'GENERIC_PASSWORD', 'judge', 'rule_id']
