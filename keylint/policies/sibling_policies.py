"""Compare the keys of one account: too many of them, or several for one purpose that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.core.key_model import Violation
from keylint.core.model import DeclarationRecord, KeyDeclaration
from keylint.policies.violations import make_violation
from keylint.rules.rule_set import RuleSet


def check_siblings(
    records: Sequence[DeclarationRecord], pack: RuleSet, max_keys: int
) -> Iterator[Violation]:
    """Check the keys of each account of the inventories against each other."""
    accounts: dict[tuple[str, str], list[DeclarationRecord]] = {}
    for record in records:
        declaration = record.declaration
        if declaration.source == 'inventory' and declaration.issuer and declaration.account:
            account = declaration.issuer, declaration.account
            accounts.setdefault(account, []).append(record)
    for (_, account_name), keys in sorted(accounts.items()):
        if len(keys) > max_keys:
            surplus = keys[max_keys]
            message = f'{len(keys)} keys of the account {account_name}; {max_keys} is the most.'
            violation = make_violation(pack, 'keys-too-many', 'else', message, surplus.declaration)
            yield violation._replace(path=surplus.path, place=surplus.place_of('label'))
        yield from _find_drift(keys, pack)


def _find_drift(keys: Sequence[DeclarationRecord], pack: RuleSet) -> Iterator[Violation]:
    """Find keys with the purpose of an earlier one that may do something else, or elsewhere."""
    purposes: dict[str, list[DeclarationRecord]] = {}
    for record in keys:
        if record.declaration.purpose:
            purposes.setdefault(record.declaration.purpose, []).append(record)
    for _, (first, *others) in sorted(purposes.items()):
        for other in others:
            differing = _list_differences(first.declaration, other.declaration)
            if differing:
                what = ' and '.join(differing)
                message = f'Its {what} differ from that of "{first.declaration.label}".'
                violation = make_violation(pack, 'keys-drift', 'else', message, other.declaration)
                yield violation._replace(path=other.path, place=other.place_of('ip'))


def _list_differences(first: KeyDeclaration, second: KeyDeclaration) -> list[str]:
    differing = []
    if first.permissions != second.permissions:
        differing.append('rights')
    if sorted(first.addresses) != sorted(second.addresses):
        differing.append('IP list')
    return differing
