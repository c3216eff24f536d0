r"""Loose objects, one file each, as `git add` writes them; read without starting git.

Such a file is one zlib stream of `<type> <size>\0<content>` (gitformat-loose in git's manual).
"""

from __future__ import annotations

import os

from keylint.core.blob import Blob, UnreadFile
from keylint.sources.files import load_file
from keylint.sources.unpack_object import unpack_blob


def read_loose_blob(objects: str, name: str, most: int) -> bytes | None:
    """Read a blob by its id (hex) from a repository's folder `objects`.

    Returns None if there is no such file, or if it is no blob, broken, or larger than `most` bytes:
    git then looks elsewhere or says what is wrong.
    """
    file = load_file(UnreadFile(os.path.join(objects, name[:2], name[2:]), name), most)
    if not isinstance(file, Blob):
        return None
    return unpack_blob(file.data, most)
