"""Files that make the next run shorter: under the user's cache folder (mode 0700), never in the scanned tree.

Each is made for one state (what it was made from) and says so; one that is cut off, for another state, or that others may read or write
counts as missing.
"""

from __future__ import annotations

import os
import stat
import sys
import zlib

_KEPT = 16
_MAGIC = b'keylint-pack\n'
_OPEN = (
    os.O_RDONLY | getattr(os, 'O_NONBLOCK', 0) | getattr(os, 'O_BINARY', 0)
)  # a pipe must not be waited for


def cache_folder() -> str:
    """`$KEYLINT_CACHE_DIR`, or `keylint` in the user's cache folder."""
    own = os.environ.get('KEYLINT_CACHE_DIR')
    if own:
        return own
    if sys.platform == 'win32':
        base = os.environ.get('LOCALAPPDATA') or os.path.expanduser('~')
    elif sys.platform == 'darwin':
        base = os.path.expanduser('~/Library/Caches')
    else:
        base = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    return os.path.join(base, 'keylint')


def stem_of(state: bytes) -> str:
    """The path, less its suffix, of the files for a state."""
    return os.path.join(cache_folder(), f'{zlib.crc32(state):08x}{zlib.adler32(state):08x}')


def read(path: str, state: bytes) -> bytes | None:
    """What a file holds behind its head, or None when it is missing, cut off or made for another state."""
    try:
        with open(os.open(path, _OPEN), 'rb') as file:
            data = file.read() if _is_own(os.fstat(file.fileno())) else b''
    except OSError:
        return None
    head = _MAGIC + state
    body, check = data[len(head) : -4], data[-4:]
    return body if data.startswith(head) and zlib.crc32(body).to_bytes(4) == check else None


def _is_own(status: os.stat_result) -> bool:
    """Whether nobody but this user can have written a file, or reads it: not another user, and not a checkout of git with its usual modes."""
    return stat.S_ISREG(status.st_mode) and (
        sys.platform == 'win32' or (status.st_uid == os.geteuid() and not status.st_mode & 0o077)
    )


def write(path: str, state: bytes, body: bytes, suffixes: tuple[str, ...]) -> None:
    """Atomic, and silent when the folder cannot be written: the next run is slower, nothing else.

    Of the files with `suffixes` all but the newest are removed.
    """
    from keylint.core.atomic import replace_file  # noqa: PLC0415 - only when a cache is written

    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        replace_file(path, _MAGIC + state + body + zlib.crc32(body).to_bytes(4), 0o600)
        files = [entry for entry in os.scandir(folder) if entry.name.endswith(suffixes)]
        for entry in sorted(files, key=lambda entry: entry.stat().st_mtime, reverse=True)[_KEPT:]:
            os.unlink(entry.path)
    except OSError:
        return
