"""Every key that a tree knows of, one row each: declared, used by code, or leaked; and the smallest key that would do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from keylint.core.model import LEVELS, SEVERITIES, Client, Fact, Finding, Use
from keylint.policies.least_privilege import Need
from keylint.rules.rule_set import Pack

# Boxes that grant no more than reading and that reading does not need.
_DEPOSIT = re.compile(r'(?i)\bdeposits?\b')
_BEYOND_CODE = ('transfer', 'withdraw', 'admin')


class Row(NamedTuple):
    """One key. `source` tells where its value comes from; `declared` and `restriction` are None where nothing is said."""

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


class Recipe(NamedTuple):
    """The smallest key for one exchange, in the words of its own page. `exchange` is empty where only running would tell it."""

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


def rows(
    facts: Sequence[Fact],
    code: dict[str | None, Need],
    findings: Sequence[Finding],
    pack: Pack,
    today: str,
) -> list[Row]:
    """Declared keys first, then exchanges that the code uses and nobody declares, then leaks of others."""
    found = [_declared(fact, code.get(fact.said.issuer), findings, today) for fact in facts]
    known = {row.exchange for row in found}
    for issuer, need in code.items():
        if issuer not in known and (need.clients or need.uses):
            found.append(_used(need, findings))
            known.add(issuer)
    leaked = {
        (f.issuer, f.path, f.place.line): f
        for f in findings
        if f.parts and f.issuer and pack.rules[f.issuer]['kind'] in _KINDS and f.severity in _LEAKS
    }
    for (issuer, path, line), finding in leaked.items():
        if issuer not in known and finding.state == 'open':
            found.append(
                Row(
                    issuer,
                    '',
                    finding.environment,
                    'leaked',
                    None,
                    None,
                    (),
                    True,
                    'unknown',
                    None,
                    finding.severity,
                    f'{path}:{line}',
                )
            )
    return sorted(found, key=lambda row: (row.exchange or '~', row.label, row.place))


def _declared(fact: Fact, need: Need | None, findings: Sequence[Finding], today: str) -> Row:
    said = fact.said
    mine = [
        f
        for f in findings
        if f.path == fact.path
        and f.declaration is not None
        and fact.place.line <= f.place.line <= fact.place.end_line
    ]
    source = (
        f'reference {said.secret_ref}'
        if said.secret_ref
        else 'inline'
        if said.inline
        else f'{said.source} {said.document}'.strip()
    )
    return Row(
        said.issuer,
        said.label or said.account,
        said.environment,
        source,
        None if said.levels is None else tuple(level for level in LEVELS if level in said.levels),
        None if need is None else need.levels,
        _proofs(need),
        need is None or need.is_exact,
        _restriction(fact),
        _age(said.created, today),
        _verdict(mine),
        f'{fact.path}:{fact.place.line}',
    )


def _used(need: Need, findings: Sequence[Finding]) -> Row:
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
    place = f'{client.path}:{client.line}' if client else f'{need.uses[0].path}:{need.uses[0].line}'
    return Row(
        need.issuer,
        '',
        client.environment if client else 'unknown',
        _origin(client, leaks),
        None,
        need.levels,
        _proofs(need),
        need.is_exact,
        'unknown',
        None,
        _verdict(leaks),
        place,
    )


def _origin(client: Client | None, leaks: list[Finding]) -> str:
    if leaks:
        return f'leaked {leaks[0].path}:{leaks[0].place.line}'
    if client is None or not client.has_key:
        return 'no key'
    return f'reference {", ".join(client.references[:2])}' if client.references else 'inline'


def _proofs(need: Need | None) -> tuple[tuple[str, str], ...]:
    uses: list[Use] = [use for level in need.levels if (use := need.proof(level))] if need else []
    return tuple((use.level, f'{use.call} {use.path}:{use.line}') for use in uses)


def _restriction(fact: Fact) -> str:
    said = fact.said
    if said.restriction == 'none':
        return 'from anywhere'
    if said.addresses:
        return ', '.join(said.addresses[:3]) + (
            f' and {len(said.addresses) - 3} more' if len(said.addresses) > 3 else ''
        )
    return {'listed': 'restricted', 'later': 'to be filled in'}.get(said.restriction, 'unknown')


def _age(created: str, today: str) -> int | None:
    from keylint.core.dates import days_between, read_date  # noqa: PLC0415 - only where a date was found

    day = read_date(created) if created else None
    return days_between(day, today) if day else None


def _verdict(findings: list[Finding]) -> str:
    """The worst open finding about the key."""
    levels = [finding.severity for finding in findings if finding.state == 'open']
    return max(levels, key=SEVERITIES.index) if levels else 'ok'


def recipes(
    code: dict[str | None, Need], pack: Pack, project: str, days: int, today: str
) -> list[Recipe]:
    """The smallest key for every exchange that the code needs a key for."""
    from datetime import date, timedelta  # noqa: PLC0415 - only for recipes

    rotate = (date.fromisoformat(today) + timedelta(days=days)).isoformat()
    return [
        _recipe(issuer, need, pack, project, rotate)
        for issuer, need in code.items()
        if need.needs_key
    ]


def _recipe(issuer: str | None, need: Need, pack: Pack, project: str, rotate: str) -> Recipe:
    """One exchange's recipe. Plain words stand for its own where it has no dossier, or is only known when the program runs."""
    if issuer is None:
        table: dict[str, Any] = {
            'name': 'the exchange chosen at run time',
            'permissions': [],
            'ip': None,
        }
    else:
        table = pack.declared.get(issuer, {'name': issuer, 'permissions': [], 'ip': None})
    beyond = tuple(level for level in _BEYOND_CODE if level not in need.levels)
    tick, leave = _boxes(table, need.levels, True), _boxes(table, beyond, issuer is None)
    if not any('deposit' in use.call.lower() for use in need.uses):
        tick, leave = (
            tuple(box for box in tick if not _DEPOSIT.search(box)),
            (*leave, *(box for box in tick if _DEPOSIT.search(box))),
        )
    return Recipe(
        issuer or '',
        table['name'],
        need.levels,
        need.is_exact,
        tick,
        leave,
        _ip(table),
        f'{project}-{issuer}' if issuer else project,
        rotate,
        pack.rules.get(issuer or '', {}).get('manage'),
    )


def _boxes(table: dict[str, Any], levels: tuple[str, ...], is_named: bool) -> tuple[str, ...]:
    """The labels of the vendor's page for these levels: only rights that grant nothing beyond them; with `is_named` also those without a label."""
    found: list[str] = []
    for level in levels:
        granting = [
            (label or word, bool(label))
            for word, own, label, _ in table['permissions']
            if set(own) <= {level, 'read'} and level in own
        ]
        labels = [text for text, is_label in granting if is_label] or [
            text for text, _ in granting
        ][:1]
        found += labels or ([level] if is_named else [])
    return tuple(dict.fromkeys(found))


def _ip(table: dict[str, Any]) -> str:
    ip = table['ip'] or {}
    if ip.get('supported') == 'no':
        return f'{table["name"]} has no IP list: keep the key on one machine'
    limit = f', at most {ip["limit"]} entries' if ip.get('limit') else ''
    ranges = {'yes': ', ranges allowed', 'no': ', single addresses only'}.get(
        ip.get('cidr', ''), ''
    )
    return f'{ip.get("ui") or "IP whitelist"}: the address of your bot{limit}{ranges}'
