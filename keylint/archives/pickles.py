"""Python pickles, and those of joblib and numpy, read without unpickling anything.

The values of a dictionary and of an object's state are written under their names.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from keylint.archives import identify_container
from keylint.archives.budget import Budget, BudgetExceededError
from keylint.archives.members import Member, Unreadable, describe_damage
from keylint.archives.pages import PageWriter, decode_text, quote_name, quote_value
from keylint.archives.pickle_machine import Mapping, PickleMachine

_MAX_VALUE_CHARS = 1 << 20
_MAX_DEPTH = 100
_MAX_NAME_CHARS = 100
_NUMPY_MAGIC = b'\x93NUMPY'
_NUMPY_HEADER_SAMPLE_BYTES = 200
_DAMAGE = (ValueError, IndexError, KeyError, OverflowError, EOFError)


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the named texts of all pickles in a blob."""
    if data.startswith(_NUMPY_MAGIC):
        if b"'|O'" not in data[:_NUMPY_HEADER_SAMPLE_BYTES]:
            return  # an array of numbers
        data = data[_numpy_header_bytes(data) :]
    page = PageWriter('')
    machine = PickleMachine(budget)
    file = io.BytesIO(data)
    number = 0
    try:
        while file.tell() < len(data):
            budget.count()
            machine.stack.clear()
            machine.run(file)
            number += 1
            label = '' if number == 1 else f'#{number}'
            yield from _ValueWriter(page, budget).write_values(machine.stack, label)
    except BudgetExceededError:
        yield from _ValueWriter(page, budget).write_values(machine.stack, '')
        yield from page.take()
        raise
    except _DAMAGE as error:
        yield from _ValueWriter(page, budget).write_values(machine.stack, '')
        is_pickle = number == 0 and name.lower().endswith(('.pkl', '.pickle'))
        if is_pickle and not machine.is_joblib:  # joblib puts raw arrays between its opcodes
            yield Unreadable('', f'the pickle is broken: {describe_damage(error)}')
    yield from page.take()


def _numpy_header_bytes(data: bytes) -> int:
    """Return the length of the header of an array; its version decides the width of the field."""
    if data[6:7] == b'\x01':
        return int.from_bytes(data[8:10], 'little') + 10
    return int.from_bytes(data[8:12], 'little') + 12


class _Pending:
    """An item still to be written: a value with its label, name and depth, or an end."""

    __slots__ = ('depth', 'label', 'name', 'value')

    def __init__(self, label: str, name: str, value: object, depth: int) -> None:
        self.label = label
        self.name = name
        self.value = value
        self.depth = depth


# The value of an end; the name of an end is the bracket.
_END = object()


class _ValueWriter:
    """Write the values that one pickle left on the stack.

    A container that occurs several times is written once: references cost nothing in a pickle.
    """

    def __init__(self, page: PageWriter, budget: Budget) -> None:
        self._page = page
        self._budget = budget
        self._seen: set[int] = set()
        self._has_reported_depth = False

    def write_values(self, values: list[object], label: str) -> Iterator[Member | Unreadable]:
        """Write the texts under their names; yield full pages and members for single values."""
        todo = [_Pending(label, '', value, 0) for value in reversed(values)]
        while todo:
            item = todo.pop()
            if item.value is _END:
                self._page.add(item.name, item.label)
                continue
            if not isinstance(item.value, list | Mapping):
                yield from self._write_value(item)
            elif id(item.value) in self._seen:
                continue
            else:
                self._seen.add(id(item.value))
                if item.depth > _MAX_DEPTH:
                    yield from self._report_depth()
                    continue
                todo += self._open_container(item, item.value)
            if self._page.is_full():
                yield from self._page.take()

    def _report_depth(self) -> Iterator[Unreadable]:
        """Report once that something is nested too deep."""
        if not self._has_reported_depth:
            self._has_reported_depth = True
            reason = f'nested more than {_MAX_DEPTH} deep: what lies deeper was not looked at'
            yield Unreadable('', reason)

    def _open_container(self, item: _Pending, container: list[object] | Mapping) -> list[_Pending]:
        """Write the opening bracket; return the end and the content, last to first."""
        opening, closing = ('{', '},') if isinstance(container, Mapping) else ('[', '],')
        self._page.add(_format_prefix(item.name) + opening, item.label)
        content = list(_list_content(container, item.label, item.depth + 1))
        return [_Pending(item.label, closing, _END, item.depth), *reversed(content)]

    def _write_value(self, item: _Pending) -> Iterator[Member]:
        value = item.value
        if isinstance(value, bytes | bytearray):
            data = bytes(value)
            text = decode_text(data)
            if text is None or len(text) > _MAX_VALUE_CHARS:
                if text is not None or identify_container('', data):
                    self._budget.take(len(data))
                    yield Member(item.label, data)
                return
            value = text
        if not isinstance(value, str):
            return
        self._budget.take(len(value))
        if len(value) > _MAX_VALUE_CHARS:
            yield Member(item.label, value.encode('utf-8', 'surrogatepass'))
            return
        self._page.add(f'{_format_prefix(item.name)}{quote_value(value)},', item.label)


def _list_content(container: list[object] | Mapping, label: str, depth: int) -> Iterator[_Pending]:
    """Yield a container's content; a key that is a container itself follows its value."""
    if isinstance(container, list):
        for number, item in enumerate(container):
            yield _Pending(f'{label}[{number}]', '', item, depth)
        return
    for key, item in container.items:
        name = _decode_name(key)
        shown = name[:_MAX_NAME_CHARS]
        inner = f'{label}.{shown}' if label and shown else shown or label
        yield _Pending(inner, name, item, depth)
        if isinstance(key, list | Mapping):
            yield _Pending(label, '', key, depth)


def _decode_name(key: object) -> str:
    """Return a key as text, empty for a key that is not a text."""
    if isinstance(key, bytes | bytearray):
        return decode_text(bytes(key)) or ''
    return key if isinstance(key, str) else ''


def _format_prefix(name: str) -> str:
    return f'{quote_name(name)}: ' if name else ''
