"""Read every object of a repository's database, listed in pack order and read in batches.

Nothing is fetched or written. A missing or broken object is None, and the caller reports it.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Self

from keylint.core.errors import SourceError
from keylint.core.lazy_patterns import defer_regex
from keylint.core.records import NamedTuple
from keylint.sources import git
from keylint.sources.git_command import build_command, make_environment
from keylint.sources.patience import GitSilentError, open_output

if sys.platform != 'win32':
    import fcntl

_PIPE = 1 << 20
# Ids are sent in portions that fit into the smallest pipe buffer; otherwise both sides could
# block on each other.
_PORTION = 400
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ of Linux
_PATIENCE = 1.0
_CHECK = '--batch-check=%(objectname) %(objecttype) %(objectsize)'
# If a broken object ends git, it is left out and git is restarted, at most this many times.
_RESTARTS = 200
_PACK = defer_regex(r'(?<!\S)\S+\.pack')
# Complaints from git that concern more than one object: packs and folders that it skips.
_LOST = defer_regex(r'index file|object directory|alternate|packfile|multi-pack|normalize|too deep')


class Object(NamedTuple):
    """An object: its id (hex), its type and its size in bytes.

    The type is `blob`, `commit`, `tag`, `tree`, or `missing` for a listed object git cannot read.
    """

    id: str
    kind: str
    size: int


class Listing(NamedTuple):
    """The objects of a database.

    `lost` has the messages about packs and folders that cannot be read.
    """

    objects: list[Object]
    lost: tuple[str, ...]


def find_git_folder(path: str) -> str:
    """Find the absolute git folder of a repository, bare or not, or of a worktree.

    Raises SourceError outside a repository.
    """
    if not os.path.isdir(path):
        raise SourceError(f'{path}: no such folder')
    return os.fsdecode(git.run_git(path, 'rev-parse', '--absolute-git-dir').rstrip(b'\n'))


def find_common_folder(folder: str) -> str:
    """Find the git folder that all worktrees of a repository share."""
    common = os.fsdecode(git.run_git(folder, 'rev-parse', '--git-common-dir').rstrip(b'\n'))
    return os.path.normpath(os.path.join(folder, common))


def list_worktrees(common: str) -> list[str]:
    """List the git folders of a repository: the shared one, then those of its linked worktrees."""
    return [common, *_folders(os.path.join(common, 'worktrees'))]


def _folders(path: str) -> list[str]:
    """List the folders in a folder; links are not followed."""
    try:
        return sorted(
            entry.path for entry in os.scandir(path) if entry.is_dir(follow_symlinks=False)
        )
    except OSError:
        return []


def list_submodules(folder: str) -> list[tuple[str, str]]:
    """List the git folders of submodules, each with the prefix for its paths.

    Links are not followed.
    """
    found = []
    for owner in list_worktrees(find_common_folder(folder)):
        root = os.path.join(owner, 'modules')
        if os.path.islink(root):
            continue
        for where, folders, _ in os.walk(root):
            has_head = os.path.isfile(os.path.join(where, 'HEAD'))
            if has_head and os.path.isdir(os.path.join(where, 'objects')):
                inner = os.path.relpath(where, root).replace(os.sep, '/')
                found.append((where, inner.replace('/modules/', '/') + '/'))
                folders[:] = [name for name in folders if name == 'modules']
    return sorted(found)


def list_objects(folder: str) -> Listing:
    """List all objects (packed, loose and from alternates), each once, in storage order."""
    answer = git.try_git(folder, 'cat-file', '--batch-all-objects', '--unordered', _CHECK)
    found, errors = _objects(answer.output), answer.errors
    if not answer.is_whole:
        # A pack index gives the names without opening the pack.
        names = (
            git.run_git(
                folder,
                'cat-file',
                '--batch-all-objects',
                '--unordered',
                '--batch-check=%(objectname)',
            )
            .decode('ascii')
            .split()
        )
        found, more = _checked(folder, names)
        errors += more
    return Listing(
        found,
        tuple(
            dict.fromkeys([*(line for line in errors if _LOST.search(line)), *_unpaired(folder)])
        ),
    )


def _checked(folder: str, names: list[str]) -> tuple[list[Object], tuple[str, ...]]:
    """List the objects of the given names if some of them make git exit.

    Those objects, and all objects of a pack that git cannot open, are listed as missing.
    """
    found: dict[str, Object] = {}
    errors: tuple[str, ...] = ()
    for _ in range(_RESTARTS):
        todo = [name for name in names if name not in found]
        if not todo:
            break
        answer = git.try_git(
            folder, 'cat-file', _CHECK, given=''.join(f'{name}\n' for name in todo).encode()
        )
        found |= {item.id: item for item in _objects(answer.output)}
        errors += answer.errors
        if answer.is_whole:
            break
        pack = next(
            (match[0] for line in reversed(answer.errors) if (match := _PACK.search(line))), ''
        )
        lost = _in_pack(folder, pack) if pack else set()
        stopped = next((name for name in todo if name not in found), '')
        found |= {
            name: Object(name, 'missing', 0)
            for name in (*(lost & set(todo)), stopped)
            if name and name not in found
        }
    return [found.get(name, Object(name, 'missing', 0)) for name in names], errors


def _in_pack(folder: str, pack: str) -> set[str]:
    """List the ids that the index of a pack names."""
    path = os.path.join(folder, pack) if not os.path.isabs(pack) else pack
    try:
        with open(path.removesuffix('.pack') + '.idx', 'rb') as file:
            listing = git.try_git(folder, 'show-index', given=file.read())
    except OSError:
        return set()
    return {
        fields[1]
        for line in listing.output.decode('ascii', 'replace').splitlines()
        if len(fields := line.split(' ')) > 1
    }


def _unpaired(folder: str) -> list[str]:
    """List packs without an index and indexes without a pack; git does not report either."""
    root = os.path.join(find_common_folder(folder), 'objects', 'pack')
    try:
        names = set(os.listdir(root))
    except OSError:
        return []
    pairs = [
        (name, name.removesuffix(own) + other)
        for own, other in (('.pack', '.idx'), ('.idx', '.pack'))
        for name in names
        if name.endswith(own)
    ]
    return sorted(f'pack/{name}: {other} is missing' for name, other in pairs if other not in names)


def read_sizes(folder: str, ids: Iterable[str]) -> dict[str, Object]:
    """List those objects of the given ids that exist."""
    listing = git.run_git(
        folder, 'cat-file', _CHECK, given=''.join(f'{name}\n' for name in ids).encode()
    )
    return {item.id: item for item in _objects(listing) if item.kind != 'missing'}


def _objects(listing: bytes) -> list[Object]:
    found = []
    for line in listing.decode('ascii', 'replace').splitlines():
        fields = line.split(' ')
        found.append(
            Object(fields[0], sys.intern(fields[1]), int(fields[2]))
            if len(fields) == 3
            else Object(fields[0], 'missing', 0)
        )
    return found


class ObjectReader:
    """Read objects through one `git cat-file --batch`, which ends when the `with` block exits.

    The first read starts git, so that each forked worker has its own process.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._output: io.BufferedReader | None = None
        self._is_silent = False  # it hangs: every further object would cost the same wait
        self._owner = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def read(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """Yield the id and content of each object, in the given order.

        The content is None if the object is missing or broken.
        """
        for first in range(0, len(ids), _PORTION):
            yield from self._portion(list(ids[first : first + _PORTION]))

    def _portion(self, ids: list[str]) -> Iterator[tuple[str, bytes | None]]:
        """Read one portion; restart git after each object that it cannot unpack and exits at."""
        while ids:
            done = 0
            try:
                for content in self._contents(ids):
                    yield ids[done], content
                    done += 1
            except GitSilentError:
                self._is_silent = True
            if self._is_silent:
                self.close()
                yield from ((name, None) for name in ids[done:])
                return
            if done < len(ids) and not self._was_interrupted():
                yield ids[done], None
                done += 1
            ids = ids[done:]

    def _was_interrupted(self) -> bool:
        """End git and tell whether a ^C ended it: one may arrive before git has its own session."""
        process = self._process
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
        self.close()
        return process is not None and process.returncode == -signal.SIGINT

    def _contents(self, ids: list[str]) -> Iterator[bytes | None]:
        """Yield the contents until git exits."""
        if self._is_silent:
            return
        process = self._started()
        output = self._output
        assert process.stdin is not None  # noqa: S101 - both pipes were requested at the start
        assert output is not None  # noqa: S101
        try:
            process.stdin.write(''.join(f'{name}\n' for name in ids).encode())
            process.stdin.flush()
        except BrokenPipeError:
            return
        for _ in ids:
            head = output.readline().split(b' ')
            if len(head) != 3:
                if head == [b'']:
                    return
                yield None  # "<id> missing"
                continue
            size = int(head[2])
            data = output.read(size)
            if len(data) < size or output.read(1) != b'\n':
                return
            yield data

    def _started(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # a fork must not read from its parent's git
            self._process = None
        if self._process is None or self._process.poll() is not None:
            self._owner = os.getpid()
            # In its own session git does not get ^C: keylint does, and still reports what it has.
            self._process = subprocess.Popen(
                build_command(self.folder, 'cat-file', '--batch'),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=make_environment(),
                bufsize=_PIPE,
                start_new_session=True,
            )
            _widen(self._process)
            self._output = open_output(self._process, self.folder)
        return self._process

    def close(self) -> None:
        """End git."""
        if self._process is not None:
            self._process.kill()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()
            self._process.wait()
            self._process = None


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Enlarge git's pipe to a megabyte, if the system allows it, so that git can run ahead."""
    if sys.platform != 'win32' and process.stdout is not None:
        with suppress(OSError):
            fcntl.fcntl(process.stdout.fileno(), _SET_PIPE_SIZE, _PIPE)
