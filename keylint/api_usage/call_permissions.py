"""Tell which permission a call of an exchange client needs, where its arguments decide too."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keylint.api_usage.library_names import Value
from keylint.api_usage.request_paths import find_call_permission
from keylint.api_usage.settled import Settled
from keylint.api_usage.values import Values
from keylint.core.records import NamedTuple
from keylint.readers.python_ast import dotted_name, list_arguments, list_entries, read_literal
from keylint.readers.python_outline import Binding, Spot

DERIVATIVE_WORDS = ('future', 'futures', 'swap', 'delivery', 'option', 'linear', 'inverse')
_MARKET_NAMES = ('category', 'insttype', 'tdmode', 'producttype')
_MARKET_ENUMERATIONS = ('Category', 'TradeMode', 'BitgetProductTypeV2', 'ProductCategory')
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
# Those of them that clients are called as well: `session = HTTP(api_key=…)`.
_CLIENT_NAMES = ('session', '_session')


# What code does with lists, dictionaries and texts that a client holds.
_PLAIN_METHODS = frozenset(
    name for kind in (str, bytes, dict, list, set) for name in dir(kind) if name[0] != '_'
) | {
    *('info', 'debug', 'warning', 'error', 'exception', 'critical', 'is_set', 'acquire', 'release'),
    *('bind', 'call', 'apply', 'then', 'catch', 'finally', 'forEach', 'map', 'filter', 'push'),
    *('includes', 'find', 'toString', 'hasOwnProperty', 'clone', 'unwrap', 'to_string', 'ToString'),
}
UNKNOWN_METHOD = 'a method that keylint does not know'
UNKNOWN_PATH = 'its path is only known when the program runs, or is none that keylint knows'
UNKNOWN_ARGUMENT = 'what it asks for is only known when the program runs'


class Reading(NamedTuple):
    """What a call needs, None for nothing, and why more may be needed than that."""

    permission: str | None
    doubt: str = ''


class CallClassifier:
    """The permissions of the calls of one file.

    `derivatives` are the numbers of clients that trade derivatives.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self.settled = Settled(values)
        self.derivatives: set[int] = set()

    def read_call(
        self, thing: Value, receiver: str, method: str, call: ast.Call | None, spot: Spot
    ) -> list[Reading]:
        """Return what a call of a client needs, once for each thing that it may ask for.

        `call` is None where a method is handed on.
        """
        first, is_settled = self.list_first_arguments(call, spot)
        found = [
            self._read_once(thing, receiver, method, text, call, spot) for text in first or ['']
        ]
        if not is_settled and not any(one.doubt for one in found):
            plain = self._read_once(thing, receiver, method, '', None, spot)
            if plain.doubt or any(one.permission != plain.permission for one in found):
                found.append(Reading(None, UNKNOWN_ARGUMENT))
        return found

    def list_first_arguments(self, call: ast.Call | None, spot: Spot) -> tuple[list[str], bool]:
        """List the texts that a call's first argument may be, and tell whether those are all.

        An object of the library (`orders.OrderCreate(…)`) stands as its class and its module.
        """
        if call is None or not call.args:
            return [], True
        node = call.args[0]
        texts = self.values.find_texts(node, spot)
        if texts:
            return texts, self.settled.is_settled(node, spot)
        made = [one.value for one in self._bindings_of(node, spot)] or [node]
        names = [
            self.values.expand_name(dotted_name(one.func))
            for one in made
            if isinstance(one, ast.Call) and dotted_name(one.func)
        ]
        objects = ['.'.join(name.split('.')[-2:]) for name in names if name.count('.') > 1]
        return objects, len(objects) == len(made)

    def _bindings_of(self, node: ast.expr, spot: Spot) -> list[Binding]:
        name = dotted_name(node)
        return self.values.find_bindings(name, spot) if name else []

    def _read_once(
        self,
        thing: Value,
        receiver: str,
        method: str,
        first: str,
        call: ast.Call | None,
        spot: Spot,
    ) -> Reading:
        level = self.classify_call(thing, receiver, method, first, call, spot)
        if level == 'path':
            base = thing.library.find_base(method) if thing.library is not None else ''
            found = (
                find_call_permission(call, spot, self.values, thing, base)
                if call is not None
                else None
            )
            return Reading(found, '' if found else UNKNOWN_PATH)
        if level == 'unknown':
            return Reading(None, UNKNOWN_METHOD)
        if level == 'trade?':
            return Reading('trade', UNKNOWN_ARGUMENT)
        return Reading(level)

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
        `trade?` is at least that: the market is only known when the program runs.
        """
        owner = receiver.rsplit('.', 1)[-1]
        if thing.library is None or method in _OWN_ATTRIBUTES:
            return None
        is_own = owner in _OWN_ATTRIBUTES and owner not in _CLIENT_NAMES
        if is_own or (owner in _CLIENT_NAMES and self._is_part(thing, receiver, spot)):
            return None
        level = thing.library.classify_call(method, thing.text, owner, first)
        if level in ('unknown', 'path') and method in _PLAIN_METHODS:
            return None if self._is_part(thing, receiver, spot) else level
        if level != 'context':
            return level
        if thing.number in self.derivatives or thing.library.is_derivative(thing.text):
            return 'derivatives'
        by_name = _read_market_names(call)
        if by_name is not None:
            return by_name
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
            return 'trade?'
        return 'trade'

    def _is_part(self, thing: Value, receiver: str, spot: Spot) -> bool:
        """Tell whether a name is an attribute of a client: a text or a list that it holds."""
        head, _, last = receiver.rpartition('.')
        if not head or self.values.find_bindings(receiver, spot):
            return False
        return last not in ('self', 'cls') and any(
            one.number == thing.number for one in self.values.find_named_clients(head, spot)
        )

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
            elif isinstance(node, ast.Call):
                stack += [(part.arg or '', part.value) for part in node.keywords]
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


def _read_market_names(call: ast.Call | None) -> str | None:
    """Return the market that a constant names: `Category: bybit.CategoryV5Linear`."""
    if call is None:
        return None
    found = None
    for name in _list_market_constants(call):
        if any(word in name for word in DERIVATIVE_WORDS):
            return 'derivatives'
        found = 'trade' if 'spot' in name or name == 'cash' else 'trade?'
    return found


def _list_market_constants(call: ast.Call) -> Iterator[str]:
    """Yield the constants of a call that name a market, by their argument or their enumeration."""
    for part in ast.walk(call):
        if isinstance(part, ast.keyword) and isinstance(part.value, ast.Attribute):
            if (part.arg or '').lower() in _MARKET_NAMES and part.arg not in _MARKET_ARGUMENTS:
                yield part.value.attr.lower()
        elif isinstance(part, ast.Attribute):
            owner = dotted_name(part.value).rsplit('.', 1)[-1]
            if owner in _MARKET_ENUMERATIONS:
                yield part.attr.lower()
