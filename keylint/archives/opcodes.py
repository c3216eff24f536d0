"""Instructions of CPython bytecode: their numbers by version, and how a code string is decoded.

Source: Lib/opcode.py, Include/opcode_ids.h,
Include/internal/pycore_magic_number.h.
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives.budget import Budget

# Nearly the same numbers from 2.7 to 3.12, all new ones in 3.13 and in 3.14; -1 if there is none.
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
_NAMES_BY_NUMBER = tuple(
    {numbers[column]: name for name, numbers in _OPCODES.items() if numbers[column] >= 0}
    for column in range(3)
)
# The first magic number of each version in which something changes.
PYTHON33, PYTHON35, PYTHON36 = 3230, 3320, 3361
PYTHON311, PYTHON312, PYTHON313, PYTHON314 = 3450, 3500, 3550, 3600
_FIRST_UNKNOWN = 3650
# Python 2.7 numbers differently; all its magic numbers map to one that sorts before the others.
_MAGIC_NUMBERS27, PYTHON27 = range(62_191, 62_212), 2700
_EXTENDED_ARG = 'EXTENDED_ARG'
# Before 3.6 an instruction with a number of 90 or more has an argument of two bytes, others none.
# Python 2.7 has its own number for EXTENDED_ARG.
_FIRST_WITH_ARGUMENT, _EXTENDED_ARG27 = 90, 145
# Bytes of code between two checks of the clock.
_BYTES_PER_TICK = 512

Instructions = Iterator[tuple[str, int]]


def normalize_magic(magic: int) -> int:
    """Map all magic numbers of Python 2.7 to PYTHON27; keep the others."""
    return PYTHON27 if magic in _MAGIC_NUMBERS27 else magic


def is_before_36(magic: int) -> bool:
    """Tell whether instructions have one byte or three; `magic` is normalized."""
    return PYTHON27 <= magic < PYTHON36


def read_instructions(code: bytes, magic: int, budget: Budget) -> Instructions:
    """Yield the known instructions of a code string by name, each with its argument.

    Yields nothing for an unknown version. `magic` is normalized.
    """
    if is_before_36(magic):
        return _read_variable_width(code, magic, budget)
    if PYTHON36 <= magic < _FIRST_UNKNOWN:
        column = (magic >= PYTHON313) + (magic >= PYTHON314)
        return _read_words(code, _NAMES_BY_NUMBER[column], budget)
    return iter(())


def _read_words(code: bytes, names: dict[int, str], budget: Budget) -> Instructions:
    """Decode instructions of two bytes each, as from Python 3.6 on."""
    argument = 0
    for offset in range(0, len(code) - 1, 2):
        name = names.get(code[offset], '')
        argument = (argument << 8 | code[offset + 1]) & 0xFFFFFFFF
        if not offset % _BYTES_PER_TICK:
            budget.tick()
        if name == _EXTENDED_ARG:
            continue
        if name:
            yield name, argument
        argument = 0


def _read_variable_width(code: bytes, magic: int, budget: Budget) -> Instructions:
    """Decode instructions of one byte or three, as before Python 3.6."""
    names = _NAMES_BY_NUMBER[0]
    if magic == PYTHON27:
        names = {**names, _EXTENDED_ARG27: _EXTENDED_ARG}
    offset = upper = 0
    while offset < len(code):
        number = code[offset]
        argument = 0
        if number >= _FIRST_WITH_ARGUMENT:
            argument = int.from_bytes(code[offset + 1 : offset + 3], 'little') | upper << 16
            offset += 2
        offset += 1
        if not offset % _BYTES_PER_TICK:
            budget.tick()
        name = names.get(number, '')
        upper = argument & 0xFFFF if name == _EXTENDED_ARG else 0
        if name and name != _EXTENDED_ARG:
            yield name, argument
