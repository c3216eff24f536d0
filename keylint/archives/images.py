"""What people and programs write into pictures: texts of PNG, EXIF, XMP and comments of JPEG. The picture itself is never decoded.

Source: the PNG specification, chapter 11.3; JEITA CP-3451 (EXIF); ISO 10918-1 (JPEG).
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives.decompress import Chunks, decompress
from keylint.core.limits import Budget, Member, Trouble, cut_off

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
_FIRST_XP = 0x9C9B
# The directory of EXIF's own behind the first; at most so many entries of a directory are looked at.
_INNER, _MOST_ENTRIES = 0x8769, 500
_LONGEST, _MOST_TEXTS = 1 << 20, 1000
_NOTHING_FOLLOWS = (0xD9, 0xDA)


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The texts, each behind its own name."""
    for number, (label, text) in enumerate(
        _png(data, budget) if data.startswith(_PNG) else _jpeg(data, budget)
    ):
        if number == _MOST_TEXTS:
            yield Trouble('', f'it has more than {_MOST_TEXTS} texts: the rest was not looked at')
            return
        if isinstance(text, Trouble):
            yield text
            continue
        budget.take(len(text))
        budget.tick()
        yield Member(
            label, text[:_LONGEST] if label == 'XMP' else f'{label}: '.encode() + text[:_LONGEST]
        )
        if len(text) > _LONGEST:
            yield Trouble(label, cut_off(budget.limits._replace(member=_LONGEST)))


def _png(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes | Trouble]]:
    position = len(_PNG)
    while position + 12 <= len(data):
        kind, start = data[position + 4 : position + 8], position + 8
        end = start + int.from_bytes(data[position : position + 4], 'big')
        position = end + 4
        budget.tick()
        if kind == b'eXIf':
            yield from _tiff(data[start:end])
        if kind not in (b'tEXt', b'zTXt', b'iTXt'):
            continue
        word, _, rest = data[start:end].partition(b'\x00')
        label = word.decode('latin-1')
        is_packed = kind == b'zTXt' or (kind == b'iTXt' and rest[:1] == b'\x01')
        if kind == b'iTXt':
            rest = rest[2:].partition(b'\x00')[2].partition(b'\x00')[2]
        elif kind == b'zTXt':
            rest = rest[1:]
        if is_packed:
            chunks = Chunks(decompress('zlib', rest, budget))
            rest = chunks.read(_LONGEST + 1)
            if chunks.why:
                yield label, Trouble(label, chunks.why)
        yield label, rest


def _jpeg(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes | Trouble]]:
    position = 2
    while data[position : position + 1] == b'\xff' and position + 4 <= len(data):
        kind = data[position + 1]
        if kind in _NOTHING_FOLLOWS:
            return
        start, length = position + 4, int.from_bytes(data[position + 2 : position + 4], 'big')
        part = data[start : start + max(length - 2, 0)]
        position += 2 + max(length, 2)
        budget.tick()
        if kind == 0xFE:
            yield 'comment', part
        elif kind == 0xE1 and part.startswith(_EXIF):
            yield from _tiff(part[len(_EXIF) :])
        elif kind == 0xE1 and part.startswith(_XMP):
            yield 'XMP', part[len(_XMP) :]


def _tiff(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The texts of the first directory and of EXIF's own."""
    order = {b'II': 'little', b'MM': 'big'}.get(data[:2])

    def number(start: int, size: int) -> int:
        return int.from_bytes(data[start : start + size], 'little' if order == 'little' else 'big')

    todo = [number(4, 4)] if order else []
    seen: set[int] = set()
    while todo:
        place = todo.pop()
        if place in seen or len(seen) > 1:
            continue
        seen.add(place)
        for entry in range(place + 2, place + 2 + 12 * min(number(place, 2), _MOST_ENTRIES), 12):
            tag, length = number(entry, 2), number(entry + 4, 4)
            if tag == _INNER:
                todo.append(number(entry + 8, 4))
            elif tag in _TAGS:
                start = number(entry + 8, 4) if length > 4 else entry + 8
                yield _TAGS[tag], _readable(tag, data[start : start + length])


def _readable(tag: int, value: bytes) -> bytes:
    """A value as UTF-8. Windows writes its own tags in UTF-16; a comment of a user says in eight bytes how it is written."""
    if tag >= _FIRST_XP or value.startswith(b'UNICODE\x00'):
        value = value.removeprefix(b'UNICODE\x00').decode('utf-16-le', 'replace').encode()
    elif tag == 0x9286:
        value = value[8:]
    return value.strip(b'\x00 ')
