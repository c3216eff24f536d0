r"""Objects that lie in files of their own, as `git add` leaves them: read without starting git.

Such a file is one zlib stream of `<type> <size>\0<content>` (gitformat-loose in git's manual).
"""

from __future__ import annotations

import os
import zlib

from keylint.core.blob import Blob, UnreadFile
from keylint.sources.files import load_file

# The longest beginning of an object: a type and a size.
_HEAD = 32


def read_loose_blob(objects: str, name: str, most: int) -> bytes | None:
    """Read a blob by its id (hex) from a repository's folder `objects`.

    None for what does not lie there in a file of its own, is no blob, broken, or larger than `most`
    bytes: git knows where else to look, and says what is wrong.
    """
    file = load_file(UnreadFile(os.path.join(objects, name[:2], name[2:]), name), most)
    if not isinstance(file, Blob):
        return None
    stream = zlib.decompressobj()
    try:
        head, _, content = stream.decompress(file.data, _HEAD).partition(b'\x00')
        kind, _, digits = head.partition(b' ')
        if kind != b'blob' or not digits.isdigit() or int(digits) > most:
            return None
        size = int(digits)
        content += stream.decompress(stream.unconsumed_tail, size + 1)
    except zlib.error:
        return None
    return content if len(content) == size and stream.eof else None
