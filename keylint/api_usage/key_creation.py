"""Calls that create or edit keys.

What their arguments say about rights and addresses, read as the vendor's own requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper

from keylint.core.model import KeyDeclaration, Setting
from keylint.declarations import vendor_documents as documents
from keylint.readers.python_cst import (
    dotted_name,
    evaluate_literal,
    list_entries,
    parse_module,
    read_literal,
)
from keylint.readers.tree import Node
from keylint.rules.declaration_types import DocumentShape, KeyCall
from keylint.rules.rule_set import RuleSet

# Stands for a value that is only known when the program runs.
_LATER = '${later}'
_BODIES = ('params', 'data', 'json', 'payload', 'body', 'request')


def find_key_creation(data: bytes, pack: RuleSet) -> list[KeyDeclaration]:
    """Return the declarations that the calls of a Python text make.

    Empty for what cannot be parsed.
    """
    module = parse_module(data)
    if module is None:
        return []
    spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)
    finder = _Finder(pack)
    module.visit(finder)
    found = []
    for call in finder.found:
        request = _Request(module, call.known, spans)
        declaration = _declare_key(call, request, pack, finder.sets_addresses)
        if declaration is not None:
            found.append(declaration)
    return found


class Known(NamedTuple):
    """What a name is bound to, and the entries that were put into it later."""

    value: cst.BaseExpression
    more: tuple[tuple[str, cst.BaseExpression], ...] = ()


class _FoundCall(NamedTuple):
    """A call that makes a key, and what names are bound to until then.

    `spec` is the row of a library's method, None for a raw request.
    """

    node: cst.Call
    rule: str
    spec: KeyCall | None
    document: DocumentShape
    known: dict[str, Known]


def _declare_key(
    call: _FoundCall, request: _Request, pack: RuleSet, sets_addresses: bool
) -> KeyDeclaration | None:
    """Return what a call declares, or None where it says nothing of rights and addresses.

    `sets_addresses` says that another call of the text may restrict the key later.
    """
    start, end = request.find_span(call.node)
    has_no_ip = call.spec is not None and call.spec.no_ip
    declaration = documents.read_vendor_document(
        request.as_mapping(call.node, call.spec, (start, end)),
        call.rule,
        pack.rules[call.rule].declarations,
        call.document,
        'call',
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
        unknown=tuple(word for word in declaration.unknown if not _LATER.startswith(word)),
    )


def _drop_later(text: str) -> str:
    """Return a text, empty where it is only known when the program runs."""
    return '' if text == _LATER else text


class _Finder(cst.CSTVisitor):
    """Collects calls that make keys, each with what names are bound to until then."""

    def __init__(self, pack: RuleSet) -> None:
        super().__init__()
        self.pack = pack
        self.known: dict[str, Known] = {}
        self.modules: set[str] = set()
        self.sets_addresses = False
        self.found: list[_FoundCall] = []

    def visit_Import(self, node: cst.Import) -> None:
        self.modules |= {dotted_name(alias.name).split('.')[0] for alias in node.names}

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        if node.module is not None:
            self.modules.add(dotted_name(node.module).split('.')[0])

    def visit_Assign(self, node: cst.Assign) -> None:
        for target in node.targets:
            self._bind(target.target, node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if node.value is not None:
            self._bind(node.target, node.value)

    def _bind(self, target: cst.BaseExpression, value: cst.BaseExpression) -> None:
        """Bind a name to a value, or put an entry into a name's dictionary.

        `params['perm'] = 'trade'`.
        """
        if (
            isinstance(target, cst.Subscript)
            and len(target.slice) == 1
            and isinstance(index := target.slice[0].slice, cst.Index)
        ):
            key = read_literal(index.value)
            if key is not None:
                self._add(dotted_name(target.value), [(key, value)])
        elif name := dotted_name(target):
            self.known[name] = Known(value)

    def _add(self, name: str, pairs: list[tuple[str, cst.BaseExpression]]) -> None:
        if name in self.known:
            self.known[name] = Known(self.known[name].value, (*self.known[name].more, *pairs))

    def visit_Call(self, node: cst.Call) -> None:
        name = dotted_name(node.func).rsplit('.', 1)[-1] or (
            node.func.attr.value if isinstance(node.func, cst.Attribute) else ''
        )
        if any(
            argument.keyword is not None and argument.keyword.value in ('ip_whitelist', 'ip', 'ips')
            for argument in node.args
        ):
            self.sets_addresses = (
                self.sets_addresses or 'edit' in name or 'restriction' in name.lower()
            )
        match = self._by_name(name, node) or self._by_address(node)
        if match is not None:
            self.found.append(_FoundCall(node, *match, dict(self.known)))
        if name == 'update' and isinstance(node.func, cst.Attribute) and node.args:
            self._add(dotted_name(node.func.value), pairs_of(node.args[0].value, self.known) or [])

    def _by_name(
        self, name: str, node: cst.Call
    ) -> tuple[str, KeyCall | None, DocumentShape] | None:
        """Return the request behind a method's name.

        Of several libraries' the one that the file imports, else one that takes these arguments.
        """
        fitting = self.pack.key_calls.get(name, [])
        imported = [entry for entry in fitting if self._is_imported(entry[1].library)]
        fitting = imported or [entry for entry in fitting if _takes(entry[1], node)]
        return fitting[0] if fitting else None

    def _is_imported(self, library: str) -> bool:
        plain = library.replace('-', '').replace('_', '').lower()
        return any(
            module.replace('_', '').lower() in (plain, plain.removeprefix('python'))
            for module in self.modules
        )

    def _by_address(self, node: cst.Call) -> tuple[str, KeyCall | None, DocumentShape] | None:
        """Match a raw request.

        One of its arguments holds the path of an endpoint, another one a dictionary.
        """
        for argument in node.args:
            address = _address(argument.value)
            if not address:
                continue
            for path, rule, document in self.pack.key_endpoints:
                if path in address and any(
                    pairs_of(other.value, self.known) is not None for other in node.args
                ):
                    return rule, None, document
        return None


def _takes(spec: KeyCall, call: cst.Call) -> bool:
    """Tell whether a method, as far as its arguments are known, takes those of the call."""
    names = spec.positional
    return not names or all(
        argument.keyword is None or argument.keyword.value in names for argument in call.args
    )


def _address(node: cst.BaseExpression) -> str | None:
    """Return the text of a string, of an f-string's literal parts, or of a sum of strings."""
    if isinstance(node, cst.FormattedString):
        return ''.join(
            part.value for part in node.parts if isinstance(part, cst.FormattedStringText)
        )
    if isinstance(node, cst.BinaryOperation):
        return f'{_address(node.left) or ""}{_address(node.right) or ""}'
    return read_literal(node)


