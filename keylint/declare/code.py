"""Which exchange clients a Python file builds and which of their methods it calls: one libcst parse, one visit.

Clients are followed through assignments, attributes (`self.exchange`), annotated parameters, functions that return one, and classes
derived from one. What is only known when the program runs makes the answer `at least`, never silence.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from keylint.declare.methods import Libraries, Library
from keylint.model import Client, CodeFacts, Use
from keylint.readers.python import dotted, entries, parse, text_of

_TEST = re.compile(r'(?i)testnet|sandbox|demo|paper')
_KEY_WORDS = re.compile(r'(?i)key|secret|token|pass|wallet|mnemonic|auth')
_DERIVED = ('future', 'futures', 'swap', 'delivery', 'option', 'linear', 'inverse')
_MAKERS = ('create', 'load', 'from_env', 'connect', 'build')


class Bound(NamedTuple):
    """A client while its file is read: the library, the exchange's id or None, the class, and whether it trades derivatives."""

    library: Library
    exchange: str | None
    owner: str
    is_derivative: bool = False
    number: int = -1


def analyse(data: bytes, path: str, libraries: Libraries, cell: int | None = None) -> CodeFacts:
    """The facts of one file or notebook cell."""
    module = parse(data)
    if module is None:
        return CodeFacts(path, is_parsed=False)
    visitor = _Visitor(libraries, module)
    module.visit(visitor)
    told = visitor.told()
    if not told and not visitor.built:
        return CodeFacts(path, is_exact=visitor.is_exact)
    places = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    return visitor.facts(path, told, places, cell)


