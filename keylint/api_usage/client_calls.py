"""Find the methods that a Python file calls on exchange clients, and what is not known of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keylint.api_usage.call_permissions import UNKNOWN_PATH, CallClassifier
from keylint.api_usage.key_references import list_call_arguments
from keylint.api_usage.library_names import Value
from keylint.api_usage.values import Values
from keylint.core.records import NamedTuple
from keylint.readers.python_ast import dotted_name
from keylint.readers.python_outline import Spot

UNKNOWN_NAME = 'the method is only known when the program runs'


class MethodCall(NamedTuple):
    """A method that is called or handed on.

    Of a client, or (None) of an object that another file builds.

    `permission` is what it needs, None where nobody knows; of an object of another file it is the
    text of its first argument. `doubt` says why more may be needed.
    """

    node: ast.expr
    spot: Spot
    client: Value | None
    permission: str | None
    method: str
    receiver: str
    doubt: str = ''
    is_telling: bool = True

    @property
    def is_attribute(self) -> bool:
        """Whether the object is an attribute of the class that the call stands in."""
        func = self.node.func if isinstance(self.node, ast.Call) else self.node
        name = dotted_name(func.value) if isinstance(func, ast.Attribute) else ''
        return name.startswith(('self.', 'cls.'))


class ClientCalls:
    """The calls of one file."""

    def __init__(self, values: Values, classifier: CallClassifier) -> None:
        self.values = values
        self.libraries = values.libraries
        self.outline = values.outline
        self.classifier = classifier

    def find_calls(self) -> Iterator[MethodCall]:
        """Yield calls of methods, then methods that are given to something that calls them."""
        for call, spot in self.outline.calls:
            if isinstance(call.func, ast.Attribute):
                yield from self._find_method_calls(call, call.func.value, call.func.attr, spot)
            elif dotted_name(call.func) == 'getattr' and len(call.args) > 1:
                yield from self._find_getattr_calls(call, spot)
            elif isinstance(call.func, ast.Name):
                yield from self._find_alias_calls(call, call.func.id, spot)
        yield from self._find_callbacks()

    def _find_method_calls(
        self, call: ast.Call, receiver: ast.expr, method: str, spot: Spot
    ) -> Iterator[MethodCall]:
        clients = self.values.find_clients(receiver, spot)
        name = dotted_name(receiver)
        is_telling = self.libraries.is_telling(method)
        if not clients and is_telling:
            clients = self._find_wrapped_clients(receiver, spot)
        if not clients:
            known_as = self._name_receiver(receiver, name, spot)
            if is_telling or (known_as and name not in ('self', 'cls')):
                first = (self.values.find_texts(call.args[0], spot) if call.args else []) or ['']
                yield MethodCall(
                    call, spot, None, first[0], method, known_as, is_telling=is_telling
                )
            return
        if self._is_own_method(name, method, spot):
            return
        for thing in clients:
            if self._is_chain_link(thing, method):
                continue
            for one in self.classifier.read_call(thing, name, method, call, spot):
                if one.permission is not None or one.doubt:
                    yield MethodCall(call, spot, thing, one.permission, method, name, one.doubt)

    def _is_own_method(self, name: str, method: str, spot: Spot) -> bool:
        """Tell whether a class of the file defines the method: its body is read by itself."""
        owners = self._list_family(spot.owner) if name in ('self', 'cls') else self.values.derived
        return any(method in self.outline.methods.get(owner, ()) for owner in owners)

    def _list_family(self, owner: str) -> list[str]:
        """Return a class and the file's classes that it derives from."""
        found = [owner]
        for one in found:
            bases = (dotted_name(base) for base, _ in self.outline.bases.get(one, ()))
            found += [base for base in bases if base in self.outline.bases and base not in found]
        return found

    @staticmethod
    def _is_chain_link(thing: Value, method: str) -> bool:
        """Tell whether the method only returns a part of the client."""
        return thing.library is not None and thing.library.is_link(method)

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

        Of the function or class that makes it, its own, and of the parameter that it comes from.
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
        given = [value.id for value in values if isinstance(value, ast.Name)]
        return ' '.join(dict.fromkeys((*made[:1], self.values.expand_name(name), *given)))

    def _find_getattr_calls(self, call: ast.Call, spot: Spot) -> Iterator[MethodCall]:
        """`getattr(client, name)`: the methods that the name may be."""
        clients = self.values.find_clients(call.args[0], spot)
        names = self.values.find_texts(call.args[1], spot) if clients else []
        receiver = dotted_name(call.args[0])
        is_settled = self.classifier.settled.is_settled(call.args[1], spot)
        for thing in clients:
            if not is_settled:
                yield MethodCall(call, spot, thing, None, 'getattr', receiver, UNKNOWN_NAME)
            for name in names:
                for one in self.classifier.read_call(thing, receiver, name, None, spot):
                    if one.permission is not None or one.doubt:
                        yield MethodCall(
                            call, spot, thing, one.permission, name, receiver, one.doubt
                        )

    def _find_alias_calls(self, call: ast.Call, name: str, spot: Spot) -> Iterator[MethodCall]:
        """Yield the calls of methods under another name: `buy = client.buy`, `buy()`."""
        for binding in self.values.find_bindings(name, spot):
            node = binding.value
            # What is telling counts where it is handed on.
            if isinstance(node, ast.Attribute) and not self.libraries.is_telling(node.attr):
                yield from self._find_handed_calls(call, node, call, binding.spot)

    def _find_handed_calls(
        self, place: ast.expr, node: ast.Attribute, call: ast.Call | None, spot: Spot
    ) -> Iterator[MethodCall]:
        receiver = dotted_name(node.value)
        for thing in self.values.find_clients(node.value, spot):
            for one in self.classifier.read_call(thing, receiver, node.attr, call, spot):
                is_known = call is not None or one.doubt == UNKNOWN_PATH
                if one.permission is not None or (one.doubt and is_known):
                    yield MethodCall(
                        place, spot, thing, one.permission, node.attr, receiver, one.doubt
                    )

    def _find_callbacks(self) -> Iterator[MethodCall]:
        """Yield methods that are not called but given to something that will.

        `run_in_executor(None, client.create_order, …)`.
        """
        for node, spot in self.outline.attributes:
            yield from self._find_handed_calls(node, node, None, spot)
