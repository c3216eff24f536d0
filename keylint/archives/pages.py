"""Write named values as JSON that the readers understand; a line's label locates its value."""

from __future__ import annotations

import json
from collections.abc import Iterator

from keylint.archives.members import Member

# A page ends once it has this size: much larger documents are not read as settings.
_PAGE_CHARS = 1 << 20
# Longer texts are not tried as JSON documents of their own.
_MAX_DOCUMENT_CHARS = 1 << 20
_BINARY_SAMPLE_BYTES = 4096


class PageWriter:
    """Collect lines and their labels, and return them as members."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: list[str] = []
        self._labels: list[str] = []
        self._size = 0

    def add(self, line: str, label: str) -> None:
        """Add a line, or several lines with the same label."""
        for piece in line.split('\n'):
            self._lines.append(piece)
            self._labels.append(label)
        self._size += len(line) + 1

    def is_full(self) -> bool:
        """Tell whether the page is large enough to be taken."""
        return self._size >= _PAGE_CHARS

    def take(self) -> Iterator[Member]:
        """Yield what was added so far as one member; nothing if the page is empty."""
        if self._lines:
            data = '\n'.join(self._lines).encode('utf-8', 'surrogatepass')
            yield Member(self._name, data, 'json', tuple(self._labels))
        self._lines, self._labels, self._size = [], [], 0


def quote_value(value: str) -> str:
    """Write a text as JSON; a text that is a JSON document is kept as it is."""
    if value[:1] in '{[' and value and len(value) < _MAX_DOCUMENT_CHARS:
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            pass
        else:
            return value
    return json.dumps(value, ensure_ascii=False)


def quote_name(name: str) -> str:
    """Write a name as a JSON string."""
    return json.dumps(name, ensure_ascii=False)


def decode_text(value: bytes) -> str | None:
    """Decode bytes as UTF-8; None for other bytes and for text that looks binary."""
    if b'\x00' in value[:_BINARY_SAMPLE_BYTES]:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None
