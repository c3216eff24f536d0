"""Least privilege: from the clients and calls of all files to the levels that each exchange's key needs, with the call that proves each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from keylint.declare.methods import Libraries
from keylint.model import LEVELS, Client, CodeFacts, Use

_NO_KEY = 'public'


class Need(NamedTuple):
    """What the code needs of one exchange's key. `is_exact` is False where more may be called than can be read."""

    issuer: str | None
    clients: tuple[Client, ...]
    uses: tuple[Use, ...]
    is_exact: bool

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels, from harmless to all."""
        return tuple(level for level in LEVELS if any(use.level == level for use in self.uses))

    def proof(self, level: str) -> Use | None:
        """The first call that needs the level."""
        return next((use for use in self.uses if use.level == level), None)

    @property
    def needs_key(self) -> bool:
        """Whether a key is given to a client, or anything is called that needs one."""
        return any(client.has_key for client in self.clients) or bool(self.levels)


def join(facts: Iterable[CodeFacts], extra: Iterable[Use], libraries: Libraries) -> dict[str | None, Need]:
    """Issuer to its need, over the whole tree. The issuer is None for clients whose exchange only running would tell."""
    files = sorted(facts, key=lambda fact: fact.path)
    clients = [client for fact in files for client in fact.clients]
    uses = [use for fact in files for use in fact.uses] + sorted(extra) + _loose(files, libraries)
    inexact = {client.issuer for fact in files if not fact.is_exact for client in fact.clients} | {
        use.issuer for fact in files if not fact.is_exact for use in fact.uses
    }
    issuers = {client.issuer for client in clients} | {use.issuer for use in uses}
    found = {}
    for issuer in sorted(issuers, key=lambda name: name or ''):
        own = sorted(
            {use for use in uses if use.issuer == issuer and use.level != _NO_KEY}, key=lambda use: (use.path, use.line, use.column, use.level)
        )
        mine = tuple(client for client in clients if client.issuer == issuer)
        found[issuer] = Need(issuer, mine, tuple(own), issuer not in inexact and None not in issuers)
    return found


def _loose(files: list[CodeFacts], libraries: Libraries) -> list[Use]:
    """Calls on objects that another file built: the name under which that file keeps its client must be the same, and one exchange's only."""
    exported: dict[str, set[Client]] = {}
    for fact in files:
        for name, number in fact.exports:
            exported.setdefault(name, set()).add(fact.clients[number])
    by_id = {library.id: library for library in libraries.all}
    found = []
    for fact in files:
        for receiver, method, first, line, column in fact.loose:
            clients = exported.get(receiver.rsplit('.', 1)[-1], set())
            if len({(client.issuer, client.library) for client in clients}) != 1:
                continue
            client = min(clients)
            level = by_id[client.library].level(method, '', receiver.rsplit('.', 1)[-1], first)
            if level is not None:
                found.append(
                    Use(client.issuer, client.library, 'trade' if level == 'context' else level, method, fact.path, line, column, None, receiver)
                )
    return found
