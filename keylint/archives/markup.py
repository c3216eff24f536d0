"""Text of HTML pages with coloured code (notebooks, documentation) and of office documents.

Tags are removed and entities decoded; line breaks stay, so that a line of an HTML file keeps its
number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.members import Member, Unreadable
from keylint.core.lazy_patterns import defer_regex

# Marks of coloured strings in pages: by Pygments (Jupyter, Sphinx), highlight.js and GitHub.
_COLOURED = (
    b'<span class="s1">',
    b'<span class="s2">',
    b'<span class="s">',
    b'hljs-string',
    b'<span class="pl-s">',
)
# A coloured string that is long enough for a credential.
_VALUE = defer_regex(
    rb'[^<>]{0,40}?>?(?:<[^<>]{0,80}>)?'  # the rest of the tag, and one inside
    rb'(?:&(?:quot|apos|#39|#34|#x27);|["\'`])?'
    rb'([A-Za-z0-9+/=_\-]{16,})'
)
_WORDS = defer_regex(rb'[a-z_\-/=]*|[A-Z_\-/=]*')
_TAG = defer_regex(rb'<[^<>\n]{0,4000}>')
_MULTILINE_TAG = defer_regex(rb'<[^<>]{0,4000}>')
_ENTITY = defer_regex(rb'&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(quot|amp|lt|gt|apos|nbsp));')
_NAMED_ENTITIES = {
    b'quot': b'"',
    b'amp': b'&',
    b'lt': b'<',
    b'gt': b'>',
    b'apos': b"'",
    b'nbsp': b' ',
}
# Ends of lines in Word, PowerPoint and OpenDocument: paragraphs and breaks.
_LINE_END = defer_regex(
    rb'</(?:w:p|a:p|text:p|text:h)>|<(?:w:br|w:cr|a:br|text:line-break)\b[^<>]*>'
)
_TAB = defer_regex(rb'<(?:w:tab|text:tab|text:s)\b[^<>]*>|</table:table-cell>|</w:tc>')
_LAST_CODE_POINT = 0x10FFFF


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the text of a page."""
    budget.take(len(data))
    yield Member('text', strip_tags(data[: budget.limits.member]))


def has_values(data: bytes) -> bool:
    """Tell whether a coloured string of a page may be a credential; other pages are not read."""
    for mark in _COLOURED:
        offset = data.find(mark)
        while offset >= 0:
            value = _VALUE.match(data, offset + len(mark))
            if value and not _WORDS.fullmatch(value.group(1)):
                return True
            offset = data.find(mark, offset + len(mark))
    return False


def strip_tags(data: bytes) -> bytes:
    """Return a text without tags and with entities decoded; its lines keep their numbers."""
    return _ENTITY.sub(_decode_entity, _MULTILINE_TAG.sub(_keep_newlines, _TAG.sub(b'', data)))


def extract_document_text(data: bytes) -> bytes:
    """Return the text of an office document, one line for each paragraph."""
    one_line = data.replace(b'\r', b' ').replace(b'\n', b' ')
    return strip_tags(_TAB.sub(b'\t', _LINE_END.sub(b'\n', one_line)))


def _keep_newlines(tag: re.Match[bytes]) -> bytes:
    return b'\n' * tag.group().count(b'\n')


def _decode_entity(entity: re.Match[bytes]) -> bytes:
    decimal, hexadecimal, name = entity.groups()
    if name:
        return _NAMED_ENTITIES[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if number > _LAST_CODE_POINT:
        return entity.group()
    return chr(number).encode('utf-8', 'replace')
