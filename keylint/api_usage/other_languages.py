"""Name files of languages that are not read, where they use an exchange: its SDK or its API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

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
    'javascript': (r'[\'"`]', r'(?:/[^\'"`\n]*)?[\'"`]'),
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


class OtherLanguages:
    """The packages of other languages, and the hosts of exchanges.

    `hosts` has each with the exchange.
    """

    def __init__(self, specs: Sequence[LibrarySpec], hosts: Iterable[tuple[str, str]]) -> None:
        self._hosts = dict(hosts)
        self._read_hosts = tuple(host for spec in specs for host in spec.hosts)
        self._packages: dict[str, list[tuple[bytes, re.Pattern[bytes], re.Pattern[bytes] | None]]]
        self._packages = {}
        for spec in specs:
            before, behind = _FORMS.get(spec.language, ('', ''))
            classes = re.compile(spec.classes.encode()) if spec.classes and before else None
            for module in spec.modules if before else ():
                pattern = re.compile((before + re.escape(module) + behind).encode())
                row = module.encode(), pattern, classes
                self._packages.setdefault(spec.language, []).append(row)

    def find_use(self, path: str, data: bytes) -> UnreadUse | None:
        """Return what of exchanges a file names: the first package, else the first host."""
        language = _LANGUAGES.get(path[path.rfind('.') :].lower(), '')
        lowered = data.lower()
        for name, pattern, classes in self._packages.get(language, ()):
            is_named = name.lower() in lowered and pattern.search(data) is not None
            if is_named and (classes is None or classes.search(data)):
                return UnreadUse(path, name.decode())
        for match in _ADDRESS.finditer(data):
            host, rest = match.group(1).decode('ascii', 'replace').lower(), match.group(2) or b''
            if language == 'unread-python' and any(own in host for own in self._read_hosts):
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
