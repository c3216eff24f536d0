"""Git LFS: the file in the repository is a pointer, its content is in `.git/lfs/objects`.

The content is what the next push uploads. If it is present, it is read as a plain file; nothing is
fetched and git-lfs is never run. Source: git-lfs, docs/spec.md.
"""

from __future__ import annotations

import os
from importlib import import_module

from keylint.core.blob import Blob, UnreadFile
from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.records import NamedTuple
from keylint.core.report import Failure
from keylint.sources import MAX_FILE_BYTES
from keylint.sources.files import load_file
from keylint.sources.git import find_work_tree

# The second dates from the time when LFS had that name.
POINTER_HEADS = (
    b'version https://git-lfs.github.com/spec/',
    b'version https://hawser.github.com/spec/',
)
# Every pointer is shorter than this, whatever else is in it.
_MAX_POINTER_BYTES = 1024
_OID = defer_regex(rb'^oid sha256:([0-9a-f]{64})\r?$', re.MULTILINE)
_SIZE = defer_regex(rb'^size ([0-9]{1,18})\r?$', re.MULTILINE)
NOT_HERE = 'Git LFS pointer: its content is not in .git/lfs and was not looked at'
_DAMAGED = 'Git LFS pointer: its content in .git/lfs is another and was not looked at'
_MAX_SETTING_BYTES = 4096


class Pointer(NamedTuple):
    """Identify a content by the hex digits of its SHA-256 and its size in bytes."""

    oid: str
    size: int


def read_pointer(data: bytes) -> Pointer | None:
    """Read a pointer; None for anything else."""
    if not data.startswith(POINTER_HEADS) or len(data) > _MAX_POINTER_BYTES:
        return None
    oid, size = _OID.search(data), _SIZE.search(data)
    return Pointer(oid[1].decode(), int(size[1])) if oid and size else None


def follow_pointer(
    data: bytes, folder: str | None, path: str, most: int = MAX_FILE_BYTES
) -> bytes | Failure:
    """Return the content that a pointer names; data that is not a pointer is returned unchanged.

    `folder` is the git folder, None if there is none; `path` is the path to report.
    """
    pointer = read_pointer(data)
    if pointer is None:
        return data
    if pointer.size > most:
        return Failure(path, 'read', f'Git LFS content larger than {most // 1024 // 1024} MB')
    if folder is None:
        return Failure(path, 'read', NOT_HERE)
    oid = pointer.oid
    name = os.path.join(_find_common(folder), 'lfs', 'objects', oid[:2], oid[2:4], oid)
    found = load_file(UnreadFile(name, path), most)
    if not isinstance(found, Blob):
        return Failure(path, 'read', NOT_HERE)
    # A database's write-ahead log may have been read together with it.
    content = found.data[: pointer.size]
    hashlib = import_module('hashlib')  # the hook's path avoids loading it
    is_same = hashlib.sha256(content, usedforsecurity=False).hexdigest() == oid
    return content if is_same else Failure(path, 'read', _DAMAGED)


def find_git_folder(name: str) -> str | None:
    """Find the git folder of the work tree around a file or folder, without running git."""
    top = find_work_tree(os.path.dirname(os.path.abspath(name)))
    if top is None:
        return None
    inside = os.path.join(top, '.git')
    if os.path.isdir(inside):
        return inside
    text = _read_setting(inside)  # of a worktree or a submodule
    return os.path.join(top, text.removeprefix('gitdir: ')) if text.startswith('gitdir: ') else None


def _find_common(folder: str) -> str:
    """Find the git folder that all worktrees of a repository share."""
    return os.path.normpath(os.path.join(folder, _read_setting(os.path.join(folder, 'commondir'))))


def _read_setting(name: str) -> str:
    """Read one of git's one-line files; empty if it is not a regular file."""
    found = load_file(UnreadFile(name, name), _MAX_SETTING_BYTES)
    return os.fsdecode(found.data).strip() if isinstance(found, Blob) else ''
