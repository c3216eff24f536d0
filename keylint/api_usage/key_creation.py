"""Calls that create or edit keys.

What their arguments say about rights and addresses, read as the vendor's own requests.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from keylint.api_usage.key_arguments import (
    BODIES,
    Known,
    Names,
    Pair,
    RequestReader,
    find_span,
    last_name,
    list_chain,
    list_pairs,
    read_filler,
)
from keylint.api_usage.key_requests import (
    KeyEndpoints,
    KeyMethods,
    KeyRequest,
    choose_document,
    is_about_keys,
    list_sent,
)
from keylint.core.model import KeyDeclaration
from keylint.core.records import NamedTuple
from keylint.core.spans import Lines
from keylint.declarations import vendor_documents as documents
from keylint.detect.context import find_context
from keylint.readers.languages.parse import ENDINGS, parse_source
from keylint.readers.made_trees import LATER
from keylint.readers.python_ast import dotted_name, parse_module, read_literal
from keylint.rules.rule_set import RuleSet

_ADDRESS_NAMES = ('ipwhitelist', 'ip', 'ips', 'ipaddress')
_BODY_SETTERS = ('setBody', 'body', 'bodyValue')
# Steps of a chain that say nothing of what it builds.
_STEPS = ('build', 'builder', 'new', 'send', 'execute', 'await', 'call')


def find_key_creation(data: bytes, pack: RuleSet, path: str = '') -> list[KeyDeclaration]:
    """Return the declarations that the calls of a program make.

    Empty for what cannot be parsed.
    """
    is_source = path.lower().endswith(ENDINGS)
    module = parse_source(data, path).module if is_source else parse_module(data)
    if module is None:
        return []
    lines = Lines(data)
    finder = _Finder(pack, data, path)
    try:
        finder.find_modules(module)
        finder.visit(module)
        made = [_declare_key(call, lines, pack, finder.sets_addresses) for call in finder.found]
    except RecursionError:
        return []
    return [declaration for declaration in made if declaration is not None]


class _FoundCall(NamedTuple):
    """A call that makes a key, what it sends, and what names are bound to until then."""

    node: ast.expr
    request: KeyRequest
    pairs: list[Pair]
    known: Names


class _OpenRequest(NamedTuple):
    """A request that a name is bound to: its body may be set later."""

    node: ast.expr
    requests: list[KeyRequest]
    pairs: list[Pair]


def _declare_key(
    call: _FoundCall, lines: Lines, pack: RuleSet, sets_addresses: bool
) -> KeyDeclaration | None:
    """Return what a call declares, or None where it says nothing of rights and addresses.

    `sets_addresses` says that another call of the text may restrict the key later.
    """
    start, end = find_span(call.node, lines)
    rule, spec, document = call.request
    mapping = RequestReader(lines, call.known).make_mapping(call.pairs, (start, end))
    has_no_ip = spec is not None and spec.no_ip
    if not call.pairs and not has_no_ip:
        return None  # an empty request, which other code fills
    declaration = documents.read_vendor_document(
        mapping, rule, pack.rules[rule].declarations, document, 'call'
    )
    is_open = declaration.restriction == 'unknown'
    if declaration.permissions is None and is_open and not has_no_ip:
        return None
    if has_no_ip and is_open and not sets_addresses:
        declaration = declaration._replace(restriction='none')
    return declaration._replace(
        start=start,
        end=end,
        label=_drop_later(declaration.label),
        account=_drop_later(declaration.account),
        unknown=tuple(word for word in declaration.unknown if not LATER.startswith(word)),
    )


def _drop_later(text: str) -> str:
    """Return a text, empty where it is only known when the program runs."""
    return '' if text == LATER else text


class _Finder(ast.NodeVisitor):
    """Collects calls that make keys, each with what names are bound to until then."""

    def __init__(self, pack: RuleSet, data: bytes, path: str) -> None:
        self.pack = pack
        self.text = data, path
        self.known: Names = {}
        self.methods = self._make_methods(())
        self.endpoints = KeyEndpoints(pack)
        self.sets_addresses = False
        self.found: list[_FoundCall] = []
        self._open: dict[str, _OpenRequest] = {}
        self._done: set[int] = set()
        # What calls of no object are given: a block behind a request sets its body so.
        self._loose: list[Pair] = []

    def find_modules(self, module: ast.Module) -> None:
        """Learn which packages the file imports, wherever it does."""
        names = {
            name
            for node in ast.walk(module)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [node.module or '']
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
            )
        }
        parts = {part for name in names for part in (name, name.split('.')[0])}
        self.methods = self._make_methods(parts)

    def _make_methods(self, modules: Iterable[str]) -> KeyMethods:
        is_python = not self.text[1].lower().endswith(ENDINGS)
        return KeyMethods(self.pack, modules, self._find_mentions, is_python=is_python)

    def _find_mentions(self) -> set[str]:
        """Find the exchanges that the text speaks of."""
        data, path = self.text
        return set(find_context(data, path, self.pack, []).mentions)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Bind a name behind what its value does."""
        self.visit(node.value)
        for target in node.targets:
            self._bind(target, node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Forget what blocks of another function set."""
        self._loose = []
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Bind a name that is declared with its type."""
        if node.value is not None:
            self.visit(node.value)
            self._bind(node.target, node.value)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        """Bind a name to a value, or put an entry into what a name holds.

        `params['perm'] = 'trade'`, `request.Content = body`.
        """
        if isinstance(target, ast.Subscript):
            key = read_literal(target.slice)
            if key is not None:
                self._add(dotted_name(target.value), [(key, value)])
            return
        if isinstance(target, ast.Tuple) and target.elts:
            target = target.elts[0]
        name = dotted_name(target)
        if not name:
            return
        self.known[name] = Known(value)
        self._open.pop(name, None)
        if isinstance(value, ast.Call) and id(value) not in self._done:
            named = self.endpoints.find(value, self.known)
            if named is not None and not self.endpoints.is_question(named[0], value, self.known):
                self._open[name] = _OpenRequest(value, named[1], [])
        holder = name.rpartition('.')[0]
        if holder in self._open:
            self._fill(holder, list_sent(value, self.known, BODIES))
        elif holder in self.known:
            self._add(holder, [(name.rpartition('.')[2], value)])

    def _add(self, name: str, pairs: list[Pair]) -> None:
        if name in self.known:
            self.known[name] = Known(self.known[name].value, (*self.known[name].more, *pairs))

    def visit_Call(self, node: ast.Call) -> None:
        """Look at a call: it makes a key, fills what a name holds, or asks an endpoint."""
        self._note_addresses(node)
        if id(node) not in self._done and not self._find_named(node):
            self._fill_named(node)
        self.generic_visit(node)
        if id(node) not in self._done:
            self._find_asked(node)

    def _note_addresses(self, node: ast.Call) -> None:
        """Note a call that may restrict a key later."""
        name = last_name(node.func).lower()
        if 'edit' in name or 'restriction' in name or 'whitelist' in name:
            pairs = [pair for one in node.args for pair in list_pairs(one, self.known) or []]
            names = [one.arg or '' for one in node.keywords] + [key for key, _ in pairs]
            if any(one.replace('_', '').lower() in _ADDRESS_NAMES for one in names):
                self.sets_addresses = True

    def _find_named(self, node: ast.Call) -> bool:
        """Find the request that a method of a library makes, or that a chain builds."""
        links = list_chain(node)
        for place, call in enumerate(links):
            requests, is_built = self._list_named(call, place)
            if not requests:
                continue
            built = _list_built(links[:place]) if is_built else []
            before = [] if is_built else self._list_before(links[place + 1 :])
            given = [(one, [*before, *self._list_given(call, one), *built]) for one in requests]
            if is_built and not any(pairs for _, pairs in given):
                continue
            request = choose_document(requests, [pair for _, pairs in given for pair in pairs])
            self._keep(node, request, next(pairs for one, pairs in given if one is request))
            self._done |= {id(link) for link in links}
            return True
        return False

    def _list_named(self, call: ast.Call, place: int) -> tuple[list[KeyRequest], bool]:
        """List the requests that a call of a chain may be, and whether the chain builds them."""
        name = last_name(call.func)
        requests = self.methods.list_requests(name, call) if place == 0 else []
        if requests:
            return requests, False
        named = name if name.lower() not in _STEPS else _name_holder(call)
        requests = self.methods.list_made(named, call)
        if not requests and named[:1].isupper():
            requests = self.methods.list_requests(named, call)
        return requests, True

    def _list_before(self, links: list[ast.Call]) -> list[Pair]:
        """List what a chain was given before: `client.WithParams(params).CreateKey(context)`."""
        return [
            pair
            for link in reversed(links)
            for value in link.args
            for pair in list_pairs(value, self.known) or []
        ]

    def _list_given(self, call: ast.Call, request: KeyRequest) -> list[Pair]:
        """List what a method is given; positional ones get the names that the dossier has."""
        names = request.spec.positional if request.spec is not None else ()
        found: list[Pair] = []
        for place, value in enumerate(call.args):
            name = names[place] if place < len(names) else ''
            pairs = list_pairs(value, self.known)
            if pairs is not None and (not name or name in BODIES or len(call.args) == 1):
                found += pairs
            elif name and not isinstance(value, ast.Starred):
                found.append((name, value))
        for keyword in call.keywords:
            pairs = list_pairs(keyword.value, self.known)
            if pairs is not None and (keyword.arg is None or keyword.arg in BODIES):
                found += pairs
            elif keyword.arg is not None:
                found.append((keyword.arg, keyword.value))
        return found

    def _fill_named(self, node: ast.Call) -> None:
        """Put into a name what a call of it puts there: `d.update(…)`, `m.put("a", b)`."""
        if isinstance(node.func, ast.Name) and node.func.id in _BODY_SETTERS:
            self._loose += [
                pair for one in node.args for pair in list_sent(one, self.known, BODIES)
            ]
        if not isinstance(node.func, ast.Attribute):
            return
        name = dotted_name(node.func.value)
        entry = read_filler(node)
        if name in self._open:
            given = [pair for one in node.args for pair in list_sent(one, self.known, BODIES)]
            self._fill(name, entry or given)
            self._done.add(id(node))
        elif entry is not None:
            self._add(name, entry)
        elif node.func.attr == 'update' and node.args:
            self._add(name, list_pairs(node.args[0], self.known) or [])

    def _fill(self, name: str, pairs: list[Pair]) -> None:
        """Put entries into a request that a name is bound to."""
        request = self._open[name]
        if pairs and not request.pairs:
            self._done.add(id(request.node))
            chosen = choose_document(request.requests, pairs)
            self.found.append(_FoundCall(request.node, chosen, request.pairs, dict(self.known)))
        request.pairs.extend(pairs)

    def _find_asked(self, node: ast.Call) -> None:
        """Match a raw request: the path of an endpoint and a mapping are among its parts."""
        if any(id(part) in self._done for part in ast.walk(node)):
            return
        named = self.endpoints.find(node, self.known)
        if named is None or self.endpoints.is_question(named[0], node, self.known):
            return
        pairs = list_sent(node, self.known, BODIES)
        if not pairs and isinstance(node.func, ast.Call):
            pairs, self._loose = self._loose, []
        if pairs and is_about_keys(request := choose_document(named[1], pairs), pairs):
            self._keep(node, request, pairs)

    def _keep(self, node: ast.expr, request: KeyRequest, pairs: list[Pair]) -> None:
        self.found.append(_FoundCall(node, request, pairs, dict(self.known)))
        self._done.add(id(node))


def _name_holder(call: ast.Call) -> str:
    """Return the name of what a step is called on: `Request.builder()`."""
    return last_name(call.func.value) if isinstance(call.func, ast.Attribute) else ''


def _list_built(links: list[ast.Call]) -> list[Pair]:
    """List what the steps of a chain set, in their order: `.setPermission("General")`."""
    found: list[Pair] = []
    for link in reversed(links):
        name = last_name(link.func)
        for prefix in ('set_', 'with_', 'set', 'with', 'Set', 'With'):
            if name.startswith(prefix) and name != prefix:
                name = name.removeprefix(prefix)
                break
        if len(link.args) == 1:
            found.append((name, link.args[0]))
        elif len(link.args) > 1:
            found.append((name, ast.copy_location(ast.List(link.args), link)))
    return found
