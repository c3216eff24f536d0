"""Calls that create or edit keys: what their arguments say about rights and addresses, read as the vendor's own requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from keylint.declare import documents
from keylint.model import KeyDeclaration, Setting
from keylint.readers.python import dotted, entries, parse, text_of, value_of
from keylint.readers.tree import Node
from keylint.rulepack.pack import Pack

_LATER = b'${only known when the program runs}'


def calls(data: bytes, pack: Pack) -> list[KeyDeclaration]:
    """The declarations that the calls of a Python text make. Empty for what cannot be parsed."""
    module = parse(data)
    if module is None:
        return []
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    spans = wrapper.resolve(ByteSpanPositionProvider)
    finder = _Finder(pack)
    module.visit(finder)
    found = []
    for call, rule, spec, document in finder.found:
        span = spans[call]
        node = _arguments(call, spec, module, finder, (span.start, span.start + span.length), spans)
        said = documents.read(node, rule, pack.declared[rule], document, 'call')
        if said.levels is None and said.restriction == 'unknown' and not spec.get('no_ip'):
            continue
        if spec.get('no_ip') and said.restriction == 'unknown' and not finder.sets_addresses:
            said = said._replace(restriction='none')
        found.append(said._replace(start=span.start, end=span.start + span.length))
    return found


class _Finder(cst.CSTVisitor):
    """Calls whose method or address belongs to a request that makes keys, and dictionaries bound to names."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.pack = pack
        self.dictionaries: dict[str, cst.Dict] = {}
        self.modules: set[str] = set()
        self.sets_addresses = False
        self.found: list[tuple[cst.Call, str, dict[str, Any], dict[str, Any]]] = []

    def visit_Import(self, node: cst.Import) -> None:
        self.modules |= {dotted(alias.name).split('.')[0] for alias in node.names}

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        if node.module is not None:
            self.modules.add(dotted(node.module).split('.')[0])

    def visit_Assign(self, node: cst.Assign) -> None:
        for target in node.targets:
            if isinstance(node.value, cst.Dict) and (name := dotted(target.target)):
                self.dictionaries[name] = node.value

    def visit_Call(self, node: cst.Call) -> None:
        name = dotted(node.func).rsplit('.', 1)[-1] or (node.func.attr.value if isinstance(node.func, cst.Attribute) else '')
        if any(argument.keyword is not None and argument.keyword.value in ('ip_whitelist', 'ip', 'ips') for argument in node.args):
            self.sets_addresses = self.sets_addresses or 'edit' in name or 'restriction' in name.lower()
        match = self._by_name(name) or self._by_address(node)
        if match is not None:
            self.found.append((node, *match))

    def _by_name(self, name: str) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
        """The request behind a method's name; of several libraries' the one that the file imports."""
        fitting = self.pack.key_calls.get(name, [])
        fitting = [entry for entry in fitting if self._is_imported(entry[1]['library'])] or fitting
        return fitting[0] if fitting else None

    def _is_imported(self, library: str) -> bool:
        plain = library.replace('-', '').replace('_', '').lower()
        return any(module.replace('_', '').lower() in (plain, plain.removeprefix('python')) for module in self.modules)

    def _by_address(self, node: cst.Call) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
        """A raw request: one of its arguments holds the path of an endpoint, another one a dictionary."""
        for argument in node.args:
            address = _address(argument.value)
            for path, rule, document in self.pack.key_endpoints if address else ():
                if address and path in address and any(_is_dictionary(other.value, self) for other in node.args):
                    return rule, {'positional': []}, document
        return None


def _address(node: cst.BaseExpression) -> str | None:
    """The text of a string, of an f-string's literal parts, or of a sum of strings."""
    if isinstance(node, cst.FormattedString):
        return ''.join(part.value for part in node.parts if isinstance(part, cst.FormattedStringText))
    if isinstance(node, cst.BinaryOperation):
        return f'{_address(node.left) or ""}{_address(node.right) or ""}'
    return text_of(node)


def _is_dictionary(node: cst.BaseExpression, finder: _Finder) -> bool:
    return isinstance(node, cst.Dict) or dotted(node) in finder.dictionaries


def _arguments(call: cst.Call, spec: dict[str, Any], module: cst.Module, finder: _Finder, whole: tuple[int, int], spans: Any) -> Node:
    """The arguments as the mapping that the vendor's request would be."""
    root = Node('')
    root.grow(*whole)
    names = list(spec.get('positional') or [])
    for place, argument in enumerate(call.args):
        if argument.keyword is not None:
            name = argument.keyword.value
        elif argument.star:
            name = ''
        else:
            name = names[place] if place < len(names) else ''
        value = finder.dictionaries.get(dotted(argument.value), argument.value)
        if isinstance(value, cst.Dict) and (not name or name in ('params', 'data', 'json', 'payload', 'body', 'request')):
            for key, inner in entries(value):
                _put(root, key, inner, module, finder, spans)
        elif name:
            _put(root, name, value, module, finder, spans)
    return root


def _put(root: Node, key: str, node: cst.BaseExpression, module: cst.Module, finder: _Finder, spans: Any) -> None:
    span = spans.get(node)
    start, end = (span.start, span.start + span.length) if span is not None else (root.start, root.end)
    node = finder.dictionaries.get(dotted(node), node)
    try:
        value = value_of(node, module)
    except ValueError:
        value = _LATER.decode() if not isinstance(node, cst.List) else [_LATER.decode()]
    root.entries[key] = _as_node(key, value, start, end)


def _as_node(key: str, value: Any, start: int, end: int) -> Node:
    """A plain value as a tree all of whose nodes stand at the same bytes."""
    if isinstance(value, dict | list | tuple | set) and value:
        node = Node(key)
        pairs: Iterator[tuple[Any, Any]] = iter(value.items()) if isinstance(value, dict) else iter(enumerate(value))
        for inner, item in pairs:
            node.entries[str(inner)] = _as_node(str(inner), item, start, end)
        node.grow(start, end)
        return node
    text = b'[]' if isinstance(value, dict | list | tuple | set) else b'null' if value is None else str(value).encode()
    return Node(key, Setting((key,), text, start, end))
