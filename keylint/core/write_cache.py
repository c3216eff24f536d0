"""Write cache files, and delete old ones. Separate from reading them, which every hook does."""

from __future__ import annotations

import os

from keylint.core.atomic import replace_file
from keylint.core.cache_files import pack_cache_file

# The number of files of one kind that are kept, newest first.
_MAX_FILES = 16


def write_cache_file(
    path: str, state: bytes, body: bytes, suffixes: tuple[str, ...], unchecked: int = 0
) -> None:
    """Write a cache file in one step, then delete all but the newest files with `suffixes`.

    The last `unchecked` bytes have a checksum of their own. Does nothing if the folder cannot be
    written; the next run is just slower.
    """
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        replace_file(path, pack_cache_file(body, state, unchecked), 0o600)
        files = [entry for entry in os.scandir(folder) if entry.name.endswith(suffixes)]
        newest_first = sorted(files, key=lambda entry: entry.stat().st_mtime, reverse=True)
        for entry in newest_first[_MAX_FILES:]:
            os.unlink(entry.path)
    except OSError:
        return
