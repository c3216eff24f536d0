"""Zip archives (also jar, whl, apk, docx, xlsx, odt) by their central directory. Sizes and names are what somebody wrote there: never believed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from keylint.carriers.limits import Budget, Member, Trouble, cut_off
from keylint.carriers.streams import Chunks, unpacked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.carriers.office import Office

_END, _END64, _ENTRY, _LOCAL = b'PK\x05\x06', b'PK\x06\x06', b'PK\x01\x02', b'PK\x03\x04'
# The end record stands before a comment of at most 65,535 bytes.
_END_REACH = 65_535 + 22
_CENTRAL = struct.Struct('<4s6H3I5H2I')
_METHODS = {8: 'deflate', 12: 'bzip2', 93: 'zstd', 95: 'xz'}
# The first member of every document: what it holds, in the two families.
_OFFICE = ('[Content_Types].xml', 'mimetype')
_FULL = 0xFFFFFFFF
_ENCRYPTED, _IS_UTF8 = 1, 0x800


class _Entry(NamedTuple):
    """What the directory says of a member."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    offset: int


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The files in an archive."""
    place = _directory(data)
    if place is None:
        yield Trouble('', 'the archive has no directory: cut off, or no zip at all')
        return
    directory, shift, count = place
    seen: set[int] = set()
    office: Office | None = None
    packed = number = 0
    for entry in _entries(data, directory):
        budget.tick()
        number += 1
        packed += entry.packed
        if entry.offset in seen or packed > len(data):
            yield Trouble(entry.name, 'its bytes belong to another member too: not unpacked')
            packed -= entry.packed
            budget.count()
            continue
        seen.add(entry.offset)
        if office is None and entry.name in _OFFICE:
            from keylint.carriers.office import Office  # noqa: PLC0415 - only for documents

            office = Office(budget)
        if entry.name.endswith('/') and not entry.size:
            continue
        if entry.flags & _ENCRYPTED:
            yield Trouble(entry.name, 'encrypted: not looked at')
            budget.count()
            continue
        for item in _content(data, entry, shift, budget):
            if office is not None and isinstance(item, Member):
                yield from office.take(item)
            else:
                yield item
    if office is not None:
        yield from office.rest()
    if number != count:
        yield Trouble('', f'the directory of the archive promises {count} members and holds {number}')


def _directory(data: bytes) -> tuple[int, int, int] | None:
    """Where the directory is, by how much everything stands later than it says (something was put in front), and how many members it promises."""
    end = data.rfind(_END, max(0, len(data) - _END_REACH))
    if end < 0 or end + 22 > len(data):
        return None
    count, size, offset = struct.unpack_from('<HII', data, end + 10)
    last = end
    if offset == _FULL or count == 0xFFFF or size == _FULL:
        large = data.rfind(_END64, max(0, end - 1024), end)
        if large >= 0 and large + 56 <= len(data):
            count, size, offset = struct.unpack_from('<QQQ', data, large + 32)
            last = large
    shift = last - size - offset
    if shift < 0 or (count and data[offset + shift : offset + shift + 4] != _ENTRY):
        shift = 0
    return (offset + shift, shift, count) if not count or data[offset + shift : offset + shift + 4] == _ENTRY else None


def _entries(data: bytes, position: int) -> Iterator[_Entry]:
    while data[position : position + 4] == _ENTRY and position + _CENTRAL.size <= len(data):
        fields = _CENTRAL.unpack_from(data, position)
        flags, method, checksum, packed, size = fields[3], fields[4], fields[7], fields[8], fields[9]
        names, extras, comments, offset = fields[10], fields[11], fields[12], fields[16]
        start = position + _CENTRAL.size
        name = data[start : start + names].decode('utf-8' if flags & _IS_UTF8 else 'cp437', 'replace')
        size, packed, offset = _large(data[start + names : start + names + extras], size, packed, offset)
        yield _Entry(name, flags, method, checksum, packed, size, offset)
        position = start + names + extras + comments


def _large(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The numbers that need more than 32 bits, from the extra field 1."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from('<HH', extra, position)
        if kind == 1:
            values = [int.from_bytes(extra[at : at + 8], 'little') for at in range(position + 4, min(position + 4 + length, len(extra) - 7), 8)]
            found = [values.pop(0) if number == _FULL and values else number for number in (size, packed, offset)]
            return found[0], found[1], found[2]
        position += 4 + length
    return size, packed, offset


def _content(data: bytes, entry: _Entry, shift: int, budget: Budget) -> Iterator[Member | Trouble]:
    start = entry.offset + shift
    if data[start : start + 4] != _LOCAL or start + 30 > len(data):
        yield Trouble(entry.name, 'it is not where the directory says')
        return
    start += 30 + sum(struct.unpack_from('<HH', data, start + 26))
    if entry.method not in _METHODS and entry.method:
        yield Trouble(entry.name, f'compressed by method {entry.method}, which keylint does not know')
        return
    view = memoryview(data)[start : start + entry.packed]
    source = unpacked(_METHODS[entry.method], view, budget) if entry.method else _stored(view, budget)
    chunks = Chunks(source)
    content = chunks.read(budget.limits.member)
    if content:
        yield Member(entry.name, content)
    if chunks.peek(1):
        yield Trouble(entry.name, cut_off(budget.limits))
    elif chunks.why:
        yield Trouble(entry.name, chunks.why)
    elif len(content) != entry.size or zlib.crc32(content) != entry.checksum:
        yield Trouble(entry.name, 'its size or checksum is not what the directory says; what there is was looked at')


def _stored(view: memoryview, budget: Budget) -> Iterator[bytes]:
    for position in range(0, len(view), 1 << 20):
        budget.take(len(view[position : position + (1 << 20)]))
        yield bytes(view[position : position + (1 << 20)])
