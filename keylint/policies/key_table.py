"""List every key that a tree knows of, one row each: declared, used by code, or leaked."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.dates import days_between, parse_date
from keylint.core.key_model import Client
from keylint.core.model import DeclarationRecord, Finding, KeyDeclaration
from keylint.core.records import NamedTuple
from keylint.core.terms import PERMISSIONS, SEVERITIES, Restriction
from keylint.policies.call_uses import list_uses
from keylint.policies.key_boxes import list_superfluous
from keylint.policies.key_needs import (
    describe_doubts,
    describe_idle_calls,
    find_need,
    list_undeclared_needs,
)
from keylint.policies.least_privilege import RequiredPermissions
from keylint.rules.rule_set import RuleSet


class KeyRow(NamedTuple):
    """One key. The fields are those of the JSON report.

    `source` says where its value comes from, `verdict` is the worst severity, `unknown` where
    something of the key is not known, or `ok`; `declared`
    and `needed` are None where nothing is said; `excess` is what could be taken away. `doubts` say
    which calls could not be read where the need is not exact, `idle` which calls are made in tests
    or by nothing, and are no need.
    """

    exchange: str | None
    label: str
    environment: str
    source: str
    declared: tuple[str, ...] | None
    needed: tuple[str, ...] | None
    proofs: tuple[tuple[str, str], ...]
    is_exact: bool
    restriction: str
    age: int | None
    verdict: str
    place: str
    excess: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    idle: tuple[tuple[str, str], ...] = ()


_KINDS = ('exchange', 'broker', 'bot-platform')
_LEAKS = ('medium', 'high', 'critical')
_MAX_ADDRESSES = 3
_KNOWN_RESTRICTIONS = ('none', 'listed')
_RESTRICTIONS: dict[Restriction, str] = {
    'none': 'works from anywhere',
    'listed': 'restricted',
    'placeholder': 'to be filled in',
    'unstated': 'not stated',
    'unknown': 'unknown',
}


def list_keys(
    records: Sequence[DeclarationRecord],
    code: dict[str | None, RequiredPermissions],
    findings: Sequence[Finding],
    pack: RuleSet,
    today: str,
) -> list[KeyRow]:
    """List declared keys, then exchanges that only the code uses, then those that only leak."""
    found = [
        _row_of_record(record, find_need(record, records, code), findings, pack, today)
        for record in records
    ]
    for need in list_undeclared_needs(records, code):
        rule = pack.rules.get(need.issuer or '')
        if need.needs_key or rule is None or rule.kind != 'wallet':
            found.append(_row_of_code(need, findings))
    known = {row.exchange for row in found}
    leaked = {
        (f.issuer, f.path, f.place.line): f
        for f in findings
        if f.parts and f.issuer and pack.rules[f.issuer].kind in _KINDS and f.severity in _LEAKS
    }
    found += [
        _row_of_leak(finding)
        for finding in leaked.values()
        if finding.issuer not in known and finding.state == 'open'
    ]
    return sorted(found, key=lambda row: (row.exchange or '~', row.label, row.place))


def _row_of_record(
    record: DeclarationRecord,
    need: RequiredPermissions | None,
    findings: Sequence[Finding],
    pack: RuleSet,
    today: str,
) -> KeyRow:
    declaration = record.declaration
    mine = [
        f
        for f in findings
        if f.path == record.path
        and f.declaration is not None
        and record.place.line <= f.place.line <= record.place.end_line
    ]
    declared = None
    if declaration.permissions is not None:
        declared = tuple(one for one in PERMISSIONS if one in declaration.permissions)
    is_known = (
        declared is not None
        and need is not None
        and need.is_whole
        and declaration.restriction in _KNOWN_RESTRICTIONS
    )
    return KeyRow(
        exchange=declaration.issuer,
        label=declaration.label or declaration.account,
        environment=declaration.environment,
        source=_source_of(declaration),
        declared=declared,
        needed=None if need is None else need.permissions,
        proofs=_list_proofs(need),
        is_exact=need is None or need.is_whole,
        restriction=_describe_restriction(declaration),
        age=_age_in_days(declaration.created, today),
        verdict=_judge_key(mine, is_known),
        place=f'{record.path}:{record.place.line}',
        excess=() if need is None else _list_excess(declaration, need, pack),
        doubts=describe_doubts(need),
        idle=describe_idle_calls(need),
    )


def _list_excess(
    declaration: KeyDeclaration, need: RequiredPermissions, pack: RuleSet
) -> tuple[str, ...]:
    """List the permissions that the key would lose with all boxes that no call needs."""
    if not need.is_exact:
        return ()
    rule = pack.rules.get(declaration.issuer or '')
    table = rule.declarations if rule else None
    uses = list_uses(need.calls)
    boxes = list_superfluous(declaration, table, need.permissions, uses)
    beyond = {one for box in boxes for one in box.own} - {*need.permissions, 'read'}
    return tuple(one for one in PERMISSIONS if one in beyond)


def _source_of(declaration: KeyDeclaration) -> str:
    """Say where the key's value comes from."""
    if declaration.secret_ref:
        return f'reference {declaration.secret_ref}'
    if declaration.inline:
        return 'inline'
    return f'{declaration.source} {declaration.document}'.strip()


