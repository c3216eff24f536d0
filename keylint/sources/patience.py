"""Wait for git, but not for ever: a pipe in a repository makes it wait for what never comes.

git clones no pipes; archives, shares and mounts carry them. Most are found by their places: git is
asked for a moment, and where it says nothing the files that it reads are looked at.
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

TYPE_CHECKING = False  # the hook asks git without it
if TYPE_CHECKING:
    import subprocess

_PIPE_BYTES = 1 << 20
# What git reads in its own folder, besides what lies below the folders.
_GIT_FILES = (
    'HEAD config config.worktree index packed-refs shallow commondir gitdir '
    'info/exclude info/attributes info/grafts objects/info/alternates'
).split()
_GIT_FOLDERS = ('objects', 'refs', 'worktrees')
# What it reads in the work tree.
TREE_FILES = ('.gitignore', '.gitattributes', '.gitmodules')


class GitSilentError(SourceError):
    """A git that was ended because it said nothing for too long: the path to name, and why."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f'{path}: {why}')
        self.path = path
        self.why = why


class PatientPipe(io.RawIOBase):
    """The output of a git; reading raises GitSilentError where nothing comes in time.

    `folder` is where that git runs.
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
        """Read what has come; waits for something if nothing has."""
        wait_for_output(self._handle, self._folder)
        return os.readv(self._handle, [buffer])


def open_output(process: subprocess.Popen[bytes], folder: str) -> io.BufferedReader:
    """Open the output of git for reading in large pieces, but not for waiting without end."""
    assert isinstance(process.stdout, io.BufferedReader)  # noqa: S101 - it was asked for
    if sys.platform == 'win32':  # pipes cannot be waited for there
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
    """Yield the files that git reads: those above a folder, those below it, and its own."""
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
    """Yield what is below a folder and is none; links are not followed, nor is `.git`.

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
