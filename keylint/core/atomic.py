"""Write files atomically: a file has either its complete new content or its old content."""

from __future__ import annotations

import errno
import os

# Errors with which a system or a file system reports that it has no unnamed files.
_NO_UNNAMED_FILES = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT)


def replace_file(path: str, data: bytes, mode: int = 0o666, kept: int | None = None) -> None:
    """Replace the file at `path` in one step and leave nothing else behind.

    The new file is created with `mode` less the umask; if `kept` is given, it ends with exactly
    that mode. A symbolic link at `path` is replaced, not followed. Raises OSError.
    """
    handle, temporary = _open_temporary(os.path.dirname(path) or '.', mode)
    try:
        with open(handle, 'wb') as file:
            file.write(data)
            file.flush()
            if not os.path.exists(temporary):
                _link_unnamed(file.fileno(), temporary)
        if kept is not None:
            os.chmod(temporary, kept)
        os.replace(temporary, path)
    except BaseException:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise


def _link_unnamed(handle: int, name: str) -> None:
    """Give a name to a file that was opened without one."""
    # `src_dir_fd` makes Python call linkat, which follows the link in /proc.
    os.link(f'/proc/self/fd/{handle}', name, src_dir_fd=handle)


def _open_temporary(folder: str, mode: int) -> tuple[int, str]:
    """Open a new file for writing; return its descriptor and its temporary name.

    If the system supports it, the file has no name until it is complete, so that a process that is
    killed while writing leaves nothing behind.
    """
    name = os.path.join(folder, f'.keylint-{os.urandom(6).hex()}.tmp')
    if os.path.isdir('/proc/self/fd') and hasattr(os, 'O_TMPFILE'):
        try:
            return os.open(folder, os.O_WRONLY | os.O_TMPFILE, mode), name
        except OSError as error:
            if error.errno not in _NO_UNNAMED_FILES:
                raise
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, 'O_BINARY', 0)
    return os.open(name, flags, mode), name
