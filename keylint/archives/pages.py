"""Values with their names written as JSON that the readers know, each line with a label that says where the value stands in its carrier."""

from __future__ import annotations

import json
from collections.abc import Iterator

from keylint.core.limits import Member

# A page is cut when it has so many bytes: documents that are much larger are not read as settings.
_PAGE = 1 << 20
# A text that may itself be a document is written as one.
_LONGEST_DOCUMENT = 1 << 20


class Pages:
    """Lines and their labels, given away as members."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: list[str] = []
        self._labels: list[str] = []
        self._size = 0

    def add(self, line: str, label: str) -> None:
        """A line, or several of one label."""
        for piece in line.split('\n'):
            self._lines.append(piece)
            self._labels.append(label)
        self._size += len(line) + 1

    def is_full(self) -> bool:
        return self._size >= _PAGE

    def take(self) -> Iterator[Member]:
        """What was written so far as a member, nothing if there is nothing."""
        if self._lines:
            yield Member(
                self._name,
                '\n'.join(self._lines).encode('utf-8', 'surrogatepass'),
                'json',
                tuple(self._labels),
            )
        self._lines, self._labels, self._size = [], [], 0


def quoted(value: str) -> str:
    """A value as JSON: a document stays one."""
    if value[:1] in '{[' and value and len(value) < _LONGEST_DOCUMENT:
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            pass
        else:
            return value
    return json.dumps(value, ensure_ascii=False)


def key(name: str) -> str:
    """A name as JSON."""
    return json.dumps(name, ensure_ascii=False)


def text_of(value: bytes) -> str | None:
    """The text that bytes are, None for other bytes."""
    if b'\x00' in value[:4096]:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None
