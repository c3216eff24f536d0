"""The changes of each commit, as `git diff-tree` lists them against its first parent only.

What a merge brings in counts as its change, so secrets that exist only in a merge are seen.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection, Container, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from keylint.core.records import NamedTuple
from keylint.sources.git_command import build_command, make_environment
from keylint.sources.patience import open_output
from keylint.workers.pool import count_workers

if sys.platform == 'linux':
    import resource
if TYPE_CHECKING:
    from keylint.sources.commits import Commit

# A missing tree ends `diff-tree`. It is restarted after that commit, at most this many times.
_RESTARTS = 16
# The most bytes for the paths of one commit, in git's memory and in the file: deeply nested trees
# may name more paths than any disk can store.
_MEMORY = 512 << 20
_COMMIT_BYTES = 512 << 20
_PORTION = 1 << 20
# A commit's own line in git's answer follows a path; a path follows a field that begins with a
# colon.
_HEAD = re.compile(rb'\x00[^:\x00][^\x00]*\x00[0-9a-f]{40}(?:[0-9a-f]{24})?\x00:')
# One more git process pays off for this many commits.
_LINES = 1000
# `:100644 100644 <id> <id> M`: the length without the two ids, the offset of the second mode, and
# the beginning of the modes of files.
_META, _MODE, _FILE = 18, 8, b'100'


class Change(NamedTuple):
    """What a commit does to one path: the blob ids before and after.

    The id is `0…` if there is no file before or after.
    """

    commit: str
    before: str
    after: str
    path: str


class Changes:
    """Compare commits with their first parents.

    The changes are kept in unnamed files during the run.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._parts: list[_Comparison] = []
        self._lost: list[str] = []

    @property
    def unread(self) -> list[str]:
        """List commits whose trees are missing or broken, or have too many changes."""
        return self._lost + [name for part in self._parts for name in part.unread]

    def find(self, commits: Iterable[Commit], objects: Container[str]) -> None:
        """Compare the given commits with their first parents."""
        todo: list[str] = []
        for commit in commits:
            parent = commit.parents[0] if commit.parents else ''
            is_whole = commit.tree in objects and (not parent or parent in objects)
            # A missing parent (a shallow clone) counts as none: the change is the whole commit.
            if is_whole:
                todo.append(f'{commit.id} {parent}'.strip())
            elif commit.tree in objects:
                todo.append(commit.id)
            else:
                self._lost.append(commit.id)
        self.compare(todo)

    def compare(self, lines: list[str]) -> None:
        """Compare, for each line, the commit that it names with the parent that it names, if any.

        Many lines are divided among several git processes.
        """
        count = min(count_workers(), 1 + len(lines) // _LINES)
        size = -(-len(lines) // count)
        parts = [_Comparison(self._folder) for _ in range(count)]
        self._parts += parts
        if count == 1:
            parts[0].compare(lines)
            return
        with ThreadPoolExecutor(
            count
        ) as pool:  # these threads wait for git and end before any worker is forked
            for done in [
                pool.submit(part.compare, lines[place * size : (place + 1) * size])
                for place, part in enumerate(parts)
            ]:
                done.result()

    def __iter__(self) -> Iterator[Change]:
        return (_change(*record) for part in self._parts for record in part)

    def of(self, wanted: Collection[str]) -> Iterator[Change]:
        """Yield the changes that add or remove one of these blobs."""
        names = {name.encode() for name in wanted}
        for part in self._parts:
            for record in part:
                before, after = _ids(record[1])
                if before in names or after in names:
                    yield _change(*record)

    def named(self, settled: Container[bytes] = ()) -> Iterator[tuple[bytes, str]]:
        """Yield the ids of blobs that commits add, with their paths.

        Blobs that are already in `settled` when their turn comes are left out.
        """
        for part in self._parts:
            for _, meta, path in part:
                _, after = _ids(meta)
                if after not in settled and meta.startswith(_FILE, _MODE):
                    yield after, os.fsdecode(path)


class _Comparison:
    """Collect what one git process prints about some commits."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        # The file lives as long as this object.
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self.unread: list[str] = []

    def compare(self, lines: list[str]) -> None:
        """Compare the commits that the lines name.

        git exits at a missing tree, so it is restarted after that commit.
        """
        for _ in range(_RESTARTS):
            start = self._file.tell()
            if not lines or self._run(lines):
                return
            last = self._last(start)
            done = (
                next((number for number, line in enumerate(lines) if line.startswith(last)), -1)
                if last
                else -1
            )
            self.unread.append(lines[done + 1].split(' ')[0]) if done + 1 < len(lines) else None
            lines = lines[done + 2 :]
        self.unread += [line.split(' ')[0] for line in lines]

    def _run(self, lines: list[str]) -> bool:
        arguments = (
            'diff-tree',
            '--stdin',
            '-r',
            '--root',
            '--raw',
            '-z',
            '--no-renames',
            '--no-abbrev',
            '--no-ext-diff',
            '--no-textconv',
        )
        with tempfile.TemporaryFile() as wanted:
            wanted.write('\n'.join([*lines, '']).encode())
            wanted.seek(0)
            with subprocess.Popen(
                build_command(self._folder, *arguments),
                stdin=wanted,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=make_environment(),
                start_new_session=True,
            ) as process:
                _bound(process.pid)
                try:
                    is_whole = self._copied(process)
                finally:
                    process.kill()
        return is_whole and process.returncode == 0

    def _copied(self, process: subprocess.Popen[bytes]) -> bool:
        """Copy git's output to the file; False if one commit changes too much."""
        since = 0
        output = open_output(process, self._folder)
        while portion := output.read(_PORTION):
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
        """Find the last commit for which something was written after `start`."""
        last = b''
        for commit, _, _ in self._records(start):
            last = commit
        return last.decode('ascii', 'replace')

    def __iter__(self) -> Iterator[tuple[bytes, bytes, bytes]]:
        """Yield the commit of each record, its modes and ids, and its path."""
        return (record for record in self._records(0) if record[1])

    def _records(self, start: int) -> Iterator[tuple[bytes, bytes, bytes]]:
        """Yield the same, and each commit by itself before its records, which may be none."""
        commit = b''
        fields = self._fields(start)
        for field in fields:
            if not field.startswith(b':'):
                commit, _, field = field.partition(
                    b'\n'
                )  # git ends the line after the names of two trees
                yield commit, b'', b''
                if not field:
                    continue
            name = next(fields, b'')
            if len(field) > _META:
                yield commit, field, name

    def _fields(self, start: int) -> Iterator[bytes]:
        self._file.seek(start)
        rest = b''
        while portion := self._file.read(_PORTION):
            *whole, rest = (rest + portion).split(b'\x00')
            yield from whole
        self._file.seek(0, os.SEEK_END)


def _ids(meta: bytes) -> tuple[bytes, bytes]:
    """Split the ids before and after from `:100644 100644 <id> <id> M`."""
    width = (len(meta) - _META) // 2
    return meta[15 : 15 + width], meta[16 + width : 16 + 2 * width]


def _change(commit: bytes, meta: bytes, path: bytes) -> Change:
    """Make a change from a record; links and submodules are not blobs and are left out."""
    before, after = _ids(meta)
    return Change(
        commit.decode('ascii', 'replace'),
        _blob(meta[1:7], before),
        _blob(meta[8:14], after),
        os.fsdecode(path),
    )


def _bound(process: int) -> None:
    """Limit the memory of a process, if the system allows it."""
    if sys.platform == 'linux':
        with suppress(OSError):
            resource.prlimit(process, resource.RLIMIT_DATA, (_MEMORY, _MEMORY))


def compare_commits(folder: str, pairs: Iterable[tuple[str, str]]) -> tuple[Changes, list[str]]:
    """Compare each pair of a commit and a parent (or '' for no parent).

    Returns the changes, and the commits that could not be compared.
    """
    changes = Changes(folder)
    changes.compare([f'{commit} {parent}'.strip() for commit, parent in pairs])
    return changes, changes.unread


def _blob(mode: bytes, name: bytes) -> str:
    return name.decode() if mode.startswith(b'100') or mode == b'000000' else '0' * len(name)
