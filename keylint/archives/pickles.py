"""Python pickles (and what joblib and numpy keep in them) by disassembly: nothing is unpickled, imported or called.

A small machine follows the stack, so that the values of a dictionary and of an object's state stand under their names.
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Iterator
from typing import Any

from keylint.archives import kind_of
from keylint.archives.pages import Pages, key, quoted, text_of
from keylint.core.limits import Budget, Exceeded, Member, Trouble

_LONGEST_VALUE = 1 << 20
_DEEPEST = 100
_TICK = 4096
_JOBLIB = 'joblib.numpy_pickle'


class _Mark:
    """Where the items of a container begin on the stack."""


class _Map:
    """A dictionary, or an object with its state: names and values in order."""

    def __init__(self) -> None:
        self.items: list[tuple[Any, Any]] = []


_MARK, _CODEC = _Mark(), _Mark()
_CODECS = ('_codecs encode', 'codecs encode')
# Everything that can hold no key: numbers are not kept.
_NOTHING = None


class _Machine:
    """The stack and the memo while a pickle is read. A value is a text, bytes, a list, a _Map, or nothing."""

    def __init__(self, budget: Budget) -> None:
        self.stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._budget = budget
        self._nodes = 0
        self.is_joblib = False

    def run(self, file: io.BytesIO) -> None:
        """Read one pickle to its end. Raises ValueError where it is none."""
        for number, (opcode, argument, _) in enumerate(pickletools.genops(file)):
            if not number % _TICK:
                self._budget.tick()
            self._step(opcode.name, argument)
            if opcode.name == 'STOP':
                return
        raise ValueError('it has no end')

    def _push(self, value: Any) -> None:
        self._nodes += 1
        if self._nodes > self._budget.limits.nodes:
            raise Exceeded(f'it has more than {self._budget.limits.nodes} values')
        self.stack.append(value)

    def _pop(self) -> Any:
        return self.stack.pop() if self.stack else _NOTHING

    def _to_mark(self) -> list[Any]:
        at = len(self.stack)
        while at and self.stack[at - 1] is not _MARK:
            at -= 1
        found = self.stack[at:]
        del self.stack[max(at - 1, 0) :]
        return found

    def _top(self, kind: type) -> Any:
        """What stands on top, made a container where it is none: an object that is filled."""
        if self.stack and isinstance(self.stack[-1], kind):
            return self.stack[-1]
        made: Any = kind()
        if self.stack:
            old = self.stack[-1]
            if isinstance(made, _Map):
                made.items.append(('', old))
            else:
                made.append(old)
            self.stack[-1] = made
        return made

    def _step(self, name: str, argument: Any) -> None:
        if isinstance(argument, str) and name in ('GLOBAL', 'INST'):
            self.is_joblib = self.is_joblib or argument.startswith(_JOBLIB)
            if name == 'INST':
                self._to_mark()
            self._push(_CODEC if argument in _CODECS else _Map())
        elif isinstance(argument, str | bytes | bytearray) and name not in ('PERSID',):
            self.is_joblib = self.is_joblib or argument == _JOBLIB
            self._push(argument)
        elif name in _PUSHING:
            self._push(_PUSHING[name]())
        elif name in ('PUT', 'BINPUT', 'LONG_BINPUT'):
            self._memo[argument] = self.stack[-1] if self.stack else _NOTHING
        elif name == 'MEMOIZE':
            self._memo[len(self._memo)] = self.stack[-1] if self.stack else _NOTHING
        elif name in ('GET', 'BINGET', 'LONG_BINGET'):
            self._push(self._memo.get(argument))
        else:
            self._build(name)

    def _build(self, name: str) -> None:
        """The opcodes that take things off the stack."""
        if name in ('SETITEM', 'APPEND', 'BUILD', 'REDUCE', 'NEWOBJ'):
            values = [self._pop() for _ in range(2 if name == 'SETITEM' else 1)][::-1]
            self._fill(name, values)
        elif name in ('SETITEMS', 'APPENDS', 'ADDITEMS'):
            self._fill('SETITEM' if name == 'SETITEMS' else 'APPENDS', self._to_mark())
        elif name in ('TUPLE', 'LIST', 'FROZENSET', 'OBJ'):
            self._push([value for value in self._to_mark() if value is not _NOTHING])
        elif name == 'DICT':
            values = self._to_mark()
            self._push(_Map())
            self._fill('SETITEM', values)
        elif name in ('TUPLE1', 'TUPLE2', 'TUPLE3'):
            self._push([self._pop() for _ in range(int(name[-1]))][::-1])
        elif name == 'NEWOBJ_EX':
            named, values = self._pop(), self._pop()
            self._fill('BUILD', [values])
            self._fill('BUILD', [named])
        elif name == 'STACK_GLOBAL':
            self._pop()
            self._pop()
            self._push(_Map())
        elif name in ('POP', 'POP_MARK'):
            self._pop() if name == 'POP' else self._to_mark()
        elif name == 'DUP':
            self._push(self.stack[-1] if self.stack else _NOTHING)

    def _fill(self, name: str, values: list[Any]) -> None:
        """Put values into what stands on top."""
        if name == 'SETITEM':
            self._top(_Map).items.extend(
                pair
                for pair in zip(values[::2], values[1::2], strict=False)
                if pair[1] is not _NOTHING
            )
        elif name in ('APPEND', 'APPENDS'):
            self._top(list).extend(value for value in values if value is not _NOTHING)
        elif (
            self.stack and self.stack[-1] is _CODEC
        ):  # older protocols write bytes as a call with a text
            self.stack[-1] = values[0][0] if isinstance(values[0], list) and values[0] else _NOTHING
        elif values[0] is not _NOTHING:
            target = self._top(_Map)
            state = values[0]
            target.items.extend(
                state.items if isinstance(state, _Map) and state is not target else [('', state)]
            )


_PUSHING: dict[str, Any] = {
    'MARK': lambda: _MARK,
    'EMPTY_DICT': _Map,
    'EMPTY_LIST': list,
    'EMPTY_SET': list,
    'EMPTY_TUPLE': list,
    **dict.fromkeys(
        (
            'INT',
            'BININT',
            'BININT1',
            'BININT2',
            'LONG',
            'LONG1',
            'LONG4',
            'NONE',
            'NEWTRUE',
            'NEWFALSE',
            'FLOAT',
            'BINFLOAT',
            'EXT1',
            'EXT2',
            'EXT4',
            'PERSID',
            'NEXT_BUFFER',
        ),
        lambda: _NOTHING,
    ),
}


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The named texts of all pickles in a blob."""
    if data[:6] == b'\x93NUMPY':
        if b"'|O'" not in data[:200]:
            return  # an array of numbers
        length = (
            int.from_bytes(data[8:10], 'little') + 10
            if data[6:7] == b'\x01'
            else int.from_bytes(data[8:12], 'little') + 12
        )
        data = data[length:]
    pages = Pages('')
    machine = _Machine(budget)
    file = io.BytesIO(data)
    number = 0
    try:
        while file.tell() < len(data):
            budget.count()
            machine.stack.clear()
            machine.run(file)
            number += 1
            yield from _written(machine.stack, '' if number == 1 else f'#{number}', pages, budget)
    except Exceeded:
        yield from _written(machine.stack, '', pages, budget)
        yield from pages.take()
        raise
    except (ValueError, IndexError, KeyError, OverflowError, EOFError) as error:
        yield from _written(machine.stack, '', pages, budget)
        if not machine.is_joblib and (number == 0 and name.lower().endswith(('.pkl', '.pickle'))):
            yield Trouble('', f'the pickle is broken: {type(error).__name__}: {error}')
    yield from pages.take()


