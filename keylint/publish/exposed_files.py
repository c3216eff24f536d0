"""Find files that should not be published: by name, size, outputs, and gaps of .gitignore."""

from __future__ import annotations

import os
from collections.abc import Iterator

from keylint.core.errors import SourceError
from keylint.history.repository import Repository
from keylint.publish.exposures import LOOK, STOP, Exposure
from keylint.publish.file_kinds import find_file_kind
from keylint.readers.notebook import read_fragments
from keylint.sources import git
from keylint.sources.objects import ObjectReader

_MB = 1 << 20
LARGE_FILE_BYTES = 5 * _MB
# GitHub refuses files of this size: docs.github.com, "About large files on GitHub".
REFUSED_FILE_BYTES = 100 * _MB


def list_work_tree(top: str, *which: str) -> list[str]:
    """List paths of the work tree as `git ls-files` does; `which` are its options."""
    listing = git.run_git(top, 'ls-files', '-z', *which)
    return [os.fsdecode(name) for name in listing.split(b'\x00') if name]


def list_present_files(folder: str, top: str | None) -> dict[str, str]:
    """List the files of the next commit with their blobs, those of HEAD in a bare repository.

    Links and submodules are left out.
    """
    if top is not None:
        listing = git.run_git(top, 'ls-files', '--stage', '-z', '--full-name')
        return _parse_listing(listing, 1)
    try:
        listing = git.run_git(folder, 'ls-tree', '-r', '-z', '--full-tree', 'HEAD')
    except SourceError:
        return {}  # nothing is committed yet
    return _parse_listing(listing, 2)


def _parse_listing(listing: bytes, id_field: int) -> dict[str, str]:
    """Read path and blob of regular files; `id_field` is the index of the id before the tab."""
    found = {}
    for entry in listing.split(b'\x00'):
        meta, _, path = entry.partition(b'\t')
        if meta.startswith(b'100'):
            found[os.fsdecode(path)] = meta.split(b' ')[id_field].decode()
    return found


def find_by_name(repository: Repository, present: dict[str, str]) -> Iterator[Exposure]:
    """Find files of known kinds, tracked or in the history."""
    paths = {path for _, path in repository.changes.named()} | set(present)
    for path in paths:
        kind = find_file_kind(path)
        if kind is not None:
            seat = 'tracked' if path in present else 'history'
            yield Exposure(kind.id, kind.level, path, kind.what, seat)


def find_by_size(repository: Repository) -> Iterator[Exposure]:
    """Find large files, each by its largest version."""
    largest: dict[str, int] = {}
    for blob, path in repository.changes.named():
        item = repository.objects.get(blob.decode())
        if item is not None and item.size >= LARGE_FILE_BYTES:
            largest[path] = max(item.size, largest.get(path, 0))
    for path, size in largest.items():
        is_refused = size >= REFUSED_FILE_BYTES
        why = ': GitHub refuses files above 100 MB' if is_refused else ' in every clone'
        level = STOP if is_refused else LOOK
        yield Exposure('large-file', level, path, f'{size / _MB:.0f} MB{why}', 'history')


def find_notebook_outputs(
    repository: Repository, present: dict[str, str], reader: ObjectReader
) -> Iterator[Exposure]:
    """Find notebooks that hold outputs, in any of their versions."""
    versions: dict[str, set[str]] = {}
    for blob, path in repository.changes.named():
        if path.endswith('.ipynb') and blob.decode() in repository.objects:
            versions.setdefault(path, set()).add(blob.decode())
    for path, name in present.items():
        if path.endswith('.ipynb'):
            versions.setdefault(path, set()).add(name)
    for path, names in versions.items():
        holding = [name for name, data in reader.read(sorted(names)) if data and has_outputs(data)]
        if holding:
            seat = 'tracked' if present.get(path) in holding else 'history'
            what = 'a notebook with outputs: balances, orders and answers of the exchange'
            yield Exposure('notebook-output', LOOK, path, what, seat)


def has_outputs(data: bytes) -> bool:
    """Tell whether a notebook holds outputs of its cells."""
    return b'"outputs"' in data and any(
        part.cell is not None and part.cell.part == 'output' for part in read_fragments(data) or ()
    )


def find_ignore_gaps(top: str, present: dict[str, str]) -> Iterator[Exposure]:
    """Find files that .gitignore names and git tracks, and files that neither of them knows."""
    for path in list_work_tree(top, '--cached', '--ignored', '--exclude-standard'):
        what = 'ignored, and tracked all the same: every commit takes it along'
        yield Exposure('ignored-but-tracked', LOOK, path, what, 'tracked')
    for path in list_work_tree(top, '--others', '--exclude-per-directory=.gitignore'):
        if path in present:
            continue
        kind = find_file_kind(path)
        if kind is not None:
            what = f'{kind.what}; .gitignore does not cover it'
            yield Exposure(kind.id, kind.level, path, what, 'untracked')
        else:
            what = 'not tracked, and .gitignore does not cover it: `git add .` takes it along'
            yield Exposure('untracked', LOOK, path, what, 'untracked')