class _Visitor(cst.CSTVisitor):
    """Collects bindings first and resolves the calls at the end, so that order does not matter."""

    def __init__(self, libraries: Libraries, module: cst.Module) -> None:
        super().__init__()
        self.libraries = libraries
        self.module = module
        self.names: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.bound: dict[str, Bound] = {}
        self.factories: dict[str, Bound] = {}
        self.classes: dict[str, Bound] = {}
        self.functions: list[str] = []
        self.built: list[tuple[cst.Call, Bound, str]] = []
        self.calls: list[tuple[cst.Call, cst.BaseExpression, str]] = []
        self.is_exact = True

    def visit_Import(self, node: cst.Import) -> None:
        for alias in node.names:
            name = dotted(alias.name)
            local = dotted(alias.asname.name) if alias.asname and isinstance(alias.asname.name, cst.Name) else name.split('.')[0]
            self.names[local] = name if alias.asname else name.split('.')[0]

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        if node.module is None or isinstance(node.names, cst.ImportStar):
            return
        head = dotted(node.module)
        for alias in node.names:
            name = dotted(alias.name)
            local = dotted(alias.asname.name) if alias.asname and isinstance(alias.asname.name, cst.Name) else name
            self.names[local] = f'{head}.{name}'

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        for base in node.bases:
            client = self._class(self._full(base.value))
            if client is not None:
                self.classes[node.name.value] = client
                self.bound['self'] = client

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.functions.append(node.name.value)
        for parameter in (*node.params.params, *node.params.kwonly_params):
            if parameter.annotation is not None:
                client = self._class(self._full(parameter.annotation.annotation))
                if client is not None:
                    self.bound.setdefault(parameter.name.value, client)

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:
        self.functions.pop()

    def visit_Return(self, node: cst.Return) -> None:
        if node.value is not None and self.functions:
            client = self._client(node.value, '')
            if client is not None:
                self.factories[self.functions[-1]] = client

    def visit_Assign(self, node: cst.Assign) -> None:
        for target in node.targets:
            self._bind(target.target, node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if node.value is not None:
            self._bind(node.target, node.value)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self._bind(node.target, node.value)

    def visit_With(self, node: cst.With) -> None:
        for item in node.items:
            if item.asname is not None:
                self._bind(item.asname.name, item.item)

    def _bind(self, target: cst.BaseExpression, value: cst.BaseExpression) -> None:
        name = dotted(target)
        if not name:
            return
        text = text_of(value)
        if text is not None:
            self.texts[name] = text
        client = self._client(value, name)
        if client is not None:
            self.bound[name] = client

    def visit_Call(self, node: cst.Call) -> None:
        if isinstance(node.func, cst.Attribute):
            self.calls.append((node, node.func.value, node.func.attr.value))
        elif isinstance(node.func, cst.Call) and dotted(node.func.func) == 'getattr' and len(node.func.args) > 1:
            method = self._text(node.func.args[1].value)
            self.calls.append((node, node.func.args[0].value, method or ''))
        elif not isinstance(node.func, cst.Attribute) and self._class(self._full(node.func)) is not None:
            self._client(node, '')

    def _full(self, node: cst.BaseExpression) -> str:
        """The dotted name with its first part replaced by what it was imported as."""
        if isinstance(node, cst.Annotation):
            node = node.annotation
        text = dotted(node) or (text_of(node) or '' if not isinstance(node, cst.Call) else '')
        head, _, rest = text.partition('.')
        head = self.names.get(head, head)
        return f'{head}.{rest}' if rest else head

    def _text(self, node: cst.BaseExpression) -> str | None:
        return text_of(node) or self.texts.get(dotted(node))

    def _class(self, name: str) -> Bound | None:
        """The client class behind a full name."""
        found = self.libraries.client_class(name)
        return Bound(*found) if found is not None else self.classes.get(name.rsplit('.', 1)[-1])

    def _client(self, node: cst.BaseExpression, name: str) -> Bound | None:
        """The client that an expression gives, when it gives one."""
        if isinstance(node, cst.Await):
            return self._client(node.expression, name)
        if isinstance(node, cst.IfExp):
            return self._client(node.body, name) or self._client(node.orelse, name)
        if isinstance(node, cst.BooleanOperation):
            return self._client(node.left, name) or self._client(node.right, name)
        if not isinstance(node, cst.Call):
            return self.bound.get(dotted(node)) if dotted(node) else None
        known = next((bound for call, bound, _ in self.built if call is node), None)
        if known is not None:
            return known
        client = self._made(node)
        if client is None:
            return self.factories.get(dotted(node.func).rsplit('.', 1)[-1])
        client = client._replace(is_derivative=client.is_derivative or self._is_derivative(node), number=len(self.built))
        self.built.append((node, client, name))
        return client

    def _made(self, node: cst.Call) -> Bound | None:
        if isinstance(node.func, cst.Call) and dotted(node.func.func) == 'getattr' and len(node.func.args) > 1:
            return self._by_name(node.func)
        if isinstance(node.func, cst.Subscript) and self._full(node.func.value).endswith('__dict__'):
            return None
        full = self._full(node.func)
        client = self._class(full)
        head, _, maker = full.rpartition('.')
        return client or (self._class(head) if maker in _MAKERS else None)

    def _by_name(self, call: cst.Call) -> Bound | None:
        """`getattr(ccxt, 'kraken')` and `getattr(ccxt, name)`."""
        module = self._full(call.args[0].value)
        if not self.libraries.is_module(module):
            return None
        name = self._text(call.args[1].value)
        if name is None:
            self.is_exact = False
            found = self.libraries.unnamed(module)
            return Bound(*found) if found else None
        return self._class(f'{module}.{name}')

    def _is_derivative(self, call: cst.Call) -> bool:
        """Whether the constructor's options ask for futures: `{'options': {'defaultType': 'future'}}`."""
        return any(word in _DERIVED for key, word in _texts_in(call) if key in ('defaultType', 'defaultSubType', 'category'))

    def told(self) -> list[tuple[cst.Call, Bound | None, str, str, str]]:
        """Every call that matters: the call, its client or None for one that another file builds, the level or the first argument, the
        method, the receiver.
        """
        found: list[tuple[cst.Call, Bound | None, str, str, str]] = []
        for call, receiver, method in self.calls:
            bound = self._receiver(receiver)
            first = (self._text(call.args[0].value) if call.args else None) or ''
            if bound is None:
                if method and self.libraries.is_telling(method):
                    found.append((call, None, first, method, dotted(receiver)))
            elif not method:
                self.is_exact = False
            elif (level := self._level(bound, receiver, method, first, call)) is not None:
                found.append((call, bound, level, method, dotted(receiver)))
        return found

    def facts(self, path: str, told: list[tuple[cst.Call, Bound | None, str, str, str]], places: Any, cell: int | None) -> CodeFacts:
        """Everything resolved, with lines."""
        clients = []
        for call, bound, name in self.built:
            references, has_key = _references(call)
            environment = 'testnet' if any(_TEST.search(key) and word in ('True', '1') for key, word in _words_in(call, self.module)) else 'unknown'
            clients.append(Client(bound.exchange, bound.library.id, name, path, places[call].start.line, has_key, references, environment))
        uses, loose = [], []
        for call, of, level, method, receiver in told:
            start = places[call].start
            if of is None:
                loose.append((receiver, method, level, start.line, start.column + 1))
            else:
                uses.append(Use(of.exchange, of.library.id, level, method, path, start.line, start.column + 1, cell, receiver))
        exports = tuple(sorted({(name.rsplit('.', 1)[-1], bound.number) for name, bound in self.bound.items() if bound.number >= 0}))
        return CodeFacts(path, tuple(clients), tuple(uses), tuple(loose), exports, self.is_exact)

    def _receiver(self, node: cst.BaseExpression) -> Bound | None:
        """The client behind `self.exchange`, `client.private`, `bfx.rest.auth`, `Account(…)`."""
        name = dotted(node)
        if not name:
            return self._client(node, '') if isinstance(node, cst.Call | cst.Await) else None
        parts = name.split('.')
        for length in range(len(parts), 0, -1):
            bound = self.bound.get('.'.join(parts[:length]))
            if bound is not None:
                return bound
        tail = {bound for key, bound in self.bound.items() if '.' in key and key.rsplit('.', 1)[-1] == parts[-1]}
        return tail.pop() if len(tail) == 1 and len(parts) > 1 else None

    def _level(self, bound: Bound, receiver: cst.BaseExpression, method: str, first: str, call: cst.Call) -> str | None:
        owner = dotted(receiver).rsplit('.', 1)[-1]
        level = bound.library.level(method, bound.owner, owner, first)
        if level != 'context':
            return level
        words = [word for _, word in _texts_in(call)]
        if (
            bound.is_derivative
            or bound.library.is_derivative(bound.owner)
            or any(word in _DERIVED or ':' in word or word.endswith('SWAP') for word in words)
        ):
            return 'derivatives'
        return 'margin' if any(word in ('cross', 'isolated') for word in words) else 'trade'


def _texts_in(call: cst.Call) -> list[tuple[str, str]]:
    """Keys (or names of arguments) and texts of a call's literal arguments, dictionaries included."""
    found: list[tuple[str, str]] = []
    stack: list[tuple[str, cst.BaseExpression]] = [(arg.keyword.value if arg.keyword else '', arg.value) for arg in call.args]
    while stack:
        key, node = stack.pop()
        text = text_of(node)
        if text is not None:
            found.append((key, text))
        elif isinstance(node, cst.Dict):
            stack += list(entries(node))
    return found


def _words_in(call: cst.Call, module: cst.Module) -> list[tuple[str, str]]:
    """Keys and source texts of a call's arguments, dictionaries included."""
    found: list[tuple[str, str]] = []
    for argument in call.args:
        if argument.keyword is not None:
            found.append((argument.keyword.value, module.code_for_node(argument.value)))
        elif isinstance(argument.value, cst.Dict):
            found += [(key, module.code_for_node(value)) for key, value in entries(argument.value)]
    return found


class _Names(cst.CSTVisitor):
    """Names that stand in an expression: of variables, attributes, and of environment variables and settings in quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def visit_Name(self, node: cst.Name) -> None:
        self.found.append(node.value)

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        text = text_of(node)
        if text and len(text) < 80 and re.fullmatch(r'[A-Za-z_][\w./:-]*', text):
            self.found.append(text)


def _references(call: cst.Call) -> tuple[tuple[str, ...], bool]:
    """The names that the client's key comes from, and whether it is given one at all."""
    found: list[str] = []
    has_key = False
    for argument in call.args:
        pairs = (
            list(entries(argument.value))
            if isinstance(argument.value, cst.Dict)
            else [(argument.keyword.value if argument.keyword else '', argument.value)]
        )
        for key, value in pairs:
            if key and not _KEY_WORDS.search(key):
                continue
            if not key and isinstance(value, cst.Integer | cst.Float | cst.FormattedString):
                continue
            visitor = _Names()
            value.visit(visitor)
            names = [name for name in visitor.found if _KEY_WORDS.search(name)]
            has_key = has_key or bool(key or names)
            found += names
    return tuple(dict.fromkeys(found)), has_key
