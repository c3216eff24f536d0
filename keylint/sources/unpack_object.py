r"""Unpack a loose object of git: one zlib stream of `<type> <size>\0<content>`."""

from __future__ import annotations

import zlib

# The maximum length of an object's header: a type and a size.
_HEAD = 32


def unpack_blob(data: bytes, most: int) -> bytes | None:
    """Return the content of a blob; None for another type, a broken one, or over `most` bytes."""
    stream = zlib.decompressobj()
    try:
        head, _, content = stream.decompress(data, _HEAD).partition(b'\x00')
        kind, _, digits = head.partition(b' ')
        if kind != b'blob' or not digits.isdigit() or int(digits) > most:
            return None
        size = int(digits)
        content += stream.decompress(stream.unconsumed_tail, size + 1)
    except zlib.error:
        return None
    return content if len(content) == size and stream.eof else None
