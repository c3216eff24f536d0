"""The commits of a repository, their ancestry, and the names that point at them.

Uses git's plumbing commands only (`cat-file`, `for-each-ref`, `ls-files`).
"""

from __future__ import annotations

import heapq
import os
import re
import stat
from sys import intern

from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.sources import git
from keylint.sources.objects import ObjectReader, find_common_folder, list_worktrees, read_sizes
from keylint.sources.tree_diff import Changes

_TIME = re.compile(rb'> (-?\d+) ([+-]\d{4})$')
_ID = re.compile(rb'[0-9a-f]{40}(?:[0-9a-f]{24})?')
_LOG_BYTES = 64 << 20
_MAX_TAGS = 100


class Commit(NamedTuple):
    """A commit: its id, tree and parents (hex), times and zone.

    Author's and committer's times are seconds since 1970; the author's zone is written as git does.
    """

    id: str
    tree: str
    parents: tuple[str, ...]
    authored: int
    committed: int
    zone: str


class Name(NamedTuple):
    """A name that points into the repository: a branch, a tag, `HEAD`, an entry of a reflog.

    `tags` are the annotated tags on the way to the commit. A tag may also name a blob or a tree:
    `blobs` then has the ids and paths of those blobs.
    """

    name: str
    commit: str
    is_remote: bool = False
    is_reflog: bool = False
    tags: tuple[str, ...] = ()
    blobs: tuple[tuple[str, str], ...] = ()


def parse_commit(name: str, data: bytes) -> Commit | None:
    """Parse a commit object; None when its head is broken."""
    tree, parents, times = '', [], {}
    for line in data.partition(b'\n\n')[0].split(b'\n'):
        key, _, value = line.partition(b' ')
        if key == b'tree':
            tree = value.decode('ascii', 'replace')
        elif key == b'parent':
            parents.append(value.decode('ascii', 'replace'))
        elif key in (b'author', b'committer') and key not in times:
            found = _TIME.search(line)
            times[key] = (int(found[1]), intern(found[2].decode())) if found else (0, '+0000')
    if not tree:
        return None
    authored, zone = times.get(b'author', (0, '+0000'))
    return Commit(
        name, tree, tuple(parents), authored, times.get(b'committer', (authored, zone))[0], zone
    )


def sort_commits(commits: dict[str, Commit]) -> list[Commit]:
    """Sort commits: parents before children, older before newer.

    Cycles cannot exist: an id is the digest of its parents.
    """
    waiting = {
        name: sum(parent in commits for parent in commit.parents)
        for name, commit in commits.items()
    }
    children: dict[str, list[str]] = {}
    for name, commit in commits.items():
        for parent in commit.parents:
            if parent in commits:
                children.setdefault(parent, []).append(name)
    ready = [(commits[name].committed, name) for name, count in waiting.items() if not count]
    heapq.heapify(ready)
    found = []
    while ready:
        _, name = heapq.heappop(ready)
        found.append(commits[name])
        for child in children.get(name, ()):
            waiting[child] -= 1
            if not waiting[child]:
                heapq.heappush(ready, (commits[child].committed, child))
    return found


def list_names(folder: str) -> list[Name]:
    """List branches, tags, remote-tracking refs, stashes, notes, HEADs and reflog entries.

    Every worktree has a HEAD.
    """
    listing = git.run_git(folder, 'for-each-ref', '--format=%(objectname) %(refname)')
    refs = [
        (os.fsdecode(name), target.decode())
        for target, _, name in (line.partition(b' ') for line in listing.split(b'\n'))
        if name
    ]
    targets = _follow_tags(folder, {target for _, target in refs})
    found = []
    for name, target in refs:
        tags, kind, commit = targets[target]
        blobs = _list_blobs(folder, kind, commit)
        found.append(Name(name, commit, name.startswith('refs/remotes/'), tags=tags, blobs=blobs))
    found += _list_heads(folder)
    known = {(name.commit, name.is_remote) for name in found}
    return found + [
        name for name in _list_logged(folder) if (name.commit, name.is_remote) not in known
    ]


