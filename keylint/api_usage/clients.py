"""Find the exchange clients that a Python file builds and the methods that it calls.

One walk over the standard library's tree.

Clients are followed through assignments, attributes (`self.exchange`), parameters, containers,
functions that return one, and classes derived from one. What is only known when the program runs
makes the answer `at least`, never silence.
"""

from __future__ import annotations

import ast
import re

from keylint.api_usage.call_permissions import CallClassifier
from keylint.api_usage.client_calls import ClientCalls, MethodCall
from keylint.api_usage.code_text import parse_newer_syntax
from keylint.api_usage.handovers import find_handovers
from keylint.api_usage.key_references import find_references, list_call_arguments, list_variables
from keylint.api_usage.later_settings import LaterSettings, is_true
from keylint.api_usage.library_names import Value
from keylint.api_usage.methods import Libraries
from keylint.api_usage.raw_requests import find_requests, guess_requests
from keylint.api_usage.reachability import collect_functions, name_function
from keylint.api_usage.values import BuiltClient, TooComplexError, Values
from keylint.core.key_model import ApiCall, Client, CodeFacts, Doubt, UnresolvedCall
from keylint.core.spans import Lines
from keylint.readers.languages.parse import language_of, parse_source
from keylint.readers.python_ast import dotted_name, list_arguments, parse_module, read_literal
from keylint.readers.python_outline import Outline, Spot

_TEST_NETWORK = re.compile(r'(?i)testnet|sandbox|demo|paper')
UNPARSED = 'a part of its code cannot be parsed'
RUNS_CODE = 'it runs code that is not here'
_MAX_VALUES = 60


def analyse_code(data: bytes, path: str, libraries: Libraries) -> CodeFacts:
    """Analyse one file of code, or the joined cells of a notebook. Places are bytes of `data`."""
    language = language_of(path)
    libraries = libraries.for_language(language)
    broken = None
    if language == 'python':
        module = parse_module(data) or parse_newer_syntax(data)
    else:
        module, broken = parse_source(data, path)
    if module is None:
        raw = guess_requests(data, path, libraries)
        return CodeFacts(
            path, tuple(raw.clients), tuple(raw.calls), is_exact=False, is_parsed=False
        )
    try:
        facts = _CodeAnalysis(module, libraries, Lines(data)).find_facts(path)
    except (RecursionError, TooComplexError):
        return CodeFacts(path, is_parsed=False)
    if broken is None:
        return facts
    return facts._replace(doubts=(*facts.doubts, Doubt('', path, UNPARSED, path, broken)))


