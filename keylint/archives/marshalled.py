"""The objects in a `.pyc` file, read without running any code and without using `marshal`.

The format is defined in CPython's Python/marshal.c; `_LAYOUTS` has the fields of code objects.
"""

from __future__ import annotations

import struct

from keylint.archives.budget import Budget, BudgetExceededError
from keylint.archives.members import DamagedError
from keylint.core.records import NamedTuple

_MAX_DEPTH = 60
_VALUES_PER_TICK = 4096
# Set in the type byte of an object that others may refer to.
_REFERENCED = 0x80
# Types without content.
_EMPTY = b'0NFTS.'
# Type → width of its size in bytes, and whether it is a text.
_TEXTS = {
    b's': (4, False),
    b't': (4, True),
    b'u': (4, True),
    b'a': (4, True),
    b'A': (4, True),
    b'z': (1, True),
    b'Z': (1, True),
}
# Type → width of its item count in bytes.
_TUPLES = {b'(': 4, b')': 1, b'[': 4, b'<': 4, b'>': 4}
# Type → width of a number in bytes.
_NUMBERS = {b'i': 4, b'I': 8, b'g': 8, b'y': 16}


class CodeObject(NamedTuple):
    """The relevant fields of a code object.

    `arguments` is the number of parameters; `locals` names the variables by number.
    """

    name: str
    arguments: int
    code: bytes
    constants: tuple[object, ...]
    names: tuple[object, ...]
    locals: tuple[object, ...]


class CodeLayout(NamedTuple):
    """The format in which a version writes code objects.

    `numbers` counts the integers in front; `fields` follow, then a line number, then `last`.
    `header` is the number of bytes before the first object of the file.
    """

    numbers: int
    fields: tuple[str, ...]
    last: tuple[str, ...]
    header: int


_OLD = ('code', 'constants', 'names', 'locals', 'free', 'cells', 'file', 'name')
_NEW = ('code', 'constants', 'names', 'locals', 'kinds', 'file', 'name', 'qualified')
# Python 2 stores the code in the same form as a text.
_PYTHON2_LAYOUT = CodeLayout(4, _OLD, ('lines',), 8)
_PYTHON2_MAGIC_NUMBERS = range(50_000, 63_000)
# The first magic number of a version and its layout, up to the number of the next row.
_LAYOUTS = (
    (3000, CodeLayout(5, _OLD, ('lines',), 8)),  # 3.0 to 3.2
    (3190, CodeLayout(5, _OLD, ('lines',), 12)),  # 3.3 to 3.6
    (3390, CodeLayout(5, _OLD, ('lines',), 16)),  # 3.7
    (3400, CodeLayout(6, _OLD, ('lines',), 16)),  # 3.8 to 3.10
    (3450, CodeLayout(5, _NEW, ('lines', 'exceptions'), 16)),  # 3.11 and later
)


def find_layout(magic: int) -> CodeLayout:
    """Find the layout for a magic number; unknown small ones get the oldest of Python 3."""
    if magic in _PYTHON2_MAGIC_NUMBERS:
        return _PYTHON2_LAYOUT
    known = [layout for first, layout in _LAYOUTS if first <= magic]
    return known[-1] if known else _LAYOUTS[0][1]


