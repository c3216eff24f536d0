"""The commits of a repository: who descends from whom, what each one changes, and which names point where.

Only plumbing is asked (`cat-file`, `diff-tree`, `for-each-ref`, `ls-files`), and each commit is compared with its first parent alone: what
a merge brings in counts as its change, so secrets that exist only in a merge are seen.
"""

from __future__ import annotations

import heapq
import os
import re
import stat
import subprocess
import tempfile
from collections.abc import Container, Iterable, Iterator
from typing import IO, NamedTuple

from keylint.errors import SourceError
from keylint.sources import git
from keylint.sources.objects import Reader, common_folder, sizes, worktrees

_TIME = re.compile(rb'> (-?\d+) ([+-]\d{4})$')
_ID = re.compile(rb'[0-9a-f]{40}(?:[0-9a-f]{24})?')
# A tree that is missing ends `diff-tree`. It is started again behind that commit, but not for ever.
_RESTARTS = 16
_LOG_BYTES = 64 << 20
# What one commit may say of its paths, in git's memory and in the file: a tree of trees of trees names more paths than any disk holds.
_MEMORY = 512 << 20
_COMMIT_BYTES = 512 << 20
_MOST_TAGS = 100
_PORTION = 1 << 20
# A commit's own line in git's answer stands behind a path; a path stands behind a field that begins with a colon.
_HEAD = re.compile(rb'\x00[^:\x00][^\x00]*\x00[0-9a-f]{40}(?:[0-9a-f]{24})?\x00:')


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
    """A name that points into the repository: a branch, a tag, `HEAD`, an entry of a reflog.

    `tags` are the annotated tags on the way to the commit. A tag may also name a blob or a tree: `blobs` are then the ids and paths of
    what it names.
    """

    name: str
    commit: str
    is_remote: bool = False
    is_reflog: bool = False
    tags: tuple[str, ...] = ()
    blobs: tuple[tuple[str, str], ...] = ()


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
            with subprocess.Popen(
                git.command(self._folder, *arguments), stdin=wanted, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=git.environment(),
                start_new_session=True,
            ) as process:  # fmt: skip
                _bound(process.pid)
                try:
                    is_whole = self._copied(process)
                finally:
                    process.kill()
        return is_whole and process.returncode == 0

    def _copied(self, process: subprocess.Popen[bytes]) -> bool:
        """All that git prints goes into the file, unless one commit says too much."""
        assert process.stdout is not None  # noqa: S101 - it was asked for when it was started
        since = 0
        while portion := process.stdout.read(_PORTION):
            self._file.write(portion)
            since += len(portion)
            if since > _COMMIT_BYTES // 8:
                found = _HEAD.search(portion)
                since = len(portion) - found.start() if found else since
            if since > _COMMIT_BYTES:
                return False
        process.wait()
        return True

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
                head, _, field = field.partition(b'\n')  # behind the names of two trees git ends the line
                commit = head.decode('ascii', 'replace')
                yield commit, None
                if not field:
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


