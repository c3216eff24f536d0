"""Text under markup: exports of notebooks and other coloured programs in HTML, and the documents of office programs.

Tags are taken out and entities put in; lines stay lines, so that a line of an HTML file has its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.core.limits import Budget, Member, Trouble

# How strings of programs are coloured in pages: by Pygments (Jupyter, Sphinx), highlight.js, GitHub.
_COLOURED = (
    b'<span class="s1">',
    b'<span class="s2">',
    b'<span class="s">',
    b'hljs-string',
    b'<span class="pl-s">',
)
# What stands in such a string and is long enough for a value.
_VALUE = re.compile(
    rb'[^<>]{0,40}?>?(?:<[^<>]{0,80}>)?(?:&(?:quot|apos|#39|#34|#x27);|["\'`])?([A-Za-z0-9+/=_\-]{16,})'
)
_WORDS = re.compile(rb'[a-z_\-/=]*|[A-Z_\-/=]*')
_TAG = re.compile(rb'<[^<>\n]{0,4000}>')
_BROKEN_TAG = re.compile(rb'<[^<>]{0,4000}>')
_ENTITY = re.compile(rb'&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(quot|amp|lt|gt|apos|nbsp));')
_NAMED = {b'quot': b'"', b'amp': b'&', b'lt': b'<', b'gt': b'>', b'apos': b"'", b'nbsp': b' '}
# What ends a line of a document: paragraphs and breaks of Word, PowerPoint and OpenDocument.
_END = re.compile(rb'</(?:w:p|a:p|text:p|text:h)>|<(?:w:br|w:cr|a:br|text:line-break)\b[^<>]*>')
_BLANK = re.compile(rb'<(?:w:tab|text:tab|text:s)\b[^<>]*>|</table:table-cell>|</w:tc>')
_LAST = 0x10FFFF


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """The text of a page."""
    budget.take(len(data))
    yield Member('text', plain(data[: budget.limits.member]))


def has_values(data: bytes) -> bool:
    """Whether a coloured string of a page holds more than words: of most pages nobody needs the text."""
    for mark in _COLOURED:
        at = data.find(mark)
        while at >= 0:
            value = _VALUE.match(data, at + len(mark))
            if value and not _WORDS.fullmatch(value.group(1)):
                return True
            at = data.find(mark, at + len(mark))
    return False


def plain(data: bytes) -> bytes:
    """The text without its tags."""
    return _ENTITY.sub(_put, _BROKEN_TAG.sub(_newlines, _TAG.sub(b'', data)))


def document(data: bytes) -> bytes:
    """The text of an office document, a paragraph a line."""
    return plain(_BLANK.sub(b'\t', _END.sub(b'\n', data.replace(b'\r', b' ').replace(b'\n', b' '))))


def _newlines(tag: re.Match[bytes]) -> bytes:
    return b'\n' * tag.group().count(b'\n')


def _put(entity: re.Match[bytes]) -> bytes:
    if entity.group(3):
        return _NAMED[entity.group(3)]
    number = int(entity.group(1)) if entity.group(1) else int(entity.group(2), 16)
    return chr(number).encode('utf-8', 'replace') if number <= _LAST else entity.group()
