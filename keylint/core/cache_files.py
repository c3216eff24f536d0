"""Cache files in the user's cache folder (mode 0700), never in the scanned tree.

Each file begins with the state that it was made from. A file that is cut off, made from another
state, or readable or writable for other users counts as missing.
"""

from __future__ import annotations

import os
import stat
import sys
import zlib

MAGIC = b'keylint-pack\n'
_COUNT_BYTES, _CHECKSUM_BYTES = 4, 4
# O_NONBLOCK: opening a named pipe must not wait for a writer.
_OPEN_FLAGS = os.O_RDONLY | getattr(os, 'O_NONBLOCK', 0) | getattr(os, 'O_BINARY', 0)
# Windows has no such user ids: there the folder's permissions keep others out.
_OWN_USER = getattr(os, 'geteuid', None)


def cache_folder() -> str:
    """Return `$KEYLINT_CACHE_DIR`, or `keylint` in the user's cache folder."""
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


def cache_path_stem(state: bytes) -> str:
    """Return the path, without its suffix, of the cache files for a state."""
    return os.path.join(cache_folder(), name_state(state))


def name_state(state: bytes) -> str:
    """Return the name, without its suffix, of the cache files for a state."""
    return f'{zlib.crc32(state):08x}{zlib.adler32(state):08x}'


def read_cache_file(path: str, state: bytes) -> bytes | None:
    """Read the body of a cache file; None if it is missing, damaged or for another state."""
    try:
        with open(os.open(path, _OPEN_FLAGS), 'rb') as file:
            data = file.read() if _is_private(os.fstat(file.fileno())) else b''
    except OSError:
        return None
    return unpack_cache_file(data, state)


def unpack_cache_file(data: bytes, state: bytes) -> bytes | None:
    """Return the body of a cache file's content; None if it is damaged or for another state."""
    start, stop = len(MAGIC) + len(state), len(data) - _COUNT_BYTES - _CHECKSUM_BYTES
    count = data[stop:-_CHECKSUM_BYTES]
    checked = data[start : max(stop - int.from_bytes(count), start)]
    is_whole = stop >= start and _make_checksum(checked, count) == data[-_CHECKSUM_BYTES:]
    return data[start:stop] if is_whole and data.startswith(MAGIC + state) else None


def pack_cache_file(body: bytes, state: bytes, unchecked: int = 0) -> bytes:
    """Return the content of a cache file: state, body, count and checksum.

    The checksum leaves out the last `unchecked` bytes: of a database, which has one of its own.
    """
    count = unchecked.to_bytes(_COUNT_BYTES)
    checksum = _make_checksum(body[: len(body) - unchecked], count)
    return MAGIC + state + body + count + checksum


def _is_private(status: os.stat_result) -> bool:
    """Check that only this user can read or write a file.

    Rejects files of other users and files that git checked out with its usual modes.
    """
    return stat.S_ISREG(status.st_mode) and (
        _OWN_USER is None or (status.st_uid == _OWN_USER() and not status.st_mode & 0o077)
    )


def _make_checksum(checked: bytes, count: bytes) -> bytes:
    """Return the checksum at the end of a cache file."""
    return zlib.crc32(count, zlib.crc32(checked)).to_bytes(_CHECKSUM_BYTES)
