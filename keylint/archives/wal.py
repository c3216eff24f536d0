"""SQLite's write-ahead log: pages that are newer than those of the database beside it.

Source: SQLite's file format, chapter 4. Only frames of the last salt count, up to the last commit; checksums are not asked.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from keylint.core.limits import Budget, Member, Trouble

MAGICS = (b'7\x7f\x06\x82', b'7\x7f\x06\x83')
_HEADER, _FRAME = 32, 24


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The tables of which the log has all that is needed: a log that begins with its database has. The others need the database."""
    image = over(b'', data, budget.limits.held)
    if image.startswith(b'SQLite format 3\x00'):
        from keylint.archives.sqlite import rows_of  # noqa: PLC0415 - only for a log that begins with its database

        for item in rows_of(image, budget):
            if isinstance(
                item, Member
            ):  # pages that are only in the database are no trouble of the log
                yield item


def cut(data: bytes) -> tuple[bytes, bytes]:
    """A database and the log that its source has put behind it, which is empty for nearly all."""
    page = _page_size(data[16:18])
    if page and any(magic in data for magic in MAGICS):
        for at in range(page, len(data) - _HEADER, page):
            if (
                data[at : at + 4] in MAGICS
                and int.from_bytes(data[at + 8 : at + 12], 'big') == page
                and _is_whole(data[at : at + _HEADER])
            ):
                return data[:at], data[at:]
    return data, b''


def over(database: bytes, log: bytes, most: int) -> bytes:
    """The database as it is with what the log says; nothing where the log says nothing, or the whole has more bytes than `most`."""
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
    if not pages or size * page > most or (not database and 1 not in pages):
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


def _is_whole(header: bytes) -> bool:
    """Whether the header of a log has its own checksum."""
    words = struct.unpack('<6I' if header[:4] == MAGICS[0] else '>6I', header[:24])
    first = second = 0
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return struct.pack('>II', first, second) == header[24:32]
