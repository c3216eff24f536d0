"""List what a tree imports, and its name, from its work tree: the same for every kind of scan.

The result does not depend on the paths that are scanned. It covers dependency files and the import
lines of programs, but not folders of installed packages. In a bare repository the files of HEAD are
read.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.packages import is_installed_package
from keylint.sources import git
from keylint.sources.files import LEFT_OUT, OPEN_FLAGS
from keylint.sources.objects import ObjectReader

# Limits on how much of a tree is read: enough to recognise a bot, in about 30 ms at most.
_MAX_FILES = 400
_MAX_FILE_BYTES = 1 << 16
_MAX_WALKED_FILES = 4000
_PROGRAMS = frozenset(
    'py pyw ipynb js jsx mjs cjs ts tsx go rs java kt scala cs rb php swift vue svelte'.split()
)
_LISTS = defer_regex(
    r'(?:requirements[\w.-]*\.(?:txt|in)|environment\.ya?ml|go\.mod|Gemfile)$', re.IGNORECASE
)
_TABLES = ('pyproject.toml', 'Pipfile', 'Cargo.toml', 'package.json', 'composer.json')
_NAME_OF_TABLE = defer_regex(r'dependencies|dependency-groups|packages$|^require(?:-dev)?$', re.I)
_LISTED = defer_regex(rb'^[ \t]*(?:-[ \t]+|require[ \t]+|gem[ \t]+[\'"])?([\w@][\w.@/-]*)', re.M)
_REQUIREMENT = defer_regex(r'[\w.-]+')
# The module of an import line in Python, in languages that quote it, and in Go's lists; and the
# class of an exchange in ccxt.
_IMPORTS = defer_regex(
    rb"""
    ^[ \t"]*from[ \t]+([\w.]+)[ \t]+import\b
    | ^[ \t"]*(?:import|using|use)[ \t]+(?:static[ \t]+)?([\w.:\\]+(?:[ \t]*,[ \t]*[\w.]+)*)
    | (?:\bfrom|\brequire\(|\bimport\(?)[ \t]*["'`]([^"'`\n]{1,100})["'`]
    | ^[ \t]+(?:[\w.]+[ \t]+)?"((?:[\w-]+\.)+\w+/[\w./-]{1,100})"[ \t]*$
    | \bccxt(?:\.\w+)?\.([a-z]\w{1,20})\(
    """,
    re.MULTILINE | re.VERBOSE,
)
_LINKED = defer_regex(r'gitdir: (.*)/\.git/worktrees/[^/\n]+$')

ReadFiles = Callable[[Sequence[str]], Iterator[tuple[str, bytes]]]


def list_imports(root: str) -> frozenset[str]:
    """List the names of the modules and packages that the files of a tree import."""
    names, read = _open_tree(root)
    found: set[str] = set()
    for name, data in read(sorted(filter(_is_telling, names), key=_rank)[:_MAX_FILES]):
        found.update(_list_names(name, data[:_MAX_FILE_BYTES]))
    return frozenset(found)


def read_tree_name(root: str) -> str:
    """Return the name of a repository at its remote, else the name of its folder.

    A clone may be in a folder of any name.
    """
    if _is_repository(root):
        answer = git.try_git(root, 'config', '--get', 'remote.origin.url')
        address = answer.output.decode('utf-8', 'replace').strip().rstrip('/')
        if address:
            return re.split(r'[/:]', address)[-1].removesuffix('.git')
    return os.path.basename(_find_main_folder(root)).removesuffix('.git')


def _find_main_folder(root: str) -> str:
    """Return the folder of the main work tree: a linked one may have any name."""
    linked = _LINKED.match(_read_below(root, '.git').decode('utf-8', 'surrogateescape'))
    return linked[1] if linked else root


def _is_repository(root: str) -> bool:
    return os.path.exists(os.path.join(root, '.git')) or _is_bare(root)


def _is_bare(root: str) -> bool:
    return os.path.isfile(os.path.join(root, 'HEAD')) and os.path.isdir(
        os.path.join(root, 'objects')
    )


def _open_tree(root: str) -> tuple[Iterable[str], ReadFiles]:
    """Return the names of the files of a tree, and a function that reads some of them."""

    def read_files(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        return ((name, _read_below(root, name)) for name in names)

    if os.path.exists(os.path.join(root, '.git')):
        options = ('-z', '--cached', '--others', '--exclude-standard', '--deduplicate')
        return _split(git.try_git(root, 'ls-files', *options).output), read_files
    if _is_bare(root):
        return _open_head(root)
    return _walk(root), read_files


def _open_head(root: str) -> tuple[Iterable[str], ReadFiles]:
    """Return the names of the files of HEAD, and a function that reads some of them."""
    rows = _split(git.try_git(root, 'ls-tree', '-r', '-z', 'HEAD').output)
    ids = {
        name: about.rpartition(' ')[2] for about, _, name in (row.partition('\t') for row in rows)
    }

    def read_objects(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        with ObjectReader(root) as reader:
            objects = reader.read([ids[name] for name in names])
            for name, (_, data) in zip(names, objects, strict=False):
                yield name, data or b''

    return ids, read_objects


def _split(listing: bytes) -> list[str]:
    return [os.fsdecode(name) for name in listing.split(b'\x00') if name]


def _walk(root: str) -> Iterator[str]:
    """List the files below a folder that is not a repository; for a large one, the first."""
    count = 0
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(set(inner) - LEFT_OUT)
        for name in sorted(names):
            count += 1
            if count > _MAX_WALKED_FILES:
                return
            yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, '/')


def _read_below(root: str, name: str) -> bytes:
    """Read the beginning of a file of the work tree; empty if it cannot be read."""
    try:
        handle = os.open(os.path.join(root, name), OPEN_FLAGS)
        try:
            return os.read(handle, _MAX_FILE_BYTES)
        finally:
            os.close(handle)
    except OSError:
        return b''


def _is_telling(name: str) -> bool:
    """Tell whether a file may contain the tree's own imports or dependencies."""
    file = name.rpartition('/')[2]
    return not is_installed_package(name) and (
        file.rpartition('.')[2] in _PROGRAMS or file in _TABLES or _LISTS.match(file) is not None
    )


def _rank(name: str) -> tuple[bool, int, str]:
    """Rank dependency files first, then files near the top of the tree."""
    file = name.rpartition('/')[2]
    return file.rpartition('.')[2] in _PROGRAMS, name.count('/'), name


def _list_names(name: str, data: bytes) -> Iterator[str]:
    file = name.rpartition('/')[2]
    if file in _TABLES:
        yield from _list_dependencies(file, data)
    elif _LISTS.match(file):
        yield from (found[1].decode('utf-8', 'replace') for found in _LISTED.finditer(data))
    else:
        for match in _IMPORTS.finditer(data):
            yield next(group for group in match.groups() if group).decode('utf-8', 'replace')


def _list_dependencies(file: str, data: bytes) -> Iterator[str]:
    """List the names in a project file's dependency tables; none if the file is broken."""
    try:
        text = data.decode()
        tree = json.loads(text) if file.endswith('.json') else tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    waiting = [tree] if isinstance(tree, dict) else []
    while waiting:
        for key, value in waiting.pop().items():
            if _NAME_OF_TABLE.search(key):
                yield from _list_keys(value)
            elif isinstance(value, dict):
                waiting.append(value)


def _list_keys(value: object) -> Iterator[str]:
    """List the names in a table, or the names at the start of a list's entries."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if isinstance(inner, list | dict):
                yield from _list_keys(inner)
    elif isinstance(value, list):
        for entry in value:
            if isinstance(entry, str) and (name := _REQUIREMENT.match(entry)):
                yield name[0]
