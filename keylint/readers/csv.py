"""Read tables with a header row: a cell is a setting under its column's name, in its row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice

from keylint.core.lazy_modules import defer_module
from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting
from keylint.readers.limits import MAX_SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import csv
else:
    csv = defer_module('csv')

_ROOM = 256
_HEADER = defer_regex(rb'\s*([^\r\n]*)')
# Columns of values that are derived from a secret and are not secret themselves.
_MADE = defer_regex(r'(?i)(?:fingerprint|hash|digest|checksum|sha-?\d+|md5|crc(?:32)?)\W*$')
_SEPARATORS = (b',', b';', b'\t', b'|')


def settings(data: bytes) -> tuple[Setting, ...]:
    """List the cells of all rows below the header, with their bytes in the text."""
    return tuple(islice(_settings(data), MAX_SETTINGS))


def _settings(data: bytes) -> Iterator[Setting]:
    header_line = _HEADER.match(data)
    separator = max(_SEPARATORS, key=header_line.group(1).count) if header_line else b','
    text = data.decode('latin-1')
    rows = csv.reader(io.StringIO(text, newline=''), delimiter=separator.decode())
    header: list[str] = []
    position = 0
    try:
        for number, row in enumerate(rows):
            if not header:
                header = [name.strip() for name in row]
                position = header_line.end() if header_line else 0
                continue
            for name, cell in zip(header, row, strict=False):
                value = cell.strip().encode('latin-1')
                if _MADE.search(name):
                    continue
                value = (
                    value
                    if value in data[position : position + len(value) + _ROOM]
                    else value.replace(b'"', b'""')
                )
                start = data.find(value, position) if value else -1
                if start >= 0:
                    position = start + len(value)
                    yield Setting((str(number), name), value, start, position)
    except csv.Error:
        return
