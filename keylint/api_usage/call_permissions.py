"""Tell which permission a call of an exchange client needs, where its arguments decide too."""

from __future__ import annotations

import ast

from keylint.api_usage.values import Value, Values
from keylint.readers.python_ast import dotted_name, list_arguments, list_entries, read_literal
from keylint.readers.python_outline import Spot

DERIVATIVE_WORDS = ('future', 'futures', 'swap', 'delivery', 'option', 'linear', 'inverse')
_MARKET_ARGUMENTS = ('category', 'instType', 'tdMode')
# Attributes of clients that are no part of the exchange.
_OWN_ATTRIBUTES = (
    'session',
    '_session',
    'logger',
    'log',
    '_logger',
    'headers',
    'options',
    'urls',
    'has',
    'markets',
    'loop',
)


class CallClassifier:
    """The permissions of the calls of one file.

    `derivatives` are the numbers of clients that trade derivatives. `is_exact` turns False where
    arguments decide that are only known when the program runs.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self.derivatives: set[int] = set()
        self.is_exact = True

    def classify_call(
        self,
        thing: Value,
        receiver: str,
        method: str,
        first: str,
        call: ast.Call | None,
        spot: Spot,
    ) -> str | None:
        """Return the permission that a call of a client needs, None for what asks no exchange.

        `first` is the text of the first argument; `call` is None where a method is handed on.
        """
        owner = receiver.rsplit('.', 1)[-1]
        if thing.library is None or owner in _OWN_ATTRIBUTES or method in _OWN_ATTRIBUTES:
            return None
        level = thing.library.classify_call(method, thing.text, owner, first)
        if level != 'context':
            return level
        if thing.number in self.derivatives or thing.library.is_derivative(thing.text):
            return 'derivatives'
        texts = self.list_argument_texts(call, spot) if call is not None else []
        if any(
            word in DERIVATIVE_WORDS or ':' in word or word.endswith('SWAP') for _, word in texts
        ):
            return 'derivatives'
        if any(word in ('cross', 'isolated') for _, word in texts):
            return 'margin'
        if (
            call is not None
            and thing.exchange is not None
            and {name for name, _ in list_arguments(call)}
            & set(_MARKET_ARGUMENTS) - {key for key, _ in texts}
        ):
            self.is_exact = False
        return 'trade'

    def list_argument_texts(self, call: ast.Call, spot: Spot) -> list[tuple[str, str]]:
        """List keys (or names) and texts of a call's arguments, also in dictionaries and names."""
        found: list[tuple[str, str]] = []
        stack: list[tuple[str, ast.expr]] = [
            *((key.arg or '', key.value) for key in call.keywords),
            *(('', value) for value in call.args),
        ]
        for _ in range(400):
            if not stack:
                break
            key, node = stack.pop()
            if isinstance(node, ast.Dict):
                stack += list(list_entries(node))
            elif isinstance(node, ast.Name | ast.Attribute) and dotted_name(node):
                found += [(key, text) for text in self.values.find_texts(node, spot)]
                stack += [
                    (key, one.value)
                    for one in self.values.find_bindings(dotted_name(node), spot)
                    if isinstance(one.value, ast.Dict)
                ]
            else:
                text = read_literal(node)
                if text is not None:
                    found.append((key, text))
        return found
