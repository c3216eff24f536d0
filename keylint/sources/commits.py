"""The commits of a repository: who descends from whom, what each one changes, and which names point where.

Only plumbing is asked (`cat-file`, `diff-tree`, `for-each-ref`, `ls-files`), and each commit is compared with its first parent alone: what
a merge brings in counts as its change, so secrets that exist only in a merge are seen.
"""

from __future__ import annotations

import heapq
import os
import re
import subprocess
import tempfile
from collections.abc import Container, Iterable, Iterator
from typing import IO, NamedTuple

from keylint.errors import SourceError
from keylint.sources import git

_TIME = re.compile(rb'> (-?\d+) ([+-]\d{4})$')
_ID = re.compile(rb'[0-9a-f]{40}(?:[0-9a-f]{24})?')
# A tree that is missing ends `diff-tree`. It is started again behind that commit, but not for ever.
_RESTARTS = 16
_LOG_BYTES = 64 << 20


class Commit(NamedTuple):
    """Id, tree and parents (hex); author's and committer's time in seconds since 1970, and the author's zone as git writes it."""

    id: str
    tree: str
    parents: tuple[str, ...]
    authored: int
    committed: int
    zone: str


class Change(NamedTuple):
    """What a commit does to one path: blob ids before and after (`0…` where there was or is none)."""

    commit: str
    before: str
    after: str
    path: str


class Name(NamedTuple):
    """A name that points into the repository: a branch, a tag (with its own object where it is annotated), `HEAD`, an entry of a reflog."""

    name: str
    commit: str
    is_remote: bool = False
    is_reflog: bool = False
    tag: str = ''


def parse(name: str, data: bytes) -> Commit | None:
    """A commit object, or None when its head is broken."""
    tree, parents, times = '', [], {}
    for line in data.partition(b'\n\n')[0].split(b'\n'):
        key, _, value = line.partition(b' ')
        if key == b'tree':
            tree = value.decode('ascii', 'replace')
        elif key == b'parent':
            parents.append(value.decode('ascii', 'replace'))
        elif key in (b'author', b'committer') and key not in times:
            found = _TIME.search(line)
            times[key] = (int(found[1]), found[2].decode()) if found else (0, '+0000')
    if not tree:
        return None
    authored, zone = times.get(b'author', (0, '+0000'))
    return Commit(name, tree, tuple(parents), authored, times.get(b'committer', (authored, zone))[0], zone)


def in_order(commits: dict[str, Commit]) -> list[Commit]:
    """Parents before children, older before newer. Cycles cannot exist: an id is the digest of its parents."""
    waiting = {name: sum(parent in commits for parent in commit.parents) for name, commit in commits.items()}
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


