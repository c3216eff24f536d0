"""The untracked `.env` that values move to, and writing: every file whole or not at all, links never followed."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Sequence

from keylint.core.errors import SourceError
from keylint.fix.edits import Move, Unfixable, ending_of
from keylint.fix.env import line_of, values
from keylint.fix.names import Names
from keylint.sources.git import ask, top_of

ENV, EXAMPLE, IGNORE = '.env', '.env.example', '.gitignore'
_PRIVATE, _PLAIN = 0o600, 0o644
_TRACKED = (
    'git tracks {path}: make it forget the file first (`git rm --cached {path}`; '
    'other clones lose theirs when they pull, so copy it there before)'
)


class Store:
    """The `.env` of one folder: what it holds, and what comes to it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder or '.'
        self.top = top_of(self.folder)
        self.moves: dict[str, Move] = {}
        self.is_used = False
        self.data = _content(self.path)
        self.names = Names(values(self.data))

    @property
    def path(self) -> str:
        """The file's name for the system."""
        return os.path.normpath(os.path.join(self.folder, ENV))

    @property
    def is_tracked(self) -> bool:
        """Whether git would commit what is written there."""
        return bool(self.top) and bool(ask(self.folder, 'ls-files', '-z', '--', ENV).output)

    def check(self) -> None:
        """Raises Unfixable where nothing may be kept here."""
        if self.is_tracked:
            raise Unfixable(_TRACKED.format(path=self.path))

    def keep(self, moves: Sequence[Move]) -> None:
        """Take values in. Raises Unfixable where one of them cannot be written."""
        self.check()
        for move in moves:
            line_of(move)
        self.is_used = True
        self.moves |= {move.name: move for move in moves}

    def new(self) -> list[Move]:
        """What the `.env` does not hold yet."""
        held = values(self.data)
        return [move for move in self.moves.values() if held.get(move.name) != move.value]

    def write(self) -> None:
        """Git is told to ignore the file before there is anything in it. Raises SourceError when it does not."""
        self._ignore()
        if self.new():
            lines = ''.join(line_of(move) for move in self.new()).replace(
                '\n', ending_of(self.data).decode()
            )
            replace(self.path, self.data, _ended(self.data) + lines.encode(), _PRIVATE)

    def write_example(self) -> None:
        """The names, with nothing behind them, in the file that is committed."""
        path = os.path.join(self.folder, EXAMPLE)
        data = _content(path)
        names = list(self.moves) or list(values(self.data))
        lines = ''.join(f'{name}=\n' for name in names if name not in values(data))
        if lines:
            replace(path, data, _ended(data) + lines.encode(), _PLAIN)

    def _ignore(self) -> None:
        if self._is_ignored():
            return
        path = os.path.join(self.top or self.folder, IGNORE)
        data = _content(path)
        if ENV.encode() not in [line.strip() for line in data.splitlines()]:
            replace(path, data, _ended(data) + ENV.encode() + ending_of(data), _PLAIN)
        if self.top and not self._is_ignored():
            raise SourceError(
                f'{self.path}: git does not ignore it: another line of a .gitignore brings it back; no value was moved'
            )

    def _is_ignored(self) -> bool:
        """Whether a `.gitignore` of the repository names the file; what only this user's own settings ignore does not count."""
        if not self.top:
            return False
        source, mark, rest = ask(
            self.folder, 'check-ignore', '-v', '--no-index', '--', ENV
        ).output.partition(b':')
        return (
            bool(mark)
            and os.path.basename(source) == IGNORE.encode()
            and not rest.partition(b':')[2].startswith(b'!')
        )


def _ended(data: bytes) -> bytes:
    return data if not data or data.endswith((b'\n', b'\r')) else data + ending_of(data)


def _content(path: str) -> bytes:
    """The bytes of a file, none where there is none. Raises Unfixable for links and for what is no file."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return b''
    if not stat.S_ISREG(status.st_mode):
        raise Unfixable(f'{path} is no regular file; nothing is written through links')
    with open(path, 'rb') as file:
        return file.read()


def replace(path: str, before: bytes, after: bytes, mode: int | None = None) -> None:
    """Put a file in place of the one that was read, in one step; it keeps its mode, a new one gets `mode`. Raises SourceError.

    A file that changed since it was read is left alone.
    """
    temporary = os.path.join(
        os.path.dirname(path), f'.{os.path.basename(path)}.{secrets.token_hex(6)}'
    )
    try:
        exists = os.path.lexists(path)
        if (_content(path) if exists else b'') != before:
            raise SourceError(f'{path}: changed while it was read; nothing was written')
        kept = stat.S_IMODE(os.lstat(path).st_mode) if exists else mode
        handle = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, 'O_BINARY', 0), _PRIVATE
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
