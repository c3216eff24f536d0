"""Resolve calls on clients that another file builds: by handed-over arguments, then by name."""

from __future__ import annotations

from keylint.api_usage.methods import Libraries, Library
from keylint.api_usage.request_paths import find_path_permission, is_table_of
from keylint.api_usage.request_texts import VERBS
from keylint.core.key_model import (
    ApiCall,
    Client,
    CodeFacts,
    Doubt,
    FunctionUse,
    Handover,
    UnresolvedCall,
)
from keylint.core.records import NamedTuple
from keylint.core.terms import Permission

NOT_FOLLOWED = 'it is given the client, and its code is not here'
WHICH_OBJECT = 'whether it is called on the client is only known when the program runs'


class ForeignCalls(NamedTuple):
    """Calls on clients of other files, and what could not be resolved."""

    calls: list[ApiCall]
    doubts: list[Doubt]


class _KnownClient(NamedTuple):
    """A client under a name: everywhere, in one file, or as an attribute of a class."""

    client: Client
    path: str = ''
    owner: str = ''


def resolve_foreign_calls(
    files: list[CodeFacts], libraries: Libraries, defined: frozenset[str] = frozenset()
) -> ForeignCalls:
    """Resolve calls on objects that another file built.

    It must have given them to this file, or both must know them by the same name. `defined` are
    names of functions in files that nobody read.
    """
    return _Resolver(files, libraries, defined).resolve()


