"""SQLite's write-ahead log: pages that are newer than those of the database beside it.

Source: SQLite's file format, chapter 4. Only frames with the last salt count, up to the last
commit; the checksums of frames are not verified.
"""

from __future__ import annotations

import struct

MAGICS = (b'7\x7f\x06\x82', b'7\x7f\x06\x83')
_HEADER, _FRAME = 32, 24


def split_log(data: bytes) -> tuple[bytes, bytes]:
    """Split a database from the log that its source appended to it; nearly all have no log."""
    page = _page_size(data[16:18])
    if page and any(magic in data for magic in MAGICS):
        for at in range(page, len(data) - _HEADER, page):
            if (
                data[at : at + 4] in MAGICS
                and int.from_bytes(data[at + 8 : at + 12], 'big') == page
                and _has_valid_checksum(data[at : at + _HEADER])
            ):
                return data[:at], data[at:]
    return data, b''


def apply_log(database: bytes, log: bytes, max_bytes: int) -> bytes:
    """Apply a log to a database; empty if it changes nothing or exceeds `max_bytes`."""
    page = int.from_bytes(log[8:12], 'big')
    if page < 512 or page > 65_536 or page & (page - 1):
        return b''
    salt, size = log[16:24], 0
    pages: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for at in range(_HEADER, len(log) - _FRAME - page + 1, _FRAME + page):
        number, committed = struct.unpack_from('>II', log, at)
        if log[at + 8 : at + 16] != salt or not number:
            break
        waiting[number] = at + _FRAME
        if committed:
            pages.update(waiting)
            waiting, size = {}, committed
    if not pages or size * page > max_bytes or (not database and 1 not in pages):
        return b''
    image = bytearray(database[: size * page].ljust(size * page, b'\x00'))
    for number, at in pages.items():
        if number <= size:
            image[(number - 1) * page : number * page] = log[at : at + page]
    return bytes(image)


def _page_size(field: bytes) -> int:
    size = int.from_bytes(field, 'big')
    size = 65_536 if size == 1 else size
    return size if size >= 512 and not size & (size - 1) else 0


def _has_valid_checksum(header: bytes) -> bool:
    """Tell whether a log's header matches the checksum that it states."""
    words = struct.unpack('<6I' if header[:4] == MAGICS[0] else '>6I', header[:24])
    first = second = 0
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return struct.pack('>II', first, second) == header[24:32]
