"""CPython bytecode as the lines of a program: constants stand behind the names that the code stores them under.

Only what is cheap to see is joined: assignments, attributes, items, dictionaries, calls with names, defaults of parameters. All other texts
are lines of their own. The instructions are known for Python 2.7 and 3.0 to 3.14; of other versions only the texts are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from keylint.archives.marshalled import Code, Reader, layout_of
from keylint.core.limits import Budget, Member, Trouble

_LONGEST = 1 << 16
# A text of a few letters is no credential.
_SHORTEST = 3
_TICK = 512
_EXTENDED = 'EXTENDED_ARG'
# Numbers of instructions by version (Lib/opcode.py, Include/opcode_ids.h): nearly the same from 2.7 to 3.12, all new in 3.13 and in 3.14.
_OPCODES = {
    'POP_TOP': (1, 32, 31),
    'STORE_MAP': (54, -1, -1),
    'STORE_SUBSCR': (60, 39, 38),
    'RETURN_VALUE': (83, 36, 35),
    'STORE_NAME': (90, 114, 116),
    'STORE_ATTR': (95, 108, 110),
    'STORE_GLOBAL': (97, 113, 115),
    'LOAD_CONST': (100, 83, 82),
    'LOAD_NAME': (101, 92, 93),
    'BUILD_TUPLE': (102, 52, 51),
    'BUILD_LIST': (103, 47, 46),
    'BUILD_MAP': (105, 48, 47),
    'LOAD_ATTR': (106, 82, 80),
    'IMPORT_NAME': (108, 75, 73),
    'LOAD_GLOBAL': (116, 91, 92),
    'LOAD_FAST': (124, 85, 84),
    'STORE_FAST': (125, 110, 112),
    'CALL_FUNCTION': (131, -1, -1),
    'MAKE_FUNCTION': (132, 26, 23),
    'CALL_FUNCTION_KW': (141, 57, 55),
    'EXTENDED_ARG': (144, 71, 69),
    'BUILD_CONST_KEY_MAP': (156, 46, -1),
    'LOAD_METHOD': (160, -1, -1),
    'CALL_METHOD': (161, -1, -1),
    'CALL': (171, 53, 52),
    'KW_NAMES': (172, -1, -1),
    'LOAD_FAST_BORROW': (-1, -1, 86),
    'LOAD_FAST_LOAD_FAST': (-1, 88, 89),
    'LOAD_FAST_BORROW_LOAD_FAST_BORROW': (-1, -1, 87),
    'LOAD_SMALL_INT': (-1, -1, 94),
    'STORE_FAST_STORE_FAST': (-1, 112, 114),
}
_TABLES = tuple(
    {numbers[place]: name for name, numbers in _OPCODES.items() if numbers[place] >= 0}
    for place in range(3)
)
# First magic numbers. Python 3.3 puts a name above the code of a function, 3.5 the pairs of a dictionary before the instruction.
_PYTHON33, _PYTHON35, _PYTHON36, _PYTHON311, _PYTHON312, _PYTHON313, _PYTHON314 = (
    3230,
    3320,
    3361,
    3450,
    3500,
    3550,
    3600,
)
_FIRST_UNKNOWN = 3650
# Python 2.7 counts from elsewhere; its own numbers become this one.
_NUMBERS27, _PYTHON27 = range(62_191, 62_212), 2700
# Before 3.6 an instruction of a number from 90 on has an argument of two bytes, others have none. Python 2.7 has a number of its own for more.
_FIRST_ARGUMENT, _EXTENDED27 = 90, 145
_LONGEST_MAP = 4096


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The lines of all functions, labelled with the functions' names."""
    magic = int.from_bytes(data[:2], 'little')
    lines: list[str] = []
    labels: list[str] = []
    try:
        value = Reader(data, layout_of(magic), budget).read()
        seen: set[int] = set()
        for label, line in _lines(value, '', magic, budget, seen):
            lines.append(line.replace('\n', ' '))  # a name may hold anything
            labels.append(label)
    except (ValueError, RecursionError) as error:
        yield Trouble('', f'the bytecode is broken: {error}')
    if lines:
        yield Member('', '\n'.join(lines).encode('utf-8', 'surrogatepass'), 'py', tuple(labels))


def _lines(
    value: Any, where: str, magic: int, budget: Budget, seen: set[int]
) -> Iterator[tuple[str, str]]:
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
        todo += [
            (inner, constant)
            for constant in reversed(value.constants)
            if isinstance(constant, Code)
        ]


