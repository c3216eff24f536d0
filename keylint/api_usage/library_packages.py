"""Recognise the package of a library in a tree: what it calls is no need of a bot's key.

A wheel that was unpacked, or a copy beside a bot: hundreds of files that define the clients, each
of which imports the library as a bot does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from keylint.api_usage.methods import Libraries
from keylint.core.records import NamedTuple

_INIT = '/__init__.py'
# A bot's own folder of that name wraps a few exchanges; the library has more than a hundred.
_MIN_CLIENTS = 10
_CLASS = re.compile(rb'^class (\w+)\((\w+)[,)]', re.MULTILINE)
_IMPORT = rb'^from (\w[\w.]*) import [^\n]*\b%s\b'
# Behind the module's name: a client of a named exchange is built, or one is looked up by its name.
_BUILDS = re.compile(rb'(?:\.\w+)*\.(?!Exchange\b)\w+\([^)\n]|(?:\.\w+)*\.__dict__')
_LOOKS_UP = re.compile(rb'\b(?:getattr|vars)\(\s*\Z')
_LOOK_UP_BYTES = 24


class LibraryPackage(NamedTuple):
    """A folder of a tree that is a library's package, with a slash behind it, and the module."""

    folder: str
    module: str

    def holds(self, path: str) -> bool:
        """Tell whether a file is one of the package's."""
        return path.startswith(self.folder)

    def is_bot(self, data: bytes) -> bool:
        """Tell whether a file in the package builds a client all the same, as a bot does."""
        name = self.module.encode()
        place = data.find(name)
        while place >= 0:
            end = place + len(name)
            before, behind = data[max(0, place - 1) : place], data[end : end + 1]
            is_word = not (_is_word_byte(before) or _is_word_byte(behind))
            if is_word and (
                _BUILDS.match(data, end)
                or _LOOKS_UP.search(data, max(0, place - _LOOK_UP_BYTES), place)
            ):
                return True
            place = data.find(name, end)
        return False


def _is_word_byte(char: bytes) -> bool:
    return char.isalnum() or char == b'_'


def find_library_packages(
    paths: Sequence[str], read: Callable[[str], bytes | None], libraries: Libraries
) -> list[LibraryPackage]:
    """Find the folders that are the packages of libraries whose classes are named as exchanges.

    Such a folder has the library's name and stands in no other package, and its modules define
    clients that derive from what the package itself holds.
    """
    modules = libraries.list_modules()
    starts = [path for path in paths if path.rpartition(_INIT)[0].rpartition('/')[2] in modules]
    if not starts:
        return []
    known = frozenset(paths)
    found = []
    for start in starts:
        folder = start.removesuffix('__init__.py')
        above, _, module = folder.rstrip('/').rpartition('/')
        is_top = (above + _INIT if above else '__init__.py') not in known
        if is_top and _has_clients(folder, module, known, read, libraries):
            found.append(LibraryPackage(folder, module))
    return found


def _has_clients(
    folder: str,
    module: str,
    known: frozenset[str],
    read: Callable[[str], bytes | None],
    libraries: Libraries,
) -> bool:
    """Tell whether enough files of a folder define the clients that they are named after."""
    count = 0
    for path in _list_modules(folder, module, known, libraries):
        name = path[len(folder) :].removesuffix('.py').encode()
        data = read(path) or b''
        bases = [base for own, base in _CLASS.findall(data) if own == name]
        if any(_is_held(base, data, folder, module, known) for base in bases):
            count += 1
            if count == _MIN_CLIENTS:
                return True
    return False


def _list_modules(
    folder: str, module: str, known: frozenset[str], libraries: Libraries
) -> Iterator[str]:
    for path in sorted(known):
        name = path[len(folder) :].removesuffix('.py') if path.startswith(folder) else ''
        is_module = path.endswith('.py') and name.isidentifier()
        if is_module and libraries.find_client_class(f'{module}.{name}') is not None:
            yield path


def _is_held(base: bytes, data: bytes, folder: str, module: str, known: frozenset[str]) -> bool:
    """Tell whether a base is imported from a module of the package that is there."""
    for match in re.finditer(_IMPORT % re.escape(base), data, re.MULTILINE):
        first, _, rest = match[1].decode('ascii', 'replace').partition('.')
        held = folder + rest.replace('.', '/')
        if first == module and rest and not known.isdisjoint((held + '.py', held + _INIT)):
            return True
    return False
