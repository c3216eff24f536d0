"""Check from where a key works: its IP list, or that there is none."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.key_model import Violation
from keylint.core.permission_words import describe_permissions, list_permissions
from keylint.policies.view import View

_WORTH_AN_IP = frozenset(('trade', 'margin', 'derivatives', 'transfer', 'withdraw', 'admin'))
_BROAD = {
    'everywhere': 'covers every address there is.',
    'broad': 'covers many machines that are not yours.',
}
_USELESS = {
    'useless': 'is an address inside of a network',
    'host': 'is a host name',
    'invalid': 'is no address',
}
# The end of a title where nothing restricts a key, and where nothing is said of addresses.
_OPEN_TITLE, _UNSTATED_TITLE = 'works from anywhere', 'has no IP list that is stated'
# Entries of one list that a finding repeats.
_MAX_SHOWN = 5


def check_restriction(view: View) -> Iterator[Violation]:
    """Name a key that works from anywhere, where its exchange could restrict it."""
    if view.ip_policy.supported == 'no':
        return
    if view.declaration.restriction == 'unstated' or view.is_row_without_list:
        if view.declaration.permissions is not None or view.declaration.unknown:
            yield _name_unstated_list(view)
        return
    if view.declaration.restriction != 'none' and 'anyone' not in dict(view.list_kinds()).values():
        return
    permissions = view.declaration.permissions
    if permissions is None:
        case, may = 'unknown', 'may do what is not said here'
    elif not permissions:
        case, may = 'else', 'has no rights at all'
    else:
        case = 'rights' if permissions & _WORTH_AN_IP else 'else'
        may = f'may {describe_permissions(permissions)}'
    told = 'and no address is required of whoever uses it.'
    claim = f'It may {list_permissions(permissions)}, {told}' if permissions else ''
    yield view.violate('key-unrestricted-ip', case, f'It {may}, {told}', 'ip', claim)


def _name_unstated_list(view: View) -> Violation:
    """Name an IP list that is not stated: there may be one, or the key works from anywhere.

    An empty list says the latter, which is another thing.
    """
    permissions = view.permissions
    case = 'unstated' if permissions & _WORTH_AN_IP else 'else'
    may = f'may {describe_permissions(permissions)}' if permissions else 'has no rights at all'
    told = 'from which addresses is not stated.'
    claim = f'It may {list_permissions(permissions)}; {told}' if permissions else ''
    found = view.violate('key-unrestricted-ip', case, f'It {may}; {told}', 'rights', claim)
    return found._replace(title=found.title.replace(_OPEN_TITLE, _UNSTATED_TITLE))


def check_addresses(view: View) -> Iterator[Violation]:
    """Name entries of the IP list that let strangers in, or that the exchange never sees.

    Entries with the same fault are one finding.
    """
    problems: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for entry, kind in view.list_kinds():
        problem = _problem_of(entry, kind, view)
        if problem is not None:
            rule, case, message = problem
            problems.setdefault((rule, case), []).append((entry, message))
    total = len(view.declaration.addresses)
    for (rule, case), entries in problems.items():
        if len(entries) == 1:
            message = ' '.join(entries[0])
        else:
            shown = ' '.join(f'{entry} {message}' for entry, message in entries[:_MAX_SHOWN])
            more = len(entries) - _MAX_SHOWN
            rest = f' And {more} more.' if more > 0 else ''
            message = f'{len(entries)} of {total} addresses: {shown}{rest}'
        yield view.violate(rule, case, message, 'ip')
    count, limit = len(view.declaration.addresses), view.ip_policy.limit
    if limit and count > limit:
        yield view.violate(
            'key-ip-too-many', 'else', f'{count} entries; {limit} is the most.', 'ip'
        )


def _problem_of(entry: str, kind: str, view: View) -> tuple[str, str, str] | None:
    """Return rule, case and what is said of an entry of the IP list; None for a good one."""
    if kind in _BROAD:
        return 'key-ip-too-broad', kind, _BROAD[kind]
    if kind == 'range' and view.ip_policy.cidr == 'no':
        name = view.table.name if view.table else 'the exchange'
        return (
            'key-ip-too-broad',
            'no-ranges',
            f'is a range, and {name} takes single addresses only.',
        )
    if kind in _USELESS:
        return 'key-ip-useless', 'else', f'{_USELESS[kind]}: the exchange never sees it.'
    if kind == 'documentation':
        return ('key-ip-useless', 'sample', 'is reserved for documentation: still to be filled in.')
    if view.is_third_party(entry):
        return 'key-ip-not-yours', 'else', 'sends for everybody who uses that service.'
    return None
