"""The index of a repository: the content of the next commit, not of the work tree.

Nothing is written to `.git`. Objects that were just staged are files of their own and are read
directly; git is started only for the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from keylint.core.blob import Blob, Origin, TreePlace
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
    """Read the staged content of files that differ from HEAD, or of exactly `paths` if given.

    Raises SourceError outside a repository.
    """
    top = git.find_work_tree(folder)
    if top is None:
        raise SourceError(f'{folder}: --staged needs a git repository')
    entries = _list_given(folder, top, paths, report) if paths else _list_changed(top)
    wanted = [
        (name, object_id) for name, object_id in entries if not _is_excluded(name, config, report)
    ]
    return list(_read_blobs(top, wanted, max_file_bytes(config)))


def _is_excluded(name: str, config: Config, report: Report) -> bool:
    if config.is_excluded(name):
        report.skip('excluded by configuration')
        return True
    return False


def _list_changed(top: str) -> list[tuple[str, str]]:
    """List the path and object id of every staged addition, change, rename or merge result."""
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


def _list_given(folder: str, top: str, paths: list[str], report: Report) -> list[tuple[str, str]]:
    """List the index entries of the given paths, by their names from the top of the repository.

    A path that git does not track is a failure: otherwise it would go unscanned.
    """
    # A file may be called `:x.py` or `*.py`.
    names = ('--literal-pathspecs', 'ls-files', '--full-name', '--stage', '-z', '--', *paths)
    listing = git.run_git(folder, *names)
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


def _read_blobs(
    top: str, entries: list[tuple[str, str]], max_bytes: int
) -> Iterator[Blob | Failure]:
    """Yield the blobs of the entries, in their order."""
    objects = os.path.join(top, '.git', 'objects')
    near = {
        object_id: data
        for _, object_id in entries
        if (data := loose.read_loose_blob(objects, object_id, max_bytes)) is not None
    }
    rest = [entry for entry in entries if entry[1] not in near]
    far = dict(zip(rest, _ask_git(top, rest, max_bytes), strict=True))
    for name, object_id in entries:
        found = (
            far[name, object_id] if object_id not in near else Blob(near[object_id], Origin(name))
        )
        if isinstance(found, Blob):
            found = found._replace(origin=Origin(name, place=TreePlace(name, top)))
        yield found


def _ask_git(top: str, entries: list[tuple[str, str]], max_bytes: int) -> Iterator[Blob | Failure]:
    """Read blobs from the object database through `git cat-file --batch`.

    git exits at an object that it cannot unpack, so it is restarted for the objects after that one.
    """
    while entries:
        request = ''.join(f'{object_id}\n' for _, object_id in entries).encode()
        contents = _split_batch(git.try_git(top, 'cat-file', '--batch', given=request).output)
        done = 0
        for (name, object_id), data in zip(entries, contents, strict=False):
            yield _make_item(name, object_id, data, max_bytes)
            done += 1
        if done < len(entries):
            yield _make_item(*entries[done], None, max_bytes)
        entries = entries[done + 1 :]


def _split_batch(output: bytes) -> Iterator[bytes | None]:
    """Yield the content of each object that git printed completely, None for a missing one."""
    position = 0
    while (end := output.find(b'\n', position)) >= 0:
        header = output[position:end].split(b' ')
        position = end + 1
        if len(header) != 3:
            yield None  # "<id> missing"
            continue
        data = output[position : position + int(header[2])]
        position += len(data) + 1
        if len(data) < int(header[2]) or position > len(output):
            return
        yield data


def _make_item(name: str, object_id: str, data: bytes | None, max_bytes: int) -> Blob | Failure:
    if data is None:
        why = f'object {object_id[:12]} is missing from the repository or broken'
        return Failure(name, 'read', why)
    if len(data) > max_bytes:
        return Failure(name, 'read', f'larger than {max_bytes // 1024 // 1024} MB')
    return Blob(data, Origin(name))
