"""Look at a file's bytes before it is read as code: most files use no exchange."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Protocol

TELLING = (
    r'(?:create|place|submit|cancel|edit|amend|fetch|get|set|new)_?\w{0,60}'
    r'(?:order|orders|balance|position|positions|leverage|trades)\w{0,60}|\w{0,60}withdraw\w{0,60}'
    r'|(?:universal_?|internal_?|sub_?account_?|inner_?|flex_?)?transfer\w{0,60}'
    r'|order_(?:limit|market|oco)\w{0,60}'
    r'|futures_\w{1,60}|query_private'
)


class NamedLibrary(Protocol):
    """What a file may name of a library."""

    modules: tuple[str, ...]
    hosts: tuple[str, ...]
    markers: tuple[str, ...]


# `X-MBX-APIKEY`, `OK-ACCESS-KEY`. Those of Coinbase's products are the same.
_OWN_HEADER = re.compile(r'(?!CB-)[A-Z]{1,4}(?:-[A-Z]+)?-[A-Z]+-?(?:API)?-?(?:KEY|KEY-ID|SIGN)')


def list_own_headers(headers: Iterable[str]) -> list[bytes]:
    """List the headers that no other exchange has: the host may be named in another file."""
    return [header.encode() for header in headers if _OWN_HEADER.fullmatch(header)]


# What may stand before a library's name where it is imported: `import os, `, `try: from `.
_IMPORT = re.compile(rb'^[^#]*\b(?:import|from)\b[^#]*$')
_DYNAMIC_IMPORT = re.compile(rb'\b(?:import_module|__import__)\b')
_CONTINUED = re.compile(rb'\\\r?\n')
_MAX_IMPORT_BYTES = 400


def _is_imported(data: bytes, start: int) -> bool:
    """Tell whether the name at a byte stands behind `import` or `from` on its logical line."""
    before = _CONTINUED.sub(b' ', data[max(0, start - _MAX_IMPORT_BYTES) : start])
    return _IMPORT.search(before[before.rfind(b'\n') + 1 :]) is not None


class LibraryPrefilter:
    """A cheap look at a file's bytes.

    Does it import an exchange's library, or speak to an exchange's host itself?
    """

    def __init__(self, libraries: Sequence[NamedLibrary]) -> None:
        roots = sorted(
            {module.split('.')[0] for library in libraries for module in library.modules}
        )
        names = b'|'.join(root.encode() for root in roots)
        self._names = re.compile(rb'(?<![\w.])(?:' + names + rb')\b(?!\.base\b)')
        self._quoted = re.compile(rb'[\'"](?:' + names + rb')\b')
        self._words = tuple(root.encode() for root in roots)
        self._hosts = tuple(
            text
            for library in libraries
            for text in (*map(str.encode, library.hosts), *list_own_headers(library.markers))
        )

    def may_match(self, data: bytes) -> bool:
        """Tell whether the file deserves to be read as code."""
        if any(word in data for word in self._words):
            if any(_is_imported(data, match.start()) for match in self._names.finditer(data)):
                return True
            if _DYNAMIC_IMPORT.search(data) and self._quoted.search(data):
                return True
        # Loops, because this runs over every file of a tree.
        for host in self._hosts:  # noqa: SIM110
            if host in data:
                return True
        return False


_IS_TELLING = re.compile(rb'(?i)' + TELLING.encode())
_CALLED = re.compile(rb'\.(\w++)\(')
_DEFINED_IN_PYTHON = re.compile(rb'\b(?:def|class)[ \t]+(\w++)')


@lru_cache(maxsize=65_536)
def _is_telling(name: bytes) -> bool:
    return _IS_TELLING.fullmatch(name) is not None


class ClientUsePrefilter:
    """A cheap look at files without a library.

    Do they call something telling, or define what other files give their clients to?
    """

    def __init__(self, callees: Iterable[str] = (), *, has_calls: bool = True) -> None:
        self._callees = frozenset(name.encode() for name in callees)
        self._has_calls = has_calls

    @cached_property
    def _definitions(self) -> re.Pattern[bytes]:
        found = b'|'.join(re.escape(name) for name in sorted(self._callees))
        return re.compile(
            rb'\b(?:def|class)[ \t]+(?:' + found + rb')\b'
            rb'|\b(?:function|func|fn|fun|impl|const|let|var)[ \t]+(?:\([^)\n]{0,80}\)[ \t]*)?(?:'
            + found
            + rb')\b|(?m:^[ \t]*(?:(?:async|public|private|protected|static|override|internal'
            rb'|final)[ \t]+(?:[\w<>\[\],.?]+[ \t]+)?)+(?:' + found + rb')\b[ \t]*[(<])'
            rb'|(?m:^[ \t]*(?:' + found + rb')\([^\n]*\)[^\n;]*\{[ \t]*$)'
        )

    def may_match(self, data: bytes, is_python: bool) -> bool:
        """Tell whether the file deserves to be read as code."""
        if self._has_calls and any(map(_is_telling, set(_CALLED.findall(data)))):
            return True
        if is_python:
            return not self._callees.isdisjoint(_DEFINED_IN_PYTHON.findall(data))
        return bool(self._callees) and self._definitions.search(data) is not None
