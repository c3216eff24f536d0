"""List every key that a tree knows of, one row each: declared, used by code, or leaked.

Recommend the smallest that would do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from keylint.core.dates import days_between, parse_date
from keylint.core.key_model import Client
from keylint.core.model import DeclarationRecord, Finding, KeyDeclaration
from keylint.core.terms import PERMISSIONS, SEVERITIES, Restriction
from keylint.policies.least_privilege import RequiredPermissions
from keylint.rules.declaration_types import DeclarationSpec
from keylint.rules.rule_set import RuleSet

# Boxes that grant no more than reading and that reading does not need.
_DEPOSIT = re.compile(r'(?i)\bdeposits?\b')
_BEYOND_CODE = ('transfer', 'withdraw', 'admin')


class KeyRow(NamedTuple):
    """One key. The fields are those of the JSON report.

    `source` says where its value comes from, `verdict` is the worst severity or `ok`; `declared`
    and `needed` are None where nothing is said.
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


class KeyRecommendation(NamedTuple):
    """The smallest key for one exchange, in the words of its own page.

    The fields are those of the JSON report.

    `exchange` is empty where it is only known when the program runs.
    """

    exchange: str
    name: str
    levels: tuple[str, ...]
    is_exact: bool
    tick: tuple[str, ...]
    leave: tuple[str, ...]
    ip: str
    label: str
    rotate: str
    manage: str | None


_KINDS = ('exchange', 'broker', 'bot-platform')
_LEAKS = ('medium', 'high', 'critical')
_MAX_ADDRESSES = 3
_RESTRICTIONS: dict[Restriction, str] = {
    'none': 'from anywhere',
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
        _row_of_record(record, code.get(record.declaration.issuer), findings, today)
        for record in records
    ]
    known = {row.exchange for row in found}
    for issuer, need in code.items():
        if issuer not in known and (need.clients or need.calls):
            found.append(_row_of_code(need, findings))
            known.add(issuer)
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
    return KeyRow(
        exchange=declaration.issuer,
        label=declaration.label or declaration.account,
        environment=declaration.environment,
        source=_source_of(declaration),
        declared=declared,
        needed=None if need is None else need.permissions,
        proofs=_list_proofs(need),
        is_exact=need is None or need.is_exact,
        restriction=_describe_restriction(declaration),
        age=_age_in_days(declaration.created, today),
        verdict=_worst_severity(mine),
        place=f'{record.path}:{record.place.line}',
    )


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
        is_exact=need.is_exact,
        restriction='unknown',
        age=None,
        verdict=_worst_severity(leaks),
        place=f'{first.path}:{first.place.line}',
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
    return f'reference {", ".join(client.references[:2])}' if client.references else 'inline'


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


def _worst_severity(findings: list[Finding]) -> str:
    """Return the severity of the worst open finding about the key, `ok` where there is none."""
    severities = [finding.severity for finding in findings if finding.state == 'open']
    return max(severities, key=SEVERITIES.index) if severities else 'ok'


def recommend_keys(
    code: dict[str | None, RequiredPermissions], pack: RuleSet, project: str, days: int, today: str
) -> list[KeyRecommendation]:
    """Recommend the smallest key for every exchange that the code needs a key for.

    It lives so many days.
    """
    rotate = (date.fromisoformat(today) + timedelta(days=days)).isoformat()
    return [
        _recommend_key(need, pack, f'{project}-{issuer}' if issuer else project, rotate)
        for issuer, need in code.items()
        if need.needs_key
    ]


def _recommend_key(
    need: RequiredPermissions, pack: RuleSet, label: str, rotate: str
) -> KeyRecommendation:
    """Recommend one exchange's key.

    Plain words stand for its own where it has no rule, or is only known when the program runs.
    """
    issuer = need.issuer
    name = issuer or 'the exchange chosen at run time'
    rule = pack.rules.get(issuer or '')
    table = rule.declarations if rule else DeclarationSpec(name)
    beyond = tuple(one for one in _BEYOND_CODE if one not in need.permissions)
    tick = _list_boxes(table, need.permissions, True)
    leave = _list_boxes(table, beyond, issuer is None)
    if not any('deposit' in call.call.lower() for call in need.calls):
        leave = (*leave, *(box for box in tick if _DEPOSIT.search(box)))
        tick = tuple(box for box in tick if not _DEPOSIT.search(box))
    return KeyRecommendation(
        exchange=issuer or '',
        name=table.name,
        levels=need.permissions,
        is_exact=need.is_exact,
        tick=tick,
        leave=leave,
        ip=_describe_ip_list(table),
        label=label,
        rotate=rotate,
        manage=rule.manage if rule else None,
    )


def _list_boxes(
    table: DeclarationSpec, permissions: Sequence[str], is_named: bool
) -> tuple[str, ...]:
    """List the boxes of the vendor's page for these permissions that grant nothing beyond them.

    With `is_named` also permissions that have no label.
    """
    found: list[str] = []
    for permission in permissions:
        granting = [
            (label or word, bool(label))
            for word, own, label, _ in table.permissions
            if set(own) <= {permission, 'read'} and permission in own
        ]
        labels = [text for text, is_label in granting if is_label] or [
            text for text, _ in granting
        ][:1]
        if labels or is_named:
            found += labels or [permission]
    return tuple(dict.fromkeys(found))


def _describe_ip_list(table: DeclarationSpec) -> str:
    ip = table.ip
    if ip.supported == 'no':
        return f'{table.name} has no IP list: keep the key on one machine'
    limit = f', at most {ip.limit} entries' if ip.limit else ''
    ranges = {'yes': ', ranges allowed', 'no': ', single addresses only'}.get(ip.cidr, '')
    return f'{ip.ui or "IP whitelist"}: the address of your bot{limit}{ranges}'
