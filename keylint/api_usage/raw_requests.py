"""Requests that a Python file sends to an exchange by itself: addresses and paths in its texts, and the levels that they need."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from keylint.api_usage.methods import Libraries, Library
from keylint.api_usage.values import Values
from keylint.core.model import Client, Use
from keylint.readers.python_ast import dotted, entries, text_of
from keylint.readers.python_outline import Outline, Spot

_HOLE = '\x00'
_VERB = re.compile(r'(?i)(?:^|_|\b)(get|post|put|delete|patch)(?:$|_|\b)')
_VERBS = ('GET', 'POST', 'PUT', 'DELETE', 'PATCH')
_FILLED = re.compile(r'%[sd]|\{[^{}]*\}')
_JOINED = ('urljoin', 'join')
_QUOTED = re.compile(r"""(["'])([^"'\s/]*+/[^"'\s]*+)\1""")
_NAMES = re.compile(r'[A-Za-z_]\w*')


class Raw(NamedTuple):
    """What a file asks of exchanges without a library."""

    clients: list[Client]
    uses: list[Use]
    is_exact: bool = True


class _Site(NamedTuple):
    """A text that may be an address or a path: holes stand for what only running would tell."""

    text: str
    verb: str
    line: int
    column: int


class _Request(NamedTuple):
    """A site that asks an exchange for something: the path and the level, empty where only running would tell."""

    site: _Site
    path: str
    level: str


def requests(module: ast.Module, data: bytes, path: str, outline: Outline, values: Values) -> Raw:
    """The requests of one file, with a client for every exchange that it speaks to."""
    spoken = [
        library
        for library in values.libraries.raw
        if any(host.encode() in data for host in library.hosts)
    ]
    if not spoken:
        return Raw([], [])
    sites = _sites(outline, values)
    found = [_of_library(library, sites, spoken, data, path) for library in spoken]
    for number, library in enumerate(spoken):
        if found[number].clients and found[number].clients[0].has_key:
            named = _keys(module, library.markers)
            found[number].clients[0] = (
                found[number].clients[0]._replace(references=named or _marks(library, data)[:1])
            )
    return _together(found)


def guessed(data: bytes, path: str, libraries: Libraries) -> Raw:
    """The requests of a file that cannot be parsed, by the texts in quotes outside comments. Never all there are."""
    spoken = [
        library for library in libraries.raw if any(host.encode() in data for host in library.hosts)
    ]
    sites = []
    for number, line in enumerate(data.decode('utf-8', 'replace').split('\n') if spoken else (), 1):
        for match in _QUOTED.finditer('' if line.lstrip().startswith('#') else line):
            verb = next((verb for verb in _VERBS if verb in line), '')
            sites.append(
                _Site(_FILLED.sub(_HOLE, match.group(2)), verb, number, match.start(2) + 1)
            )
    return _together(
        [_of_library(library, sites, spoken, data, path) for library in spoken]
    )._replace(is_exact=False)


def _together(found: list[Raw]) -> Raw:
    return Raw(
        [client for one in found for client in one.clients],
        sorted({use for one in found for use in one.uses}),
        all(one.is_exact for one in found),
    )


def _marks(library: Library, data: bytes) -> tuple[str, ...]:
    return tuple(marker for marker in library.markers if marker.encode() in data)


def _of_library(
    library: Library, sites: list[_Site], spoken: list[Library], data: bytes, path: str
) -> Raw:
    """The requests to one exchange, with a client for it."""
    asked = [request for site in sites if (request := _request(site, library, spoken)) is not None]
    if not asked:
        return Raw([], [])
    uses = [
        Use(
            library.exchange,
            library.id,
            level,
            f'{site.verb} {shown}'.strip(),
            path,
            site.line,
            site.column,
        )
        for site, shown, level in asked
        if level
    ]
    marks = _marks(library, data)
    client = Client(
        library.exchange,
        library.id,
        '',
        path,
        min(one.site.line for one in asked),
        bool(marks),
        marks[:1],
    )
    return Raw([client], uses, len(uses) == len(asked))


def _request(site: _Site, library: Library, spoken: list[Library]) -> _Request | None:
    """What a text asks of an exchange, None for what is no request to it."""
    host = next((host for host in library.hosts if host in site.text), None)
    if host is None and (
        '://' in site.text or any(other in site.text for one in spoken for other in one.hosts)
    ):
        return None
    path = site.text.partition(host)[2] if host is not None else site.text
    if host is not None:
        path = '/' + path.partition('/')[2]
    path = re.split(r'[?&#]', path)[0].lstrip(_HOLE).rstrip('/')
    if len(path) > 200 or any(char.isspace() for char in path):
        return None
    level = library.endpoint(site.verb, path) if path else None
    if level is not None and not path.endswith(_HOLE):
        return _Request(site, path.replace(_HOLE, '…'), level)
    is_api = host is not None and not host.startswith('www.')
    return (
        _Request(site, '', '')
        if level is not None or is_api or (host is not None and _HOLE in site.text)
        else None
    )


def _sites(outline: Outline, values: Values) -> list[_Site]:
    """Arguments of calls, and other texts that names are bound to and no call was seen to use."""
    found: list[_Site] = []
    used: set[int] = set()
    for call, spot in outline.calls:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        texts = [(node, _flat(node, spot, values, used)) for node in given]
        verb = ''
        for node, text in texts:
            if '/' not in text or len(text) > 500:
                continue
            verb = verb or _verb(call, spot, values)
            found.append(_Site(text, verb, node.lineno, node.col_offset + 1))
    for bindings in outline.bindings.values():
        for binding in bindings:
            if id(binding.value) in used or binding.way in ('argument', 'annotation'):
                continue
            parts = binding.value.values if isinstance(binding.value, ast.Dict) else [binding.value]
            for part in parts:
                text = _flat(part, binding.spot, values, set())
                if (
                    '/' in text
                    and len(text) <= 500
                    and not isinstance(part, ast.Name | ast.Attribute)
                ):
                    found.append(_Site(text, '', part.lineno, part.col_offset + 1))
    return found


def _verb(call: ast.Call, spot: Spot, values: Values) -> str:
    """GET, POST …, by an argument or by the called name; empty where neither tells."""
    for node in (
        *call.args[:3],
        *(
            keyword.value
            for keyword in call.keywords
            if keyword.arg in ('method', 'http_method', 'verb', 'httpMethod')
        ),
    ):
        for text in values.texts(node, spot):
            if text.upper() in _VERBS:
                return text.upper()
    match = _VERB.search(dotted(call.func).rsplit('.', 1)[-1])
    return match.group(1).upper() if match else ''


def _flat(node: ast.expr, spot: Spot, values: Values, used: set[int], depth: int = 0) -> str:
    """A text with holes. `used` collects the bound expressions that went into it."""
    if depth > 8:
        return _HOLE
    match node:
        case ast.Constant():
            return _FILLED.sub(_HOLE, node.value) if isinstance(node.value, str) else _HOLE
        case ast.JoinedStr():
            return ''.join(
                str(part.value)
                if isinstance(part, ast.Constant)
                else _flat(part, spot, values, used, depth + 1)
                for part in node.values
            )
        case ast.FormattedValue():
            return _flat(node.value, spot, values, used, depth + 1)
        case ast.BinOp(op=ast.Add()):
            return _flat(node.left, spot, values, used, depth + 1) + _flat(
                node.right, spot, values, used, depth + 1
            )
        case ast.BinOp(op=ast.Mod()):
            return _flat(node.left, spot, values, used, depth + 1)
        case ast.Call() if isinstance(node.func, ast.Attribute) and node.func.attr == 'format':
            return _flat(node.func.value, spot, values, used, depth + 1)
        case ast.Call() if dotted(node.func).rsplit('.', 1)[-1] in _JOINED:
            return ''.join(_flat(part, spot, values, used, depth + 1) for part in node.args)
        case ast.Name() | ast.Attribute():
            bindings = (
                [one for one in values.bindings(dotted(node), spot) if one.way == 'value']
                if dotted(node)
                else []
            )
            if len(bindings) == 1:
                used.add(id(bindings[0].value))
                return _flat(bindings[0].value, bindings[0].spot, values, used, depth + 1)
    return _HOLE


def _keys(module: ast.Module, markers: tuple[str, ...]) -> tuple[str, ...]:
    """The names that the headers with an exchange's key are filled from."""
    found: list[str] = []
    for node in ast.walk(module):
        for key, value in entries(node) if isinstance(node, ast.Dict) else ():
            if key in markers:
                found += [
                    name
                    for part in ast.walk(value)
                    if 'ey' in (name := _name(part)).lower() and _NAMES.fullmatch(name)
                ]
    return tuple(dict.fromkeys(found))


def _name(node: ast.AST) -> str:
    return (
        node.id
        if isinstance(node, ast.Name)
        else node.attr
        if isinstance(node, ast.Attribute)
        else text_of(node) or ''
    )
