"""The lines of one code object, found by following its instructions without running any."""

from __future__ import annotations

from collections.abc import Callable

from keylint.archives import opcodes
from keylint.archives.budget import Budget
from keylint.archives.expressions import (
    MAX_TEXT_CHARS,
    ExpressionStack,
    format_constant,
    format_mapping,
    list_texts,
)
from keylint.archives.marshalled import CodeObject

# A longer dictionary that is built item by item continues on a new line.
_MAX_MAPPING_CHARS = 4096
_MAX_NAME_CHARS = 200


class CodeListing:
    """List the lines of one code object.

    The stack holds the texts of expressions; an unknown instruction leaves it unchanged.
    """

    def __init__(self, code: CodeObject, magic: int, budget: Budget) -> None:
        self._code = code
        self._magic = opcodes.normalize_magic(magic)
        self._is_old = opcodes.is_before_36(self._magic)
        self._budget = budget
        self._stack = ExpressionStack(budget)
        self._used_constants: set[int] = set()
        self._keywords: tuple[object, ...] = ()
        self._last_constant: object = None
        self._function: CodeObject | None = None

    def list_lines(self) -> list[str]:
        """List what the instructions show, then the texts that none of them used."""
        for name, argument in opcodes.read_instructions(self._code.code, self._magic, self._budget):
            handler = _HANDLERS.get(name)
            if handler is not None:
                handler(self, argument)
        self._stack.flush()
        unused = [
            value
            for number, value in enumerate(self._code.constants)
            if number not in self._used_constants
        ]
        for text in list_texts(unused):
            self._stack.add_line(format_constant(text))
        return self._stack.lines

    # Constants, names and attributes

    def _load_constant(self, argument: int) -> None:
        constants = self._code.constants
        value = constants[argument] if argument < len(constants) else None
        if isinstance(value, CodeObject):
            self._function = value
            if len(self._stack) and not self._is_old:
                self._list_defaults(value)
            return
        if isinstance(value, str | bytes) and len(value) > MAX_TEXT_CHARS:
            self._stack.push_omitted()
            return
        self._used_constants.add(argument)
        self._stack.push(format_constant(value))
        self._last_constant = value

    def _load_small_int(self, argument: int) -> None:
        self._stack.push(str(argument))

    def _load_two_locals(self, argument: int) -> None:
        self._stack.push(self._local_at(argument >> 4))
        self._stack.push(self._local_at(argument & 15))

    def _load_local(self, argument: int) -> None:
        self._stack.push(self._local_at(argument))

    def _load_name(self, argument: int) -> None:
        self._stack.push(self._name_at(argument))

    def _load_global(self, argument: int) -> None:
        # From 3.11 on the lowest bit says whether a NULL is pushed as well.
        has_flag = self._magic >= opcodes.PYTHON311
        self._stack.push(self._name_at(argument >> 1 if has_flag else argument))

    def _load_method(self, argument: int) -> None:
        self._stack.push(f'{self._stack.pop()}.{self._name_at(argument)}')

    def _load_attribute(self, argument: int) -> None:
        # From 3.12 on the lowest bit says whether the attribute is called as a method.
        has_flag = self._magic >= opcodes.PYTHON312
        self._load_method(argument >> 1 if has_flag else argument)

    # Assignments

    def _store_map_item(self, argument: int) -> None:
        """Add an item to the dictionary on the stack, as versions before 3.5 do."""
        key, value, mapping = self._stack.pop(), self._stack.pop(), self._stack.pop()
        mapping = mapping[:-1] if mapping.startswith('{') else '{'
        if len(mapping) > _MAX_MAPPING_CHARS:
            self._stack.add_line(mapping + '}')
            mapping = '{'
        separator = ', ' if len(mapping) > 1 else ''
        self._stack.push(f'{mapping}{separator}{key}: {value}}}')

    def _store_item(self, argument: int) -> None:
        key, target, value = self._stack.pop(), self._stack.pop(), self._stack.pop()
        self._stack.add_line(f'{target}[{key}] = {value}')

    def _store_attribute(self, argument: int) -> None:
        target, value = self._stack.pop(), self._stack.pop()
        self._stack.add_line(f'{target}.{self._name_at(argument)} = {value}')

    def _store_two_locals(self, argument: int) -> None:
        self._store_local(argument >> 4)
        self._store_local(argument & 15)

    def _store_local(self, argument: int) -> None:
        self._stack.add_line(f'{self._local_at(argument)} = {self._stack.pop()}')

    def _store_name(self, argument: int) -> None:
        self._stack.add_line(f'{self._name_at(argument)} = {self._stack.pop()}')

    # Lists, tuples and dictionaries

    def _build_sequence(self, argument: int) -> None:
        self._stack.push(f'[{", ".join(self._stack.take(argument))}]')

    def _build_map(self, argument: int) -> None:
        if self._is_old and not self._magic >= opcodes.PYTHON35:
            self._stack.push('{}')  # its items follow one by one
            return
        items = self._stack.take(2 * argument)
        self._stack.push(format_mapping(zip(items[::2], items[1::2], strict=False)))

    def _build_map_of_constant_keys(self, argument: int) -> None:
        self._stack.pop()
        keys = map(format_constant, self._last_tuple())
        values = self._stack.take(argument)
        self._stack.push(format_mapping(zip(keys, values, strict=False)))

    # The instructions of calls, functions and imports

    def _name_keywords(self, argument: int) -> None:
        """Keep the names of keywords for the call that follows."""
        self._used_constants.add(argument)
        constants = self._code.constants
        names = constants[argument] if argument < len(constants) else ()
        self._keywords = names if isinstance(names, tuple) else ()

    def _call_with_keywords(self, argument: int) -> None:
        """Call with a tuple of names on top of the stack, or with a mapping before 3.6."""
        self._stack.pop()
        if not self._is_old:
            self._keywords = self._last_tuple()
        self._call(argument)

    def _call(self, argument: int) -> None:
        if self._is_old:
            self._call_old(argument)
            return
        names, self._keywords = self._keywords, ()
        values = self._stack.take(argument)
        first = max(0, len(values) - len(names))
        pairs = zip(names, values[first:], strict=False)
        self._push_call(values[:first] + [f'{name}={value}' for name, value in pairs])

    def _call_old(self, argument: int) -> None:
        """Call as before 3.6, where the argument counts values and name-value pairs."""
        named = self._stack.take(2 * (argument >> 8 & 0xFF))
        values = self._stack.take(argument & 0xFF)
        pairs = zip(named[::2], named[1::2], strict=False)
        self._push_call(values + [f'{_strip_quotes(name)}={value}' for name, value in pairs])

    def _push_call(self, arguments: list[str]) -> None:
        self._stack.push(f'{self._stack.pop()}({", ".join(arguments)})')

    def _import_name(self, argument: int) -> None:
        self._stack.clear()
        self._stack.lines.append(f'import {self._name_at(argument)}')
        self._stack.push(self._name_at(argument))

    def _list_defaults(self, function: CodeObject) -> None:
        """List the defaults of the last parameters: a tuple below the function on the stack."""
        values = self._last_tuple()
        names = function.locals[: function.arguments]
        if values and len(values) <= len(names):
            for name, value in zip(names[-len(values) :], values, strict=True):
                self._stack.add_line(f'{name} = {format_constant(value)}')

    def _make_function(self, argument: int) -> None:
        """Complete a function. Before 3.6 its defaults are on the stack one by one."""
        if self._is_old and self._function is not None:
            self._list_old_defaults(self._function, argument)
        self._function = None
        self._stack.flush()

    def _list_old_defaults(self, function: CodeObject, argument: int) -> None:
        """List defaults: those of keyword-only parameters are above those of the others."""
        if self._magic >= opcodes.PYTHON33:
            self._stack.pop()  # the function's name
        named = self._stack.take(2 * (argument >> 8 & 0xFF))
        values = self._stack.take(argument & 0xFF)
        parameters = function.locals[: function.arguments][-len(values) :] if values else ()
        names = [_text_at(parameters, number) for number in range(len(parameters))]
        names += [_strip_quotes(name) for name in named[::2]]
        for name, value in zip(names, values[: len(parameters)] + named[1::2], strict=False):
            self._stack.add_line(f'{name} = {value}')

    def _end_statement(self, argument: int) -> None:
        self._stack.flush()

    # What an argument refers to

    def _last_tuple(self) -> tuple[object, ...]:
        """Return the constant that was loaded last if it is a tuple, else an empty one."""
        return self._last_constant if isinstance(self._last_constant, tuple) else ()

    def _name_at(self, number: int) -> str:
        return _text_at(self._code.names, number)

    def _local_at(self, number: int) -> str:
        return _text_at(self._code.locals, number)