class MarshalReader:
    """Read one object and the objects in it.

    A reference resolves only to an object that was read completely; one to itself becomes None.
    """

    def __init__(self, data: bytes, layout: CodeLayout, budget: Budget) -> None:
        self._data = data
        self._offset = layout.header
        self._layout = layout
        self._is_python2 = layout == _PYTHON2_LAYOUT
        self._budget = budget
        self._references: list[object] = []
        self._interned: list[object] = []
        self._count = 0

    def read_object(self, depth: int = 0) -> object:
        """Read the next object: a str, bytes, an int, a tuple, a CodeObject, or None.

        Raises ValueError for damaged data and BudgetExceededError for too many values.
        """
        self._count += 1
        if self._count > self._budget.limits.nodes:
            raise BudgetExceededError(f'it has more than {self._budget.limits.nodes} values')
        if depth > _MAX_DEPTH:
            raise DamagedError(f'nested more than {_MAX_DEPTH} deep')
        if not self._count % _VALUES_PER_TICK:
            self._budget.tick()
        mark = self._read_bytes(1)[0]
        kind = bytes((mark & ~_REFERENCED,))
        if kind == b'r':
            return self._read_reference(self._references)
        if not mark & _REFERENCED:
            return self._read_value(kind, depth)
        number = len(self._references)
        self._references.append(None)
        value = self._references[number] = self._read_value(kind, depth)
        return value

    def _read_reference(self, values: list[object]) -> object:
        number = self._read_long()
        return values[number] if 0 <= number < len(values) else None

    def _read_value(self, kind: bytes, depth: int) -> object:
        if kind in _TEXTS:
            return self._read_text(kind)
        if kind in _TUPLES:
            return self._read_tuple(self._read_size(_TUPLES[kind]), depth)
        if kind == b'c':
            return self._read_code(depth)
        if kind == b'{':
            return self._read_mapping(depth)
        if kind == b'R':
            return self._read_reference(self._interned)
        if kind == b':':  # a slice: start, stop, step
            return self._read_tuple(3, depth)
        return self._read_number(kind)

    def _read_number(self, kind: bytes) -> int | None:
        """Read a 32-bit number; skip all others, which contain no credential."""
        if kind == b'i':
            return self._read_long()
        if kind in _NUMBERS:
            self._read_bytes(_NUMBERS[kind])
        elif kind == b'l':
            self._read_bytes(2 * abs(self._read_long()))
        elif kind in (b'f', b'x'):  # a float or a complex number as text
            for _ in range(1 if kind == b'f' else 2):
                self._read_bytes(self._read_bytes(1)[0])
        elif kind not in _EMPTY:
            raise DamagedError('an object of no known type')
        return None

    def _read_text(self, kind: bytes) -> str | bytes:
        width, is_text = _TEXTS[kind]
        data = self._read_bytes(self._read_size(width))
        if self._is_python2:
            text = data.decode('utf-8', 'surrogateescape')
            if kind == b't':
                self._interned.append(text)
            return text
        return data.decode('utf-8', 'replace') if is_text else data

    def _read_tuple(self, size: int, depth: int) -> tuple[object, ...]:
        return tuple([self.read_object(depth + 1) for _ in range(size)])

    def _read_mapping(self, depth: int) -> tuple[object, ...]:
        """Read the keys and values of a dictionary, alternating, up to its end mark."""
        items = []
        while self._data[self._offset : self._offset + 1] != b'0':
            items.append(self.read_object(depth + 1))
        self._offset += 1
        return tuple(items)

    def _read_code(self, depth: int) -> CodeObject:
        numbers = [self._read_long() for _ in range(self._layout.numbers)]
        fields = {name: self.read_object(depth + 1) for name in self._layout.fields}
        self._read_long()
        for _ in self._layout.last:
            self.read_object(depth + 1)
        name, code = fields['name'], fields['code']
        if isinstance(code, str):
            code = code.encode('utf-8', 'surrogateescape')
        return CodeObject(
            name if isinstance(name, str) else '',
            numbers[0],
            code if isinstance(code, bytes) else b'',
            _tuple_or_empty(fields['constants']),
            _tuple_or_empty(fields['names']),
            _tuple_or_empty(fields['locals']),
        )

    def _read_size(self, width: int) -> int:
        size = self._read_bytes(1)[0] if width == 1 else self._read_long()
        if not 0 <= size <= len(self._data) - self._offset:
            raise DamagedError('a size that the file does not have')
        return size

    def _read_long(self) -> int:
        return int(struct.unpack('<i', self._read_bytes(4))[0])

    def _read_bytes(self, count: int) -> bytes:
        data = self._data[self._offset : self._offset + count]
        if len(data) != count:
            raise DamagedError('the file ends early')
        self._offset += count
        return data


def _tuple_or_empty(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()
