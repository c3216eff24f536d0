"""Go left over tokens: to the operand before, over line breaks, to the words of a name."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import NamedTuple

from keylint.core.names import ROLE_WORDS, find_role, split_words
from keylint.syntax import words
from keylint.syntax.outline import TokenOutline

_MAX_NAME_WORDS = 4
_MAX_LABEL_CHARS = 40
_QUOTES = frozenset((b'"', b"'", b'`', b'"""', b"'''", b'&quot;', b'&#34;', b'&#39;', b'&apos;'))
_EMPHASIS = frozenset((b'*', b'_', b'~', b'?', b'!', b'\\'))
_KEYWORDS = frozenset(b'return in and or not if elif while for yield print = await'.split())
_STATEMENTS = (b'pass',)
_LABEL = re.compile(rb'[A-Za-z][\w \-]*')
_NAME_AT_END = re.compile(rb'([A-Za-z_][\w.\-]*(?: [A-Za-z]+){0,2})["\']?\s*[:=]\s*["\']?\s*\Z')


class BoundName(NamedTuple):
    """A name, and whether an operator, a bracket or a tag binds it rather than mere closeness."""

    text: str
    is_joined: bool


Names = Iterator[BoundName]
# What a form gives: names on the way, and where the next operand outwards begins, if any.
Walk = Generator[BoundName, None, int | None]


class TokenWalker:
    """Goes left over the tokens of a text, and reads the words that it meets."""

    def __init__(self, outline: TokenOutline) -> None:
        self.outline = outline
        self.tokens = outline.tokens

    def find_previous(self, first: int) -> tuple[int, int]:
        """Find the token before an operand, over line breaks and whole lines of comment."""
        place, breaks = first - 1, 0
        while place >= 0:
            if self.tokens[place].kind == 'line':
                breaks += 1
                place -= 1
                start = self.line_start(place)
                if place >= start >= 0 and self.tokens[start].text in (b'#', b'//') and breaks:
                    place = start - 1
                continue
            return place, breaks
        return -1, breaks

    def line_start(self, index: int) -> int:
        """Return the index of the first token of a token's line."""
        place = index
        while place > 0 and self.tokens[place - 1].kind != 'line':
            place -= 1
        return place

    def continues(self, before: int) -> bool:
        """Tell whether the text goes on over a line break behind the token."""
        token = self.tokens[before]
        if self.outline.opener[before] >= 0 and token.kind != 'close':
            return True
        return token.kind == 'open' or token.text in words.CONTINUES or token.text == b'return'

    def skip(self, before: int, first: int) -> Walk:
        """Pass over punctuation that only wraps the value."""
        return before
        yield  # a generator like the others

    def skip_wrapping(self, place: int) -> int:
        """Pass over marks of emphasis, accessors and asides between a name and its operator."""
        while place >= 0:
            token = self.tokens[place]
            if token.kind == 'operator' and (
                token.text in _EMPHASIS or token.text.lstrip(b'\\') in _QUOTES
            ):
                place -= 1
            elif token.text in (b')', b'}') and self.outline.opener[place] > 0:
                place = self.outline.opener[place] - 1
            else:
                break
        return place

    def is_call(self, opener: int) -> bool:
        """Tell whether a bracket opens the arguments of a call."""
        if self.tokens[opener].text != b'(' or opener == 0:
            return False
        before = self.tokens[opener - 1]
        if before.kind in ('word', 'run'):
            return before.text not in _KEYWORDS
        return before.text in (b'!', b'>') or (
            before.kind == 'close' and not self.tokens[opener].is_spaced
        )

    def read_words(self, place: int, joined: bool = True) -> Names:
        """Yield a name with the words of prose before it where they say more: `API key`."""
        if place < 0:
            return
        while place > 0 and self.tokens[place].text.lower() in words.ARTICLES:
            place -= 1
        last = self.tokens[place]
        if last.kind == 'string':
            yield BoundName(last.text.decode('utf-8', 'replace'), joined)
            return
        if last.kind not in ('word', 'run'):
            return
        parts = [last.text.lstrip(b'-')]
        while len(parts) < _MAX_NAME_WORDS and place > 0 and self.tokens[place].is_spaced:
            place -= 1
            token = self.tokens[place]
            if token.kind != 'word' or token.text.lower() in words.MODIFIERS:
                break
            parts.insert(0, token.text)
        single = parts[-1].decode('utf-8', 'replace')
        whole = b' '.join(parts).decode('utf-8', 'replace')
        name = whole if find_role(whole) not in (None, find_role(single)) else single
        yield BoundName(name, joined)

    def read_label(self, before: int) -> Names:
        """Yield a line that is nothing but a name, above a line that is nothing but a value."""
        start = self.line_start(before)
        line = self.tokens[start : before + 1]
        text = b' '.join(token.text for token in line).strip(b' \t*#->:`')
        if len(text) > _MAX_LABEL_CHARS or not _LABEL.fullmatch(text):
            return
        role = find_role(text.decode('utf-8', 'replace'))
        if role and role[1] and text not in _STATEMENTS:
            yield BoundName(text.decode('utf-8', 'replace'), True)

    def read_earlier_items(self, opener: int, first: int) -> Names:
        """Yield the items before one that may name it: `setenv("NAME", …)`, `["--secret", …]`."""
        items = self.outline.list_items(opener, first)[:-1]
        for item in (*items[-1:], *items[:1]):
            texts = [self.tokens[place] for place in item]
            if len(texts) == 1 and texts[0].kind in ('string', 'word'):
                name = texts[0].text
                if len(name) <= _MAX_LABEL_CHARS:
                    yield bind_name(name.lstrip(b'-'))

    def read_subscript(self, closing: int) -> Names:
        """Yield the key of `config["key"]`."""
        opener = self.outline.opener[closing]
        for place in range(closing - 1, max(opener, closing - 4), -1):
            if self.tokens[place].kind in ('string', 'word'):
                yield bind_name(self.tokens[place].text)
                return

    def column_of(self, index: int) -> int:
        """Return how many bytes stand before the first token of a line."""
        return self.tokens[index].first - (self.tokens[index - 1].end if index else 0)


def bind_name(text: bytes) -> BoundName:
    """Return a name that something joins to its value."""
    return BoundName(text.decode('utf-8', 'replace').strip(), True)


def read_end(text: bytes) -> Names:
    """Yield the name that a string ends with: `"apiKey="`."""
    found = _NAME_AT_END.search(text[-_MAX_LABEL_CHARS:])
    if found is not None:
        yield bind_name(found.group(1))


def is_plain_part(text: bytes) -> bool:
    """Tell whether a name says nothing but which part of a credential its value is."""
    return all(word in ROLE_WORDS for word in split_words(text.decode('utf-8', 'replace')))
