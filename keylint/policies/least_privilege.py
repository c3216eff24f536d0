"""Least privilege: from the clients and calls of all files to the levels that each exchange's key needs, with the call that proves each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from keylint.api_usage.methods import Libraries
from keylint.core.model import LEVELS, Client, CodeFacts, Use

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


def join(
    facts: Iterable[CodeFacts], extra: Iterable[Use], libraries: Libraries
) -> dict[str | None, Need]:
    """Issuer to its need, over the whole tree. The issuer is None for clients whose exchange only running would tell."""
    files = sorted(facts, key=lambda fact: fact.path)
    clients = [client for fact in files for client in fact.clients]
    uses = (
        [use for fact in files for use in fact.uses]
        + sorted(extra, key=lambda use: (use.issuer or '', *use[1:7]))
        + _loose(files, libraries)
    )
    vague = [fact for fact in files if not fact.is_exact]
    inexact = {client.issuer for fact in vague for client in fact.clients} | {
        use.issuer for fact in vague for use in fact.uses
    }
    issuers = {client.issuer for client in clients} | {use.issuer for use in uses}
    found = {}
    for issuer in sorted(issuers, key=lambda name: name or ''):
        own = sorted(
            {use for use in uses if use.issuer == issuer and use.level != _NO_KEY},
            key=lambda use: (use.path, use.line, use.column, use.level),
        )
        mine = tuple(client for client in clients if client.issuer == issuer)
        found[issuer] = Need(
            issuer, mine, tuple(own), issuer not in inexact and None not in issuers
        )
    return found


def _loose(files: list[CodeFacts], libraries: Libraries) -> list[Use]:
    """Calls on objects that another file built: it must know them by the same name. What several exchanges answer to may be any of them."""
    exported: dict[str, set[Client]] = {}
    for fact in files:
        for name, number in fact.exports:
            exported.setdefault(name, set()).add(fact.clients[number])
    by_id = {library.id: library for library in libraries.all}
    found: list[Use] = []
    for fact in files:
        for receivers, method, first, line, column in fact.loose:
            names = [receiver.rsplit('.', 1)[-1] for receiver in receivers.split(' ')]
            name = next((name for name in names if name in exported), '')
            issuers = {client.issuer for client in exported.get(name, ())}
            for library in sorted(
                {client.library for client in exported.get(name, ()) if client.library in by_id}
            ):
                issuer = next(iter(issuers)) if len(issuers) == 1 else None
                level = by_id[library].level(method, '', name, first)
                if level == 'context':
                    level = (
                        'derivatives'
                        if issuer and by_id[library].is_derivative(issuer)
                        else 'trade'
                    )
                if level is not None:
                    found.append(
                        Use(issuer, library, level, method, fact.path, line, column, None, name)
                    )
    return found
