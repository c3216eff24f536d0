"""List the items that a request names, and read them again by their paths."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from keylint.core.blob import Blob, Origin, UnreadFile
from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.report import Failure, Report, Skipped
from keylint.scanner.request import ScanRequest
from keylint.sources import files, index
from keylint.sources.tree_places import place_text

Item = UnreadFile | Blob | Failure | Skipped


def read_listed_files(request: ScanRequest) -> ScanRequest:
    """Return a request with the files that its list names: their trees say how they are read."""
    scope = request.scope
    if scope.mode != 'files-from':
        return request
    listed = tuple(_read_file_list(scope.files_from))
    return request._replace(scope=scope._replace(listed=listed))


def list_items(request: ScanRequest, config: Config, report: Report) -> Sequence[Item]:
    """List what is to be scanned. What is left out on purpose is counted in the report."""
    scope = request.scope
    if scope.mode == 'staged':
        return index.read_staged('.', list(scope.paths), config, report)
    if scope.mode == 'stdin':
        place = place_text(scope.stdin_name) if scope.stdin_name else None
        return [Blob(_read_stdin(), Origin(scope.stdin_name or 'stdin', place=place))]
    paths = list(scope.paths)
    if scope.mode == 'files-from':
        paths += scope.listed
    elif not paths:
        paths = ['.']
    return files.list_files(paths, config, report, scope.includes_ignored)


def path_of_item(item: Item) -> str:
    """Return the path under which an item is reported."""
    return item.origin.path if isinstance(item, Blob) else item.path


def list_tree_paths(items: Sequence[Item]) -> dict[str, str]:
    """Map the reported paths of items to those from the tops of their trees, where they differ."""
    found: dict[str, str] = {}
    for item in items:
        if isinstance(item, UnreadFile | Blob):
            place = item.place if isinstance(item, UnreadFile) else item.origin.place
            path = path_of_item(item)
            if place is not None and place.path != path:
                found[path] = place.path
    return found


def make_reader(items: Sequence[Item]) -> Callable[[str], bytes]:
    """Return a function that reads an item again by its path; it raises OSError if it cannot."""
    by_path = {path_of_item(item): item for item in items}

    def read(path: str) -> bytes:
        item: Item = by_path[path]
        if isinstance(item, UnreadFile):
            item = files.load_file(item)
        if not isinstance(item, Blob):
            raise OSError(f'{path} cannot be read')
        return item.data

    return read


def _read_file_list(name: str) -> list[str]:
    """Read the file names in a list, separated by NUL or by newlines."""
    try:
        data = _read_stdin() if name == '-' else _read_file(name)
    except OSError as error:
        raise SourceError(f'{name}: cannot read the list of files: {error.strerror}') from None
    separator = b'\x00' if b'\x00' in data else b'\n'
    rows = enumerate(data.split(separator), 1)
    found = [(number, os.fsdecode(row.rstrip(b'\r'))) for number, row in rows if row.strip()]
    for number, path in found:
        if not os.path.lexists(path):  # its text is not shown: the list may be no list at all
            raise SourceError(f'{name}: line {number}: no such file or folder')
    return [path for _, path in found]


def _read_stdin() -> bytes:
    """Read all of standard input. Raises SourceError if it is closed: nothing would be scanned."""
    if sys.stdin is None:
        raise SourceError('standard input is closed; there is nothing to scan')
    return sys.stdin.buffer.read()


def _read_file(name: str) -> bytes:
    with open(name, 'rb') as file:
        return file.read()
