"""Tar archives as a stream of headers and contents.

Names are only labels, links and devices have no content, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.decompress import ChunkReader
from keylint.archives.members import Member, Unreadable, describe_cut

_BLOCK_BYTES = 512
_MAX_HEADER_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 20
_END = bytes(_BLOCK_BYTES)
# POSIX: regular files, their old type, contiguous files; GNU: sparse files, without holes.
_FILES = (b'0', b'\x00', b'7', b'S')
_SPARSE = b'S'
_LONG_NAME, _POSIX_HEADER = b'L', b'x'
# Types whose content describes the entry that follows.
_HEADERS = (_LONG_NAME, b'K', _POSIX_HEADER, b'g')
# Links, devices and folders. A hard link may repeat the content of its file, so its length counts.
_WITHOUT_CONTENT = (b'2', b'3', b'4', b'5', b'6')
_CHECKSUM = slice(148, 156)
_MAX_SIZE_DIGITS = 19


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the files in an archive."""
    view = memoryview(data)
    starts = range(0, len(view), _CHUNK_BYTES)
    chunks = ChunkReader(bytes(view[start : start + _CHUNK_BYTES]) for start in starts)
    return read_entries(chunks, budget)


def read_entries(chunks: ChunkReader, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the files in an archive that comes in chunks."""
    name, size = '', -1  # set by the headers before the file's own
    while True:
        budget.tick()
        header = chunks.read(_BLOCK_BYTES)
        if not header or header == _END:
            return
        length = _read_number(header[124:136]) if len(header) == _BLOCK_BYTES else None
        failure = _check_header(header, length)
        if failure or length is None:
            yield Unreadable('', failure)
            return
        kind = header[156:157]
        if kind in _HEADERS:
            name, size = _read_extension(chunks, kind, length, name, size)
            continue
        if kind == _SPARSE:
            _skip_sparse_maps(chunks, header)
        if size >= 0 and kind in _FILES:
            length = size
        yield from _read_file(chunks, name or _own_name(header), length, kind, budget)
        name, size = '', -1


def _check_header(header: bytes, length: int | None) -> str:
    """Say what is wrong with a header, empty if nothing is. `length` is its parsed size field."""
    if len(header) < _BLOCK_BYTES:
        return 'the archive ends in the middle of a header'
    if length is None or _read_number(header[_CHECKSUM]) != _compute_checksum(header):
        return 'a header of the archive is broken: the rest was not looked at'
    if header[156:157] in _HEADERS and length > _MAX_HEADER_BYTES:
        return 'a header of the archive is too large: the rest was not looked at'
    return ''


def _read_extension(
    chunks: ChunkReader, kind: bytes, length: int, name: str, size: int
) -> tuple[str, int]:
    """Read a header that gives a name or size to the file after it; return both."""
    data = chunks.read(length)
    chunks.skip(-length % _BLOCK_BYTES)
    if kind == _LONG_NAME:
        return _decode_field(data), size
    if kind == _POSIX_HEADER:
        return _parse_records(data, name, size)
    return name, size


def _skip_sparse_maps(chunks: ChunkReader, header: bytes) -> None:
    """Skip the blocks that continue a sparse file's map; each says whether another one follows."""
    has_more = header[482:483]
    while has_more not in (b'', b'\x00'):
        has_more = chunks.read(_BLOCK_BYTES)[504:505]


def _read_file(
    chunks: ChunkReader, name: str, length: int, kind: bytes, budget: Budget
) -> Iterator[Member | Unreadable]:
    if kind not in _FILES:
        length = 0 if kind in _WITHOUT_CONTENT else length
        chunks.skip(length + -length % _BLOCK_BYTES)
        return
    max_bytes = budget.limits.member
    wanted = min(length, max_bytes)
    data = chunks.read(wanted)
    if data:
        yield Member(name, data)
    if len(data) < wanted:
        yield Unreadable(name, 'the archive ends in the middle of it')
    elif length > wanted:
        yield Unreadable(name, describe_cut(max_bytes))
    chunks.skip(length - len(data) + -length % _BLOCK_BYTES)


def _read_number(field: bytes) -> int | None:
    """Parse octal digits, or a binary number whose highest bit is set.

    Returns None for anything else and for negative numbers.
    """
    if field[0] & 0x80:
        if field[0] != 0x80:
            return None
        return int.from_bytes(field, 'big') & (1 << (8 * len(field) - 1)) - 1
    digits = field.strip(b' \x00').split(b'\x00')[0].strip()
    if not digits:
        return 0
    return int(digits, 8) if digits.isdigit() and not set(digits) & set(b'89') else None


def _compute_checksum(header: bytes) -> int:
    """Sum the bytes of a header, with spaces in place of its own checksum."""
    return sum(header) - sum(header[_CHECKSUM]) + 8 * 32


def _decode_field(data: bytes) -> str:
    return data.split(b'\x00', 1)[0].decode('utf-8', 'replace')


def _own_name(header: bytes) -> str:
    prefix = _decode_field(header[345:500]) if header[257:263] == b'ustar\x00' else ''
    name = _decode_field(header[:100])
    return f'{prefix}/{name}' if prefix else name


def _parse_records(data: bytes, name: str, size: int) -> tuple[str, int]:
    """Return name and size from the records `length key=value` of a POSIX 2001 header."""
    position = 0
    while position < len(data):
        digits, mark, _ = data[position : position + 20].partition(b' ')
        length = int(digits) if mark and digits.isdigit() else 0
        if length <= len(digits) + 1:
            break
        key, _, value = data[position + len(digits) + 1 : position + length - 1].partition(b'=')
        if key == b'path':
            name = value.decode('utf-8', 'replace')
        elif key == b'size' and value.isdigit() and len(value) <= _MAX_SIZE_DIGITS:
            size = int(value)
        position += length
    return name, size
