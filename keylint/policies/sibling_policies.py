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
    yield from _check_second_factors(records, pack)
    yield from _find_repeated(records, pack)
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


def _check_second_factors(
    records: Sequence[DeclarationRecord], pack: RuleSet
) -> Iterator[Violation]:
    """Name accounts of which no entry says whether they have a second factor, each once."""
    accounts: dict[tuple[str, str, str], list[DeclarationRecord]] = {}
    for record in records:
        one = record.declaration
        if one.source == 'inventory':
            accounts.setdefault((record.path, one.issuer or '', one.account), []).append(record)
    for _, keys in sorted(accounts.items()):
        stated = [k.declaration.second_factor or k.declaration.two_factor is not None for k in keys]
        if not any(stated):
            message = 'Whether the account has a second factor is not stated.'
            rule = 'account-without-2fa'
            violation = make_violation(pack, rule, 'unstated', message, keys[0].declaration)
            yield violation._replace(path=keys[0].path, place=keys[0].place_of('two_factor'))


def _find_repeated(records: Sequence[DeclarationRecord], pack: RuleSet) -> Iterator[Violation]:
    """Find entries of one inventory that share a reference, or a label at one exchange."""
    references: dict[tuple[str, str], DeclarationRecord] = {}
    labels: dict[tuple[str, ...], DeclarationRecord] = {}
    for record in records:
        one = record.declaration
        if one.source != 'inventory':
            continue
        if one.secret_ref:
            first = references.setdefault((record.path, one.secret_ref), record)
            if first is not record:
                message = f'{one.secret_ref} is also the secret of {_name_entry(first)}.'
                yield _violate_at(pack, 'key-shared', 'reference', message, record, 'secret_ref')
        if one.label:
            name = record.path, one.issuer or '', one.account, one.label.lower()
            first = labels.setdefault(name, record)
            if first is not record:
                message = f'The entry in line {first.place.line} has the same label.'
                yield _violate_at(pack, 'key-no-label', 'twice', message, record, 'label')


def _name_entry(record: DeclarationRecord) -> str:
    label = record.declaration.label
    return f'"{label}" (line {record.place.line})' if label else f'line {record.place.line}'


def _violate_at(
    pack: RuleSet, rule: str, case: str, message: str, record: DeclarationRecord, topic: str
) -> Violation:
    violation = make_violation(pack, rule, case, message, record.declaration)
    return violation._replace(path=record.path, place=record.place_of(topic))


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
