"""Tell which of an exchange's code speaks for which declared key.

By the reference that names the key's value and the variables that clients are built from, by the
files that an entry says use it, and by what is left for a key when others have their code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from keylint.core.key_model import ApiCall, Client, Doubt
from keylint.core.model import DeclarationRecord, KeyDeclaration
from keylint.policies.least_privilege import RequiredPermissions

_VARIABLE = re.compile(r'(?:env(?:ironment)?:)?\$?\{?([A-Za-z_][A-Za-z0-9_]{2,})\}?')
_MAX_DOUBTS = 5
_STANDINGS = {'used': '', 'test': 'in a test', 'unreached': 'in a function that nothing calls'}
Needs = Mapping[str | None, RequiredPermissions]


def name_variable(declaration: KeyDeclaration) -> str:
    """Return the environment variable that holds the key's value, if the entry names one."""
    match = _VARIABLE.fullmatch(declaration.secret_ref)
    return match.group(1) if match is not None else ''


def find_need(
    record: DeclarationRecord, records: Sequence[DeclarationRecord], needs: Needs
) -> RequiredPermissions | None:
    """Return what the code needs of one declared key, None where no code speaks for it.

    A vendor's answer and a call that makes a key say nothing of which code will use it: only a
    reference can join them.
    """
    need = needs.get(record.declaration.issuer)
    if need is None:
        return None
    own = _find_own_clients(record.declaration, need)
    if own is not None:
        return restrict_need(need, own)
    if record.declaration.source in ('call', 'document'):
        return None
    spoken_for: set[Client] = set()
    for other in records:
        if other != record and other.declaration.issuer == need.issuer:
            spoken_for |= set(_find_own_clients(other.declaration, need) or ())
    rest = [client for client in need.clients if client not in spoken_for]
    if not spoken_for:
        rest = _drop_clients_of_others(record.declaration, need)
    if need.clients and not rest:
        return None
    return need if len(rest) == len(need.clients) else restrict_need(need, rest)


def _find_own_clients(
    declaration: KeyDeclaration, need: RequiredPermissions
) -> list[Client] | None:
    """Return the clients that are built from the key, or stand where the entry says it is used."""
    variable = name_variable(declaration)
    named = [
        client
        for client in need.clients
        if variable and variable in (*client.variables, *client.references)
    ]
    if named:
        return named
    paths = {client.path for client in need.clients} | {call.path for call in need.calls}
    places = declaration.used_by
    used_by = {path for path in paths if any(_is_in_place(path, one) for one in places)}
    callers = {origin for call in need.calls if call.path in used_by for origin in call.origins}
    placed = [
        client
        for client in need.clients
        if client.path in used_by or (client.path, client.start) in callers
    ]
    return placed or None


def _is_in_place(path: str, place: str) -> bool:
    """Tell whether a file is the one that an entry names, or stands in that folder."""
    plain, wanted = path.replace('\\', '/'), place.replace('\\', '/').removeprefix('./').rstrip('/')
    if not wanted:
        return False
    return (
        plain == wanted
        or plain.endswith(f'/{wanted}')
        or plain.startswith(f'{wanted}/')
        or f'/{wanted}/' in plain
    )


def _drop_clients_of_others(declaration: KeyDeclaration, need: RequiredPermissions) -> list[Client]:
    """Return the clients that may be built from the key: not those from other variables."""
    if not name_variable(declaration):
        return list(need.clients)
    return [client for client in need.clients if not client.variables]


def restrict_need(need: RequiredPermissions, clients: Iterable[Client]) -> RequiredPermissions:
    """Return the need of some clients alone: their calls, and those that may be on any client."""
    kept = tuple(clients)
    origins = {(client.path, client.start) for client in kept}
    calls = tuple(call for call in need.calls if _is_of(call, origins))
    doubts = tuple(doubt for doubt in need.doubts if _is_of(doubt, origins))
    is_exact = need.is_exact or (need.is_exact_but_for_doubts and not doubts)
    return need._replace(clients=kept, calls=calls, doubts=doubts, is_exact=is_exact)


def split_need(need: RequiredPermissions) -> list[RequiredPermissions]:
    """Return what is needed of each key of an exchange, where variables tell the keys apart."""
    keyed = [client for client in need.clients if client.has_key]
    if len(keyed) < 2 or not all(client.variables for client in keyed):
        return [need]
    groups: list[tuple[set[str], list[Client]]] = []
    for client in keyed:
        names, members = set(client.variables), [client]
        for other in [one for one in groups if one[0] & names]:
            groups.remove(other)
            names |= other[0]
            members = [*other[1], *members]
        groups.append((names, members))
    if len(groups) == 1:
        return [need]
    return [restrict_need(need, members) for _, members in groups]


def list_undeclared_needs(
    records: Sequence[DeclarationRecord], needs: Needs
) -> Iterator[RequiredPermissions]:
    """Yield what is needed of keys that only the code speaks of."""
    found = [find_need(record, records, needs) for record in records]
    declared = {client for need in found if need is not None for client in need.clients}
    known = {need.issuer for need in found if need is not None}
    for issuer, need in needs.items():
        for own in split_need(need):
            rest = [client for client in own.clients if client not in declared]
            is_another = bool(rest) and all(client.variables for client in rest)
            if issuer not in known and (own.clients or own.calls):
                yield own
            elif is_another:
                yield restrict_need(own, rest)


def name_key(need: RequiredPermissions, needs: Sequence[RequiredPermissions], label: str) -> str:
    """Return a label that no other key of the exchange has: by the file that builds its client."""
    if len(needs) == 1:
        return label
    stems = [_stem_of(one.clients[0].path) for one in needs]
    stem = _stem_of(need.clients[0].path)
    return f'{label}-{stem}' if stems.count(stem) == 1 else f'{label}-{1 + needs.index(need)}'


def _stem_of(path: str) -> str:
    return path.replace('\\', '/').rsplit('/', 1)[-1].partition('.')[0].lower()


def _is_of(one: ApiCall | Doubt, origins: set[tuple[str, int]]) -> bool:
    return not one.origins or not origins.isdisjoint(one.origins)


def describe_doubts(need: RequiredPermissions | None) -> tuple[str, ...]:
    """Say which calls could not be read, and why: the first few, and how many more."""
    if need is None:
        return ()
    texts = [f'{doubt.call} {doubt.path}:{doubt.place.line}: {doubt.why}' for doubt in need.doubts]
    more = len(texts) - _MAX_DOUBTS
    if more > 0:
        texts[_MAX_DOUBTS:] = [f'and {more} more']
    return tuple(texts)


def describe_idle_calls(need: RequiredPermissions | None) -> tuple[tuple[str, str], ...]:
    """Say which calls are no need: the permission, the call, its place and what it stands in."""
    if need is None:
        return ()
    return tuple(
        (call.permission, f'{call.call} {call.path}:{call.place.line}, {_STANDINGS[call.standing]}')
        for call in need.idle_calls
    )
