"""Hold what is declared of keys against the code.

Excess permissions, calls that move money, undeclared keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.core.key_model import ApiCall, Violation
from keylint.core.model import Cell, DeclarationRecord, RelatedLocation, SourceRange
from keylint.core.permission_words import list_permissions
from keylint.core.terms import PERMISSIONS
from keylint.policies.call_uses import list_uses
from keylint.policies.key_boxes import describe_excess, describe_need, list_superfluous
from keylint.policies.least_privilege import RequiredPermissions
from keylint.policies.violations import declaration_identity, make_code_violation, make_violation
from keylint.rules.rule_set import RuleSet

_HEAVY = {'withdraw', 'transfer', 'admin'}
_MAX_REFERENCES = 2
Needs = dict[str | None, RequiredPermissions]


def check_code(
    records: Sequence[DeclarationRecord], needs: Needs, pack: RuleSet
) -> Iterator[Violation]:
    """Check declarations and code against each other."""
    yield from _find_excess_permissions(records, needs, pack)
    yield from _find_heavy_calls(records, needs, pack)
    yield from _find_undeclared_keys(records, needs, pack)


def _find_excess_permissions(
    records: Sequence[DeclarationRecord], needs: Needs, pack: RuleSet
) -> Iterator[Violation]:
    """Find boxes that can go, whatever the code calls, where both sides are known.

    Show the calls that prove what is needed.
    """
    for record in records:
        declaration = record.declaration
        need = needs.get(declaration.issuer)
        if need is None or declaration.permissions is None:
            continue
        if not (need.is_exact and need.needs_key):
            continue
        rule = pack.rules.get(declaration.issuer or '')
        table = rule.declarations if rule else None
        boxes = list_superfluous(declaration, table, need.permissions, list_uses(need.calls))
        beyond = {one for box in boxes for one in box.own} - {*need.permissions, 'read'}
        if not beyond:
            continue
        proofs = need.proofs()
        shown = ', '.join(f'{call.call} ({call.path}:{call.place.line})' for call in proofs)
        told = f'It may {describe_excess(boxes, beyond)}; {describe_need(need.permissions)}'
        needed = list_permissions(need.permissions) or 'no rights'
        claim = f'It may {list_permissions(beyond)}; the code needs {needed}'
        violation = make_violation(
            pack,
            'key-exceeds-code',
            'withdraw' if beyond & _HEAVY else 'else',
            f'{told}: {shown}.' if shown else f'{told}.',
            declaration,
        )
        # The lines of the proofs stand in the message, and so does wording that may change: the
        # finding keeps its name.
        yield violation._replace(
            path=record.path,
            place=record.place_of(max(beyond, key=PERMISSIONS.index)),
            identity=declaration_identity(violation.rule, declaration, claim),
            related=tuple(_as_related(call) for call in proofs),
        )


def _as_related(call: ApiCall) -> RelatedLocation:
    """Return the place of a call that needs a permission."""
    width = len(f'{call.client}.{call.call}') if call.client else 1
    cell = None if call.cell is None else Cell(call.cell, 'source')
    note = f'{call.call} needs {call.permission}'
    return RelatedLocation(call.path, _widen_permissions(call.place, width), note, cell)


def _widen_permissions(place: SourceRange, width: int) -> SourceRange:
    """Return the place of so many characters on one line."""
    return SourceRange(place.line, place.column, place.line, place.column + width)


def _find_heavy_calls(
    records: Sequence[DeclarationRecord], needs: Needs, pack: RuleSet
) -> Iterator[Violation]:
    """Find calls that withdraw or transfer.

    Worth knowing, and wrong where the inventory forbids them.
    """
    for issuer, need in needs.items():
        denied = {
            permission
            for record in records
            if record.declaration.issuer == issuer
            for permission in record.declaration.denied
        }
        for call in need.calls:
            if call.permission in ('withdraw', 'transfer'):
                is_denied = call.permission in denied
                message = f'{call.call} of {call.library}.'
                if is_denied:
                    message += ' The inventory says that the key must not.'
                violation = make_code_violation(
                    pack,
                    'code-withdraws' if call.permission == 'withdraw' else 'code-transfers',
                    'denied' if is_denied else 'else',
                    message,
                    issuer,
                )
                place = _widen_permissions(call.place, len(call.call))
                yield violation._replace(path=call.path, place=place)


def _find_undeclared_keys(
    records: Sequence[DeclarationRecord], needs: Needs, pack: RuleSet
) -> Iterator[Violation]:
    """Find issuers whose keys the code uses, missing from an inventory that exists."""
    if not any(record.declaration.source == 'inventory' for record in records):
        return
    declared = {record.declaration.issuer for record in records}
    for issuer, need in needs.items():
        client = next((client for client in need.clients if client.has_key), None)
        if issuer is None or issuer in declared or client is None:
            continue
        references = ', '.join(client.references[:_MAX_REFERENCES])
        message = f'The client gets a key from {references}.'
        if not references:
            message = 'The client gets a key.'
        violation = make_code_violation(pack, 'key-undeclared', 'else', message, issuer)
        line = client.place.line
        yield violation._replace(path=client.path, place=SourceRange(line, 1, line, 2))
