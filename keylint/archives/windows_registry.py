"""Exports of the Windows registry (`.reg`): texts that are written as bytes.

Values written as text are scanned without conversion. Source: Microsoft, "How to add, modify, or
delete registry subkeys and values by using a .reg file"; types 1, 2 and 7 are texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.members import Member, Unreadable, describe_cut
from keylint.archives.pages import PageWriter, decode_text, quote_name, quote_value

_ENTRY = re.compile(
    r'^\[(?P<section>[^\r\n]{1,2000})\]'
    r'|^(?:"(?P<name>(?:[^"\\\r\n]++|\\.)*+)"|@)='
    r'(?:hex(?:\([0-9a-f]\))?:(?P<bytes>(?:[0-9a-fA-F]{2},?(?:\\\r?\n[ \t]*+)?)++)'
    r'|"(?P<text>(?:[^"\\\r\n]++|\\.)*+)")',
    re.MULTILINE,
)
_NO_HEX = re.compile(r'[^0-9a-fA-F]+')
_ESCAPE = re.compile(r'\\(.)')


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the sections with at least one text written as bytes, with all their texts."""
    page = PageWriter('values')
    lines: list[tuple[str, str]] = []
    section, has_bytes = '', False
    for entry in _ENTRY.finditer(_decode_export(data[: budget.limits.member])):
        budget.tick()
        if entry['section'] is not None:
            if has_bytes:
                yield from _write_section(page, section, lines, budget)
            section, lines, has_bytes = entry['section'], [], False
            continue
        is_hex = entry['bytes'] is not None
        text = _decode_hex(entry['bytes']) if is_hex else _ESCAPE.sub(r'\1', entry['text'])
        if text:
            has_bytes = has_bytes or is_hex
            lines.append((_ESCAPE.sub(r'\1', entry['name'] or '@'), text))
    if has_bytes:
        yield from _write_section(page, section, lines, budget)
    yield from page.take()
    if len(data) > budget.limits.member:
        yield Unreadable('', describe_cut(budget.limits.member))


def _decode_export(data: bytes) -> str:
    has_mark = data.startswith((b'\xff\xfe', b'\xfe\xff'))
    return data.decode('utf-16' if has_mark else 'utf-8', 'replace')


def _decode_hex(codes: str) -> str:
    """Decode hex bytes as UTF-16 or UTF-8; empty if the bytes are not text."""
    digits = _NO_HEX.sub('', codes)
    value = bytes.fromhex(digits[: len(digits) & ~1])
    if value[1::2].count(0) * 2 > len(value) // 2:
        return value.decode('utf-16-le', 'replace').replace('\x00', '\n').strip()
    return (decode_text(value.rstrip(b'\x00')) or '').strip()


def _write_section(
    page: PageWriter, section: str, lines: list[tuple[str, str]], budget: Budget
) -> Iterator[Member]:
    page.add('{', section)
    page.add(f'{quote_name("section")}: {quote_value(section)},', section)
    for name, text in lines:
        budget.take(len(text))
        page.add(f'{quote_name(name)}: {quote_value(text)},', f'{section}\\{name}')
    page.add('},', section)
    if page.is_full():
        yield from page.take()