class _Resolver:
    def __init__(
        self, files: list[CodeFacts], libraries: Libraries, defined: frozenset[str]
    ) -> None:
        self.files = files
        self.raw = libraries.raw
        self.by_id = {library.id: library for library in libraries.all}
        self.defined = defined | {use.name for fact in files for use in fact.functions}
        self.bases = {name: set(bases) for fact in files for name, bases in fact.bases}
        self.found = ForeignCalls([], [])
        self.functions: dict[str, list[tuple[str, FunctionUse]]] = {}
        self.passed: dict[tuple[str, str], list[Handover]] = {}
        for fact in files:
            for use in fact.functions:
                name = use.owner if use.name == '__init__' else use.name
                self.functions.setdefault(name, []).append((fact.path, use))
            for handover in fact.handovers:
                if handover.client < 0:
                    self.passed.setdefault((fact.path, handover.source), []).append(handover)
        self.known: dict[str, list[_KnownClient]] = {}
        self.libraries = {
            (client.library, client.issuer)
            for fact in files
            for client in fact.clients
            if client.library in self.by_id
        }

    def resolve(self) -> ForeignCalls:
        """Resolve the calls of all files."""
        for fact in self.files:
            owners: dict[tuple[str, int], set[str]] = {}
            for name, number, owner in fact.attributes:
                owners.setdefault((name, number), set()).add(owner)
            for name, number in fact.exports:
                client = fact.clients[number]
                self.known.setdefault(name, []).extend(
                    _KnownClient(client, owner=owner) for owner in owners.get((name, number), {''})
                )
            for handover in fact.handovers:
                if handover.client >= 0:
                    self._follow_handover(fact, handover)
        for fact in self.files:
            for unresolved in fact.unresolved_calls:
                self._resolve_call(fact, unresolved)
        return self.found

    def _follow_handover(self, fact: CodeFacts, handover: Handover) -> None:
        """Let the parameters that a client is given for stand for it, also where passed on."""
        client = fact.clients[handover.client]
        targets = self._list_targets(handover)
        stack = list(targets)
        while stack:
            path, name = stack.pop()
            known = self.known.setdefault(name, [])
            if _KnownClient(client, path) in known:
                continue
            known.append(_KnownClient(client, path))
            for passed in self.passed.get((path, name), ()):
                further = self._list_targets(passed)
                stack += further
                if not further:
                    self._doubt_handover(client, passed, path)
        if not targets:
            self._doubt_handover(client, handover, fact.path)

    def _doubt_handover(self, client: Client, handover: Handover, path: str) -> None:
        """Note that a client is given to code that is not here."""
        self.found.doubts.append(
            Doubt(
                client.issuer,
                f'{handover.callee}(…)',
                NOT_FOLLOWED,
                path,
                handover.start,
                handover.place,
                origins=((client.path, client.start),),
            )
        )

    def _list_targets(self, handover: Handover) -> list[tuple[str, str]]:
        """Return the parameters of functions, each in its file, that an argument may be for."""
        return [
            (path, name)
            for path, use in self.functions.get(handover.callee, ())
            if (name := _choose_parameter(use, handover))
        ]

    def _resolve_call(self, fact: CodeFacts, unresolved: UnresolvedCall) -> None:
        names = [receiver.rsplit('.', 1)[-1] for receiver in unresolved.receivers.split(' ')]
        given = [
            (name, one.client)
            for name in names
            for one in self.known.get(name, ())
            if one.path == fact.path
        ]
        named = [
            (name, one.client)
            for name in names
            for one in self.known.get(name, ())
            if not one.path
            and self._is_same_attribute(one.owner, unresolved.owner)
            and (unresolved.is_telling or _is_certain(name, one, unresolved))
        ]
        found = given or [one for one in named if one[0] == named[0][0]]
        clients = {client for _, client in found}
        if not clients:
            if unresolved.is_telling:
                self._doubt_call(fact, unresolved)
            return
        issuers = {client.issuer for client in clients}
        issuer = next(iter(issuers)) if len(issuers) == 1 else None
        origins = tuple(sorted({(client.path, client.start) for client in clients}))
        for library in sorted({client.library for client in clients} & self.by_id.keys()):
            self._add_call(fact, unresolved, self.by_id[library], issuer, found[0][0], origins)

    def _add_call(
        self,
        fact: CodeFacts,
        unresolved: UnresolvedCall,
        library: Library,
        issuer: str | None,
        name: str,
        origins: tuple[tuple[str, int], ...],
    ) -> None:
        method = unresolved.method
        first = unresolved.first_argument
        permission = library.classify_call(method, '', name, first)
        if permission == 'path' and issuer is not None:
            tables = [table for table in self.raw if is_table_of(table, issuer)]
            bases = [library.find_base(method) or base for table in tables for base in table.bases]
            verb = method.strip('_').upper() if method.strip('_').upper() in VERBS else ''
            permission = find_path_permission(tables, verb, first, bases) or 'path'
        if permission == 'context':
            permission = _permission_of_order(library, issuer)
        start, place = unresolved.start, unresolved.place
        if permission in ('unknown', 'path'):
            if method not in self.defined or not unresolved.is_telling:
                why = WHICH_OBJECT
                doubt = Doubt(issuer, f'{name}.{method}', why, fact.path, start, place)
                self.found.doubts.append(doubt._replace(origins=origins))
        elif permission is not None:
            made = ApiCall(issuer, library.id, permission, method, fact.path, start, name, place)
            self.found.calls.append(made._replace(origins=origins, function=unresolved.function))

    def _doubt_call(self, fact: CodeFacts, unresolved: UnresolvedCall) -> None:
        """Note a call on an object that nobody can place, if a client of the tree has it."""
        if unresolved.method in self.defined:
            return  # a function of the tree: its body is read by itself
        for name, issuer in sorted(self.libraries, key=str):
            permission = self.by_id[name].classify_call(unresolved.method, '', '', '')
            if permission not in (None, 'unknown', 'public', 'read'):
                what = f'{unresolved.receivers.split(" ")[-1]}.{unresolved.method}'.lstrip('.')
                start, place = unresolved.start, unresolved.place
                self.found.doubts.append(Doubt(issuer, what, WHICH_OBJECT, fact.path, start, place))

    def _is_same_attribute(self, holder: str, user: str) -> bool:
        """Tell whether an attribute of one class may be that of another.

        One derives from the other; what is no attribute may be handed over.
        """
        if not holder or not user or holder == user:
            return True
        return holder in self._list_ancestors(user) or user in self._list_ancestors(holder)

    def _list_ancestors(self, name: str) -> set[str]:
        found: set[str] = set()
        open_names = [name]
        while open_names:
            for base in self.bases.get(open_names.pop(), ()):
                if base not in found:
                    found.add(base)
                    open_names.append(base)
        return found


def _is_certain(name: str, known: _KnownClient, unresolved: UnresolvedCall) -> bool:
    """Tell whether a name alone says which object it is: an attribute, or a class of the tree."""
    return bool(known.owner and unresolved.owner) or (
        name == known.client.name and name[:1].isupper()
    )


def _choose_parameter(use: FunctionUse, handover: Handover) -> str:
    """Return the parameter of a function that the argument of a call is for, or nothing."""
    if handover.keyword:
        return handover.keyword if handover.keyword in use.parameters else ''
    is_there = 0 <= handover.position < len(use.parameters)
    return use.parameters[handover.position] if is_there else ''


def _permission_of_order(library: Library, issuer: str | None) -> Permission:
    return 'derivatives' if issuer and library.is_derivative(issuer) else 'trade'
