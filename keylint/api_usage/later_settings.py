"""Collect what code says of clients after they are built: options, keys, the test network."""

from __future__ import annotations

import ast
import re

from keylint.api_usage.call_permissions import DERIVATIVE_WORDS, CallClassifier
from keylint.api_usage.key_references import find_references, list_key_names
from keylint.api_usage.library_names import Value
from keylint.api_usage.values import Values
from keylint.readers.python_ast import list_arguments, parse_module, read_literal
from keylint.readers.python_outline import Spot

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
_KEY_SETTER = re.compile(
    r'(?i)load_?api_?keys\w{0,20}'
    r'|(?:with|set)_?(?:api_?)?(?:key|secret|credentials|auth|private_?key)\w{0,20}'
)
_MARKET_TYPE_KEYS = ('defaultType', 'defaultSubType', 'category')


class LaterSettings:
    """What is said of the clients of one file, by their numbers: names of keys, test networks."""

    def __init__(self, values: Values, classifier: CallClassifier) -> None:
        self.values = values
        self.outline = values.outline
        self.classifier = classifier
        self.keyed: dict[int, list[str]] = {}
        self.tests: set[int] = set()
        self.kept: list[ast.stmt] = []

    def collect_attributes(self) -> None:
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
                    'enableTestnetMode',
                    'enableDemoTrading',
                )
                and any(is_true(value) for _, value in list_arguments(call))
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

    def collect_given_keys(self) -> None:
        """Collect the keys that clients are given by their own methods: `client.options({…})`."""
        for call, spot in self.outline.calls:
            func = call.func
            if not isinstance(func, ast.Attribute) or not call.args:
                continue
            is_setter = _KEY_SETTER.fullmatch(func.attr) is not None
            for thing in self.values.find_clients(func.value, spot):
                if thing.library is None or not (is_setter or thing.library.is_link(func.attr)):
                    continue
                references, has_key = find_references(call)
                if has_key or is_setter:
                    self.keyed.setdefault(thing.number, []).extend(references)

    def _find_clients_named(self, name: str, spot: Spot) -> list[Value]:
        expression = parse_module(name.encode())
        statement = expression.body[0] if expression is not None and expression.body else None
        if not isinstance(statement, ast.Expr):
            return []
        self.kept.append(statement)  # values are remembered by the identity of their nodes
        return self.values.find_clients(statement.value, spot)


def is_true(node: ast.expr) -> bool:
    """Tell whether an argument switches something on."""
    return isinstance(node, ast.Constant) and node.value in (True, 1)
