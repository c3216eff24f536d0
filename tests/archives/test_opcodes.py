"""Instructions have the numbers of the Python that runs the test."""

from __future__ import annotations

import dis
import importlib.util

from keylint.archives.budget import Budget
from keylint.archives.code_listing import _HANDLERS
from keylint.archives.opcodes import normalize_magic, read_instructions
from keylint.core.limits import Limits

ARGUMENT = 7
MAGIC = int.from_bytes(importlib.util.MAGIC_NUMBER[:2], 'little')


def test_instructions_have_the_numbers_of_this_python() -> None:
    known = {name: number for name, number in dis.opmap.items() if name in _HANDLERS}
    assert len(known) > 10
    for name, number in known.items():
        if number < 256:  # above are those that only the compiler has
            code = bytes((number, ARGUMENT))
            found = list(read_instructions(code, normalize_magic(MAGIC), Budget(Limits())))
            assert found == [(name, ARGUMENT)]
