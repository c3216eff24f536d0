"""PostgreSQL's file of passwords: `host:port:database:user:password`, a colon or backslash in a value behind a backslash."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.archives.pages import Pages, key, quoted, text_of
from keylint.core.limits import Budget, Member, Trouble, cut_off

_FIELDS = ('host', 'port', 'database', 'user', 'password')
_FIELD = re.compile(rb'((?:[^:\\]++|\\.)*+)(?::|\Z)')
# A longer file is none of passwords.
_LONGEST = 1 << 20


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """Every line under the names of its fields."""
    pages = Pages('lines')
    for number, line in enumerate(data[:_LONGEST].splitlines(), 1):
        budget.take(len(line))
        cells = [field.group(1).replace(b'\\', b'') for field in _FIELD.finditer(line)][
            : len(_FIELDS)
        ]
        if line.startswith(b'#') or len(cells) < len(_FIELDS):
            continue
        pages.add('{', f'line {number}')
        for field, cell in zip(_FIELDS, cells, strict=True):
            pages.add(f'{key(field)}: {quoted(text_of(cell) or "")},', f'line {number}')
        pages.add('},', f'line {number}')
    yield from pages.take()
    if len(data) > _LONGEST:
        yield Trouble('', cut_off(budget.limits._replace(member=_LONGEST)))