def _row_of_code(need: RequiredPermissions, findings: Sequence[Finding]) -> KeyRow:
    client = next(
        (client for client in need.clients if client.has_key),
        need.clients[0] if need.clients else None,
    )
    leaks = [
        f
        for f in findings
        if need.issuer
        and f.issuer == need.issuer
        and f.parts
        and f.state == 'open'
        and f.severity in _LEAKS
    ]
    first = client or need.calls[0]
    return KeyRow(
        exchange=need.issuer,
        label='',
        environment=client.environment if client else 'unknown',
        source=_describe_origin(client, leaks),
        declared=None,
        needed=need.permissions,
        proofs=_list_proofs(need),
        is_exact=need.is_whole,
        restriction='unknown',
        age=None,
        verdict=_judge_key(leaks, is_known=False),
        place=f'{first.path}:{first.place.line}',
        doubts=describe_doubts(need),
        idle=describe_idle_calls(need),
    )


def _row_of_leak(finding: Finding) -> KeyRow:
    return KeyRow(
        exchange=finding.issuer,
        label='',
        environment=finding.environment if finding.environment_claim.is_proven else 'unknown',
        source='leaked',
        declared=None,
        needed=None,
        proofs=(),
        is_exact=True,
        restriction='unknown',
        age=None,
        verdict=finding.severity,
        place=f'{finding.path}:{finding.place.line}',
    )


def _describe_origin(client: Client | None, leaks: list[Finding]) -> str:
    if leaks:
        return f'leaked {leaks[0].path}:{leaks[0].place.line}'
    if client is None or not client.has_key:
        return 'no key'
    names = client.variables or client.references
    return f'reference {", ".join(names[:2])}' if names else 'inline'


def _list_proofs(need: RequiredPermissions | None) -> tuple[tuple[str, str], ...]:
    if need is None:
        return ()
    return tuple(
        (call.permission, f'{call.call} {call.path}:{call.place.line}') for call in need.proofs()
    )


def _describe_restriction(declaration: KeyDeclaration) -> str:
    """Say from where the key may be used."""
    addresses = declaration.addresses
    if addresses and declaration.restriction != 'none':
        more = len(addresses) - _MAX_ADDRESSES
        shown = ', '.join(addresses[:_MAX_ADDRESSES])
        return f'{shown} and {more} more' if more > 0 else shown
    return _RESTRICTIONS[declaration.restriction]


def _age_in_days(created: str, today: str) -> int | None:
    day = parse_date(created) if created else None
    return days_between(day, today) if day else None


def _judge_key(findings: list[Finding], is_known: bool) -> str:
    """Return the severity of the worst open finding about the key.

    Where there is none the key is `ok`, but only if its rights, its IP list and what the code needs
    are all known: an empty field is no good news.
    """
    severities = [finding.severity for finding in findings if finding.state == 'open']
    if severities:
        return max(severities, key=SEVERITIES.index)
    return 'ok' if is_known else 'unknown'
