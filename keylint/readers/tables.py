"""Read names in one place and values in another.

Examples are SQL inserts and assignments to several names at once; `text_tables` reads tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting

_INSERT = defer_regex(rb'(?i)insert\s+into\s+[^\s(]+\s*\(([^()]{1,2000})\)\s*values\s*')
_TUPLE = defer_regex(rb'\s*+(?:,\s*+)?\(((?:[^()\'"]++|\'[^\'\n]*+\'|"[^"\n]*+")*+)\)')
_CELL = defer_regex(rb'\s*+(?:\'([^\'\n]*+)\'|"([^"\n]*+)"|([^,]*+))\s*+(?:,|$)')
_NAMES = defer_regex(rb'[A-Za-z_$][\w.$]*(?:\s*,\s*[A-Za-z_$][\w.$]*)+(?=\s*\]?\)?\s*:?\Z)')
_VALUES = defer_regex(
    rb'=\s*+(?:[\[(]\s*+)?(["\'`][^"\'`\n]*+["\'`](?:\s*+,\s*+["\'`][^"\'`\n]*+["\'`])+)'
)
_NAMES_REACH = 300
# One name for the parts of a key in their usual order: `kraken_keys = ("…", "…")`.
_PAIR = defer_regex(rb'(?i)[\w.]*(?:keys|creds|credentials|auth)(?=\s*\Z)')
_ROUND = defer_regex(rb'=\s*\(')
_SQUARE = defer_regex(rb'=\s*\[')
_SHORTEST_PART = 16
_PARTS = (b'_api_key', b'_secret', b'_passphrase')
_QUOTED = defer_regex(rb'["\'`]([^"\'`\n]*)["\'`]')


def settings(data: bytes, ranges: Iterable[tuple[int, int]]) -> Iterator[Setting]:
    """Yield the values under the names that their positions give them.

    Each row has a parent of its own. Only the byte `ranges` are read.
    """
    for start, end in ranges:
        part = data[start:end]
        if b'nsert' in part or b'NSERT' in part:
            yield from _inserts(data, start, end)
        if b',' in part and b'=' in part:
            yield from _assignments(data, start, end)


def _setting(kind: str, number: int, name: bytes, data: bytes, start: int, end: int) -> Setting:
    value = data[start:end]
    start += len(value) - len(value.lstrip(b' \t\r\n`*'))
    value = value.strip(b' \t\r\n`*')
    return Setting(
        (f'{kind}{number}', name.decode('utf-8', 'replace').strip(' `*"\'[]')),
        value,
        start,
        start + len(value),
    )


def _inserts(data: bytes, first: int, last: int) -> Iterator[Setting]:
    for insert in _INSERT.finditer(data, first, last):
        names = insert.group(1).split(b',')
        position = insert.end()
        while row := _TUPLE.match(data, position):
            position = row.end()
            cells = [
                cell
                for cell in _CELL.finditer(data, row.start(1), row.end(1))
                if cell.group().strip()
            ]
            for name, cell in zip(names, cells, strict=False):
                group = next((g for g in (1, 2, 3) if cell.group(g) is not None), 3)
                yield _setting('row', row.start(), name, data, cell.start(group), cell.end(group))


def _assignments(data: bytes, first: int, last: int) -> Iterator[Setting]:
    for several in _VALUES.finditer(data, first, last):
        before = _NAMES.search(data[max(first, several.start() - _NAMES_REACH) : several.start()])
        names = before.group().split(b',') if before else []
        names = names or _parts(
            data[max(first, several.start() - _NAMES_REACH) : several.start()], several.group()
        )
        values = list(_QUOTED.finditer(data, several.start(1), several.end(1)))
        if len(names) == len(values):
            for name, value in zip(names, values, strict=True):
                yield _setting('at', several.start(), name, data, value.start(1), value.end(1))


def _parts(before: bytes, values: bytes) -> list[bytes]:
    """Name two or three values in brackets after a name that promises the parts of one key.

    Values in square brackets get names only if all could be parts.
    """
    name = _PAIR.search(before)
    found = _QUOTED.findall(values)
    if name is None or len(found) > len(_PARTS):
        return []
    is_list = _SQUARE.match(values) is not None and all(
        len(value) >= _SHORTEST_PART for value in found[:2]
    )
    return (
        [name.group() + part for part in _PARTS[: len(found)]]
        if is_list or _ROUND.match(values)
        else []
    )
