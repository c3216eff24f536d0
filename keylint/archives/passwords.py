r"""PostgreSQL's password file: `host:port:database:user:password`, with `\` before `:` and `\`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.members import Member, Unreadable, describe_cut
from keylint.archives.pages import PageWriter, decode_text, quote_name, quote_value

_FIELDS = ('host', 'port', 'database', 'user', 'password')
_FIELD = re.compile(rb'((?:[^:\\]++|\\.)*+)(?::|\Z)')
# Real password files are far shorter.
_MAX_BYTES = 1 << 20


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield a page with the values of every line under the names of its fields."""
    page = PageWriter('lines')
    for number, line in enumerate(data[:_MAX_BYTES].splitlines(), 1):
        budget.take(len(line))
        cells = [field.group(1).replace(b'\\', b'') for field in _FIELD.finditer(line)]
        if line.startswith(b'#') or len(cells) < len(_FIELDS):
            continue
        label = f'line {number}'
        page.add('{', label)
        for field, cell in zip(_FIELDS, cells, strict=False):
            page.add(f'{quote_name(field)}: {quote_value(decode_text(cell) or "")},', label)
        page.add('},', label)
    yield from page.take()
    if len(data) > _MAX_BYTES:
        yield Unreadable('', describe_cut(_MAX_BYTES))