class _CodeAnalysis:
    """One file: its outline, what its expressions stand for, and the calls that matter."""

    def __init__(self, module: ast.Module, libraries: Libraries, lines: Lines) -> None:
        self.module = module
        self.libraries = libraries
        self.lines = lines
        self.outline = Outline(module)
        self.values = Values(self.outline, libraries)
        self.classifier = CallClassifier(self.values)
        self.later = LaterSettings(self.values, self.classifier)
        self.names: set[tuple[str, int]] = set()
        self.attributes: set[tuple[str, int, str]] = set()

    def find_facts(self, path: str) -> CodeFacts:
        """Resolve all calls; return clients, API calls and exports."""
        for call, spot in self.outline.calls:
            self.values.evaluate(call, spot)
        self.later.collect_attributes()
        self.later.collect_given_keys()
        found = list(ClientCalls(self.values, self.classifier).find_calls())
        names = self._find_exports()
        clients = [self._make_client(built, path) for built in self.values.built]
        raw = find_requests(self.module, self.lines, path, self.outline, self.values)
        derived: dict[str, int] = {}
        for name, thing in self.values.derived.items():
            derived[name] = len(clients) + len(raw.clients)
            names.add((name, derived[name]))
            raw.clients.append(self._make_derived_client(name, thing, path))
        functions, mentions = collect_functions(self.module)
        return CodeFacts(
            path,
            (*clients, *raw.clients),
            (*self._list_calls(found, path), *raw.calls),
            self._list_unresolved(found),
            tuple(sorted(names)),
            self.values.is_exact and raw.is_exact,
            doubts=(*self._list_doubts(found, path), *raw.doubts),
            handovers=tuple(find_handovers(self.values, self.lines, derived)),
            attributes=tuple(sorted(self.attributes)),
            bases=tuple(
                (name, tuple(dotted_name(base).rsplit('.', 1)[-1] for base, _ in bases))
                for name, bases in self.outline.bases.items()
            ),
            functions=functions,
            mentions=mentions,
            wrappers=tuple(sorted(self.classifier.settled.wrappers)),
        )

    def _list_unresolved(self, found: list[MethodCall]) -> tuple[UnresolvedCall, ...]:
        """List the calls on objects that another file must have built."""
        return tuple(
            UnresolvedCall(
                one.receiver,
                one.method,
                one.permission or '',
                self._locate(one),
                owner=one.spot.owner if one.is_attribute else '',
                function=name_function(one.spot),
                is_telling=one.is_telling,
            )
            for one in found
            if one.client is None
        )

    def _list_calls(self, found: list[MethodCall], path: str) -> list[ApiCall]:
        """List the calls of clients whose permission is known."""
        return [
            ApiCall(
                one.client.exchange,
                one.client.library.id,
                one.permission,
                one.method,
                path,
                self._locate(one),
                one.receiver,
                origins=self._list_origins(one.client, path),
                function=name_function(one.spot),
            )
            for one in found
            if one.client is not None and one.client.library is not None and one.permission
        ]

    def _list_doubts(self, found: list[MethodCall], path: str) -> list[Doubt]:
        """List the calls of clients that may need more than is known."""
        return [
            Doubt(
                one.client.exchange,
                f'{one.receiver}.{one.method}'.lstrip('.'),
                one.doubt,
                path,
                self._locate(one),
                origins=self._list_origins(one.client, path),
            )
            for one in found
            if one.client is not None and one.doubt
        ] + [
            Doubt('', f'{name}(…)', RUNS_CODE, path, self._locate_node(call))
            for call, _ in self.outline.calls
            if (name := dotted_name(call.func)) in ('exec', 'eval')
            and call.args
            and read_literal(call.args[0]) is None
        ]

    def _list_origins(self, client: Value, path: str) -> tuple[tuple[str, int], ...]:
        """Return the place where a client is built, if the file builds it."""
        if client.number < 0:
            return ()
        return ((path, self._locate_node(self.values.built[client.number].call)),)

    def _locate(self, call: MethodCall) -> int:
        return self._locate_node(call.node)

    def _make_derived_client(self, name: str, thing: Value, path: str) -> Client:
        """Return the client that a class of the file is, where it derives from a library's."""
        library = thing.library.id if thing.library else ''
        start = self.lines.offset_in(self.outline.bases[name][0][1].line, 0)
        given = [
            find_references(call)
            for call, spot in self.outline.calls
            if spot.owner == name
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == '__init__'
        ]
        references = tuple(dict.fromkeys(one for names, _ in given for one in names))
        has_key = any(is_given for _, is_given in given)
        return Client(thing.exchange, library, name, path, start, has_key, references)

    def _locate_node(self, node: ast.expr) -> int:
        return self.lines.offset_in(node.lineno, node.col_offset)

    def _make_client(self, built: BuiltClient, path: str) -> Client:
        thing, call = built.thing, built.call
        references, has_key = find_references(call)
        for name, value in (
            (name, value)
            for name, value in list_call_arguments(call)
            if isinstance(value, ast.Name | ast.Attribute)
        ):
            for binding in self.values.find_bindings(dotted_name(value), built.spot):
                if isinstance(binding.value, ast.Dict) and (not name or name == 'config'):
                    more, given = find_references(ast.Call(call.func, [binding.value], []))
                    references, has_key = (*references, *more), has_key or given
        variables = tuple(list_variables(self._list_key_values(call, built.spot)))
        has_key = has_key or thing.number in self.later.keyed or bool(variables)
        references = tuple(dict.fromkeys((*references, *self.later.keyed.get(thing.number, ()))))
        is_test = thing.number in self.later.tests or any(
            _TEST_NETWORK.search(key) and is_true(value) for key, value in list_arguments(call)
        )
        name = min((name for name, number in self.names if number == thing.number), default='')
        library = thing.library.id if thing.library is not None else ''
        return Client(
            thing.exchange,
            library,
            name,
            path,
            self._locate_node(call),
            has_key,
            references,
            'testnet' if is_test else 'unknown',
            variables=variables,
            is_main_wallet=has_key and _is_main_wallet(thing, call),
        )

    def _list_key_values(self, call: ast.Call, spot: Spot) -> list[ast.expr]:
        """List the arguments of a client, and what the names among them are bound to."""
        found = [value for _, value in list_call_arguments(call)]
        spots = [spot] * len(found)
        for value, place in zip(found, spots, strict=False):
            if len(found) > _MAX_VALUES:
                break
            names = {dotted_name(part) for part in ast.walk(value)} - {''}
            for binding in (
                one for name in sorted(names) for one in self.values.find_bindings(name, place)
            ):
                if binding.way != 'annotation' and binding.value not in found:
                    found.append(binding.value)
                    spots.append(binding.spot)
        return found

    def _find_exports(self) -> set[tuple[str, int]]:
        """Return names under which other files may know the clients of this one."""
        for (place, name), bindings in self.outline.bindings.items():
            for binding in bindings:
                is_held = binding.way in ('held', 'item')
                stands = self.values.list_items if is_held else self.values.evaluate
                things = stands(binding.value, binding.spot)
                mine = {
                    (name.rsplit('.', 1)[-1], thing.number)
                    for thing in things
                    if thing.kind == 'client' and thing.number >= 0
                }
                self.names |= mine
                owner = place if isinstance(place, str) else ''
                self.attributes |= {(known, number, owner) for known, number in mine}
        for name, functions in self.outline.functions.items():
            for value, spot in (pair for function in functions for pair in function.returns):
                self.names |= {
                    (name, thing.number)
                    for thing in self.values.find_clients(value, spot)
                    if thing.number >= 0
                }
        return set(self.names)


def _is_main_wallet(thing: Value, call: ast.Call) -> bool:
    """Tell whether a client signs with the key that owns the funds, and no agent's."""
    delegates = thing.library.delegates if thing.library is not None else None
    if delegates is None or any(key.arg is None for key in call.keywords):
        return False
    return not any(key.arg in delegates and not _is_nothing(key.value) for key in call.keywords)


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, '')
