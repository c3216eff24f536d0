"""Work out the least privilege.

The permissions that each exchange's key needs, with the call that proves each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keylint.api_usage.methods import Libraries
from keylint.core.key_model import ApiCall, Client, CodeFacts, Doubt
from keylint.core.records import NamedTuple
from keylint.core.terms import PERMISSIONS, Permission
from keylint.policies.call_standing import find_unreached, is_test, tell_standing
from keylint.policies.foreign_calls import ForeignCalls, resolve_foreign_calls
from keylint.readers.languages.parse import language_of

_NO_KEY = 'public'
NOT_USED = 'what is done with it was not found'


class RequiredPermissions(NamedTuple):
    """What the code needs of one exchange's key.

    `is_exact` is False where more may be called than can be read, for the reasons in `doubts`.

    The issuer is None for clients whose exchange is only known when the program runs.
    """

    issuer: str | None
    clients: tuple[Client, ...]
    calls: tuple[ApiCall, ...]
    is_exact: bool
    doubts: tuple[Doubt, ...] = ()
    is_exact_but_for_doubts: bool = False

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The permissions, from harmless to all."""
        needed = {call.permission for call in self.calls if call.standing == 'used'}
        return tuple(permission for permission in PERMISSIONS if permission in needed)

    @property
    def used_calls(self) -> tuple[ApiCall, ...]:
        """The calls that a key is needed for: none in tests or in functions that nothing calls."""
        return tuple(call for call in self.calls if call.standing == 'used')

    @property
    def idle_calls(self) -> tuple[ApiCall, ...]:
        """The first other call for each permission that is not needed."""
        found = {
            call.permission: call
            for call in reversed(self.calls)
            if call.standing != 'used' and call.permission not in self.permissions
        }
        return tuple(found[one] for one in PERMISSIONS if one in found)

    @property
    def is_whole(self) -> bool:
        """Whether no more may be needed: all is read, and nothing waits for somebody to call it."""
        return self.is_exact and all(call.standing == 'test' for call in self.idle_calls)

    def proof_of(self, permission: str) -> ApiCall | None:
        """Return the first call that needs the permission."""
        return next((call for call in self.used_calls if call.permission == permission), None)

    def proofs(self) -> list[ApiCall]:
        """Return the first call for each permission, from harmless to all."""
        calls = [self.proof_of(permission) for permission in self.permissions]
        return [call for call in calls if call is not None]

    @property
    def needs_key(self) -> bool:
        """Whether a key is given to a client, or anything is called that needs one."""
        return (
            any(client.has_key for client in self.clients)
            or bool(self.permissions)
            or any(doubt.issuer == self.issuer for doubt in self.doubts)
        )


def join_code_facts(
    facts: Iterable[CodeFacts],
    framework_calls: Iterable[ApiCall],
    libraries: Libraries,
    defined: frozenset[str] = frozenset(),
    mentioned: frozenset[str] = frozenset(),
) -> dict[str | None, RequiredPermissions]:
    """Join what all files say to what each issuer's key needs.

    Of files that nobody read, `defined` are the names of functions and `mentioned` all names.
    """
    files = sorted(facts, key=lambda fact: fact.path)
    clients = [client for fact in files for client in fact.clients]
    foreign = _resolve_by_language(files, libraries, defined)
    unreached = find_unreached(files, mentioned)
    calls = [
        call._replace(standing=tell_standing(call, unreached))
        for call in (*(call for fact in files for call in fact.calls), *foreign.calls)
    ]
    calls += framework_calls
    vague = [fact for fact in files if not (fact.is_exact or is_test(fact.path))]
    inexact = {client.issuer for fact in vague for client in fact.clients}
    inexact |= {call.issuer for fact in vague for call in fact.calls}
    doubts = [
        doubt
        for doubt in (*_spread_doubts(files), *foreign.doubts, *_doubt_unused(files, foreign))
        if not is_test(doubt.path)
    ]
    doubted = {doubt.issuer for doubt in doubts}
    issuers = {client.issuer for client in clients} | {call.issuer for call in calls}
    return {
        issuer: RequiredPermissions(
            issuer,
            tuple(client for client in clients if client.issuer == issuer),
            _calls_of(issuer, calls),
            issuer not in inexact | doubted and None not in issuers,
            _doubts_of(issuer, doubts),
            issuer not in inexact and None not in issuers,
        )
        for issuer in sorted(issuers, key=lambda name: name or '')
    }