def _written(
    values: list[Any], start: str, pages: Pages, budget: Budget
) -> Iterator[Member | Trouble]:
    """The texts under their names. A container that stands in several places is written once: references cost nothing."""
    seen: set[int] = set()
    is_told = False
    todo: list[tuple[str, str, Any, int]] = [(start, '', value, 0) for value in reversed(values)]
    while todo:
        where, name, value, depth = todo.pop()
        if value is _CLOSE:
            pages.add(name, where)
            continue
        if isinstance(value, list | _Map):
            if id(value) in seen:
                continue
            seen.add(id(value))
            if depth > _DEEPEST:
                if not is_told:
                    yield Trouble(
                        '', f'nested more than {_DEEPEST} deep: what lies deeper was not looked at'
                    )
                is_told = True
                continue
            pages.add(
                (f'{key(name)}: ' if name else '') + ('{' if isinstance(value, _Map) else '['),
                where,
            )
            todo.append((where, '},' if isinstance(value, _Map) else '],', _CLOSE, depth))
            todo += reversed(list(_inside(value, where, depth)))
        else:
            yield from _value(where, name, value, pages, budget)
        if pages.is_full():
            yield from pages.take()


_CLOSE = _Mark()


def _inside(value: Any, where: str, depth: int) -> Iterator[tuple[str, str, Any, int]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield f'{where}[{number}]', '', item, depth + 1
        return
    for name, item in value.items:
        shown = (
            name
            if isinstance(name, str)
            else (text_of(bytes(name)) or '')
            if isinstance(name, bytes | bytearray)
            else ''
        )
        yield (
            f'{where}.{shown[:100]}' if where and shown else shown[:100] or where,
            shown,
            item,
            depth + 1,
        )
        if isinstance(name, list | _Map):
            yield where, '', name, depth + 1


def _value(where: str, name: str, value: Any, pages: Pages, budget: Budget) -> Iterator[Member]:
    if isinstance(value, bytes | bytearray):
        text = text_of(bytes(value))
        if text is None or len(text) > _LONGEST_VALUE:
            if text is not None or kind_of('', bytes(value)):
                budget.take(len(value))
                yield Member(where, bytes(value))
            return
        value = text
    if not isinstance(value, str):
        return
    budget.take(len(value))
    if len(value) > _LONGEST_VALUE:
        yield Member(where, value.encode('utf-8', 'surrogatepass'))
        return
    pages.add((f'{key(name)}: ' if name else '') + quoted(value) + ',', where)
