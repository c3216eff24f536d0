"""Texts in pictures: PNG text chunks, EXIF, XMP, JPEG comments. Pixels are never decoded.

Source: the PNG specification, chapter 11.3; JEITA CP-3451 (EXIF); ISO 10918-1 (JPEG).
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.decompress import ChunkReader, decompress
from keylint.archives.members import Member, Unreadable, describe_cut

_PNG = b'\x89PNG\r\n\x1a\n'
_EXIF, _XMP = b'Exif\x00\x00', b'http://ns.adobe.com/xap/1.0/\x00'
_TAGS = {
    0x010E: 'ImageDescription',
    0x010F: 'Make',
    0x0110: 'Model',
    0x0131: 'Software',
    0x013B: 'Artist',
    0x8298: 'Copyright',
    0x9286: 'UserComment',
    0x9C9B: 'XPTitle',
    0x9C9C: 'XPComment',
    0x9C9D: 'XPAuthor',
    0x9C9E: 'XPKeywords',
    0x9C9F: 'XPSubject',
}
_USER_COMMENT, _FIRST_WINDOWS_TAG = 0x9286, 0x9C9B
# The tag whose value is the offset of EXIF's own directory.
_INNER_DIRECTORY = 0x8769
_MAX_DIRECTORIES, _MAX_ENTRIES, _ENTRY_BYTES = 2, 500, 12
_MAX_TEXT_BYTES, _MAX_TEXTS = 1 << 20, 1000
# JPEG markers: after the first two there is only the picture.
_LAST_MARKERS = (0xD9, 0xDA)
_APP1, _COMMENT = 0xE1, 0xFE

# Texts with their labels.
Texts = Iterator[tuple[str, bytes | Unreadable]]


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the texts, each after its label."""
    texts = _read_png(data, budget) if data.startswith(_PNG) else _read_jpeg(data, budget)
    for number, (label, text) in enumerate(texts):
        if number == _MAX_TEXTS:
            yield Unreadable('', f'it has more than {_MAX_TEXTS} texts: the rest was not looked at')
            return
        if isinstance(text, Unreadable):
            yield text
            continue
        budget.take(len(text))
        budget.tick()
        prefix = b'' if label == 'XMP' else f'{label}: '.encode()
        yield Member(label, prefix + text[:_MAX_TEXT_BYTES])
        if len(text) > _MAX_TEXT_BYTES:
            yield Unreadable(label, describe_cut(_MAX_TEXT_BYTES))


def _read_png(data: bytes, budget: Budget) -> Texts:
    position = len(_PNG)
    while position + 12 <= len(data):
        kind, start = data[position + 4 : position + 8], position + 8
        end = start + int.from_bytes(data[position : position + 4], 'big')
        position = end + 4
        budget.tick()
        if kind == b'eXIf':
            yield from _read_tiff(data[start:end])
        if kind in (b'tEXt', b'zTXt', b'iTXt'):
            yield from _read_png_text(kind, data[start:end], budget)


def _read_png_text(kind: bytes, chunk: bytes, budget: Budget) -> Texts:
    """Yield the text of a chunk: a keyword, then fields that depend on its kind, then the text."""
    keyword, _, text = chunk.partition(b'\x00')
    label = keyword.decode('latin-1')
    is_packed = kind == b'zTXt' or (kind == b'iTXt' and text[:1] == b'\x01')
    if kind == b'iTXt':  # flag, method, language and translated keyword
        text = text[2:].partition(b'\x00')[2].partition(b'\x00')[2]
    elif kind == b'zTXt':  # method
        text = text[1:]
    if is_packed:
        chunks = ChunkReader(decompress('zlib', text, budget))
        text = chunks.read(_MAX_TEXT_BYTES + 1)
        if chunks.failure:
            yield label, Unreadable(label, chunks.failure)
    yield label, text


def _read_jpeg(data: bytes, budget: Budget) -> Texts:
    position = 2
    while data[position : position + 1] == b'\xff' and position + 4 <= len(data):
        kind = data[position + 1]
        if kind in _LAST_MARKERS:
            return
        start, length = position + 4, int.from_bytes(data[position + 2 : position + 4], 'big')
        segment = data[start : start + max(length - 2, 0)]
        position += 2 + max(length, 2)
        budget.tick()
        if kind == _COMMENT:
            yield 'comment', segment
        elif kind == _APP1 and segment.startswith(_EXIF):
            yield from _read_tiff(segment[len(_EXIF) :])
        elif kind == _APP1 and segment.startswith(_XMP):
            yield 'XMP', segment[len(_XMP) :]


def _read_tiff(data: bytes) -> Texts:
    """Yield the texts of the first directory and of EXIF's own."""
    order = data[:2]

    def read_number(start: int, size: int) -> int:
        field = data[start : start + size]
        return int.from_bytes(field, 'little' if order == b'II' else 'big')

    todo = [read_number(4, 4)] if order in (b'II', b'MM') else []
    seen: set[int] = set()
    while todo:
        start = todo.pop()
        if start in seen or len(seen) >= _MAX_DIRECTORIES:
            continue
        seen.add(start)
        count = min(read_number(start, 2), _MAX_ENTRIES)
        for number in range(count):
            entry = start + 2 + _ENTRY_BYTES * number
            tag, length = read_number(entry, 2), read_number(entry + 4, 4)
            if tag == _INNER_DIRECTORY:
                todo.append(read_number(entry + 8, 4))
            elif tag in _TAGS:
                at = read_number(entry + 8, 4) if length > 4 else entry + 8
                yield _TAGS[tag], _decode_value(tag, data[at : at + length])


def _decode_value(tag: int, value: bytes) -> bytes:
    """Return a value as UTF-8.

    The tags of Windows are UTF-16; a user comment names its encoding in its first eight bytes.
    """
    if tag >= _FIRST_WINDOWS_TAG or value.startswith(b'UNICODE\x00'):
        value = value.removeprefix(b'UNICODE\x00').decode('utf-16-le', 'replace').encode()
    elif tag == _USER_COMMENT:
        value = value[8:]
    return value.strip(b'\x00 ')