def pairs_of(
    node: cst.BaseExpression, known: dict[str, Known]
) -> list[tuple[str, cst.BaseExpression]] | None:
    """Return keys and values of a dictionary.

    Of a literal, of `dict(a=1)`, of an object made with keywords, of a name bound to one, with what
    was put into it later.
    """
    if isinstance(node, cst.Dict):
        starred = [
            element.value
            for element in node.elements
            if isinstance(element, cst.StarredDictElement)
        ]
        return [pair for value in starred for pair in pairs_of(value, known) or []] + list(
            list_entries(node)
        )
    if isinstance(node, cst.Call):
        name = dotted_name(node.func).rsplit('.', 1)[-1]
        makes_mapping = name == 'dict' or (name[:1].isupper() and bool(node.args))
        if not makes_mapping or any(argument.keyword is None for argument in node.args):
            return None
        return [
            (argument.keyword.value, argument.value)
            for argument in node.args
            if argument.keyword is not None
        ]
    bound = known.get(dotted_name(node))
    if bound is None or dotted_name(bound.value) == dotted_name(node):
        return None
    without = {name: value for name, value in known.items() if value is not bound}
    found = pairs_of(bound.value, without)
    return None if found is None else [*found, *bound.more]


class _Request:
    """The arguments of one call as the mapping that the vendor's request would be."""

    def __init__(
        self, module: cst.Module, known: dict[str, Known], spans: Mapping[cst.CSTNode, CodeSpan]
    ) -> None:
        self.module = module
        self.known = known
        self.spans = spans

    def find_span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return the bytes of a node of the module."""
        span = self.spans[node]
        return span.start, span.start + span.length

    def as_mapping(self, call: cst.Call, spec: KeyCall | None, whole: tuple[int, int]) -> Node:
        """Return the mapping; positional arguments get the names that the dossier gives them."""
        root = Node('')
        root.grow(*whole)
        names = spec.positional if spec is not None else ()
        for place, argument in enumerate(call.args):
            name = argument.keyword.value if argument.keyword is not None else ''
            if argument.keyword is None and not argument.star and place < len(names):
                name = names[place]
            pairs = pairs_of(argument.value, self.known) if not name or name in _BODIES else None
            if pairs is None and name:
                pairs = [(name, argument.value)]
            for key, value in pairs or ():
                root.entries[key] = self._node(key, value, whole)
        return root

    def _node(
        self, key: str, node: cst.BaseExpression, around: tuple[int, int], depth: int = 0
    ) -> Node:
        span = self.spans.get(node)
        start, end = (
            (span.start, span.start + span.length)
            if span is not None and around[0] <= span.start < around[1]
            else around
        )
        pairs = pairs_of(node, self.known)
        bound = self.known.get(dotted_name(node))
        if bound is not None and pairs is None:
            node = bound.value
        if isinstance(node, cst.List | cst.Tuple | cst.Set):
            pairs = [(str(number), element.value) for number, element in enumerate(node.elements)]
        if pairs and depth < 8:
            found = Node(key)
            for name, value in pairs:
                found.entries[name] = self._node(name, value, (start, end), depth + 1)
            found.grow(start, end)
            return found
        try:
            plain = evaluate_literal(node, self.module)
        except ValueError:
            plain = _LATER
        return _as_node(key, [] if pairs is not None else plain, start, end)


def _as_node(key: str, value: object, start: int, end: int) -> Node:
    """Return a plain value as a tree all of whose nodes stand at the same bytes."""
    if not isinstance(value, dict | list | tuple | set):
        text = b'null' if value is None else str(value).encode()
        return Node(key, Setting((key,), text, start, end))
    if not value:
        return Node(key, Setting((key,), b'[]', start, end))
    node = Node(key)
    for inner, item in value.items() if isinstance(value, dict) else enumerate(value):
        node.entries[str(inner)] = _as_node(str(inner), item, start, end)
    node.grow(start, end)
    return node