def _bound(process: int) -> None:
    """Bound the memory of a process, where the system allows it."""
    try:
        import resource  # noqa: PLC0415 - not on Windows

        resource.prlimit(process, resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    except (ImportError, AttributeError, OSError):
        pass


def compare(folder: str, pairs: Iterable[tuple[str, str]]) -> tuple[Changes, list[str]]:
    """What changes from a parent to a commit, for each pair of a commit and a parent (or ''); and commits that could not be compared."""
    changes = Changes(folder)
    changes.compare([f'{commit} {parent}'.strip() for commit, parent in pairs])
    return changes, changes.unread


def _blob(mode: bytes, name: bytes) -> str:
    return name.decode() if mode.startswith(b'100') or mode == b'000000' else '0' * len(name)


def names(folder: str) -> list[Name]:
    """Branches, tags, remote-tracking refs, stashes, notes, every worktree's HEAD, and what reflogs remember."""
    listing = git.run(folder, 'for-each-ref', '--format=%(objectname) %(refname)')
    refs = [(os.fsdecode(name), target.decode()) for target, _, name in (line.partition(b' ') for line in listing.split(b'\n')) if name]
    targets = _peeled(folder, {target for _, target in refs})
    found = []
    for name, target in refs:
        tags, kind, commit = targets[target]
        blobs = _blobs(folder, kind, commit)
        found.append(Name(name, commit, name.startswith('refs/remotes/'), tags=tags, blobs=blobs))
    found += _heads(folder)
    known = {(name.commit, name.is_remote) for name in found}
    return found + [name for name in _remembered(folder) if (name.commit, name.is_remote) not in known]


def _peeled(folder: str, targets: set[str]) -> dict[str, tuple[tuple[str, ...], str, str]]:
    """For each object that a ref names: the tags on the way, the type (`missing` where it is) and the id of what they lead to."""
    found: dict[str, tuple[tuple[str, ...], str, str]] = {}
    waiting: dict[str, tuple[str, ...]] = dict.fromkeys(targets, ())
    ends = {name: name for name in targets}
    reader = Reader(folder)
    while waiting:
        kinds = sizes(folder, {ends[name] for name in waiting})
        later = {}
        for name, tags in waiting.items():
            end = ends[name]
            kind = kinds[end].kind if end in kinds else 'missing'
            inner = tagged(reader, end) if kind == 'tag' and len(tags) < _MOST_TAGS else ''
            if inner:
                later[name], ends[name] = (*tags, end), inner
            else:
                found[name] = tags, kind, end
        waiting = later
    reader.close()
    return found


def tagged(reader: Reader, tag: str) -> str:
    """The object that an annotated tag names; nothing when the tag is broken."""
    ((_, data),) = reader.read([tag])
    head = (data or b'').partition(b'\n')[0]
    return head[7:].decode('ascii', 'replace') if head.startswith(b'object ') and _ID.fullmatch(head[7:]) else ''


def _blobs(folder: str, kind: str, target: str) -> tuple[tuple[str, str], ...]:
    """The blobs that a ref names without a commit: itself, or those of a tree."""
    if kind == 'blob':
        return ((target, ''),)
    if kind != 'tree':
        return ()
    changes = Changes(folder)
    changes.compare([f'{git.empty_tree(len(target))} {target}'])
    return tuple((change.after, change.path) for change in changes if change.after.strip('0'))


def head(folder: str) -> str | None:
    """The commit that is checked out, None on a branch that is not born yet."""
    try:
        return git.run(folder, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}').decode().strip() or None
    except SourceError:
        return None


def _heads(folder: str) -> list[Name]:
    """What is checked out here and in the other worktrees."""
    own = head(folder)
    found = {own: Name('HEAD', own)} if own else {}
    try:
        listing = git.run(folder, 'worktree', 'list', '--porcelain', '-z')
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


def _remembered(folder: str) -> list[Name]:
    """Commits in reflogs: before and after of each line."""
    found: dict[tuple[str, str], Name] = {}
    for root in (os.path.join(owner, 'logs') for owner in worktrees(common_folder(folder))):
        for where, _, files in os.walk(root):
            for file in files:
                path = os.path.join(where, file)
                name = os.path.relpath(path, root).replace(os.sep, '/')
                for commit in _logged(path):
                    found[name, commit] = Name(f'reflog of {name}', commit, name.startswith('refs/remotes/'), True)
    return list(found.values())


def _logged(path: str) -> set[str]:
    """The ids in a reflog. What is no plain file (a pipe that never ends, a link) is none."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return set()
        with open(path, 'rb') as file:
            data = file.read(_LOG_BYTES)
    except OSError:
        return set()
    found = {match.decode() for line in data.split(b'\n') for match in _ID.findall(line[:140])}
    return {name for name in found if name.strip('0')}


def staged(folder: str) -> dict[str, str]:
    """Blob id and path of every entry of every worktree's index; empty for a bare repository."""
    found: dict[str, str] = {}
    for owner in dict.fromkeys((folder, *worktrees(common_folder(folder)))):
        listing = git.ask(owner, 'ls-files', '--stage', '-z').output
        for entry in listing.split(b'\x00'):
            meta, _, name = entry.partition(b'\t')
            fields = meta.split(b' ')
            if len(fields) == 3 and fields[0].startswith(b'100'):
                found.setdefault(fields[1].decode(), os.fsdecode(name))
    return found