def _text_at(names: tuple[object, ...], number: int) -> str:
    value = names[number] if number < len(names) else None
    return value[:_MAX_NAME_CHARS] if isinstance(value, str) else '_'


def _strip_quotes(name: str) -> str:
    return name.strip('"')


_HANDLERS: dict[str, Callable[[CodeListing, int], None]] = {
    'LOAD_CONST': CodeListing._load_constant,
    'LOAD_SMALL_INT': CodeListing._load_small_int,
    **dict.fromkeys(
        ('LOAD_FAST_LOAD_FAST', 'LOAD_FAST_BORROW_LOAD_FAST_BORROW'), CodeListing._load_two_locals
    ),
    **dict.fromkeys(('LOAD_FAST', 'LOAD_FAST_BORROW'), CodeListing._load_local),
    'LOAD_NAME': CodeListing._load_name,
    'LOAD_GLOBAL': CodeListing._load_global,
    'LOAD_ATTR': CodeListing._load_attribute,
    'LOAD_METHOD': CodeListing._load_method,
    'STORE_MAP': CodeListing._store_map_item,
    'STORE_SUBSCR': CodeListing._store_item,
    'STORE_ATTR': CodeListing._store_attribute,
    'STORE_FAST_STORE_FAST': CodeListing._store_two_locals,
    'STORE_FAST': CodeListing._store_local,
    **dict.fromkeys(('STORE_NAME', 'STORE_GLOBAL'), CodeListing._store_name),
    'BUILD_CONST_KEY_MAP': CodeListing._build_map_of_constant_keys,
    'BUILD_MAP': CodeListing._build_map,
    **dict.fromkeys(('BUILD_TUPLE', 'BUILD_LIST'), CodeListing._build_sequence),
    'KW_NAMES': CodeListing._name_keywords,
    'CALL_FUNCTION_KW': CodeListing._call_with_keywords,
    **dict.fromkeys(('CALL_FUNCTION', 'CALL_METHOD', 'CALL'), CodeListing._call),
    'IMPORT_NAME': CodeListing._import_name,
    'MAKE_FUNCTION': CodeListing._make_function,
    **dict.fromkeys(('POP_TOP', 'RETURN_VALUE'), CodeListing._end_statement),
}
