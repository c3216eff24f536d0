"""Zip archives (also jar, whl, apk, docx, xlsx, odt) by their central directory.

The directory's sizes and names are untrusted.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.decompress import ChunkReader, decompress
from keylint.archives.members import Member, Unreadable, describe_cut
from keylint.archives.office import OfficeDocument
from keylint.core.records import NamedTuple

_END, _END64, _ENTRY, _LOCAL = b'PK\x05\x06', b'PK\x06\x06', b'PK\x01\x02', b'PK\x03\x04'
# The end record precedes a comment of at most 65,535 bytes.
_MAX_END_BYTES = 65_535 + 22
_CENTRAL = struct.Struct('<4s6H3I5H2I')
_METHODS = {8: 'deflate', 12: 'bzip2', 93: 'zstd', 95: 'xz'}
# The first member of every document in the two families.
_FIRST_OFFICE_MEMBERS = ('[Content_Types].xml', 'mimetype')
_FULL = 0xFFFFFFFF
_ENCRYPTED, _IS_UTF8 = 1, 0x800


class _ZipEntry(NamedTuple):
    """A member as the directory describes it; sizes in bytes, `offset` as stated there."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    offset: int
    part: int


class _ZipDirectory(NamedTuple):
    """The central directory of an archive.

    `start` is its offset; `shift` counts the bytes that precede the archive;
    `promised` is the number of members it states; `part` is the number of this part of a split
    archive, from 0.
    """

    start: int
    shift: int
    promised: int
    part: int


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the files in an archive."""
    directory = _read_directory(data)
    if directory is None:
        yield Unreadable('', 'the archive has no directory: cut off, or no zip at all')
        return
    reader = _ZipReader(data, directory, budget)
    for entry in _read_entries(data, directory.start):
        budget.tick()
        yield from reader.read_entry(entry)
    yield from reader.finish()


class _ZipReader:
    """Read the members of one archive, each once, and convert those of an office document."""

    def __init__(self, data: bytes, directory: _ZipDirectory, budget: Budget) -> None:
        self._data = data
        self._directory = directory
        self._budget = budget
        self._office: OfficeDocument | None = None
        self._offsets: set[int] = set()  # offsets of the members that were read
        self._packed = 0  # the sum of their packed bytes
        self._number = 0  # number of entries so far
        self._elsewhere = 0  # entries whose members begin in other parts

    def read_entry(self, entry: _ZipEntry) -> Iterator[Member | Unreadable]:
        """Yield the member of an entry, or why it is unreadable; nothing for a folder."""
        self._number += 1
        if entry.part != self._directory.part:
            self._elsewhere += 1
            return
        if entry.offset in self._offsets or self._packed + entry.packed > len(self._data):
            yield Unreadable(entry.name, 'its bytes belong to another member too: not unpacked')
            self._budget.count()
            return
        self._packed += entry.packed
        self._offsets.add(entry.offset)
        if self._office is None and entry.name in _FIRST_OFFICE_MEMBERS:
            self._office = OfficeDocument(self._budget)
        if entry.name.endswith('/') and not entry.size:
            return
        if entry.flags & _ENCRYPTED:
            yield Unreadable(entry.name, 'encrypted: not looked at')
            self._budget.count()
            return
        for item in _read_content(self._data, entry, self._directory.shift, self._budget):
            if self._office is not None and isinstance(item, Member):
                yield from self._office.convert(item)
            else:
                yield item

    def finish(self) -> Iterator[Member | Unreadable]:
        """Yield the sheets of an office document, then a note on members that are missing."""
        if self._office is not None:
            yield from self._office.convert_sheets()
        promised = self._directory.promised
        if self._number != promised:
            yield Unreadable(
                '',
                f'the directory of the archive promises {promised} members'
                f' and holds {self._number}',
            )
        if self._elsewhere:
            yield Unreadable(
                '',
                f'a part of a split archive: {self._elsewhere} of its members begin in other parts'
                ' and were not looked at',
            )


def _read_directory(data: bytes) -> _ZipDirectory | None:
    end = data.rfind(_END, max(0, len(data) - _MAX_END_BYTES))
    if end < 0 or end + 22 > len(data):
        return None
    part, _, _, count, size, offset = struct.unpack_from('<4H2I', data, end + 4)
    last = end
    if offset == _FULL or count == 0xFFFF or size == _FULL:
        large = data.rfind(_END64, max(0, end - 1024), end)
        if large >= 0 and large + 56 <= len(data):
            part, _, _, count, size, offset = struct.unpack_from('<2I4Q', data, large + 16)
            last = large
    shift = last - size - offset
    if shift < 0 or (count and data[offset + shift : offset + shift + 4] != _ENTRY):
        shift = 0
    return (
        _ZipDirectory(offset + shift, shift, count, part)
        if not count or data[offset + shift : offset + shift + 4] == _ENTRY
        else None
    )


def _read_entries(data: bytes, position: int) -> Iterator[_ZipEntry]:
    while data[position : position + 4] == _ENTRY and position + _CENTRAL.size <= len(data):
        fields = _CENTRAL.unpack_from(data, position)
        flags, method, checksum, packed, size = (
            fields[3],
            fields[4],
            fields[7],
            fields[8],
            fields[9],
        )
        names, extras, comments, offset = fields[10], fields[11], fields[12], fields[16]
        start = position + _CENTRAL.size
        name = data[start : start + names].decode(
            'utf-8' if flags & _IS_UTF8 else 'cp437', 'replace'
        )
        size, packed, offset, part = _read_zip64_sizes(
            data[start + names : start + names + extras], size, packed, offset, fields[13]
        )
        yield _ZipEntry(name, flags, method, checksum, packed, size, offset, part)
        position = start + names + extras + comments


def _read_zip64_sizes(
    extra: bytes, size: int, packed: int, offset: int, part: int
) -> tuple[int, int, int, int]:
    """Replace the numbers that do not fit their fields with those of the extra field 1 (ZIP64).

    Returns size, packed size, offset (eight bytes each) and part (four bytes).
    """
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from('<HH', extra, position)
        if kind == 1:
            rest = extra[position + 4 : position + 4 + length]
            found = []
            for number, width, full in (
                (size, 8, _FULL),
                (packed, 8, _FULL),
                (offset, 8, _FULL),
                (part, 4, 0xFFFF),
            ):
                is_there = number == full and len(rest) >= width
                found.append(int.from_bytes(rest[:width], 'little') if is_there else number)
                rest = rest[width:] if is_there else rest
            return found[0], found[1], found[2], found[3]
        position += 4 + length
    return size, packed, offset, part


def _read_content(
    data: bytes, entry: _ZipEntry, shift: int, budget: Budget
) -> Iterator[Member | Unreadable]:
    start = entry.offset + shift
    if data[start : start + 4] != _LOCAL or start + 30 > len(data):
        yield Unreadable(entry.name, 'it is not where the directory says')
        return
    start += 30 + sum(struct.unpack_from('<HH', data, start + 26))
    if entry.method not in _METHODS and entry.method:
        yield Unreadable(
            entry.name, f'compressed by method {entry.method}, which keylint does not know'
        )
        return
    view = memoryview(data)[start : start + entry.packed]
    source = (
        decompress(_METHODS[entry.method], view, budget)
        if entry.method
        else _read_stored(view, budget)
    )
    chunks = ChunkReader(source)
    content = chunks.read(budget.limits.member)
    if content:
        yield Member(entry.name, content)
    if chunks.peek(1):
        yield Unreadable(entry.name, describe_cut(budget.limits.member))
    elif chunks.failure:
        yield Unreadable(entry.name, chunks.failure)
    elif len(content) != entry.size or zlib.crc32(content) != entry.checksum:
        yield Unreadable(
            entry.name,
            'its size or checksum is not what the directory says; what there is was looked at',
        )


def _read_stored(view: memoryview, budget: Budget) -> Iterator[bytes]:
    for position in range(0, len(view), 1 << 20):
        budget.take(len(view[position : position + (1 << 20)]))
        yield bytes(view[position : position + (1 << 20)])