def _follow_tags(folder: str, targets: set[str]) -> dict[str, tuple[tuple[str, ...], str, str]]:
    """Follow tags to the objects that they lead to.

    Maps each target to the tags on the way, the type (`missing` for a missing object) and the id.
    """
    found: dict[str, tuple[tuple[str, ...], str, str]] = {}
    waiting: dict[str, tuple[str, ...]] = dict.fromkeys(targets, ())
    ends = {name: name for name in targets}
    with ObjectReader(folder) as reader:
        while waiting:
            kinds = read_sizes(folder, {ends[name] for name in waiting})
            later = {}
            for name, tags in waiting.items():
                end = ends[name]
                kind = kinds[end].kind if end in kinds else 'missing'
                inner = read_tagged(reader, end) if kind == 'tag' and len(tags) < _MAX_TAGS else ''
                if inner:
                    later[name], ends[name] = (*tags, end), inner
                else:
                    found[name] = tags, kind, end
            waiting = later
    return found


def read_tagged(reader: ObjectReader, tag: str) -> str:
    """Return the id of the object that an annotated tag names; empty if the tag is broken."""
    ((_, data),) = reader.read([tag])
    head = (data or b'').partition(b'\n')[0]
    return (
        head[7:].decode('ascii', 'replace')
        if head.startswith(b'object ') and _ID.fullmatch(head[7:])
        else ''
    )


def _list_blobs(folder: str, kind: str, target: str) -> tuple[tuple[str, str], ...]:
    """List the blobs that a ref names without a commit: the blob itself, or those of a tree."""
    if kind == 'blob':
        return ((target, ''),)
    if kind != 'tree':
        return ()
    changes = Changes(folder)
    changes.compare([f'{git.empty_tree(len(target))} {target}'])
    return tuple((blob.decode(), path) for blob, path in changes.named())


def resolve_head_commit(folder: str) -> str | None:
    """Return the id of the commit that is checked out, None on a branch without commits."""
    return git.resolve_head(folder, '^{commit}')


def _list_heads(folder: str) -> list[Name]:
    """List what is checked out here and in the other worktrees."""
    own = resolve_head_commit(folder)
    found = {own: Name('HEAD', own)} if own else {}
    try:
        listing = git.run_git(folder, 'worktree', 'list', '--porcelain', '-z')
    except SourceError:
        listing = b''
    where = ''
    for field in listing.split(b'\x00'):
        key, _, value = field.partition(b' ')
        if key == b'worktree':
            where = os.path.basename(os.fsdecode(value))
        elif key == b'HEAD' and value.strip(b'0'):
            commit = value.decode('ascii', 'replace')
            found.setdefault(commit, Name(f'HEAD of worktree {where}', commit))
    return list(found.values())


def _list_logged(folder: str) -> list[Name]:
    """List the commits in reflogs: the old and the new id of each line."""
    found: dict[tuple[str, str], Name] = {}
    for root in (
        os.path.join(owner, 'logs') for owner in list_worktrees(find_common_folder(folder))
    ):
        for where, _, files in os.walk(root):
            for file in files:
                path = os.path.join(where, file)
                name = os.path.relpath(path, root).replace(os.sep, '/')
                for commit in _read_reflog(path):
                    found[name, commit] = Name(
                        f'reflog of {name}', commit, name.startswith('refs/remotes/'), True
                    )
    return list(found.values())


def _read_reflog(path: str) -> set[str]:
    """Read the ids in a reflog.

    Returns no ids for anything but a regular file (a pipe that never ends, a link).
    """
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return set()
        with open(path, 'rb') as file:
            data = file.read(_LOG_BYTES)
    except OSError:
        return set()
    found = {match.decode() for line in data.split(b'\n') for match in _ID.findall(line[:140])}
    return {name for name in found if name.strip('0')}


def list_staged(folder: str) -> dict[str, str]:
    """Map blob ids to paths for every entry of every worktree's index; empty if bare."""
    found: dict[str, str] = {}
    for owner in dict.fromkeys((folder, *list_worktrees(find_common_folder(folder)))):
        listing = git.try_git(owner, 'ls-files', '--stage', '-z').output
        for entry in listing.split(b'\x00'):
            meta, _, name = entry.partition(b'\t')
            fields = meta.split(b' ')
            if len(fields) == 3 and fields[0].startswith(b'100'):
                found.setdefault(fields[1].decode(), os.fsdecode(name))
    return found
