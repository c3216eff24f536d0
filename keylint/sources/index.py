"""The index of a repository: what the next commit will hold, not what the work tree holds. Writes nothing to `.git`.

What was just staged lies in files of its own and is read from there; git is started for the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.relative_paths import path_from_root
from keylint.core.report import Failure, Report
from keylint.sources import git, max_file_bytes
from keylint.sources import loose_objects as loose

_LINKS = (b'120000', b'160000')


def read_staged(
    folder: str, paths: list[str], config: Config, report: Report
) -> list[Blob | Failure]:
    """The staged content of files that differ from HEAD, or of exactly `paths` when some are given.

    Raises SourceError outside a repository.
    """
    top = git.find_work_tree(folder)
    if top is None:
        raise SourceError(f'{folder}: --staged needs a git repository')
    entries = _given(folder, top, paths, report) if paths else _changed(top)
    wanted = [
        (name, object_id) for name, object_id in entries if not _is_excluded(name, config, report)
    ]
    return list(_contents(top, wanted, max_file_bytes(config)))


def _is_excluded(name: str, config: Config, report: Report) -> bool:
    if config.is_excluded(name):
        report.skip('excluded by configuration')
        return True
    return False


def _changed(top: str) -> list[tuple[str, str]]:
    """Path and object id of every staged addition, change, rename or merge result."""
    base = 'HEAD' if git.resolve_head(top) else git.find_empty_tree(top)
    listing = git.run_git(
        top,
        'diff-index',
        '--cached',
        '--raw',
        '-z',
        '--no-renames',
        '--no-abbrev',
        '--no-ext-diff',
        base,
        '--',
    )
    fields = listing.split(b'\x00')
    found = []
    for meta, name in zip(fields[0::2], fields[1::2], strict=False):
        _, mode, _, object_id, status = meta.split(b' ')
        if status[:1] not in (b'D', b'U') and mode not in _LINKS:
            found.append((name.decode('utf-8', 'surrogateescape'), object_id.decode()))
    return found


def _given(folder: str, top: str, paths: list[str], report: Report) -> list[tuple[str, str]]:
    """Read the index entries of the given paths, by their names from the top of the repository.

    A path that git does not track is a failure: nobody would look at it.
    """
    listing = git.run_git(folder, 'ls-files', '--full-name', '--stage', '-z', '--', *paths)
    found, seen = [], set()
    for entry in listing.split(b'\x00'):
        if entry:
            meta, name = entry.split(b'\t', 1)
            mode, object_id, stage = meta.split(b' ')
            shown = name.decode('utf-8', 'surrogateescape')
            seen.add(shown)
            if mode not in _LINKS and stage in (b'0', b'2', b'3'):
                found.append((shown, object_id.decode()))
    for path in paths:
        inner = path_from_root(path, top, os.path.realpath(folder))
        is_known = inner == '.' or inner in seen or any(s.startswith(f'{inner}/') for s in seen)
        if not is_known:
            report.failures.append(Failure(inner, 'read', 'not in the index: git add it first'))
    return found


def _contents(top: str, entries: list[tuple[str, str]], most: int) -> Iterator[Blob | Failure]:
    """The blobs of the entries, in their order."""
    objects = os.path.join(top, '.git', 'objects')
    near = {
        object_id: data
        for _, object_id in entries
        if (data := loose.read_loose_blob(objects, object_id, most)) is not None
    }
    rest = [entry for entry in entries if entry[1] not in near]
    far = dict(zip(rest, _asked(top, rest, most), strict=True))
    for name, object_id in entries:
        yield Blob(near[object_id], Origin(name)) if object_id in near else far[name, object_id]


def _asked(top: str, entries: list[tuple[str, str]], most: int) -> Iterator[Blob | Failure]:
    """Read blobs of the object database: each under its own name, also behind a broken one."""
    if not entries:
        return
    from keylint.sources.objects import ObjectReader  # noqa: PLC0415 - not for what was just staged

    with ObjectReader(top) as reader:
        contents = reader.read([object_id for _, object_id in entries])
        for (name, _), (object_id, data) in zip(entries, contents, strict=True):
            if data is None:
                why = f'object {object_id[:12]} is missing from the repository or broken'
                yield Failure(name, 'read', why)
            elif len(data) > most:
                yield Failure(name, 'read', f'larger than {most // 1024 // 1024} MB')
            else:
                yield Blob(data, Origin(name))
