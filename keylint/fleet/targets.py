"""Read which repositories a fleet has: folders that hold them, and lists of them.

Targets are read one by one, so that a list of a hundred thousand is never held in memory.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import IO

from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.reporters.painter import strip_controls

_FIELDS = frozenset(('name', 'path', 'team', 'tags'))
# Longer lines are no path and no description of a repository.
_MAX_LINE_BYTES = 1 << 16


class FleetTarget(NamedTuple):
    """A repository of a fleet: the name by which reports call it, its absolute path, its owners."""

    name: str
    path: str
    team: str = ''
    tags: tuple[str, ...] = ()


def read_targets(sources: Iterable[str]) -> Iterator[FleetTarget]:
    """Yield the repositories that folders hold and lists name, in the order of the arguments.

    `-` is a list on standard input. Raises SourceError for what is neither folder nor list, for a
    wrong line of a list, and for a folder without a repository: nobody must take that for clean.
    """
    for source in sources:
        if source == '-':
            yield from _read_list('standard input', _read_standard_input(), os.getcwd())
        elif os.path.isdir(source):
            yield from _read_folder(source)
        elif os.path.isfile(source):
            with _open_list(source) as lines:
                yield from _read_list(source, lines, os.path.dirname(os.path.abspath(source)))
        else:
            raise SourceError(f'{source}: neither a folder of repositories nor a list of them')


def _read_folder(source: str) -> Iterator[FleetTarget]:
    is_empty = True
    for path in find_repositories(os.path.abspath(source)):
        is_empty = False
        yield make_target(path)
    if is_empty:
        raise SourceError(f'{source}: no repository in this folder or below it')


def find_repositories(top: str) -> Iterator[str]:
    """Yield the clones and bare repositories at a folder or below it, in the order of their names.

    What lies within a repository belongs to it. Links are not followed. A folder that cannot be
    listed is yielded as if it were a repository: its scan names the reason.
    """
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as rows:
                entries = sorted(rows, key=lambda entry: entry.name)
        except OSError:
            yield folder
            continue
        names = {entry.name for entry in entries}
        if '.git' in names or {'HEAD', 'objects', 'refs'} <= names:
            yield folder
            continue
        waiting += [
            entry.path for entry in reversed(entries) if entry.is_dir(follow_symlinks=False)
        ]


@contextmanager
def _open_list(source: str) -> Iterator[IO[bytes]]:
    """Open a list. Raises SourceError if it cannot be read."""
    try:
        with open(source, 'rb') as file:
            yield file
    except OSError as error:
        raise SourceError(f'{source}: cannot read the list: {error.strerror}') from None


def _read_standard_input() -> IO[bytes]:
    """Return standard input. Raises SourceError if it is closed: nothing would be scanned."""
    if sys.stdin is None:
        raise SourceError('standard input is closed; there is no list to read')
    return sys.stdin.buffer


def _read_list(source: str, lines: IO[bytes], folder: str) -> Iterator[FleetTarget]:
    """Yield the targets of a list; relative paths in it count from `folder`."""
    number, is_empty = 0, True
    while line := lines.readline(_MAX_LINE_BYTES + 2):
        number += 1
        text = line.strip()
        if not text or text.startswith(b'#'):
            continue
        try:
            target = _parse_line(text, folder)
        except ValueError as error:
            raise SourceError(f'{source}: line {number}: {error}') from None
        is_empty = False
        yield target
    if is_empty:
        raise SourceError(f'{source}: the list names no repository')


def _parse_line(text: bytes, folder: str) -> FleetTarget:
    """Parse a path, or a JSON object. Raises ValueError that says what is wrong."""
    if len(text) > _MAX_LINE_BYTES:
        raise ValueError('longer than a path can be')
    if not text.startswith(b'{'):
        if b'\x00' in text:
            raise ValueError('neither a path nor a JSON object')
        return make_target(os.path.join(folder, os.fsdecode(text)))
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError('not a JSON object') from None
    unknown = sorted(given.keys() - _FIELDS)
    if unknown:
        raise ValueError(f'unknown field; allowed: {", ".join(sorted(_FIELDS))}')
    tags = given.get('tags', [])
    texts = [given.get('path', ''), given.get('name', ''), given.get('team', '')]
    if not isinstance(tags, list) or not all(isinstance(one, str) for one in (*texts, *tags)):
        raise ValueError('name, path and team are texts, tags is a list of texts')
    path, name, team = texts
    if not path or '\x00' in path:
        raise ValueError('`path` is missing')
    return make_target(os.path.join(folder, path), name, team, tuple(tags))


def make_target(
    path: str, name: str = '', team: str = '', tags: tuple[str, ...] = ()
) -> FleetTarget:
    """Make a target; without a name of its own it is called by its path.

    Names go into a database, where they tell repositories apart: control characters are taken out
    of them, what looks like a value only where they are shown.
    """
    whole = os.path.normpath(os.path.abspath(path))
    shown = strip_controls(name or whole)
    return FleetTarget(
        shown, whole, strip_controls(team), tuple(sorted(set(map(strip_controls, tags))))
    )


def identify_target(name: str) -> bytes:
    """Return what tells a repository from others in a store, from run to run."""
    return blake2b(name.encode('utf-8', 'surrogateescape'), digest_size=16).digest()