class Listing:
    """The lines of one code object. The stack holds the texts of expressions; an instruction that is not known leaves it as it is."""

    def __init__(self, code: Code, magic: int, budget: Budget) -> None:
        self._code = code
        self._magic = _PYTHON27 if magic in _NUMBERS27 else magic
        self._budget = budget
        self._stack: list[str] = []
        self._used: set[int] = set()
        self._found: list[str] = []
        self._keywords: tuple[Any, ...] = ()
        self._last: Any = None
        self._function: Code | None = None
        self._is_old = _PYTHON27 <= self._magic < _PYTHON36

    def lines(self) -> list[str]:
        """What the instructions show, then the texts that none of them did."""
        if self._is_old:
            self._follow_old(_TABLES[0])
        elif _PYTHON36 <= self._magic < _FIRST_UNKNOWN:
            self._follow(_TABLES[(self._magic >= _PYTHON313) + (self._magic >= _PYTHON314)])
        self._flush()
        for text in _texts(
            [value for number, value in enumerate(self._code.constants) if number not in self._used]
        ):
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

    def _follow_old(self, table: dict[int, str]) -> None:
        """Instructions of one byte or three."""
        code, place, upper = self._code.code, 0, 0
        table = {**table, _EXTENDED27: _EXTENDED} if self._magic == _PYTHON27 else table
        while place < len(code):
            number = code[place]
            has_argument = number >= _FIRST_ARGUMENT
            argument = (
                int.from_bytes(code[place + 1 : place + 3], 'little') | upper << 16
                if has_argument
                else 0
            )
            place += 3 if has_argument else 1
            if not place % _TICK:
                self._budget.tick()
            name = table.get(number, '')
            upper = argument & 0xFFFF if name == _EXTENDED else 0
            if name and name != _EXTENDED:
                self._step(name, argument)

    def _step(self, name: str, argument: int) -> None:
        if name == 'LOAD_CONST':
            self._load(argument)
        elif name in ('LOAD_FAST_LOAD_FAST', 'LOAD_FAST_BORROW_LOAD_FAST_BORROW'):
            self._push(self._local(argument >> 4))
            self._push(self._local(argument & 15))
        elif name == 'LOAD_SMALL_INT':
            self._push(str(argument))
        elif name in ('LOAD_NAME', 'LOAD_GLOBAL', 'LOAD_FAST', 'LOAD_FAST_BORROW'):
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
            self._made(argument)
        elif name in ('POP_TOP', 'RETURN_VALUE'):
            self._flush()

    def _load(self, argument: int) -> None:
        constants = self._code.constants
        value = constants[argument] if argument < len(constants) else None
        if isinstance(value, Code):
            self._function = value
            if (
                self._stack and not self._is_old
            ):  # what stands in front of a function are the defaults of its last parameters
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

    def _made(self, argument: int) -> None:
        """A function is complete. Before 3.6 its defaults are on the stack one by one: those with names above those without."""
        if self._is_old and self._function is not None:
            if self._magic >= _PYTHON33:
                self._pop()
            named = self._take(2 * (argument >> 8 & 0xFF))
            values = self._take(argument & 0xFF)
            names = (
                self._function.locals[: self._function.arguments][-len(values) :] if values else ()
            )
            shown = [_at(names, number) for number in range(len(names))] + [
                name.strip('"') for name in named[::2]
            ]
            for name, value in zip(shown, values[: len(names)] + named[1::2], strict=False):
                self._line(f'{name} = {value}')
        self._function = None
        self._flush()

    def _store(self, name: str, argument: int) -> None:
        if name == 'STORE_MAP':
            item, value, known = self._pop(), self._pop(), self._pop()
            known = known[:-1] if known.startswith('{') else '{'
            if len(known) > _LONGEST_MAP:
                self._line(known + '}')
                known = '{'
            self._push(f'{known}{", " if len(known) > 1 else ""}{item}: {value}}}')
        elif name == 'STORE_SUBSCR':
            item, target, value = self._pop(), self._pop(), self._pop()
            self._line(f'{target}[{item}] = {value}')
        elif name == 'STORE_ATTR':
            target, value = self._pop(), self._pop()
            self._line(f'{target}.{self._name(argument)} = {value}')
        elif name == 'STORE_FAST_STORE_FAST':
            self._line(f'{self._local(argument >> 4)} = {self._pop()}')
            self._line(f'{self._local(argument & 15)} = {self._pop()}')
        else:
            self._line(
                f'{self._local(argument) if name == "STORE_FAST" else self._name(argument)} = {self._pop()}'
            )

    def _build(self, name: str, argument: int) -> None:
        if name == 'BUILD_CONST_KEY_MAP':
            self._pop()
            keys = self._last if isinstance(self._last, tuple) else ()
            values = self._take(argument)
            self._push(
                '{'
                + ', '.join(
                    f'{_shown(key)}: {value}' for key, value in zip(keys, values, strict=False)
                )
                + '}'
            )
        elif name == 'BUILD_MAP' and self._is_old and not _PYTHON35 <= self._magic < _PYTHON36:
            self._push('{}')
        elif name == 'BUILD_MAP':
            values = self._take(2 * argument)
            self._push(
                '{'
                + ', '.join(
                    f'{key}: {value}' for key, value in zip(values[::2], values[1::2], strict=False)
                )
                + '}'
            )
        else:
            self._push(f'[{", ".join(self._take(argument))}]')

    def _call(self, name: str, argument: int) -> None:
        names = self._keywords
        if self._is_old:
            self._call_old(name, argument)
            return
        if name == 'CALL_FUNCTION_KW':
            self._pop()
            names = self._last if isinstance(self._last, tuple) else ()
        self._keywords = ()
        values = self._take(argument)
        named = len(names)
        first = max(0, len(values) - named)
        shown = values[:first] + [
            f'{key}={value}' for key, value in zip(names, values[first:], strict=False)
        ]
        self._push(f'{self._pop()}({", ".join(shown)})')

    def _call_old(self, name: str, argument: int) -> None:
        """Before 3.6: so many values without names, so many pairs of a name and a value, and a mapping on top where there is one."""
        if name == 'CALL_FUNCTION_KW':
            self._pop()
        named = self._take(2 * (argument >> 8 & 0xFF))
        values = self._take(argument & 0xFF)
        shown = values + [
            f'{key.strip(chr(34))}={value}'
            for key, value in zip(named[::2], named[1::2], strict=False)
        ]
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
        if name.startswith('LOAD_FAST'):
            return self._local(argument)
        return self._name(
            argument >> 1 if name == 'LOAD_GLOBAL' and self._magic >= _PYTHON311 else argument
        )

    def _attribute(self, name: str, argument: int) -> str:
        return self._name(
            argument >> 1 if name == 'LOAD_ATTR' and self._magic >= _PYTHON312 else argument
        )

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
        short = [
            item
            for item in value[:1000]
            if (isinstance(item, str | bytes) and len(item) < 1000) or isinstance(item, int)
        ]
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
