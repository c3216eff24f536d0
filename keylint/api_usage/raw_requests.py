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
from keylint.api_usage.request_texts import HOLE, PLACEHOLDER, VERBS, find_verb, flatten_text
from keylint.api_usage.values import Values
from keylint.core.key_model import ApiCall, Client, Doubt
from keylint.core.spans import Lines
from keylint.readers.python_ast import list_entries
from keylint.readers.python_outline import Outline

_QUOTED = re.compile(r"""(["'])([^"'\s/]*+/[^"'\s]*+)\1""")
_NAMES = re.compile(r'[A-Za-z_]\w*')


class RawRequests(NamedTuple):
    """What a file asks of exchanges without a library."""

    clients: list[Client]
    calls: list[ApiCall]
    is_exact: bool = True
    doubts: tuple[Doubt, ...] = ()


class _Site(NamedTuple):
    """A text that may be an address or a path: holes stand for what only running would tell."""

    text: str
    verb: str
    start: int


class _SiteRequest(NamedTuple):
    """A site that asks an exchange for something.

    `shown` is its path; the permission is empty where nobody knows it.
    """

    site: _Site
    shown: str
    permission: str


UNKNOWN_PATH = 'its path is only known when the program runs, or is none that keylint knows'


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
    verb = next((verb for verb in VERBS if verb in text), '')
    for match in _QUOTED.finditer(text):
        before = text[: match.start(2)].encode('utf-8', 'surrogateescape')
        quoted = match.group(2).encode('utf-8', 'surrogateescape').decode('utf-8', 'replace')
        yield _Site(PLACEHOLDER.sub(HOLE, quoted), verb, start + len(before))


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
        tuple(doubt for one in found for doubt in one.doubts),
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
    first = min(one.site.start for one in asked)
    origins = ((path, first),)
    calls = [
        ApiCall(
            library.exchange,
            library.id,
            permission,
            f'{site.verb} {shown}'.strip(),
            path,
            site.start,
            origins=origins,
        )
        for site, shown, permission in asked
        if permission
    ]
    marks = _find_markers(library, data)
    client = Client(library.exchange, library.id, '', path, first, bool(marks), marks[:1])
    doubts = tuple(
        Doubt(library.exchange, one.shown, UNKNOWN_PATH, path, one.site.start, origins=origins)
        for one in asked
        if not one.permission
    )
    return RawRequests([client], calls, not doubts, doubts)


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
    path = re.split(r'[?&#]', path)[0].lstrip(HOLE).rstrip('/')
    if len(path) > 200 or any(char.isspace() for char in path):
        return None
    permission = library.classify_request(site.verb, path) if path else None
    if permission is not None and not path.endswith(HOLE):
        return _SiteRequest(site, path.replace(HOLE, '…'), permission)
    is_api = host is not None and not host.startswith('www.')
    return (
        _SiteRequest(site, site.text.replace(HOLE, '…'), '')
        if permission is not None or is_api or (host is not None and HOLE in site.text)
        else None
    )


def _find_sites(outline: Outline, values: Values, lines: Lines) -> list[_Site]:
    """Return arguments of calls, and other texts that names are bound to and no call uses."""
    found: list[_Site] = []
    used: set[int] = set()
    for call, spot in outline.calls:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        texts = [(node, flatten_text(node, spot, values, used)) for node in given]
        verb = ''
        for node, text in texts:
            if '/' not in text or len(text) > 500:
                continue
            verb = verb or find_verb(call, spot, values)
            found.append(_Site(text, verb, lines.offset_in(node.lineno, node.col_offset)))
    for bindings in outline.bindings.values():
        for binding in bindings:
            if id(binding.value) in used or binding.way in ('argument', 'annotation'):
                continue
            parts = binding.value.values if isinstance(binding.value, ast.Dict) else [binding.value]
            for part in parts:
                text = flatten_text(part, binding.spot, values, set())
                if (
                    '/' in text
                    and len(text) <= 500
                    and not isinstance(part, ast.Name | ast.Attribute)
                ):
                    found.append(_Site(text, '', lines.offset_in(part.lineno, part.col_offset)))
    return found


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
