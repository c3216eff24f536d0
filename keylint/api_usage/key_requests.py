"""Which call of a program is a vendor's request that creates or edits a key."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from keylint.api_usage.key_arguments import (
    Names,
    Pair,
    join_text,
    last_name,
    list_pairs,
    read_json,
    walk_request,
)
from keylint.core.names import squeeze_name
from keylint.core.records import NamedTuple
from keylint.rules.declaration_types import DocumentShape, KeyCall
from keylint.rules.rule_set import RuleSet

# What stands around a request's name where an object is made step by step.
_VERBS = frozenset(('GET', 'POST', 'PUT', 'DELETE'))
_AROUND = ('new', 'builder')


class KeyRequest(NamedTuple):
    """The request behind a call; `spec` is the row of a library's method, None for a raw one."""

    rule: str
    spec: KeyCall | None
    document: DocumentShape


class KeyMethods:
    """The methods of libraries that make keys, by their names without case and underscores.

    `modules` are the packages that the file imports, `find_mentions` finds the exchanges that it
    speaks of. Libraries of Python have their names as they stand, but for ccxt, which has both.
    """

    def __init__(
        self,
        pack: RuleSet,
        modules: Iterable[str],
        find_mentions: Callable[[], set[str]],
        *,
        is_python: bool,
    ) -> None:
        self._methods: dict[str, list[KeyRequest]] = {}
        for name, entries in pack.key_calls.items():
            rows = [KeyRequest(*entry) for entry in entries]
            self._methods.setdefault(_fold_name(name), []).extend(rows)
        self._modules = {squeeze_name(module) for module in modules}
        self._find_mentions = find_mentions
        self._is_python = is_python

    def list_requests(self, name: str, node: ast.Call) -> list[KeyRequest]:
        """List the requests behind a method's name.

        Of several libraries' those that the file imports, else those that take these arguments.
        """
        fitting = [
            one for one in self._methods.get(_fold_name(name), []) if self._is_spelt(one, name)
        ]
        imported = [one for one in fitting if one.spec and self._is_imported(one.spec.library)]
        fitting = imported or [one for one in fitting if _takes(one.spec, node)]
        if len({one.rule for one in fitting}) > 1 or (fitting and not self._is_python):
            mentioned = self._find_mentions()
            named = [one for one in fitting if one.rule in mentioned]
            fitting = named or (fitting if self._is_python else imported)
        return fitting

    def _is_spelt(self, request: KeyRequest, name: str) -> bool:
        """Tell whether a library has the method under this very name."""
        spec = request.spec
        return spec is None or not self._is_python or spec.library == 'ccxt' or spec.call == name

    def list_made(self, name: str, node: ast.Call) -> list[KeyRequest]:
        """List the requests that a builder makes: `NewAddSubAccountApiReqBuilder()`."""
        folded = _fold_name(name)
        plain = folded.removeprefix(_AROUND[0]).removesuffix(_AROUND[1])
        return [] if plain == folded else self.list_requests(plain, node)

    def _is_imported(self, library: str) -> bool:
        plain = squeeze_name(library)
        return not self._modules.isdisjoint((plain, plain.removeprefix('python')))


def _fold_name(name: str) -> str:
    return name.replace('_', '').lower()


def _takes(spec: KeyCall | None, call: ast.Call) -> bool:
    """Tell whether a method, as far as its arguments are known, takes those of the call."""
    names = spec.positional if spec is not None else ()
    return not names or all(one.arg is None or one.arg in names for one in call.keywords)


class KeyEndpoints:
    """The endpoints that make keys, by their paths."""

    def __init__(self, pack: RuleSet) -> None:
        self._endpoints = pack.key_endpoints
        self._asked = {
            words[1]
            for rule in pack.rules.values()
            for document in rule.declarations.documents
            for part in document.endpoint.split(';')
            if len(words := part.split()) > 1 and words[0] == 'GET'
        }

    def find(self, node: ast.expr, known: Names) -> tuple[str, list[KeyRequest]] | None:
        """Return path and requests of the endpoint that an expression names, of one exchange."""
        for part in walk_request(node, known):
            text = join_text(part)
            if not text or '/' not in text:
                continue
            rows = [row for row in self._endpoints if row[0] in text]
            if rows:
                path, rule, _ = rows[0]
                return path, [
                    KeyRequest(rule, None, row[2]) for row in rows if row[:2] == (path, rule)
                ]
        return None

    def is_question(self, path: str, node: ast.Call, known: Names) -> bool:
        """Tell whether a call asks for keys, or deletes one, at a path where others make them."""
        verbs = _list_verbs(node, known)
        return 'DELETE' in verbs or ('GET' in verbs and 'POST' not in verbs and path in self._asked)


def _list_verbs(node: ast.Call, known: Names) -> set[str]:
    found: set[str] = set()
    for part in walk_request(node, known):
        text = join_text(part) or (
            last_name(part) if isinstance(part, ast.Attribute | ast.Name) else ''
        )
        plain = text.upper().removesuffix('ASYNC').removeprefix('METHOD')
        found |= {plain} & _VERBS
    return found


def list_sent(node: ast.expr, known: Names, bodies: tuple[str, ...]) -> list[Pair]:
    """List the entries of all mappings in a request, those of its body among others."""
    found: list[Pair] = []
    for part in walk_request(node, known):
        pairs = list_pairs(part, known)
        if pairs is None:
            document = read_json(part)
            pairs = _list_json(document, part) if isinstance(document, dict) else []
        found += [(key, value) for key, value in pairs if squeeze_name(key) not in bodies]
    return found


def _list_json(document: dict[str, object], node: ast.expr) -> list[Pair]:
    """List the entries of a document in JSON, at the place of its text."""
    found: list[Pair] = []
    for key, value in document.items():
        made = ast.parse(repr(value), mode='eval').body
        for part in ast.walk(made):
            ast.copy_location(part, node)
        found.append((key, made))
    return found


def is_about_keys(request: KeyRequest, pairs: list[Pair]) -> bool:
    """Tell whether anything that is sent is a part of the request."""
    return _count_known(request.document, pairs) > 0


def _count_known(document: DocumentShape, pairs: list[Pair]) -> int:
    """Count the parts of a request that are sent."""
    known = {*document.keys, *document.rights}
    if document.ip:
        known.update(document.ip.keys)
    steps = {squeeze_name(key.split('.')[0].removesuffix('[]')) for key in known}
    return len(steps & {squeeze_name(key) for key, _ in pairs})


def choose_document(requests: list[KeyRequest], pairs: list[Pair]) -> KeyRequest:
    """Return the request most of whose parts are sent; of several that which must restrict.

    What a question is answered with comes last.
    """

    def rate(request: KeyRequest) -> tuple[bool, int, bool]:
        document = request.document
        is_restricting = document.ip is not None and document.ip.absent == 'anyone'
        is_answer = document.endpoint.startswith('GET ')
        return not is_answer, _count_known(document, pairs), is_restricting

    return max(requests, key=rate)
