"""Evaluate expressions of a module: exchange clients, classes, libraries, texts. Nothing is run."""

from __future__ import annotations

import ast

from keylint.api_usage.binding_lookup import find_bindings
from keylint.api_usage.container_items import ContainerItems
from keylint.api_usage.library_names import LibraryNames, Value
from keylint.api_usage.methods import Libraries
from keylint.core.limits import MAX_BINDINGS
from keylint.core.records import NamedTuple
from keylint.readers.python_ast import dotted_name, read_literal
from keylint.readers.python_outline import Binding, Outline, Spot

_CONSTRUCTORS = tuple(
    'create load from_env connect build from_key new default from_str fromSecretKey newInstance'
    ' from_bytes from_base58_string fromMnemonic fromPhrase try_from from_slice from_str'
    ' from_phrase from_mnemonic from_signing_key from_field_bytes from_phrase_nth from_phrase_first'
    ' decrypt_keystore fromSeed fromExtendedKey fromEncryptedJson fromEncryptedJsonSync'
    ' LoadFromKeyStore LoadFromKeyStoreFile'.split()
)
_LOOKUPS = ('get', 'getenv', 'pop')


class TooComplexError(Exception):
    """More bindings lead through a file than are followed."""


class BuiltClient(NamedTuple):
    """A client that a call makes."""

    call: ast.Call
    spot: Spot
    thing: Value