def _resolve_by_language(
    files: list[CodeFacts], libraries: Libraries, defined: frozenset[str]
) -> ForeignCalls:
    """Resolve calls on clients of other files, among the files of each language."""
    languages: dict[str, list[CodeFacts]] = {}
    for fact in files:
        languages.setdefault(language_of(fact.path), []).append(fact)
    found = ForeignCalls([], [])
    for language, own in languages.items():
        calls, doubts = resolve_foreign_calls(own, libraries.for_language(language), defined)
        found.calls.extend(calls)
        found.doubts.extend(doubts)
    return found


def _doubt_unused(files: list[CodeFacts], foreign: ForeignCalls) -> Iterator[Doubt]:
    """Yield the clients of other languages that have a key which nothing is known to need."""
    calls = [*foreign.calls, *(call for fact in files for call in fact.calls)]
    doubts = [*foreign.doubts, *(doubt for fact in files for doubt in fact.doubts)]
    used = {place for call in calls if call.permission != _NO_KEY for place in call.origins}
    used |= {place for doubt in doubts for place in doubt.origins}
    # What is called on a field is a call on a client of its type, whichever that is.
    typed = {call.issuer for call in calls if call.permission != _NO_KEY and not call.origins}
    for fact in files:
        if language_of(fact.path) == 'python':
            continue
        for client in fact.clients:
            origin = (fact.path, client.start)
            if client.has_key and origin not in used and client.issuer not in typed:
                name = client.name or client.library
                made = Doubt(client.issuer, name, NOT_USED, fact.path, client.start, client.place)
                yield made._replace(origins=(origin,))


def _spread_doubts(files: list[CodeFacts]) -> Iterator[Doubt]:
    """Yield the doubts of files; those of any exchange once for each of the file's."""
    for fact in (fact for fact in files if not is_test(fact.path)):
        own = {client.issuer for client in fact.clients} | {call.issuer for call in fact.calls}
        for doubt in fact.doubts:
            if doubt.issuer == '':
                yield from (doubt._replace(issuer=issuer) for issuer in sorted(own, key=str))
            else:
                yield doubt


def _doubts_of(issuer: str | None, doubts: list[Doubt]) -> tuple[Doubt, ...]:
    """Return what could not be read of an issuer's clients, by place, each call once."""
    own: dict[Doubt, set[tuple[str, int]]] = {}
    for doubt in doubts:
        if doubt.issuer == issuer:
            own.setdefault(doubt._replace(origins=()), set()).update(doubt.origins)
    joined = [doubt._replace(origins=tuple(sorted(by))) for doubt, by in own.items()]
    return tuple(sorted(joined, key=lambda doubt: (doubt.path, doubt.start, doubt.call)))


def _calls_of(issuer: str | None, calls: list[ApiCall]) -> tuple[ApiCall, ...]:
    """Return the different calls that need a key of the issuer, by place."""
    own: dict[ApiCall, list[tuple[str, int]]] = {}
    for call in calls:
        if call.issuer == issuer and call.permission != _NO_KEY:
            own.setdefault(call._replace(origins=()), []).extend(call.origins)
    joined = [call._replace(origins=tuple(sorted(set(by)))) for call, by in own.items()]
    if not any(call.standing == 'used' for call in joined):  # a library: all of it is for callers
        joined = [
            call._replace(standing='used') if call.standing == 'unreached' else call
            for call in joined
        ]
    return tuple(
        sorted(joined, key=lambda call: (call.path, call.start, call.permission, call[1:5]))
    )
