"""Files that hold all of what is written to them, or what they held before."""

from __future__ import annotations

import contextlib
import errno
import os


def replace_file(path: str, data: bytes, mode: int = 0o666, kept: int | None = None) -> None:
    """Put a file in the place of `path` in one step. It is made with `mode` less the umask, and ends with exactly `kept` where that is given.

    A link of that name is replaced, not followed. Nothing else is left behind. Raises OSError.
    """
    handle, temporary = _unfinished(os.path.dirname(path) or '.', mode)
    try:
        with open(handle, 'wb') as file:
            file.write(data)
            file.flush()
            if not os.path.exists(temporary):
                os.link(
                    f'/proc/self/fd/{file.fileno()}', temporary, src_dir_fd=file.fileno()
                )  # with a folder given, the link is followed
        if kept is not None:
            os.chmod(temporary, kept)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _unfinished(folder: str, mode: int) -> tuple[int, str]:
    """A new file and the name that it is to have until it takes its own. Where the system can, it gets even that only when it is whole:
    then nothing is left behind when the process is killed while it writes.
    """
    name = os.path.join(folder, f'.keylint-{os.urandom(6).hex()}.tmp')
    if os.path.isdir('/proc/self/fd') and hasattr(os, 'O_TMPFILE'):
        try:
            return os.open(folder, os.O_WRONLY | os.O_TMPFILE, mode), name
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT):
                raise
    return os.open(
        name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, 'O_BINARY', 0), mode
    ), name
