"""Tar archives as a stream of headers and contents.

Names are labels, links and devices have no content, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives.decompress import Chunks
from keylint.core.limits import Budget, Member, Trouble, cut_off

_BLOCK = 512
_LONGEST_HEADER = 1 << 20
_EMPTY = bytes(_BLOCK)
# POSIX: regular files, the old mark for them, contiguous ones; GNU: sparse ones, without holes.
_FILES = (b'0', b'\x00', b'7', b'S')
_CHECKSUM = slice(148, 156)


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """Yield the files in an archive."""
    view = memoryview(data)
    return read_entries(
        Chunks(bytes(view[start : start + (1 << 20)]) for start in range(0, len(view), 1 << 20)),
        budget,
    )


def read_entries(chunks: Chunks, budget: Budget) -> Iterator[Member | Trouble]:
    """Yield the files in an archive that comes in chunks."""
    name, size = '', -1  # as the headers before the file's own say
    while True:
        budget.tick()
        header = chunks.read(_BLOCK)
        if len(header) < _BLOCK or header == _EMPTY:
            if header and header != _EMPTY:
                yield Trouble('', 'the archive ends in the middle of a header')
            return
        length = _number(header[124:136])
        if length is None or _number(header[_CHECKSUM]) != _sum(header):
            yield Trouble('', 'a header of the archive is broken: the rest was not looked at')
            return
        kind = header[156:157]
        if kind in (b'L', b'K', b'x', b'g'):
            if length > _LONGEST_HEADER:
                yield Trouble(
                    '', 'a header of the archive is too large: the rest was not looked at'
                )
                return
            text = chunks.read(length)
            chunks.skip(-length % _BLOCK)
            if kind == b'L':
                name = _text(text)
            elif kind == b'x':
                name, size = _extended(text, name, size)
            continue
        if kind == b'S':
            extended = header[482:483]
            while extended not in (b'', b'\x00'):
                extended = chunks.read(_BLOCK)[504:505]
        length = size if size >= 0 and kind in _FILES else length
        yield from _file(chunks, name or _own_name(header), length, kind, budget)
        name, size = '', -1


def _file(
    chunks: Chunks, name: str, length: int, kind: bytes, budget: Budget
) -> Iterator[Member | Trouble]:
    if kind not in _FILES:
        if kind in (b'1', b'2', b'3', b'4', b'5', b'6'):
            length = 0 if kind != b'1' else length  # a hard link may carry its file once more
        chunks.skip(length + -length % _BLOCK)
        return
    wanted = min(length, budget.limits.member)
    data = chunks.read(wanted)
    if data:
        yield Member(name, data)
    if len(data) < wanted:
        yield Trouble(name, 'the archive ends in the middle of it')
    elif length > wanted:
        yield Trouble(name, cut_off(budget.limits))
    chunks.skip(length - len(data) + -length % _BLOCK)


def _number(field: bytes) -> int | None:
    """Parse octal digits, or a binary number whose highest bit is set.

    None for anything else and for negative numbers.
    """
    if field[0] & 0x80:
        return (
            int.from_bytes(field, 'big') & (1 << (8 * len(field) - 1)) - 1
            if field[0] == 0x80
            else None
        )
    digits = field.strip(b' \x00').split(b'\x00')[0].strip()
    if not digits:
        return 0
    return int(digits, 8) if digits.isdigit() and not set(digits) & set(b'89') else None


def _sum(header: bytes) -> int:
    return sum(header) - sum(header[_CHECKSUM]) + 8 * 32


def _text(data: bytes) -> str:
    return data.split(b'\x00', 1)[0].decode('utf-8', 'replace')


def _own_name(header: bytes) -> str:
    prefix = _text(header[345:500]) if header[257:263] == b'ustar\x00' else ''
    return f'{prefix}/{_text(header[:100])}' if prefix else _text(header[:100])


def _extended(data: bytes, name: str, size: int) -> tuple[str, int]:
    """Name and size from a header of POSIX 2001: lines `length key=value`."""
    position = 0
    while position < len(data):
        digits, mark, _ = data[position : position + 20].partition(b' ')
        length = int(digits) if mark and digits.isdigit() else 0
        if length <= len(digits) + 1:
            break
        key, _, value = data[position + len(digits) + 1 : position + length - 1].partition(b'=')
        if key == b'path':
            name = value.decode('utf-8', 'replace')
        elif key == b'size' and value.isdigit() and len(value) < 20:
            size = int(value)
        position += length
    return name, size
