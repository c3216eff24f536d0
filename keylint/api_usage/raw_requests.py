"""Find requests that a Python file sends to an exchange by itself.

Addresses and paths in its texts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keylint.api_usage.key_references import name_of_node
from keylint.api_usage.methods import Libraries, Library
from keylint.api_usage.prefilters import list_own_headers
from keylint.api_usage.request_paths import list_path_forms
from keylint.api_usage.request_sites import Site, find_sites
from keylint.api_usage.request_texts import HOLE, PLACEHOLDER, VERBS
from keylint.api_usage.values import Values
from keylint.core.key_model import ApiCall, Client, Doubt
from keylint.core.records import NamedTuple
from keylint.core.spans import Lines
from keylint.readers.python_ast import list_entries
from keylint.readers.python_outline import Outline

_SOME_ID = '1f2e3d4c5b6a7988'
_QUOTED = re.compile(r"""(["'])([^"'\s/]*+/[^"'\s]*+)\1""")
_NAMES = re.compile(r'[A-Za-z_]\w*')


class RawRequests(NamedTuple):
    """What a file asks of exchanges without a library."""

    clients: list[Client]
    calls: list[ApiCall]
    is_exact: bool = True
    doubts: tuple[Doubt, ...] = ()


class _SiteRequest(NamedTuple):
    """A site that asks an exchange for something.

    `shown` is its path; the permission is empty where nobody knows it.
    """

    site: Site
    shown: str
    permission: str


UNKNOWN_PATH = 'its path is only known when the program runs, or is none that keylint knows'
UNREAD_MESSAGES = 'what is sent to it is not read'
ONLY_HEADER = 'a key is sent in it, and nothing here says to which paths'


def find_requests(
    module: ast.Module, lines: Lines, path: str, outline: Outline, values: Values
) -> RawRequests:
    """Find the requests of one file, with a client for every exchange that it speaks to."""
    spoken = _select_libraries(values.libraries, lines.data)
    if not spoken:
        return RawRequests([], [])
    sites = find_sites(outline, values, lines)
    found = [_find_library_requests(library, sites, spoken, lines.data, path) for library in spoken]
    sent = _list_sent_headers(module, spoken)
    for place, library in enumerate(spoken):
        raw = found[place]
        if not raw.clients and library.exchange in sent:
            found[place] = _doubt_header(library, *sent[library.exchange], lines, path)
        elif raw.clients and raw.clients[0].has_key:
            named = (
                _find_key_names(module, library.markers) or _find_markers(library, lines.data)[:1]
            )
            raw.clients[0] = raw.clients[0]._replace(references=named)
    return _merge_requests(found)


def _list_sent_headers(
    module: ast.Module, spoken: list[Library]
) -> dict[str | None, tuple[str, ast.expr]]:
    """List the headers of exchanges' own that a file fills, each with its place."""
    owners = {
        header.decode(): library.exchange
        for library in spoken
        for header in list_own_headers(library.markers)
    }
    found: dict[str | None, tuple[str, ast.expr]] = {}
    if not owners:
        return found
    for node in ast.walk(module):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and isinstance(node, ast.Constant) and text in owners:
            found.setdefault(owners[text], (text, node))
    return found


def _doubt_header(
    library: Library, header: str, node: ast.expr, lines: Lines, path: str
) -> RawRequests:
    """Return a client of which nothing is known but that it sends a key."""
    start = lines.offset_in(node.lineno, node.col_offset)
    client = Client(library.exchange, library.id, '', path, start, True, (header,))
    doubt = Doubt(library.exchange, header, ONLY_HEADER, path, start, origins=((path, start),))
    return RawRequests([client], [], True, (doubt,))


def guess_requests(data: bytes, path: str, libraries: Libraries) -> RawRequests:
    """Guess the requests of a file that cannot be parsed, by texts in quotes outside comments.

    Never all there are.
    """
    spoken = _select_libraries(libraries, data)
    sites: list[Site] = []
    start = 0
    lines = data.split(b'\n') if spoken else []
    for line in lines:
        sites += _guess_sites(line, start)
        start += len(line) + 1
    found = [_find_library_requests(library, sites, spoken, data, path) for library in spoken]
    return _merge_requests(found)._replace(is_exact=False)


def _guess_sites(line: bytes, start: int) -> Iterator[Site]:
    """Find quoted paths in a line that starts at the byte `start`; none in a comment."""
    text = line.decode('utf-8', 'surrogateescape')
    if text.lstrip().startswith('#'):
        return
    verb = next((verb for verb in VERBS if verb in text), '')
    for match in _QUOTED.finditer(text):
        before = text[: match.start(2)].encode('utf-8', 'surrogateescape')
        quoted = match.group(2).encode('utf-8', 'surrogateescape').decode('utf-8', 'replace')
        yield Site(PLACEHOLDER.sub(HOLE, quoted), verb, start + len(before))


