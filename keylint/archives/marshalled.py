"""The objects in a `.pyc` file, read by hand: code objects with their constants and names, never run, never given to `marshal`.

The format is that of CPython's Python/marshal.c; the fields of a code object are those of the versions in `_LAYOUTS`.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

from keylint.core.limits import Budget, Exceeded

_DEEPEST = 60
_REFERENCED = 0x80
# Types with nothing behind their mark.
_EMPTY = b'0NFTS.'
_TEXTS = {
    b's': (4, False),
    b't': (4, True),
    b'u': (4, True),
    b'a': (4, True),
    b'A': (4, True),
    b'z': (1, True),
    b'Z': (1, True),
}
_TUPLES = {b'(': 4, b')': 1, b'[': 4, b'<': 4, b'>': 4}
_NUMBERS = {b'i': 4, b'I': 8, b'g': 8, b'y': 16}


class Code(NamedTuple):
    """What is kept of a code object. `locals` names the variables in the order of their numbers."""

    name: str
    arguments: int
    code: bytes
    constants: tuple[Any, ...]
    names: tuple[Any, ...]
    locals: tuple[Any, ...]


class Layout(NamedTuple):
    """How a version writes code objects: the numbers in front, the fields behind them, whether a line number follows, the fields behind that."""

    numbers: int
    fields: tuple[str, ...]
    last: tuple[str, ...]
    header: int


_OLD = ('code', 'constants', 'names', 'locals', 'free', 'cells', 'file', 'name')
_NEW = ('code', 'constants', 'names', 'locals', 'kinds', 'file', 'name', 'qualified')
# The first magic number of a version, and its layout; the number of the next version ends it.
_LAYOUTS = (
    (3000, Layout(5, _OLD, ('lines',), 8)),  # 3.0 to 3.2
    (3190, Layout(5, _OLD, ('lines',), 12)),  # 3.3 to 3.6
    (3390, Layout(5, _OLD, ('lines',), 16)),  # 3.7
    (3400, Layout(6, _OLD, ('lines',), 16)),  # 3.8 to 3.10
    (3450, Layout(5, _NEW, ('lines', 'exceptions'), 16)),  # 3.11 and later
)
_PYTHON2 = (50_000, 63_000)


def layout_of(magic: int) -> Layout:
    """The layout for a magic number."""
    if _PYTHON2[0] <= magic < _PYTHON2[1]:
        return Layout(4, _OLD, ('lines',), 8)
    return [layout for first, layout in _LAYOUTS if first <= magic or first == _LAYOUTS[0][0]][-1]


class Reader:
    """Reads one object. References point back to what was read whole; to itself an object cannot refer."""

    def __init__(self, data: bytes, layout: Layout, budget: Budget) -> None:
        self._data = data
        self._at = layout.header
        self._layout = layout
        self._budget = budget
        self._references: list[Any] = []
        self._interned: list[Any] = []
        self._count = 0

    def read(self, depth: int = 0) -> Any:
        """The next object: a text, bytes, a number, a tuple, a Code, or None. Raises ValueError for anything else."""
        self._count += 1
        if self._count > self._budget.limits.nodes:
            raise Exceeded(f'it has more than {self._budget.limits.nodes} values')
        if depth > _DEEPEST:
            raise ValueError(f'nested more than {_DEEPEST} deep')
        if not self._count % 4096:
            self._budget.tick()
        mark = self._bytes(1)[0]
        kind = bytes((mark & ~_REFERENCED,))
        if kind == b'r':
            number = self._long()
            return self._references[number] if 0 <= number < len(self._references) else None
        place = len(self._references)
        if mark & _REFERENCED:
            self._references.append(None)
        value = self._value(kind, depth)
        if mark & _REFERENCED:
            self._references[place] = value
        return value

    def _value(self, kind: bytes, depth: int) -> Any:
        if kind in _TEXTS:
            return self._text(kind)
        if kind in _TUPLES:
            size = self._size(_TUPLES[kind])
            return tuple([self.read(depth + 1) for _ in range(size)])
        if kind == b'c':
            return self._code(depth)
        if kind == b'{':
            return self._mapping(depth)
        if kind == b'R':
            number = self._long()
            return self._interned[number] if 0 <= number < len(self._interned) else None
        if kind == b':':
            return tuple([self.read(depth + 1) for _ in range(3)])
        return self._number(kind)

    def _number(self, kind: bytes) -> Any:
        if kind == b'i':
            return self._long()
        if kind in _NUMBERS:
            self._bytes(_NUMBERS[kind])
        elif kind == b'l':
            self._bytes(2 * abs(self._long()))
        elif kind in (b'f', b'x'):
            for _ in range(1 if kind == b'f' else 2):
                self._bytes(self._bytes(1)[0])
        elif kind not in _EMPTY:
            raise ValueError('an object of no known type')
        return None

    def _text(self, kind: bytes) -> Any:
        width, is_text = _TEXTS[kind]
        data = self._bytes(self._size(width))
        is_old = self._layout.numbers == 4  # Python 2 writes its code as it writes texts
        value = (
            data.decode('utf-8', 'surrogateescape' if is_old else 'replace')
            if is_text or is_old
            else data
        )
        if kind == b't' and is_old:
            self._interned.append(value)
        return value

    def _mapping(self, depth: int) -> tuple[Any, ...]:
        found = []
        while self._data[self._at : self._at + 1] != b'0':
            found.append(self.read(depth + 1))
        self._at += 1
        return tuple(found)

    def _code(self, depth: int) -> Code:
        numbers = [self._long() for _ in range(self._layout.numbers)]
        fields = {name: self.read(depth + 1) for name in self._layout.fields}
        self._long()
        for _ in self._layout.last:
            self.read(depth + 1)
        name = fields['name'] if isinstance(fields['name'], str) else ''
        tuples = {
            key: fields[key] if isinstance(fields[key], tuple) else ()
            for key in ('constants', 'names', 'locals')
        }
        code = (
            fields['code'].encode('utf-8', 'surrogateescape')
            if isinstance(fields['code'], str)
            else fields['code']
        )
        return Code(name, numbers[0], code if isinstance(code, bytes) else b'', **tuples)

    def _size(self, width: int) -> int:
        size = self._bytes(1)[0] if width == 1 else self._long()
        if not 0 <= size <= len(self._data) - self._at:
            raise ValueError('a size that the file does not have')
        return size

    def _long(self) -> int:
        return int(struct.unpack('<i', self._bytes(4))[0])

    def _bytes(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) != count:
            raise ValueError('the file ends early')
        self._at += count
        return found
