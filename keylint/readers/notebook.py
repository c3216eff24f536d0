"""Jupyter notebooks: a fragment for the source of each cell, for each output and for the metadata.

Format: nbformat 3 and 4. Images and attachments are only counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from keylint.core.model import Cell, Fragment, OffsetSegment, Setting
from keylint.readers.escapes import decode_with_pieces
from keylint.readers.json import settings
from keylint.readers.limits import MAX_SETTINGS

_IMAGES = ('image/', 'video/', 'audio/', 'application/pdf', 'application/octet-stream')
# Each takes two pieces of a fragment.
_MOST_ESCAPES = 500_000


def read_fragments(data: bytes) -> tuple[Fragment, ...] | None:
    """Return the fragments of a notebook; None for another text, and for one that is too long.

    A notebook that is too long is read as plain text.
    """
    if data.count(b'\\') > _MOST_ESCAPES:
        return None
    found = settings(data)
    if len(found) == MAX_SETTINGS or not any(
        setting.path[:1] in (('cells',), ('worksheets',)) for setting in found
    ):
        return None
    return tuple(_fragments(data, found))


def _fragments(data: bytes, found: tuple[Setting, ...]) -> Iterator[Fragment]:
    for key, members in groupby(found, key=_place):
        if key is not None:
            index, part, _ = key
            yield _fragment(data, list(members), Cell(index, part))


def _place(setting: Setting) -> tuple[int, str, tuple[str, ...]] | None:
    """Return cell number, part and the path that the strings of one text share.

    Returns None for a setting that is not read.
    """
    path = setting.path
    if path[:1] == ('worksheets',):
        path = path[2:]
    if path[:1] != ('cells',) or len(path) < 3 or not path[1].isdigit():
        return (-1, 'metadata', path[:-1])
    index, part = int(path[1]), path[2]
    if part in ('source', 'input'):
        return (index, 'source', path[:3])
    if part == 'outputs':
        if any(step.startswith(_IMAGES) for step in path) or path[-1] in ('png', 'jpeg', 'svg'):
            return None
        is_line = path[-1].isdigit() and len(path) > 4
        return (index, 'output', path[:-1] if is_line else path)
    return None if part == 'attachments' else (index, 'metadata', path)


def _fragment(data: bytes, members: list[Setting], cell: Cell) -> Fragment:
    """Join the decoded strings of one text.

    A value of metadata or of an output in JSON keeps its key as a setting.
    """
    parts: list[bytes] = []
    pieces: list[OffsetSegment] = []
    inner: list[Setting] = []
    length = 0
    for number, member in enumerate(members):
        if number and cell.part == 'metadata':
            parts.append(b'\n')  # these are values of one mapping, not lines of one text
            pieces.append(OffsetSegment(length, member.start, 1, 0))
            length += 1
        text, runs = decode_with_pieces(data[member.start : member.end], member.start)
        pieces += [
            OffsetSegment(length + run.start, run.blob_start, run.length, run.scale) for run in runs
        ]
        if cell.part == 'metadata' or any(step.endswith('json') for step in member.path):
            inner.append(Setting(member.path, text, length, length + len(text)))
        parts.append(text)
        length += len(text)
    return Fragment(b''.join(parts), tuple(pieces), cell, settings=tuple(inner))


def count_images(data: bytes) -> int:
    """Count the images, films and sounds in the outputs and attachments of a notebook."""
    return sum(data.count(b'"%s' % kind.encode()) for kind in _IMAGES)
