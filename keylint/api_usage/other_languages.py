"""Name files of languages that are not read, where they use an exchange: its SDK or its API."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from keylint.api_usage.prefilters import list_own_headers
from keylint.core.records import NamedTuple
from keylint.rules.library_types import LibrarySpec

_ENDINGS = {
    'javascript': ('.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx', '.vue', '.svelte'),
    'unread-python': ('.py', '.pyw', '.ipynb'),
    'go': ('.go',),
    'rust': ('.rs',),
    'java': ('.java', '.kt', '.kts', '.scala', '.groovy'),
    'csharp': ('.cs', '.fs', '.vb'),
    'php': ('.php',),
    'ruby': ('.rb',),
    'swift': ('.swift',),
    'cpp': ('.cpp', '.cc', '.cxx', '.c', '.h', '.hpp'),
    'other': ('.dart', '.ex', '.exs', '.lua', '.r', '.jl', '.pl', '.mq4', '.mq5', '.sh', '.ps1'),
}
_LANGUAGES = {ending: language for language, endings in _ENDINGS.items() for ending in endings}
OTHER_ENDINGS = tuple(_LANGUAGES)
# How a language names a package: what stands before and behind it.
_FORMS = {
    'javascript': (
        r'(?:\b(?:from|import)\s*|\b(?:require|import)\s*\(\s*)[\'"`]',
        r'(?:/[^\'"`\n]*)?[\'"`]',
    ),
    'unread-python': (
        r'(?m)^[^#\n]{0,200}?\b(?:import|from)\s[^#\n]{0,200}?(?<![\w.])',
        r'(?![\w-])',
    ),
    'go': (r'"', r'(?:/[^"\n]*)?"'),
    'rust': (r'\b(?:use|extern crate)\s+(?:::)?', r'\b'),
    'java': (r'\bimport\s+(?:static\s+)?', r'\b'),
    'csharp': (r'\b(?:using|open|Imports)\s+(?:static\s+)?', r'\b'),
    'php': (r'\\?\b(?i:', r')\\'),
    'ruby': (r'\brequire\s*\(?\s*[\'"]', r'(?:/[^\'"\n]*)?[\'"]'),
    'swift': (r'\bimport\s+', r'\b'),
    'cpp': (r'#\s*include\s*[<"]', r'[>"]'),
}
_ADDRESS = re.compile(rb'(?:https?|wss?)://([\w.-]{4,80})(/[^\s\'"`]{0,40})?')
_API = re.compile(r'(?:^|[.-])(?:\w*api\w*|ws\w*|stream\w*|clob|gateway|socket\w*|pro)\d*[.-]')


class UnreadUse(NamedTuple):
    """A file of a language that is not read, and what of exchanges it names."""

    path: str
    uses: str


class _Package(NamedTuple):
    """A package of a library, how a file names it, and what else must stand there."""

    library: str
    name: bytes
    pattern: re.Pattern[bytes]
    sieve: re.Pattern[bytes] | None


class OtherLanguages:
    """The packages of other languages, and the hosts of exchanges.

    `hosts` has each with the exchange.
    """

    def __init__(self, specs: Sequence[LibrarySpec], hosts: Iterable[tuple[str, str]]) -> None:
        self._hosts = dict(hosts)
        self._read_hosts = tuple(host for spec in specs for host in spec.hosts)
        self._headers = tuple(header for spec in specs for header in list_own_headers(spec.markers))
        self._packages: dict[str, list[_Package]] = {}
        for spec in specs:
            if spec.language not in _FORMS:
                continue
            before, behind = _FORMS[spec.language]
            sieve = re.compile(spec.sieve.encode()) if spec.sieve else None
            for module in spec.modules:
                pattern = re.compile((before + re.escape(module) + behind).encode())
                row = _Package(spec.id, module.encode(), pattern, sieve)
                self._packages.setdefault(spec.language, []).append(row)

    def may_be_read(self, path: str, data: bytes) -> bool:
        """Tell whether a file names a package, or a host that there is a table of paths for."""
        return (
            next(self._find_packages(path, data), None) is not None
            or any(host.encode() in data for host in self._read_hosts)
            or any(header in data for header in self._headers)
        )

    def _find_packages(self, path: str, data: bytes) -> Iterator[_Package]:
        lowered = data.lower()
        for one in self._packages.get(_LANGUAGES.get(path[path.rfind('.') :].lower(), ''), ()):
            is_named = one.name.lower() in lowered and one.pattern.search(data) is not None
            if is_named and (one.sieve is None or one.sieve.search(data)):
                yield one

    def find_use(
        self, path: str, data: bytes, known: Container[str] | None = None
    ) -> UnreadUse | None:
        """Return what of exchanges a file names: the first package, else the first host.

        `known` are ids of libraries whose clients the tree's code is known to use, for a file that
        was read.
        """
        language = _LANGUAGES.get(path[path.rfind('.') :].lower(), '')
        for one in self._find_packages(path, data):
            if known is None or one.library not in known:
                return UnreadUse(path, one.name.decode())
        is_read = language == 'unread-python' or known is not None
        for match in _ADDRESS.finditer(data):
            host, rest = match.group(1).decode('ascii', 'replace').lower(), match.group(2) or b''
            if is_read and any(own in host for own in self._read_hosts):
                continue
            if _API.search(f'{host}.') or b'/api' in rest:
                exchange = self._find_exchange(host)
                if exchange:
                    return UnreadUse(path, host)
        return None

    def _find_exchange(self, host: str) -> str:
        """Return the exchange that a host or one above it belongs to."""
        parts = host.split('.')
        above = ('.'.join(parts[start:]) for start in range(len(parts) - 1))
        return next((self._hosts[name] for name in above if name in self._hosts), '')
