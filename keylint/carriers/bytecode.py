"""CPython bytecode as the lines of a program: constants stand behind the names that the code stores them under.

Only what is cheap to see is joined: assignments, attributes, items, dictionaries, calls with names, defaults of parameters. All other texts
are lines of their own. The instructions are known for Python 3.6 to 3.13; of other versions only the texts are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from keylint.carriers.limits import Budget, Member, Trouble
from keylint.carriers.marshalled import Code, Reader, layout_of

_LONGEST = 1 << 16
# A text of a few letters is no credential.
_SHORTEST = 3
_TICK = 512
_EXTENDED = 'EXTENDED_ARG'
# Numbers of instructions by version (Lib/opcode.py, Include/opcode_ids.h): the same from 3.6 to 3.12, all new in 3.13.
_OPCODES = {
    'POP_TOP': (1, 32), 'STORE_SUBSCR': (60, 39), 'STORE_NAME': (90, 114), 'STORE_ATTR': (95, 108), 'STORE_GLOBAL': (97, 113),
    'LOAD_CONST': (100, 83), 'LOAD_NAME': (101, 92), 'BUILD_TUPLE': (102, 52), 'BUILD_LIST': (103, 47), 'BUILD_MAP': (105, 48),
    'LOAD_ATTR': (106, 82), 'IMPORT_NAME': (108, 75), 'LOAD_GLOBAL': (116, 91), 'LOAD_FAST': (124, 85), 'STORE_FAST': (125, 110),
    'CALL_FUNCTION': (131, -1), 'MAKE_FUNCTION': (132, 26), 'CALL_FUNCTION_KW': (141, 57), 'EXTENDED_ARG': (144, 71),
    'BUILD_CONST_KEY_MAP': (156, 46), 'LOAD_METHOD': (160, -1), 'CALL_METHOD': (161, -1), 'CALL': (171, 53), 'KW_NAMES': (172, -1),
    'STORE_FAST_STORE_FAST': (-1, 112), 'RETURN_VALUE': (83, 36),
}  # fmt: skip
_TABLES = tuple({numbers[place]: name for name, numbers in _OPCODES.items() if numbers[place] >= 0} for place in (0, 1))
_FIRST_KNOWN, _FIRST_311, _FIRST_312, _FIRST_313, _FIRST_UNKNOWN = 3361, 3450, 3500, 3550, 3600


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The lines of all functions, labelled with the functions' names."""
    magic = int.from_bytes(data[:2], 'little')
    lines: list[str] = []
    labels: list[str] = []
    try:
        value = Reader(data, layout_of(magic), budget).read()
        seen: set[int] = set()
        for label, line in _lines(value, '', magic, budget, seen):
            lines.append(line)
            labels.append(label)
    except (ValueError, RecursionError) as error:
        yield Trouble('', f'the bytecode is broken: {error}')
    if lines:
        yield Member('', '\n'.join(lines).encode('utf-8', 'surrogatepass'), 'py', tuple(labels))


def _lines(value: Any, where: str, magic: int, budget: Budget, seen: set[int]) -> Iterator[tuple[str, str]]:
    """The lines of a code object and of those in it, each once."""
    todo = [(where, value)]
    while todo:
        where, value = todo.pop()
        budget.tick()
        if not isinstance(value, Code) or id(value) in seen:
            continue
        seen.add(id(value))
        inner = value.name if not where or where == '<module>' else f'{where}.{value.name}'
        listing = Listing(value, magic, budget)
        for line in listing.lines():
            yield inner[:200], line
        todo += [(inner, constant) for constant in reversed(value.constants) if isinstance(constant, Code)]


