"""Draw values of a shape, the same ones every time: a regular expression read backwards."""

from __future__ import annotations

import random
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MOST_REPEATS = 40
_PRINTABLE = [chr(code) for code in range(33, 127)]


def draw_value(shape: str, seed: str) -> str:
    """Return a text that the whole of a shape matches."""
    return _draw(_parser.parse(shape), random.Random(seed))  # noqa: S311 - the same each time


def _draw(parsed: Any, rng: random.Random) -> str:
    return ''.join(_draw_one(str(operation), argument, rng) for operation, argument in parsed)


def _draw_one(operation: str, argument: Any, rng: random.Random) -> str:
    if operation == 'LITERAL':
        return chr(argument)
    if operation == 'IN':
        return rng.choice(_list_members(argument))
    if operation in ('MAX_REPEAT', 'MIN_REPEAT'):
        least, most, body = argument
        count = rng.randint(least, min(int(most), max(least, _MOST_REPEATS)))
        return ''.join(_draw(body, rng) for _ in range(count))
    if operation == 'BRANCH':
        return _draw(rng.choice(argument[1]), rng)
    if operation == 'SUBPATTERN':
        return _draw(argument[-1], rng)
    raise ValueError(f'no shape has {operation}')


def _list_members(argument: Any) -> list[str]:
    """List the printable characters of a class."""
    is_negated = str(argument[0][0]) == 'NEGATE'
    members: list[str] = []
    for operation, value in argument[1:] if is_negated else argument:
        if str(operation) == 'LITERAL':
            members.append(chr(value))
        elif str(operation) == 'RANGE':
            members += [chr(code) for code in range(value[0], value[1] + 1)]
        elif str(value) == 'CATEGORY_SPACE':
            members += [' ', '\t', '\n'] if is_negated else [' ']
        elif str(value) == 'CATEGORY_NOT_SPACE':
            members += _PRINTABLE
        elif str(value) == 'CATEGORY_WORD':
            members += [c for c in _PRINTABLE if c.isalnum() or c == '_']
        else:
            raise ValueError(f'no shape has {operation} {value}')
    return [c for c in _PRINTABLE if c not in members] if is_negated else members
