"""Exports of the Windows registry (`.reg`): values that are written as bytes. Those written as text are seen as they are.

Source: Microsoft, "How to add, modify, or delete registry subkeys and values by using a .reg file"; 1, 2 and 7 are types of text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.archives.pages import Pages, key, quoted, text_of
from keylint.core.limits import Budget, Member, Trouble, cut_off

_ENTRY = re.compile(
    r'^\[(?P<section>[^\r\n]{1,2000})\]|^(?:"(?P<name>(?:[^"\\\r\n]++|\\.)*+)"|@)='
    r'(?:hex(?:\([0-9a-f]\))?:(?P<bytes>(?:[0-9a-fA-F]{2},?(?:\\\r?\n[ \t]*+)?)++)|"(?P<text>(?:[^"\\\r\n]++|\\.)*+)")',
    re.MULTILINE,
)
_WRAPPED = re.compile(r'[^0-9a-fA-F]+')
_SLASHED = re.compile(r'\\(.)')


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The sections that hold a text written as bytes, with all their texts."""
    pages = Pages('values')
    lines: list[tuple[str, str]] = []
    section, has_bytes = '', False
    for entry in _ENTRY.finditer(_decoded(data[: budget.limits.member])):
        budget.tick()
        if entry['section'] is not None:
            yield from _written(pages, section, lines if has_bytes else [], budget)
            section, lines, has_bytes = entry['section'], [], False
            continue
        text = (
            _text(entry['bytes'])
            if entry['bytes'] is not None
            else _SLASHED.sub(r'\1', entry['text'])
        )
        if text:
            has_bytes = has_bytes or entry['bytes'] is not None
            lines.append((_SLASHED.sub(r'\1', entry['name'] or '@'), text))
    yield from _written(pages, section, lines if has_bytes else [], budget)
    yield from pages.take()
    if len(data) > budget.limits.member:
        yield Trouble('', cut_off(budget.limits))


def _decoded(data: bytes) -> str:
    return data.decode(
        'utf-16' if data.startswith((b'\xff\xfe', b'\xfe\xff')) else 'utf-8', 'replace'
    )


def _text(codes: str) -> str:
    """The text that bytes in hex are, empty for others."""
    digits = _WRAPPED.sub('', codes)
    value = bytes.fromhex(digits[: len(digits) & ~1])
    if value[1::2].count(0) * 2 > len(value) // 2:
        return value.decode('utf-16-le', 'replace').replace('\x00', '\n').strip()
    return (text_of(value.rstrip(b'\x00')) or '').strip()


def _written(
    pages: Pages, section: str, lines: list[tuple[str, str]], budget: Budget
) -> Iterator[Member]:
    if not lines:
        return
    pages.add('{', section)
    pages.add(f'{key("section")}: {quoted(section)},', section)
    for name, text in lines:
        budget.take(len(text))
        pages.add(f'{key(name)}: {quoted(text)},', f'{section}\\{name}')
    pages.add('},', section)
    if pages.is_full():
        yield from pages.take()