class Values:
    """Evaluates expressions on demand, each once.

    `is_exact` turns False where only running would tell.
    """

    def __init__(self, outline: Outline, libraries: Libraries) -> None:
        self.outline = outline
        self.libraries = libraries
        self.built: list[BuiltClient] = []
        self.is_exact = True
        self.parts_of_text = 0  # of the one that is being put together: a limit for hostile code
        self._known: dict[int, tuple[Value, ...]] = {}
        self._open: set[int] = set()
        self._followed = 0  # bindings, in all
        self.cuts = 0  # how often an expression was met that is being evaluated
        self.list_items = ContainerItems(self).list_items
        self.names = LibraryNames(outline, libraries)
        self.derived = self.names.derived
        self.expand_name = self.names.expand_name

    def evaluate(self, node: ast.expr, spot: Spot) -> tuple[Value, ...]:
        """Return everything that an expression may stand for."""
        if isinstance(node, ast.Constant):
            return (Value('text', node.value),) if isinstance(node.value, str) else ()
        key = id(node)
        if key in self._known:
            return self._known[key]
        if key in self._open:
            self.cuts += 1
            return ()
        self._open.add(key)
        found = tuple(dict.fromkeys(self._evaluate_node(node, spot)))
        self._open.discard(key)
        self._known[key] = found
        return found

    def find_clients(self, node: ast.expr, spot: Spot) -> list[Value]:
        """Return the clients among what an expression may stand for."""
        return [thing for thing in self.evaluate(node, spot) if thing.kind == 'client']

    def find_texts(self, node: ast.expr, spot: Spot) -> list[str]:
        """Return the texts among what an expression may stand for."""
        return [thing.text for thing in self.evaluate(node, spot) if thing.kind == 'text']

    def _evaluate_node(self, node: ast.expr, spot: Spot) -> list[Value]:
        match node:
            case ast.Await() | ast.Starred() | ast.NamedExpr():
                return list(self.evaluate(node.value, spot))
            case ast.IfExp():
                return [*self.evaluate(node.body, spot), *self.evaluate(node.orelse, spot)]
            case ast.BoolOp():
                return [thing for value in node.values for thing in self.evaluate(value, spot)]
            case ast.Name() | ast.Attribute():
                return self._evaluate_name(node, spot)
            case ast.Call():
                return self._evaluate_call(node, spot)
            case ast.Subscript():
                return self._evaluate_subscript(node, spot)
        return []

    def _evaluate_name(self, node: ast.Name | ast.Attribute, spot: Spot) -> list[Value]:
        name = dotted_name(node)
        bindings = self.find_bindings(name, spot) if name else []
        found = [thing for binding in bindings for thing in self._evaluate_binding(binding)]
        if not found and name:
            found = self.names.resolve_name(self.expand_name(name))
        if not found and name in ('self', 'cls') and spot.owner in self.derived:
            found = [self.derived[spot.owner]._replace(kind='client')]
        if not found and isinstance(node, ast.Attribute):
            holders = self.evaluate(node.value, spot)
            # What a class binds itself is no part of the client that it is or holds.
            found = [
                thing.find_part(node.attr)
                for thing in holders
                if thing.kind == 'client' and not bindings
            ]
            found += [
                one
                for thing in holders
                if thing.kind == 'module'
                for one in self.names.resolve_member(f'{thing.text}.{node.attr}')
            ]
            if not found and not bindings:
                found = self.list_items(node.value, spot, node.attr)
        return found

    def find_named_clients(self, name: str, spot: Spot) -> list[Value]:
        """Return the clients that a name may stand for at a spot."""
        if name in ('self', 'cls') and spot.owner in self.derived:
            return [self.derived[spot.owner]._replace(kind='client')]
        found = [
            thing
            for binding in self.find_bindings(name, spot)
            for thing in self._evaluate_binding(binding)
        ]
        return [thing for thing in found if thing.kind == 'client']

    def _evaluate_binding(self, binding: Binding) -> list[Value]:
        if binding.way == 'held':
            return []
        if binding.way == 'item':
            return self.list_items(binding.value, binding.spot)
        if binding.way == 'annotation':
            return [
                thing._replace(kind='client') for thing in self.names.read_annotation(binding.value)
            ]
        return list(self.evaluate(binding.value, binding.spot))

    def find_bindings(self, name: str, spot: Spot) -> list[Binding]:
        """Return the bindings of a name that may be in force at a spot.

        Raises TooComplexError.
        """
        found = find_bindings(self.outline, name, spot)
        self._followed += 1 + len(found)
        if self._followed > MAX_BINDINGS:
            raise TooComplexError
        return found

    def _evaluate_subscript(self, node: ast.Subscript, spot: Spot) -> list[Value]:
        base = node.value
        space = (
            base.args[0]
            if isinstance(base, ast.Call) and dotted_name(base.func) == 'vars' and base.args
            else None
        )
        if isinstance(base, ast.Attribute) and base.attr == '__dict__':
            space = base.value
        if space is not None:
            return self._evaluate_member(space, node.slice, spot)
        member = self._evaluate_member(base, node.slice, spot)
        if member:
            return member
        return self.list_items(base, spot, read_literal(node.slice))

    def _evaluate_member(self, base: ast.expr, name: ast.expr, spot: Spot) -> list[Value]:
        """`getattr(ccxt, 'kraken')` and `getattr(ccxt, name)`."""
        modules = [thing.text for thing in self.evaluate(base, spot) if thing.kind == 'module']
        if not modules:
            return []
        names = self.find_texts(name, spot)
        if not names:
            self.is_exact = False
            return [
                Value('class', found[2], found[0], found[1])
                for module in modules
                if (found := self.libraries.make_unnamed_client(module))
            ]
        return [
            thing
            for module in modules
            for text in names
            for thing in self.names.resolve_name(f'{module}.{text}')
            if thing.kind == 'class'
        ]

    def _evaluate_call(self, node: ast.Call, spot: Spot) -> list[Value]:
        name = dotted_name(node.func)
        if name == 'getattr' and len(node.args) > 1:
            return self._evaluate_member(node.args[0], node.args[1], spot)
        if self._is_import(name):
            return [
                Value('module', text)
                for value in (*node.args[:1], *(key.value for key in node.keywords))
                for given in self.find_texts(value, spot)
                # `__import__('a.b')` returns `a`.
                for text in dict.fromkeys((given, given.split('.')[0]))
                if self.libraries.is_part_of_library(text)
            ]
        if name == 'super' and spot.owner in self.derived:
            return [self.derived[spot.owner]._replace(kind='client')]
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in ('lower', 'strip')
            and not node.args
        ):
            return [
                Value('text', text.lower().strip())
                for text in self.find_texts(node.func.value, spot)
            ]
        parts = self._find_parts(node, spot)
        if parts:
            return parts
        classes = [thing for thing in self.evaluate(node.func, spot) if thing.kind == 'class']
        if not classes and isinstance(node.func, ast.Attribute) and node.func.attr in _CONSTRUCTORS:
            classes = [
                thing for thing in self.evaluate(node.func.value, spot) if thing.kind == 'class'
            ]
        if classes:
            return [self._add_client(node, spot, thing) for thing in classes]
        made = self._evaluate_factory(node, spot)
        if made:
            return made
        found = self._evaluate_returns(name)
        return found or self._evaluate_lookup(node, spot)

    def _find_parts(self, node: ast.Call, spot: Spot) -> list[Value]:
        """Return parts of a client that its methods return: `client.rest_service()`.

        A part is the same client; its text are the names of the parts that lead there.
        """
        func = node.func
        if not isinstance(func, ast.Attribute) or not self.libraries.has_chains:
            return []
        return [
            thing.find_part(func.attr)
            for thing in self.find_clients(func.value, spot)
            if thing.library is not None and thing.library.is_link(func.attr)
        ]

    def _evaluate_factory(self, node: ast.Call, spot: Spot) -> list[Value]:
        """Return the clients that a factory makes of a class, a client or a name it is given."""
        called = node.func.attr if isinstance(node.func, ast.Attribute) else dotted_name(node.func)
        library = self.libraries.find_factory(called)
        if library is None:
            return []
        given = [thing for value in node.args for thing in self.evaluate(value, spot)]
        clients = [thing for thing in given if thing.kind == 'client']
        classes = [thing for thing in given if thing.kind == 'class'] or [
            Value('class', thing.text, library, issuer)
            for thing in given
            if thing.kind == 'text' and (issuer := self.libraries.name_exchange(thing.text))
        ]
        if not classes and not clients:
            self.is_exact = False
            classes = [Value('class', '', library, library.exchange)]
        return clients or [self._add_client(node, spot, thing) for thing in classes]

    def _is_import(self, name: str) -> bool:
        """Tell whether a called name imports a module by its text, also under another name."""
        last = self.expand_name(name).rsplit('.', 1)[-1] if name else ''
        return last in ('import_module', '__import__')

    def _add_client(self, node: ast.Call, spot: Spot, thing: Value) -> Value:
        made = thing._replace(kind='client', number=len(self.built))
        self.built.append(BuiltClient(node, spot, made))
        return made

    def _evaluate_returns(self, name: str) -> list[Value]:
        functions = self.outline.functions.get(name.rsplit('.', 1)[-1], ()) if name else ()
        return [
            thing
            for function in functions
            for value, spot in function.returns
            for thing in self.evaluate(value, spot)
        ]

    def _evaluate_lookup(self, node: ast.Call, spot: Spot) -> list[Value]:
        """`EXCHANGES.get(name)`, and the default of `os.getenv('EXCHANGE', 'kraken')`.

        That, and whatever the environment says.
        """
        if (
            not isinstance(node.func, ast.Attribute | ast.Name)
            or dotted_name(node.func).rsplit('.', 1)[-1] not in _LOOKUPS
        ):
            return []
        if isinstance(node.func, ast.Attribute) and node.args:
            held = self.list_items(node.func.value, spot, read_literal(node.args[0]))
            if held:
                return held
        default = self.evaluate(node.args[1], spot) if len(node.args) > 1 else ()
        if any(
            thing.kind == 'text' and self.libraries.is_exchange(thing.text) for thing in default
        ):
            self.is_exact = False
        return list(default)
