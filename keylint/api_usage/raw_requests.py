"""Find requests that a Python file sends to an exchange by itself.

Addresses and paths in its texts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from keylint.api_usage.key_references import name_of_node
from keylint.api_usage.methods import Libraries, Library
from keylint.api_usage.values import Values
from keylint.core.key_model import ApiCall, Client
from keylint.core.spans import Lines
from keylint.readers.python_ast import dotted_name, list_entries
from keylint.readers.python_outline import Binding, Outline, Spot

_HOLE = '\x00'
_VERB = re.compile(r'(?i)(?:^|_|\b)(get|post|put|delete|patch)(?:$|_|\b)')
_VERBS = ('GET', 'POST', 'PUT', 'DELETE', 'PATCH')
_PLACEHOLDER = re.compile(r'%[sd]|\{[^{}]*\}')
_JOINING = ('urljoin', 'join')
_QUOTED = re.compile(r"""(["'])([^"'\s/]*+/[^"'\s]*+)\1""")
_NAMES = re.compile(r'[A-Za-z_]\w*')


class RawRequests(NamedTuple):
    """What a file asks of exchanges without a library."""

    clients: list[Client]
    calls: list[ApiCall]
    is_exact: bool = True


class _Site(NamedTuple):
    """A text that may be an address or a path: holes stand for what only running would tell."""

    text: str
    verb: str
    start: int


class _SiteRequest(NamedTuple):
    """A site that asks an exchange for something.

    The path and the permission are empty where they are only known when the program runs.
    """

    site: _Site
    path: str
    permission: str


def find_requests(
    module: ast.Module, lines: Lines, path: str, outline: Outline, values: Values
) -> RawRequests:
    """Find the requests of one file, with a client for every exchange that it speaks to."""
    spoken = _select_libraries(values.libraries, lines.data)
    if not spoken:
        return RawRequests([], [])
    sites = _find_sites(outline, values, lines)
    found = [_find_library_requests(library, sites, spoken, lines.data, path) for library in spoken]
    for library, raw in zip(spoken, found, strict=True):
        if raw.clients and raw.clients[0].has_key:
            named = (
                _find_key_names(module, library.markers) or _find_markers(library, lines.data)[:1]
            )
            raw.clients[0] = raw.clients[0]._replace(references=named)
    return _merge_requests(found)


def guess_requests(data: bytes, path: str, libraries: Libraries) -> RawRequests:
    """Guess the requests of a file that cannot be parsed, by texts in quotes outside comments.

    Never all there are.
    """
    spoken = _select_libraries(libraries, data)
    sites: list[_Site] = []
    start = 0
    lines = data.split(b'\n') if spoken else []
    for line in lines:
        sites += _guess_sites(line, start)
        start += len(line) + 1
    found = [_find_library_requests(library, sites, spoken, data, path) for library in spoken]
    return _merge_requests(found)._replace(is_exact=False)


def _guess_sites(line: bytes, start: int) -> Iterator[_Site]:
    """Find quoted paths in a line that starts at the byte `start`; none in a comment."""
    text = line.decode('utf-8', 'surrogateescape')
    if text.lstrip().startswith('#'):
        return
    verb = next((verb for verb in _VERBS if verb in text), '')
    for match in _QUOTED.finditer(text):
        before = text[: match.start(2)].encode('utf-8', 'surrogateescape')
        quoted = match.group(2).encode('utf-8', 'surrogateescape').decode('utf-8', 'replace')
        yield _Site(_PLACEHOLDER.sub(_HOLE, quoted), verb, start + len(before))


def _select_libraries(libraries: Libraries, data: bytes) -> list[Library]:
    """Choose the exchanges whose hosts a file names."""
    return [
        library for library in libraries.raw if any(host.encode() in data for host in library.hosts)
    ]


def _merge_requests(found: list[RawRequests]) -> RawRequests:
    return RawRequests(
        [client for one in found for client in one.clients],
        sorted({call for one in found for call in one.calls}),
        all(one.is_exact for one in found),
    )


def _find_markers(library: Library, data: bytes) -> tuple[str, ...]:
    return tuple(marker for marker in library.markers if marker.encode() in data)


def _find_library_requests(
    library: Library, sites: list[_Site], spoken: list[Library], data: bytes, path: str
) -> RawRequests:
    """Find the requests to one exchange, with a client for it."""
    asked = [
        request for site in sites if (request := _read_request(site, library, spoken)) is not None
    ]
    if not asked:
        return RawRequests([], [])
    calls = [
        ApiCall(
            library.exchange,
            library.id,
            permission,
            f'{site.verb} {shown}'.strip(),
            path,
            site.start,
        )
        for site, shown, permission in asked
        if permission
    ]
    marks = _find_markers(library, data)
    first = min(one.site.start for one in asked)
    client = Client(library.exchange, library.id, '', path, first, bool(marks), marks[:1])
    return RawRequests([client], calls, len(calls) == len(asked))


def _read_request(site: _Site, library: Library, spoken: list[Library]) -> _SiteRequest | None:
    """Return what a text asks of an exchange, None for what is no request to it."""
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
    permission = library.classify_request(site.verb, path) if path else None
    if permission is not None and not path.endswith(_HOLE):
        return _SiteRequest(site, path.replace(_HOLE, '…'), permission)
    is_api = host is not None and not host.startswith('www.')
    return (
        _SiteRequest(site, '', '')
        if permission is not None or is_api or (host is not None and _HOLE in site.text)
        else None
    )


def _find_sites(outline: Outline, values: Values, lines: Lines) -> list[_Site]:
    """Return arguments of calls, and other texts that names are bound to and no call uses."""
    found: list[_Site] = []
    used: set[int] = set()
    for call, spot in outline.calls:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        texts = [(node, _flatten_text(node, spot, values, used)) for node in given]
        verb = ''
        for node, text in texts:
            if '/' not in text or len(text) > 500:
                continue
            verb = verb or _find_verb(call, spot, values)
            found.append(_Site(text, verb, lines.offset_in(node.lineno, node.col_offset)))
    for bindings in outline.bindings.values():
        for binding in bindings:
            if id(binding.value) in used or binding.way in ('argument', 'annotation'):
                continue
            parts = binding.value.values if isinstance(binding.value, ast.Dict) else [binding.value]
            for part in parts:
                text = _flatten_text(part, binding.spot, values, set())
                if (
                    '/' in text
                    and len(text) <= 500
                    and not isinstance(part, ast.Name | ast.Attribute)
                ):
                    found.append(_Site(text, '', lines.offset_in(part.lineno, part.col_offset)))
    return found


def _find_verb(call: ast.Call, spot: Spot, values: Values) -> str:
    """GET, POST …, by an argument or by the called name; empty where neither tells."""
    for node in (
        *call.args[:3],
        *(
            keyword.value
            for keyword in call.keywords
            if keyword.arg in ('method', 'http_method', 'verb', 'httpMethod')
        ),
    ):
        for text in values.find_texts(node, spot):
            if text.upper() in _VERBS:
                return text.upper()
    match = _VERB.search(dotted_name(call.func).rsplit('.', 1)[-1])
    return match.group(1).upper() if match else ''


def _flatten_text(
    node: ast.expr, spot: Spot, values: Values, used: set[int], depth: int = 0
) -> str:
    """Return a text with holes. `used` collects the bound expressions that went into it."""
    if depth > 8:
        return _HOLE
    match node:
        case ast.Constant():
            return _PLACEHOLDER.sub(_HOLE, node.value) if isinstance(node.value, str) else _HOLE
        case ast.JoinedStr():
            return ''.join(
                str(part.value)
                if isinstance(part, ast.Constant)
                else _flatten_text(part, spot, values, used, depth + 1)
                for part in node.values
            )
        case ast.BinOp(op=ast.Add()):
            return _flatten_text(node.left, spot, values, used, depth + 1) + _flatten_text(
                node.right, spot, values, used, depth + 1
            )
        case ast.BinOp(op=ast.Mod(), left=inner) | ast.FormattedValue(value=inner):
            return _flatten_text(inner, spot, values, used, depth + 1)
        case ast.Call() if isinstance(node.func, ast.Attribute) and node.func.attr == 'format':
            return _flatten_text(node.func.value, spot, values, used, depth + 1)
        case ast.Call() if dotted_name(node.func).rsplit('.', 1)[-1] in _JOINING:
            return ''.join(_flatten_text(part, spot, values, used, depth + 1) for part in node.args)
        case ast.Name() | ast.Attribute():
            binding = _find_only_binding(dotted_name(node), spot, values)
            if binding is not None:
                used.add(id(binding.value))
                return _flatten_text(binding.value, binding.spot, values, used, depth + 1)
    return _HOLE


def _find_only_binding(name: str, spot: Spot, values: Values) -> Binding | None:
    """Return what a name is bound to, None for no name and for one that is bound twice."""
    if not name:
        return None
    bindings = [one for one in values.find_bindings(name, spot) if one.way == 'value']
    return bindings[0] if len(bindings) == 1 else None


def _find_key_names(module: ast.Module, markers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that the headers with an exchange's key are filled from."""
    found: list[str] = []
    for node in ast.walk(module):
        if not isinstance(node, ast.Dict):
            continue
        for key, value in list_entries(node):
            if key in markers:
                found += [
                    name
                    for part in ast.walk(value)
                    if 'ey' in (name := name_of_node(part)).lower() and _NAMES.fullmatch(name)
                ]
    return tuple(dict.fromkeys(found))