class Listing:
    """The lines of one code object. The stack holds the texts of expressions; an instruction that is not known leaves it as it is."""

    def __init__(self, code: Code, magic: int, budget: Budget) -> None:
        self._code = code
        self._magic = magic
        self._budget = budget
        self._stack: list[str] = []
        self._used: set[int] = set()
        self._found: list[str] = []
        self._keywords: tuple[Any, ...] = ()
        self._last: Any = None

    def lines(self) -> list[str]:
        """What the instructions show, then the texts that none of them did."""
        if _FIRST_KNOWN <= self._magic < _FIRST_UNKNOWN:
            self._follow(_TABLES[self._magic >= _FIRST_313])
        self._flush()
        for text in _texts([value for number, value in enumerate(self._code.constants) if number not in self._used]):
            self._line(_shown(text))
        return self._found

    def _follow(self, table: dict[int, str]) -> None:
        argument = 0
        code = self._code.code
        for place in range(0, len(code) - 1, 2):
            name = table.get(code[place], '')
            argument = (argument << 8 | code[place + 1]) & 0xFFFFFFFF
            if not place % _TICK:
                self._budget.tick()
            if name == _EXTENDED:
                continue
            if name:
                self._step(name, argument)
            argument = 0

    def _step(self, name: str, argument: int) -> None:
        if name == 'LOAD_CONST':
            self._load(argument)
        elif name in ('LOAD_NAME', 'LOAD_GLOBAL', 'LOAD_FAST'):
            self._push(self._variable(name, argument))
        elif name in ('LOAD_ATTR', 'LOAD_METHOD'):
            self._push(f'{self._pop()}.{self._attribute(name, argument)}')
        elif name.startswith('STORE'):
            self._store(name, argument)
        elif name.startswith('BUILD'):
            self._build(name, argument)
        elif name == 'KW_NAMES':
            self._keywords = self._names_at(argument)
        elif name.startswith('CALL'):
            self._call(name, argument)
        elif name == 'IMPORT_NAME':
            self._stack.clear()
            self._found.append(f'import {self._name(argument)}')
            self._push(self._name(argument))
        elif name == 'MAKE_FUNCTION':
            self._stack.clear()
        elif name in ('POP_TOP', 'RETURN_VALUE'):
            self._flush()

    def _load(self, argument: int) -> None:
        constants = self._code.constants
        value = constants[argument] if argument < len(constants) else None
        if isinstance(value, Code):
            if self._stack:  # what stands in front of a function are the defaults of its last parameters
                self._defaults(value)
            return
        if isinstance(value, str | bytes) and len(value) > _LONGEST:
            self._push('…')  # a line of its own, once
            return
        self._used.add(argument)
        self._push(_shown(value))
        self._last = value

    def _defaults(self, function: Code) -> None:
        values = self._last if isinstance(self._last, tuple) else ()
        names = function.locals[: function.arguments]
        if values and len(values) <= len(names):
            for name, value in zip(names[-len(values) :], values, strict=True):
                self._line(f'{name} = {_shown(value)}')

    def _store(self, name: str, argument: int) -> None:
        if name == 'STORE_SUBSCR':
            item, target, value = self._pop(), self._pop(), self._pop()
            self._line(f'{target}[{item}] = {value}')
        elif name == 'STORE_ATTR':
            target, value = self._pop(), self._pop()
            self._line(f'{target}.{self._name(argument)} = {value}')
        elif name == 'STORE_FAST_STORE_FAST':
            self._line(f'{self._local(argument >> 4)} = {self._pop()}')
            self._line(f'{self._local(argument & 15)} = {self._pop()}')
        else:
            self._line(f'{self._local(argument) if name == "STORE_FAST" else self._name(argument)} = {self._pop()}')

    def _build(self, name: str, argument: int) -> None:
        if name == 'BUILD_CONST_KEY_MAP':
            self._pop()
            keys = self._last if isinstance(self._last, tuple) else ()
            values = self._take(argument)
            self._push('{' + ', '.join(f'{_shown(key)}: {value}' for key, value in zip(keys, values, strict=False)) + '}')
        elif name == 'BUILD_MAP':
            values = self._take(2 * argument)
            self._push('{' + ', '.join(f'{key}: {value}' for key, value in zip(values[::2], values[1::2], strict=False)) + '}')
        else:
            self._push(f'[{", ".join(self._take(argument))}]')

    def _call(self, name: str, argument: int) -> None:
        names = self._keywords
        if name == 'CALL_FUNCTION_KW':
            self._pop()
            names = self._last if isinstance(self._last, tuple) else ()
        self._keywords = ()
        values = self._take(argument)
        named = len(names)
        first = max(0, len(values) - named)
        shown = values[:first] + [f'{key}={value}' for key, value in zip(names, values[first:], strict=False)]
        self._push(f'{self._pop()}({", ".join(shown)})')

    def _push(self, text: str) -> None:
        if len(text) > _LONGEST:
            self._line(text)
            text = '…'
        self._stack.append(text)

    def _pop(self) -> str:
        return self._stack.pop() if self._stack else '_'

    def _take(self, count: int) -> list[str]:
        count = min(count, len(self._stack))
        found = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        if sum(map(len, found)) <= _LONGEST:
            return found
        for text in found:
            self._line(text)
        return []

    def _line(self, text: str) -> None:
        if '"' in text:
            self._budget.write(len(text))
            self._found.append(text)

    def _flush(self) -> None:
        for text in self._stack:
            self._line(text)
        self._stack.clear()

    def _variable(self, name: str, argument: int) -> str:
        if name == 'LOAD_FAST':
            return self._local(argument)
        return self._name(argument >> 1 if name == 'LOAD_GLOBAL' and self._magic >= _FIRST_311 else argument)

    def _attribute(self, name: str, argument: int) -> str:
        return self._name(argument >> 1 if name == 'LOAD_ATTR' and self._magic >= _FIRST_312 else argument)

    def _name(self, number: int) -> str:
        return _at(self._code.names, number)

    def _local(self, number: int) -> str:
        return _at(self._code.locals, number)

    def _names_at(self, number: int) -> tuple[Any, ...]:
        self._used.add(number)
        value = self._code.constants[number] if number < len(self._code.constants) else ()
        return value if isinstance(value, tuple) else ()


def _at(names: tuple[Any, ...], number: int) -> str:
    value = names[number] if number < len(names) else None
    return value[:200] if isinstance(value, str) else '_'


def _shown(value: Any) -> str:
    """A constant as it would stand in a program; text in double quotes."""
    if isinstance(value, bytes):
        value = value.decode('utf-8', 'backslashreplace')
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        short = [item for item in value[:1000] if (isinstance(item, str | bytes) and len(item) < 1000) or isinstance(item, int)]
        return f'[{", ".join(map(_shown, short))}]'
    return str(value) if isinstance(value, int) else 'None'


def _texts(values: list[Any]) -> Iterator[str | bytes]:
    """The texts in constants, each once: a tuple may refer to another one any number of times."""
    seen: set[int] = set()
    todo = values[::-1]
    while todo:
        value = todo.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, str | bytes) and len(value) > _SHORTEST:
            yield value
        elif isinstance(value, tuple) and not isinstance(value, Code):
            todo += reversed(value)
