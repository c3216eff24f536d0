"""Wait for git, but not forever: a pipe in a repository makes git wait for data that never comes.

git does not clone pipes, but archives, shares and mounts can contain them. If git prints
nothing for a moment, the files that it reads are checked for pipes.
"""

from __future__ import annotations

import io
import os
import select
import stat
import sys
from collections.abc import Iterator

from keylint.core import limits
from keylint.core.errors import SourceError

TYPE_CHECKING = False  # the hook runs git without it
if TYPE_CHECKING:
    import subprocess

_PIPE_BYTES = 1 << 20
# Files that git reads in its own folder, besides the files in these folders.
_GIT_FILES = (
    'HEAD config config.worktree index packed-refs shallow commondir gitdir '
    'info/exclude info/attributes info/grafts objects/info/alternates'
).split()
_GIT_FOLDERS = ('objects', 'refs', 'worktrees')
# Files that git reads in the work tree.
TREE_FILES = ('.gitignore', '.gitattributes', '.gitmodules')


class GitSilentError(SourceError):
    """Report that git was ended after a long silence: the path to name, and the reason."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f'{path}: {why}')
        self.path = path
        self.why = why


class PatientPipe(io.RawIOBase):
    """The output of git; reading raises GitSilentError if nothing arrives in time.

    `folder` is the folder in which that git runs.
    """

    def __init__(self, handle: int, folder: str) -> None:
        super().__init__()
        self._handle = handle
        self._folder = folder

    def readable(self) -> bool:
        """Return True: it is a pipe to read from."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._handle

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read what has arrived, waiting if nothing has."""
        wait_for_output(self._handle, self._folder)
        return os.readv(self._handle, [buffer])


def open_output(process: subprocess.Popen[bytes], folder: str) -> io.BufferedReader:
    """Open git's output for reading in large pieces, with a limit on how long a read waits."""
    assert isinstance(process.stdout, io.BufferedReader)  # noqa: S101 - the pipe was requested
    if sys.platform == 'win32':  # Windows cannot wait for pipes
        return process.stdout
    return io.BufferedReader(PatientPipe(process.stdout.fileno(), folder), _PIPE_BYTES)


def wait_for_output(handle: int, folder: str) -> None:
    """Wait until something can be read. Raises GitSilentError."""
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    if waiting.poll(limits.GIT_FIRST_SECONDS * 1000):
        return
    blocking = find_blocking_file(folder)
    if blocking:
        raise GitSilentError(blocking, 'no plain file: git waits for it without end')
    if not waiting.poll(limits.GIT_SECONDS * 1000):
        seconds = limits.GIT_FIRST_SECONDS + limits.GIT_SECONDS
        raise GitSilentError(folder, f'git did not answer for {seconds:g} s and was ended')


def find_blocking_file(folder: str) -> str:
    """Find a pipe among the files that git reads in a repository; empty if there is none."""
    return next((path for path in _list_read(os.path.realpath(folder)) if _is_pipe(path)), '')


def _list_read(folder: str) -> Iterator[str]:
    """Yield the files that git reads: in folders above, in folders below, and in its own folder."""
    above = folder
    while True:
        yield from (os.path.join(above, name) for name in TREE_FILES)
        inside = os.path.join(above, '.git')
        if os.path.isdir(inside) or os.path.dirname(above) == above:
            break
        above = os.path.dirname(above)
    for root in dict.fromkeys((inside, folder)):
        yield from (os.path.join(root, *name.split('/')) for name in _GIT_FILES)
        for name in _GIT_FOLDERS:
            yield from (entry.path for entry in _walk(os.path.join(root, name)))
    yield from (entry.path for entry in _walk(folder) if entry.name in TREE_FILES)


def _walk(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield the files below a folder, without following links or entering `.git`.

    A tree may be deeper than Python's stack, which `os.walk` needs.
    """
    waiting = [folder]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield entry
            elif entry.name != '.git':
                waiting.append(entry.path)


def _is_pipe(path: str) -> bool:
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)
    except OSError:
        return False
