"""Keep values in untracked `.env` files. Files are written whole; no link is followed."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Sequence

from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.fix.edits import MovedValue, UnfixableError, find_line_ending
from keylint.fix.env import format_line, read_values
from keylint.fix.names import Names
from keylint.sources.git import find_work_tree, try_git

ENV, EXAMPLE, IGNORE = '.env', '.env.example', '.gitignore'
_PRIVATE_MODE, _PLAIN_MODE = 0o600, 0o644
_TRACKED_MESSAGE = (
    'git tracks {path}: make it forget the file first (`git rm --cached {path}`; '
    'other clones lose theirs when they pull, so copy it there before)'
)


class FileChange(NamedTuple):
    """A file with its old and new contents. They contain secrets, so `repr` leaves them out."""

    path: str
    before: bytes
    after: bytes

    def __repr__(self) -> str:
        return f'FileChange({self.path!r}, …)'


class EnvFile:
    """Holds the values of the `.env` of one folder, and those to be added."""

    def __init__(self, folder: str) -> None:
        self.folder = folder or '.'
        self.top = find_work_tree(self.folder)
        self.moves: dict[str, MovedValue] = {}
        self.is_used = False
        self.data = _read_file(self.path)
        self.names = Names(read_values(self.data))

    @property
    def path(self) -> str:
        """Return the path of the file."""
        return os.path.normpath(os.path.join(self.folder, ENV))

    @property
    def is_tracked(self) -> bool:
        """Tell whether git would commit what is written there."""
        return bool(self.top) and bool(try_git(self.folder, 'ls-files', '-z', '--', ENV).output)

    def check(self) -> None:
        """Raise UnfixableError if no value may be kept here."""
        if self.is_tracked:
            raise UnfixableError(_TRACKED_MESSAGE.format(path=self.path))

    def keep(self, moves: Sequence[MovedValue]) -> None:
        """Take values in. Raises UnfixableError if one of them cannot be written."""
        self.check()
        for move in moves:
            format_line(move)
        self.is_used = True
        self.moves |= {move.name: move for move in moves}

    def new(self) -> list[MovedValue]:
        """List the values that the `.env` does not hold yet."""
        held = read_values(self.data)
        return [move for move in self.moves.values() if held.get(move.name) != move.value]

    def list_changes(self) -> list[FileChange]:
        """List the file changes that store the values, for an editor that applies them itself."""
        planned = (
            None if self._is_ignored() else self._plan_ignore(),
            self._plan_values(),
            self._plan_example(),
        )
        return [change for change in planned if change is not None]

    def write(self) -> None:
        """Write the values, and before them the line that lets git ignore the file.

        Raises SourceError if git does not ignore it.
        """
        self._ignore()
        if change := self._plan_values():
            replace_file(*change, _PRIVATE_MODE)

    def write_example(self) -> None:
        """Write the names without values into the example, which is committed."""
        if change := self._plan_example():
            replace_file(*change, _PLAIN_MODE)

    def _plan_values(self) -> FileChange | None:
        if not self.new():
            return None
        lines = ''.join(map(format_line, self.new()))
        lines = lines.replace('\n', find_line_ending(self.data).decode())
        return FileChange(self.path, self.data, _end_last_line(self.data) + lines.encode())

    def _plan_example(self) -> FileChange | None:
        path = os.path.join(self.folder, EXAMPLE)
        data = _read_file(path)
        names = list(self.moves) or list(read_values(self.data))
        lines = ''.join(f'{name}=\n' for name in names if name not in read_values(data))
        return FileChange(path, data, _end_last_line(data) + lines.encode()) if lines else None

    def _plan_ignore(self) -> FileChange | None:
        path = os.path.join(self.top or self.folder, IGNORE)
        data = _read_file(path)
        if ENV.encode() in [line.strip() for line in data.splitlines()]:
            return None
        after = _end_last_line(data) + ENV.encode() + find_line_ending(data)
        return FileChange(path, data, after)

    def _ignore(self) -> None:
        """Add the file to a .gitignore, unless one names it. Raises SourceError."""
        if self._is_ignored():
            return
        if change := self._plan_ignore():
            replace_file(*change, _PLAIN_MODE)
        if self.top and not self._is_ignored():
            raise SourceError(
                f'{self.path}: git does not ignore it: '
                'another line of a .gitignore brings it back; no value was moved'
            )

    def _is_ignored(self) -> bool:
        """Tell whether a `.gitignore` of the repository names the file.

        What only this user's own settings ignore does not count.
        """
        if not self.top:
            return False
        source, mark, rest = try_git(
            self.folder, 'check-ignore', '-v', '--no-index', '--', ENV
        ).output.partition(b':')
        return (
            bool(mark)
            and os.path.basename(source) == IGNORE.encode()
            and not rest.partition(b':')[2].startswith(b'!')
        )


class EnvFiles:
    """Holds the `.env` files of a run by folder."""

    def __init__(self, start: str) -> None:
        self.start = start
        self.all: dict[str, EnvFile] = {}

    def find_store(self, path: str, folder: str | None) -> EnvFile:
        """Return the store of a folder.

        If `folder` is None, it is the top of the repository of the file at `path`, else the folder
        that the run began in.
        """
        if folder is None:
            folder = find_work_tree(os.path.dirname(path) or '.') or self.start
        key = os.path.realpath(folder or '.')
        if key not in self.all:
            is_absolute = bool(folder) and os.path.isabs(folder)
            self.all[key] = EnvFile(os.path.relpath(key) if is_absolute else folder)
        return self.all[key]


def _end_last_line(data: bytes) -> bytes:
    return data if not data or data.endswith((b'\n', b'\r')) else data + find_line_ending(data)


def _read_file(path: str) -> bytes:
    """Return the bytes of a file, none if there is none.

    Raises UnfixableError for links and folders.
    """
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return b''
    if not stat.S_ISREG(status.st_mode):
        raise UnfixableError(f'{path} is not a regular file; nothing is written through links')
    with open(path, 'rb') as file:
        return file.read()


def replace_file(path: str, before: bytes, after: bytes, mode: int | None = None) -> None:
    """Atomically replace the contents `before` of a file with `after`.

    It keeps its mode; a new file gets `mode`. Raises SourceError if it cannot be written, and if it
    changed since it was read.
    """
    temporary = os.path.join(
        os.path.dirname(path), f'.{os.path.basename(path)}.{secrets.token_hex(6)}'
    )
    try:
        exists = os.path.lexists(path)
        if (_read_file(path) if exists else b'') != before:
            raise SourceError(f'{path}: changed while it was read; nothing was written')
        kept = stat.S_IMODE(os.lstat(path).st_mode) if exists else mode
        handle = os.open(
            temporary,
            os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, 'O_BINARY', 0),
            _PRIVATE_MODE,
        )
        with open(handle, 'wb') as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        if kept is not None:
            os.chmod(temporary, kept)
        os.replace(temporary, path)
    except OSError as error:
        raise SourceError(f'{path}: cannot be written: {error.strerror}') from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
