"""Follow the stack of a pickle by disassembly: nothing is unpickled, imported or called."""

from __future__ import annotations

import io
import pickletools
from collections.abc import Callable, Iterable

from keylint.archives.budget import Budget, BudgetExceededError
from keylint.archives.members import DamagedError

_OPCODES_PER_TICK = 4096
_JOBLIB = 'joblib.numpy_pickle'
# The names by which older protocols call the function that makes bytes from a text.
_CODECS = ('_codecs encode', 'codecs encode')


class Marker:
    """A stack entry that is not a value, such as the start of a container."""


class Mapping:
    """The names and values of a dictionary, or of an object with its state, in order."""

    def __init__(self) -> None:
        self.items: list[tuple[object, object]] = []


_MARK, _CODEC = Marker(), Marker()
# Stands for everything that cannot contain a credential, such as numbers.
_NOTHING = None


class PickleMachine:
    """Keep the stack and the memo while a pickle is read.

    A value is a text, bytes, a list, a Mapping, or None for what is not kept.
    """

    def __init__(self, budget: Budget) -> None:
        self.stack: list[object] = []
        self.is_joblib = False
        self._memo: dict[object, object] = {}
        self._budget = budget
        self._count = 0

    def run(self, file: io.BytesIO) -> None:
        """Read one pickle to its end. Raises ValueError for anything else."""
        for number, (opcode, argument, _) in enumerate(pickletools.genops(file)):
            if not number % _OPCODES_PER_TICK:
                self._budget.tick()
            self._step(opcode.name, argument)
            if opcode.name == 'STOP':
                return
        raise DamagedError('it has no end')

    def _step(self, name: str, argument: object) -> None:
        if isinstance(argument, str) and name in ('GLOBAL', 'INST'):
            self._push_global(name, argument)
        elif isinstance(argument, str | bytes | bytearray) and name != 'PERSID':
            self.is_joblib = self.is_joblib or argument == _JOBLIB
            self._push(argument)
        elif name in _PUSHED_BY:
            self._push(_PUSHED_BY[name]())
        elif name in ('PUT', 'BINPUT', 'LONG_BINPUT'):
            self._memo[argument] = self._peek()
        elif name == 'MEMOIZE':
            self._memo[len(self._memo)] = self._peek()
        elif name in ('GET', 'BINGET', 'LONG_BINGET'):
            self._push(self._memo.get(argument))
        elif name in _HANDLERS:
            _HANDLERS[name](self)

    # The stack

    def _push(self, value: object) -> None:
        self._count += 1
        if self._count > self._budget.limits.nodes:
            raise BudgetExceededError(f'it has more than {self._budget.limits.nodes} values')
        self.stack.append(value)

    def _pop(self) -> object:
        return self.stack.pop() if self.stack else _NOTHING

    def _peek(self) -> object:
        return self.stack[-1] if self.stack else _NOTHING

    def _pop_to_mark(self) -> list[object]:
        start = len(self.stack)
        while start and self.stack[start - 1] is not _MARK:
            start -= 1
        values = self.stack[start:]
        del self.stack[max(start - 1, 0) :]
        return values

    def _top_mapping(self) -> Mapping:
        """Return the mapping on top; anything else becomes the first value of a new one."""
        top = self._peek()
        if isinstance(top, Mapping):
            return top
        mapping = Mapping()
        if self.stack:
            mapping.items.append(('', top))
            self.stack[-1] = mapping
        return mapping

    def _top_list(self) -> list[object]:
        """Return the list on top; anything else becomes the first item of a new one."""
        top = self._peek()
        if isinstance(top, list):
            return top
        items: list[object] = []
        if self.stack:
            items.append(top)
            self.stack[-1] = items
        return items

    # Opcodes that take values off the stack

    def _push_global(self, name: str, target: str) -> None:
        self.is_joblib = self.is_joblib or target.startswith(_JOBLIB)
        if name == 'INST':
            self._pop_to_mark()
        self._push(_CODEC if target in _CODECS else Mapping())

    def _push_stack_global(self) -> None:
        self._pop()
        self._pop()
        self._push(Mapping())

    def _append(self) -> None:
        self._extend([self._pop()])

    def _append_all(self) -> None:
        self._extend(self._pop_to_mark())

    def _extend(self, values: list[object]) -> None:
        self._top_list().extend(_drop_nothing(values))

    def _set_item(self) -> None:
        value, name = self._pop(), self._pop()
        self._set_pairs([name, value])

    def _set_items(self) -> None:
        self._set_pairs(self._pop_to_mark())

    def _set_pairs(self, values: list[object]) -> None:
        pairs = zip(values[::2], values[1::2], strict=False)
        self._top_mapping().items.extend(pair for pair in pairs if pair[1] is not _NOTHING)

    def _make_mapping(self) -> None:
        values = self._pop_to_mark()
        self._push(Mapping())
        self._set_pairs(values)

    def _make_list(self) -> None:
        self._push(_drop_nothing(self._pop_to_mark()))

    def _make_tuple(self, size: int) -> None:
        self._push([self._pop() for _ in range(size)][::-1])

    def _apply_state(self) -> None:
        self._fill(self._pop())

    def _create_object(self) -> None:
        """Create an object from arguments and named arguments."""
        named, values = self._pop(), self._pop()
        self._fill(values)
        self._fill(named)

    def _fill(self, state: object) -> None:
        """Add a state or arguments to the object on top."""
        if self.stack and self.stack[-1] is _CODEC:
            self.stack[-1] = state[0] if isinstance(state, list) and state else _NOTHING
        elif state is not _NOTHING:
            target = self._top_mapping()
            if isinstance(state, Mapping) and state is not target:
                target.items.extend(state.items)
            else:
                target.items.append(('', state))

    def _duplicate(self) -> None:
        self._push(self._peek())


def _drop_nothing(values: Iterable[object]) -> list[object]:
    return [value for value in values if value is not _NOTHING]


_PUSHED_BY: dict[str, Callable[[], object]] = {
    'MARK': lambda: _MARK,
    'EMPTY_DICT': Mapping,
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

_HANDLERS: dict[str, Callable[[PickleMachine], object]] = {
    'APPEND': PickleMachine._append,
    **dict.fromkeys(('APPENDS', 'ADDITEMS'), PickleMachine._append_all),
    'SETITEM': PickleMachine._set_item,
    'SETITEMS': PickleMachine._set_items,
    'DICT': PickleMachine._make_mapping,
    **dict.fromkeys(('TUPLE', 'LIST', 'FROZENSET', 'OBJ'), PickleMachine._make_list),
    'TUPLE1': lambda machine: machine._make_tuple(1),
    'TUPLE2': lambda machine: machine._make_tuple(2),
    'TUPLE3': lambda machine: machine._make_tuple(3),
    **dict.fromkeys(('BUILD', 'REDUCE', 'NEWOBJ'), PickleMachine._apply_state),
    'NEWOBJ_EX': PickleMachine._create_object,
    'STACK_GLOBAL': PickleMachine._push_stack_global,
    'POP': PickleMachine._pop,
    'POP_MARK': PickleMachine._pop_to_mark,
    'DUP': PickleMachine._duplicate,
}
