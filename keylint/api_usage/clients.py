"""Find the exchange clients that a Python file builds and the methods that it calls.

One walk over the standard library's tree.

Clients are followed through assignments, attributes (`self.exchange`), parameters, containers,
functions that return one, and classes derived from one. What is only known when the program runs
makes the answer `at least`, never silence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from keylint.api_usage.call_permissions import DERIVATIVE_WORDS, CallClassifier
from keylint.api_usage.code_text import parse_newer_syntax
from keylint.api_usage.key_references import find_references, list_call_arguments, list_key_names
from keylint.api_usage.methods import Libraries
from keylint.api_usage.raw_requests import find_requests, guess_requests
from keylint.api_usage.values import BuiltClient, Value, Values
from keylint.core.key_model import ApiCall, Client, CodeFacts, UnresolvedCall
from keylint.core.spans import Lines
from keylint.readers.python_ast import dotted_name, list_arguments, parse_module, read_literal
from keylint.readers.python_outline import Outline, Spot

_TEST_NETWORK = re.compile(r'(?i)testnet|sandbox|demo|paper')
_KEY_ATTRIBUTES = (
    'apiKey',
    'secret',
    'password',
    'privateKey',
    'walletAddress',
    'API_KEY',
    'API_SECRET',
    'key',
)
_MARKET_TYPE_KEYS = ('defaultType', 'defaultSubType', 'category')


class _Call(NamedTuple):
    """A method that is called or handed on.

    Of a client, or (None) of an object that another file builds.

    `permission` is what it needs; of an object of another file the text of its first argument.
    """

    node: ast.expr
    client: Value | None
    permission: str
    method: str
    receiver: str


def analyse_code(data: bytes, path: str, libraries: Libraries) -> CodeFacts:
    """Analyse one Python file, or the joined cells of a notebook. Places are bytes of `data`."""
    module = parse_module(data) or parse_newer_syntax(data)
    if module is None:
        raw = guess_requests(data, path, libraries)
        return CodeFacts(
            path, tuple(raw.clients), tuple(raw.calls), is_exact=False, is_parsed=False
        )
    try:
        return _CodeAnalysis(module, libraries, Lines(data)).find_facts(path)
    except RecursionError:
        return CodeFacts(path, is_parsed=False)


class _CodeAnalysis:
    """One file: its outline, what its expressions stand for, and the calls that matter."""

    def __init__(self, module: ast.Module, libraries: Libraries, lines: Lines) -> None:
        self.module = module
        self.libraries = libraries
        self.lines = lines
        self.outline = Outline(module)
        self.values = Values(self.outline, libraries)
        self.is_exact = True
        self.classifier = CallClassifier(self.values)
        self.keyed: dict[int, list[str]] = {}
        self.tests: set[int] = set()
        self.kept: list[ast.stmt] = []
        self.names: set[tuple[str, int]] = set()

    def find_facts(self, path: str) -> CodeFacts:
        """Resolve all calls; return clients, API calls and exports."""
        for call, spot in self.outline.calls:
            self.values.evaluate(call, spot)
        self._collect_later_settings()
        found = [*self._find_calls(), *self._find_callbacks()]
        names = self._find_exports()
        clients = [self._make_client(built, path) for built in self.values.built]
        raw = find_requests(self.module, self.lines, path, self.outline, self.values)
        for name, thing in self.values.derived.items():
            names.add((name, len(clients) + len(raw.clients)))
            raw.clients.append(self._make_derived_client(name, thing, path))
        calls, unresolved = [], []
        for one in found:
            start = self._locate_node(one.node)
            if one.client is None:
                unresolved.append(UnresolvedCall(one.receiver, one.method, one.permission, start))
            elif one.client.library is not None:
                exchange, library = one.client.exchange, one.client.library.id
                calls.append(
                    ApiCall(
                        exchange, library, one.permission, one.method, path, start, one.receiver
                    )
                )
        return CodeFacts(
            path,
            (*clients, *raw.clients),
            (*calls, *raw.calls),
            tuple(unresolved),
            tuple(sorted(names)),
            self.is_exact and self.classifier.is_exact and self.values.is_exact and raw.is_exact,
        )

    def _make_derived_client(self, name: str, thing: Value, path: str) -> Client:
        """Return the client that a class of the file is, where it derives from a library's."""
        library = thing.library.id if thing.library else ''
        start = self.lines.offset_in(self.outline.bases[name][0][1].line, 0)
        return Client(thing.exchange, library, name, path, start, False)

    def _locate_node(self, node: ast.expr) -> int:
        return self.lines.offset_in(node.lineno, node.col_offset)

    def _collect_later_settings(self) -> None:
        """Collect what is said of clients after they are built: options, keys, sandbox."""
        for (_, name), bindings in self.outline.bindings.items():
            head, _, attribute = name.rpartition('.')
            for binding in bindings:
                if attribute in _KEY_ATTRIBUTES and head:
                    for thing in self._find_clients_named(head, binding.spot):
                        self.keyed.setdefault(thing.number, []).extend(
                            list_key_names(binding.value)
                        )
                elif (
                    attribute == 'options'
                    and binding.way == 'held'
                    and read_literal(binding.value) in DERIVATIVE_WORDS
                ):
                    self.classifier.derivatives |= {
                        thing.number for thing in self._find_clients_named(head, binding.spot)
                    }
        for call, spot in self.outline.calls:
            if (
                isinstance(call.func, ast.Attribute)
                and call.func.attr
                in (
                    'set_sandbox_mode',
                    'setSandboxMode',
                    'enable_demo_trading',
                    'enableDemoTrading',
                )
                and any(_is_true(value) for _, value in list_arguments(call))
            ):
                self.tests |= {
                    thing.number for thing in self.values.find_clients(call.func.value, spot)
                }
        for built in self.values.built:
            if any(
                key in _MARKET_TYPE_KEYS and text in DERIVATIVE_WORDS
                for key, text in self.classifier.list_argument_texts(built.call, built.spot)
            ):
                self.classifier.derivatives.add(built.thing.number)

    def _find_clients_named(self, name: str, spot: Spot) -> list[Value]:
        expression = parse_module(name.encode())
        statement = expression.body[0] if expression is not None and expression.body else None
        if not isinstance(statement, ast.Expr):
            return []
        self.kept.append(statement)  # values are remembered by the identity of their nodes
        return self.values.find_clients(statement.value, spot)

    def _find_calls(self) -> Iterator[_Call]:
        for call, spot in self.outline.calls:
            if isinstance(call.func, ast.Attribute):
                yield from self._find_method_calls(call, call.func.value, call.func.attr, spot)
            elif dotted_name(call.func) == 'getattr' and len(call.args) > 1:
                yield from self._find_getattr_calls(call, spot)

    def _find_method_calls(
        self, call: ast.Call, receiver: ast.expr, method: str, spot: Spot
    ) -> Iterator[_Call]:
        clients = self.values.find_clients(receiver, spot)
        name = dotted_name(receiver)
        if not clients and self.libraries.is_telling(method):
            clients = self._find_wrapped_clients(receiver, spot)
        first = (self.values.find_texts(call.args[0], spot) if call.args else None) or ['']
        if not clients:
            if self.libraries.is_telling(method):
                yield _Call(call, None, first[0], method, self._name_receiver(receiver, name, spot))
            return
        if name in ('self', 'cls') and method in self.outline.methods.get(spot.owner, ()):
            return
        for thing in clients:
            for one in first:
                level = self.classifier.classify_call(thing, name, method, one, call, spot)
                if level is not None:
                    yield _Call(call, thing, level, method, name)

    def _find_wrapped_clients(self, receiver: ast.expr, spot: Spot) -> list[Value]:
        """Return the clients inside an object of somebody else's class.

        What is called on `Wrapper(client)` is passed on.
        """
        bindings = (
            self.values.find_bindings(dotted_name(receiver), spot) if dotted_name(receiver) else []
        )
        calls = [receiver, *(binding.value for binding in bindings if binding.way == 'value')]
        outside = [
            call for call in calls if isinstance(call, ast.Call) and self._is_foreign_class(call)
        ]
        return [
            thing
            for call in outside
            for _, value in list_call_arguments(call)
            for thing in self.values.find_clients(value, spot)
        ]

    def _is_foreign_class(self, call: ast.Call) -> bool:
        """Tell whether a class is called that the file does not define."""
        name = dotted_name(call.func).rsplit('.', 1)[-1]
        return name[:1].isupper() and name not in self.outline.bases

    def _name_receiver(self, receiver: ast.expr, name: str, spot: Spot) -> str:
        """Return the names under which another file may know the receiver.

        Of the function or class that makes it, and its own.
        """
        while isinstance(receiver, ast.Await):
            receiver = receiver.value
        if isinstance(receiver, ast.Call):
            return dotted_name(receiver.func)
        values = (
            [binding.value for binding in self.values.find_bindings(name, spot)] if name else []
        )
        values = [value.value if isinstance(value, ast.Await) else value for value in values]
        made = [
            self.values.expand_name(dotted_name(value.func))
            for value in values
            if isinstance(value, ast.Call) and dotted_name(value.func)
        ]
        return ' '.join((*made[:1], self.values.expand_name(name)))

    def _find_getattr_calls(self, call: ast.Call, spot: Spot) -> Iterator[_Call]:
        """`getattr(client, name)`: the methods that the name may be."""
        clients = self.values.find_clients(call.args[0], spot)
        names = self.values.find_texts(call.args[1], spot) if clients else []
        if clients and not names:
            self.is_exact = False
        for thing in clients:
            for name in names:
                level = self.classifier.classify_call(
                    thing, dotted_name(call.args[0]), name, '', call, spot
                )
                if level is not None:
                    yield _Call(call, thing, level, name, dotted_name(call.args[0]))

    def _find_callbacks(self) -> Iterator[_Call]:
        """Yield methods that are not called but given to something that will.

        `run_in_executor(None, client.create_order, …)`.
        """
        for node, spot in self.outline.attributes:
            if not self.libraries.is_telling(node.attr):
                continue
            for thing in self.values.find_clients(node.value, spot):
                level = self.classifier.classify_call(
                    thing, dotted_name(node.value), node.attr, '', None, spot
                )
                if level is not None:
                    yield _Call(node, thing, level, node.attr, dotted_name(node.value))

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
        has_key = has_key or thing.number in self.keyed
        references = tuple(dict.fromkeys((*references, *self.keyed.get(thing.number, ()))))
        is_test = thing.number in self.tests or any(
            _TEST_NETWORK.search(key) and _is_true(value) for key, value in list_arguments(call)
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
        )

    def _find_exports(self) -> set[tuple[str, int]]:
        """Return names under which other files may know the clients of this one."""
        for (_, name), bindings in self.outline.bindings.items():
            for binding in bindings:
                is_held = binding.way in ('held', 'item')
                stands = self.values.list_items if is_held else self.values.evaluate
                things = stands(binding.value, binding.spot)
                self.names |= {
                    (name.rsplit('.', 1)[-1], thing.number)
                    for thing in things
                    if thing.kind == 'client' and thing.number >= 0
                }
        for name, functions in self.outline.functions.items():
            for value, spot in (pair for function in functions for pair in function.returns):
                self.names |= {
                    (name, thing.number)
                    for thing in self.values.find_clients(value, spot)
                    if thing.number >= 0
                }
        return set(self.names)


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (True, 1)
