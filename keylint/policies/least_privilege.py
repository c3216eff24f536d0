"""Work out the least privilege.

The permissions that each exchange's key needs, with the call that proves each.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from keylint.api_usage.methods import Libraries, Library
from keylint.core.key_model import ApiCall, Client, CodeFacts
from keylint.core.terms import PERMISSIONS, Permission

_NO_KEY = 'public'


class RequiredPermissions(NamedTuple):
    """What the code needs of one exchange's key.

    `is_exact` is False where more may be called than can be read.

    The issuer is None for clients whose exchange is only known when the program runs.
    """

    issuer: str | None
    clients: tuple[Client, ...]
    calls: tuple[ApiCall, ...]
    is_exact: bool

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The permissions, from harmless to all."""
        needed = {call.permission for call in self.calls}
        return tuple(permission for permission in PERMISSIONS if permission in needed)

    def proof_of(self, permission: str) -> ApiCall | None:
        """Return the first call that needs the permission."""
        return next((call for call in self.calls if call.permission == permission), None)

    def proofs(self) -> list[ApiCall]:
        """Return the first call for each permission, from harmless to all."""
        calls = [self.proof_of(permission) for permission in self.permissions]
        return [call for call in calls if call is not None]

    @property
    def needs_key(self) -> bool:
        """Whether a key is given to a client, or anything is called that needs one."""
        return any(client.has_key for client in self.clients) or bool(self.permissions)


def join_code_facts(
    facts: Iterable[CodeFacts], framework_calls: Iterable[ApiCall], libraries: Libraries
) -> dict[str | None, RequiredPermissions]:
    """Join what all files say to what each issuer's key needs."""
    files = sorted(facts, key=lambda fact: fact.path)
    clients = [client for fact in files for client in fact.clients]
    calls = [call for fact in files for call in fact.calls]
    calls += framework_calls
    calls += _resolve_calls(files, libraries)
    vague = [fact for fact in files if not fact.is_exact]
    inexact = {client.issuer for fact in vague for client in fact.clients}
    inexact |= {call.issuer for fact in vague for call in fact.calls}
    issuers = {client.issuer for client in clients} | {call.issuer for call in calls}
    return {
        issuer: RequiredPermissions(
            issuer,
            tuple(client for client in clients if client.issuer == issuer),
            _calls_of(issuer, calls),
            issuer not in inexact and None not in issuers,
        )
        for issuer in sorted(issuers, key=lambda name: name or '')
    }


def _calls_of(issuer: str | None, calls: list[ApiCall]) -> tuple[ApiCall, ...]:
    """Return the different calls that need a key of the issuer, by place."""
    own = {call for call in calls if call.issuer == issuer and call.permission != _NO_KEY}
    return tuple(sorted(own, key=lambda call: (call.path, call.start, call.permission, call[1:5])))


def _resolve_calls(files: list[CodeFacts], libraries: Libraries) -> list[ApiCall]:
    """Resolve calls on objects that another file built: it must know them by the same name.

    What several exchanges answer to may be any of them.
    """
    exported: dict[str, set[Client]] = {}
    for fact in files:
        for name, number in fact.exports:
            exported.setdefault(name, set()).add(fact.clients[number])
    by_id = {library.id: library for library in libraries.all}
    found: list[ApiCall] = []
    for fact in files:
        for unresolved in fact.unresolved_calls:
            names = [receiver.rsplit('.', 1)[-1] for receiver in unresolved.receivers.split(' ')]
            name = next((name for name in names if name in exported), '')
            clients = exported.get(name, set())
            issuers = {client.issuer for client in clients}
            issuer = next(iter(issuers)) if len(issuers) == 1 else None
            for library in sorted({client.library for client in clients} & by_id.keys()):
                method, first = unresolved.method, unresolved.first_argument
                permission = by_id[library].classify_call(method, '', name, first)
                if permission == 'context':
                    permission = _permission_of_order(by_id[library], issuer)
                if permission is not None:
                    start, place = unresolved.start, unresolved.place
                    found.append(
                        ApiCall(issuer, library, permission, method, fact.path, start, name, place)
                    )
    return found


def _permission_of_order(library: Library, issuer: str | None) -> Permission:
    return 'derivatives' if issuer and library.is_derivative(issuer) else 'trade'