class Changes:
    """What every commit changes, compared with its first parent. It lies in a file without a name while the run lasts."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this object
        self.unread: list[str] = []

    def find(self, commits: Iterable[Commit], objects: Container[str]) -> None:
        """Compare them. Commits whose trees are missing or broken are left in `unread`."""
        todo = []
        for commit in commits:
            parent = commit.parents[0] if commit.parents else ''
            is_whole = commit.tree in objects and (not parent or parent in objects)
            # A parent that is not there (a shallow clone) is taken for none: all that the commit holds is its change.
            todo.append(f'{commit.id} {parent}'.strip() if is_whole else commit.id if commit.tree in objects else '')
            if not todo[-1]:
                self.unread.append(commit.id)
        self.compare([line for line in todo if line])

    def compare(self, lines: list[str]) -> None:
        """Compare what each line names: a commit, and the one to take for its parent, if any."""
        for _ in range(_RESTARTS):
            start = self._file.tell()
            if not lines or self._run(lines):
                return
            last = self._last(start)
            done = next((number for number, line in enumerate(lines) if line.startswith(last)), -1) if last else -1
            self.unread.append(lines[done + 1].split(' ')[0]) if done + 1 < len(lines) else None
            lines = lines[done + 2 :]
        self.unread += [line.split(' ')[0] for line in lines]

    def _run(self, lines: list[str]) -> bool:
        arguments = ('diff-tree', '--stdin', '-r', '--root', '--raw', '-z', '--no-renames', '--no-abbrev', '--no-ext-diff', '--no-textconv')
        with tempfile.TemporaryFile() as wanted:
            wanted.write('\n'.join([*lines, '']).encode())
            wanted.seek(0)
            self._file.flush()
            done = subprocess.run(
                git.command(self._folder, *arguments), stdin=wanted, stdout=self._file, stderr=subprocess.DEVNULL, env=git.environment(), check=False,
                start_new_session=True,
            )  # fmt: skip
        self._file.seek(0, os.SEEK_END)
        return done.returncode == 0

    def _last(self, start: int) -> str:
        """The last commit of which something was written behind `start`."""
        last = ''
        for commit, _ in self._records(start):
            last = commit
        return last

    def __iter__(self) -> Iterator[Change]:
        for commit, entry in self._records(0):
            if entry is not None:
                yield Change(commit, entry[0], entry[1], entry[2])

    def _records(self, start: int) -> Iterator[tuple[str, tuple[str, str, str] | None]]:
        """The commit and the change of each record; links and submodules are no blobs and left out."""
        commit = ''
        fields = self._fields(start)
        for field in fields:
            if not field.startswith(b':'):
                commit = field.decode('ascii', 'replace')
                yield commit, None
                continue
            name = next(fields, b'')
            meta = field.split(b' ')
            if len(meta) == 5:
                yield commit, (_blob(meta[0][1:], meta[2]), _blob(meta[1], meta[3]), os.fsdecode(name))

    def _fields(self, start: int) -> Iterator[bytes]:
        self._file.seek(start)
        rest = b''
        while portion := self._file.read(1 << 20):
            *whole, rest = (rest + portion).split(b'\x00')
            yield from whole
        self._file.seek(0, os.SEEK_END)


def compare(folder: str, pairs: Iterable[tuple[str, str]]) -> tuple[Changes, list[str]]:
    """What changes from a parent to a commit, for each pair of a commit and a parent (or ''); and commits that could not be compared."""
    changes = Changes(folder)
    changes.compare([f'{commit} {parent}'.strip() for commit, parent in pairs])
    return changes, changes.unread


def _blob(mode: bytes, name: bytes) -> str:
    return name.decode() if mode.startswith(b'100') or mode == b'000000' else '0' * len(name)


def names(folder: str) -> list[Name]:
    """Branches, tags, remote-tracking refs, stashes, notes, every worktree's HEAD, and what reflogs remember."""
    found = []
    listing = git.run(folder, 'for-each-ref', '--format=%(objectname)%00%(*objectname)%00%(refname)')
    for line in listing.split(b'\n'):
        fields = line.split(b'\x00')
        if len(fields) == 3:
            name = os.fsdecode(fields[2])
            tag = fields[0].decode() if fields[1] else ''
            found.append(Name(name, (fields[1] or fields[0]).decode(), name.startswith('refs/remotes/'), tag=tag))
    found += [Name('HEAD', commit) for commit in _heads(folder)]
    known = {(name.commit, name.is_remote) for name in found}
    return found + [name for name in _remembered(folder) if (name.commit, name.is_remote) not in known]


def head(folder: str) -> str | None:
    """The commit that is checked out, None on a branch that is not born yet."""
    try:
        return git.run(folder, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}').decode().strip() or None
    except SourceError:
        return None


def _heads(folder: str) -> list[str]:
    try:
        listing = git.run(folder, 'worktree', 'list', '--porcelain').decode('utf-8', 'replace')
    except SourceError:
        listing = ''
    heads = [line[5:] for line in listing.splitlines() if line.startswith('HEAD ')]
    return sorted({name for name in [head(folder) or '', *heads] if name.strip('0')})


def _remembered(folder: str) -> list[Name]:
    """Commits in reflogs: before and after of each line."""
    found: dict[tuple[str, str], Name] = {}
    common = os.fsdecode(git.run(folder, 'rev-parse', '--git-common-dir').rstrip(b'\n'))
    common = common if os.path.isabs(common) else os.path.join(folder, common)
    roots = [os.path.join(common, 'logs'), *(os.path.join(entry, 'logs') for entry in _folders(os.path.join(common, 'worktrees')))]
    for root in roots:
        for where, _, files in os.walk(root):
            for file in files:
                path = os.path.join(where, file)
                name = os.path.relpath(path, root).replace(os.sep, '/')
                for commit in _logged(path):
                    found[name, commit] = Name(f'reflog of {name}', commit, name.startswith('refs/remotes/'), True)
    return list(found.values())


def _folders(path: str) -> list[str]:
    return [entry.path for entry in os.scandir(path) if entry.is_dir(follow_symlinks=False)] if os.path.isdir(path) else []


def _logged(path: str) -> set[str]:
    try:
        with open(path, 'rb') as file:
            data = file.read(_LOG_BYTES)
    except OSError:
        return set()
    found = {match.decode() for line in data.split(b'\n') for match in _ID.findall(line[:140])}
    return {name for name in found if name.strip('0')}


def staged(folder: str) -> dict[str, str]:
    """Blob id and path of every entry of the index; empty for a bare repository."""
    try:
        listing = git.run(folder, 'ls-files', '--stage', '-z')
    except SourceError:
        return {}
    found = {}
    for entry in listing.split(b'\x00'):
        meta, _, name = entry.partition(b'\t')
        fields = meta.split(b' ')
        if len(fields) == 3 and fields[0].startswith(b'100'):
            found[fields[1].decode()] = os.fsdecode(name)
    return found