def _select_libraries(libraries: Libraries, data: bytes) -> list[Library]:
    """Choose the exchanges whose hosts a file names, or the headers that carry their keys."""
    return [
        library
        for library in libraries.raw
        if any(host.encode() in data for host in library.hosts)
        or any(header in data for header in list_own_headers(library.markers))
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
    library: Library, sites: list[Site], spoken: list[Library], data: bytes, path: str
) -> RawRequests:
    """Find the requests to one exchange, with a client for it."""
    bases = _find_bases(library, sites)
    asked = [
        request
        for site in sites
        if (request := _read_request(site, library, spoken, bases)) is not None
    ]
    known = {one.site.start for one in asked if one.permission and not one.site.is_filled}
    asked = [one for one in asked if not (one.site.is_filled and one.site.start in known)]
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
            function=site.function,
        )
        for site, shown, permission in asked
        if permission
    ]
    marks = _find_markers(library, data)
    client = Client(library.exchange, library.id, '', path, first, bool(marks), marks[:1])
    doubts = tuple(
        Doubt(
            library.exchange,
            one.shown,
            UNREAD_MESSAGES if one.shown.startswith('ws') else UNKNOWN_PATH,
            path,
            one.site.start,
            origins=origins,
        )
        for one in asked
        if not one.permission
    )
    return RawRequests([client], calls, not doubts, doubts)


def _read_request(
    site: Site, library: Library, spoken: list[Library], bases: tuple[str, ...]
) -> _SiteRequest | None:
    """Return what a text asks of an exchange, None for what is no request to it."""
    host = next((host for host in library.hosts if host in site.text), None)
    if host is None and (
        '://' in site.text or any(other in site.text for one in spoken for other in one.hosts)
    ):
        return None
    if host is not None and site.text.startswith(('ws://', 'wss://')):
        return (
            None if 'public' in site.text else _SiteRequest(site, site.text.replace(HOLE, '…'), '')
        )
    if host is not None and any(map(str.isspace, site.text.partition(host)[0])):
        return None  # prose that names an address
    path = _path_behind(host, site.text) if host is not None else site.text
    path = re.split(r'[?&#]', path)[0].lstrip(HOLE).rstrip('/')
    if len(path) > 200 or any(char.isspace() for char in path):
        return None
    permission = _find_permission(library, site.verb, path, bases)
    is_known = permission is not None and not path.endswith(HOLE)
    if path.endswith(f'/{HOLE}'):
        permission = _find_permission_of_item(library, site.verb, path, bases)
        is_known = permission is not None
    if permission is not None and is_known:
        return _SiteRequest(site, path.replace(HOLE, '…'), permission)
    is_api = host is not None and not host.startswith('www.')
    return (
        _SiteRequest(site, site.text.replace(HOLE, '…'), '')
        if permission is not None or is_api or (host is not None and HOLE in site.text)
        else None
    )


def _find_permission(library: Library, verb: str, path: str, bases: tuple[str, ...]) -> str | None:
    """Return what a path needs, as it stands or below one of the bases."""
    forms = [path] if path.startswith('/') else list_path_forms(path, bases)
    levels = (library.classify_request(verb, form) for form in forms if path)
    return next((level for level in levels if level is not None), None)


def _find_permission_of_item(
    library: Library, verb: str, path: str, bases: tuple[str, ...]
) -> str | None:
    """Return what a path needs that ends with something's id.

    That is what the path before it needs, unless the id may be the name of an endpoint.
    """
    item = _find_permission(library, verb, path[: -len(HOLE)] + _SOME_ID, bases)
    if verb == 'GET' and item in ('read', 'public'):
        return item
    parent = _find_permission(library, verb, path[: -len(HOLE)].rstrip('/'), bases)
    return item if item == parent else None


def _path_behind(host: str, text: str) -> str:
    """Return the path of an address; a host may be named with the first part of its paths."""
    rest = text.partition(host)[2]
    own = host.partition('/')[2]
    return f'/{own}{rest}' if own else '/' + rest.partition('/')[2]


def _find_bases(library: Library, sites: list[Site]) -> tuple[str, ...]:
    """Return what the paths of a file begin with: as its own addresses say, then the tables."""
    own = [
        _path_behind(host, site.text).rstrip('/')
        for site in sites
        for host in library.hosts
        if host in site.text and HOLE not in site.text and not site.is_filled
    ]
    bases = [path for path in own if path and library.classify_request('', path) is None]
    return tuple(dict.fromkeys((*bases, *library.bases)))


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
