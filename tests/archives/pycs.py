"""Bytecode of other versions of Python, put together by hand: what a small bot compiles to."""

from __future__ import annotations

import importlib.util
import marshal
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

Step = tuple[str, int]
SOURCE = "import ccxt\nex = ccxt.binance({{'apiKey': '{K}', 'secret': '{S}'}})\n"
# Numbers of instructions: Lib/opcode.py of 2.7, 3.4 and 3.5, Include/opcode_ids.h of 3.14.
OLD = {
    'STORE_MAP': 54,
    'RETURN_VALUE': 83,
    'STORE_NAME': 90,
    'LOAD_CONST': 100,
    'LOAD_NAME': 101,
    'BUILD_MAP': 105,
    'LOAD_ATTR': 106,
    'IMPORT_NAME': 108,
    'CALL_FUNCTION': 131,
    'MAKE_FUNCTION': 132,
}
NEW = {
    'RETURN_VALUE': 35,
    'BUILD_MAP': 47,
    'CALL': 52,
    'IMPORT_NAME': 73,
    'LOAD_ATTR': 80,
    'LOAD_CONST': 82,
    'LOAD_NAME': 93,
    'STORE_NAME': 116,
    'MAKE_FUNCTION': 23,
}


class Version(NamedTuple):
    """How a version is written.

    Magic number, bytes of the header behind it, numbers of a code object, instructions, mark of a
    text.
    """

    magic: int
    header: int
    numbers: int
    opcodes: dict[str, int]
    text: bytes


VERSIONS = {
    '2.7': Version(62_211, 4, 4, OLD, b's'),
    '3.2': Version(3180, 4, 5, OLD, b'u'),
    '3.4': Version(3310, 8, 5, OLD, b'u'),
    '3.5': Version(3351, 8, 5, OLD, b'u'),
    '3.14': Version(3627, 12, 5, NEW, b'u'),
}


def pyc(version: Version, steps: list[Step], constants: list[Any], names: list[str]) -> bytes:
    """Return the file of a module that does these steps."""
    return (
        struct.pack('<H', version.magic)
        + b'\r\n'
        + bytes(version.header)
        + code(version, steps, constants, names)
    )


def _constant(version: Version, constant: Any) -> bytes:
    if isinstance(constant, bytes):
        return constant
    return _text(version, constant) if constant else b'N'


def code(
    version: Version,
    steps: list[Step],
    constants: list[Any],
    names: list[str],
    parameters: tuple[str, ...] = (),
) -> bytes:
    """Return a code object. Constants may be code objects that are written already."""
    texts = [_tuple([_text(version, name) for name in some]) for some in (names, parameters)]
    kept = _tuple([_constant(version, constant) for constant in constants])
    numbers = struct.pack(f'<{version.numbers}i', len(parameters), *(0,) * (version.numbers - 1))
    instructions = b's' + _sized(b''.join(_step(version, *step) for step in steps))
    empty, name = b's' + _sized(b''), _text(version, '<module>')
    if version.opcodes is NEW:
        return (
            b'c'
            + numbers
            + instructions
            + kept
            + texts[0]
            + texts[1]
            + empty
            + name * 3
            + struct.pack('<i', 1)
            + empty * 2
        )
    return (
        b'c'
        + numbers
        + instructions
        + kept
        + texts[0]
        + texts[1]
        + _tuple([]) * 2
        + name * 2
        + struct.pack('<i', 1)
        + empty
    )


def _step(version: Version, name: str, argument: int) -> bytes:
    number = version.opcodes[name]
    if version.opcodes is NEW:
        return bytes((number, argument))
    return bytes((number,)) + (struct.pack('<H', argument) if number >= 90 else b'')


def _text(version: Version, text: str) -> bytes:
    return version.text + _sized(text.encode())


def _tuple(items: list[bytes]) -> bytes:
    return b'(' + struct.pack('<i', len(items)) + b''.join(items)


def _sized(data: bytes) -> bytes:
    return struct.pack('<i', len(data)) + data


def _bot(version: Version) -> list[Step]:
    """SOURCE; its constants are key, secret, their names, None; its names ccxt, binance, ex."""
    if version.magic in (3351, 3627):  # pairs first, then the dictionary
        pairs = [
            ('LOAD_CONST', 2),
            ('LOAD_CONST', 0),
            ('LOAD_CONST', 3),
            ('LOAD_CONST', 1),
            ('BUILD_MAP', 2),
        ]
    else:
        pairs = [
            ('BUILD_MAP', 2),
            ('LOAD_CONST', 0),
            ('LOAD_CONST', 2),
            ('STORE_MAP', 0),
            ('LOAD_CONST', 1),
            ('LOAD_CONST', 3),
            ('STORE_MAP', 0),
        ]
    is_new = version.opcodes is NEW
    start = [
        ('LOAD_CONST', 4),
        ('LOAD_CONST', 4),
        ('IMPORT_NAME', 0),
        ('STORE_NAME', 0),
        ('LOAD_NAME', 0),
        ('LOAD_ATTR', 2 if is_new else 1),
    ]
    return [
        *start,
        *pairs,
        ('CALL' if is_new else 'CALL_FUNCTION', 1),
        ('STORE_NAME', 2),
        ('LOAD_CONST', 4),
        ('RETURN_VALUE', 0),
    ]


def by_hand(number: str) -> Callable[[str, str], bytes]:
    version = VERSIONS[number]
    return lambda key, secret: pyc(
        version, _bot(version), [key, secret, 'apiKey', 'secret', None], ['ccxt', 'binance', 'ex']
    )


def own(key: str, secret: str) -> bytes:
    """Return the same, compiled by the Python that runs."""
    compiled = compile(SOURCE.format(K=key, S=secret), 'bot.py', 'exec')
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compiled)


PYCS: dict[str, Callable[[str, str], bytes]] = {
    **{f'.pyc of Python {number}': by_hand(number) for number in VERSIONS},
    '.pyc of the Python that runs': own,
}
