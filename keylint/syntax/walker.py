"""Walk left over tokens: to the previous operand, over line breaks, to the words of a name."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.names import ROLE_WORDS, find_role, split_words
from keylint.core.records import NamedTuple
from keylint.syntax import words
from keylint.syntax.outline import TokenOutline

_MAX_NAME_WORDS = 4
# Marks around a label do not count: `- **API Key**:`.
_MAX_LABEL_TOKENS = 60
_FENCE_TOKENS = 2
_EMPHASIS = frozenset((b'*', b'_', b'~', b'?', b'!', b'\\'))
_KEYWORDS = frozenset(b'return in and or not if elif while for yield print = await'.split())
# A word with digits at its end comes from a list of passwords.
_LABEL = defer_regex(rb'(?![a-z]+[0-9]+\Z)[A-Za-z][\w \-]*')
# A text that is a password itself and does not name one: `hash("pass1234", "…")`, or a pair of
# coins: `("BONK/WIF", "<mint>")`. Bounded, from the end.
_NO_NAME = defer_regex(rb'(?<![A-Za-z])(?:[A-Za-z]{3,16}\d{2,8}|[A-Z0-9]{2,8}/[A-Z0-9]{2,8})\Z')
_NAME_AT_END = defer_regex(rb'([A-Za-z_][\w.\-]*(?: [A-Za-z]+){0,2})["\']?\s*[:=]\Z')
# Where a text takes the value that follows it: `"secret=%s"`, `"secret: {}"`.
_FORMAT = defer_regex(rb'["\']?(?:%[sqvr]|\{\w*\})["\']?(?:\\n)?\Z')
# What may stand between a name, its operator and the end of a string.
_ENDS_OF_NAME = b' \t\r\n\f\v"\''


class BoundName(NamedTuple):
    """A name, and whether an operator, a bracket or a tag binds it rather than mere closeness."""

    text: str
    is_joined: bool


Names = Iterator[BoundName]
# The result of a form: names on the way, and the start of the next operand outwards, if any.
Walk = Generator[BoundName, None, int | None]


class TokenWalker:
    """Walks left over the tokens of a text, and reads the words on the way."""

    def __init__(self, outline: TokenOutline) -> None:
        self.outline = outline
        self.tokens = outline.tokens
        # For line breaks: the token above them, and the number of breaks between the two. One map
        # for operands outside of comments, one for those in comments, whose lines are not skipped.
        self._above: tuple[dict[int, tuple[int, int]], ...] = ({}, {})

    def find_previous(self, first: int) -> tuple[int, int]:
        """Find the token before an operand, over line breaks and whole lines of comment.

        The name of an operand in a comment is in the comment as well.
        """
        place = first - 1
        is_comment = place in self.outline.line_marks
        place -= is_comment
        if place < 0 or self.tokens[place].kind != 'line':
            return place, 0
        above = self._above[is_comment]
        passed = []
        while place >= 0 and self.tokens[place].kind == 'line' and place not in above:
            passed.append(place)
            place = self.find_above(place, is_comment)
        found, breaks = above.get(place, (place, 0))
        for number, skipped in enumerate(reversed(passed), start=1):
            above[skipped] = found, breaks + number
        return above[passed[0] if passed else place]

    def find_above(self, line_break: int, is_comment: bool) -> int:
        """Return the position before a line break: a token, or another break above a comment."""
        marks = self.outline.line_marks
        place = line_break - 1
        if place in marks:
            return place - 1  # an empty line of a comment
        start = self.line_start(place) if place >= 0 else 0
        if self.is_fence(start, place):
            return start - 1
        is_skipped = start - 1 in marks and self.tokens[start - 1].text != b'+'
        return start - 2 if is_skipped and start <= place and not is_comment else place

    def is_fence(self, start: int, last: int) -> bool:
        """Tell whether a line opens a block of code in Markdown: three backquotes and a word."""
        if not 1 <= last - start <= _FENCE_TOKENS:
            return False
        empty, mark = self.tokens[start : start + 2]
        is_empty = empty.kind == 'string' and not empty.text
        return is_empty and mark.text == b'`' and not mark.is_spaced

    def line_start(self, index: int) -> int:
        """Return the index of the first token of a token's line."""
        return self.outline.line_starts[index]

    def continues(self, before: int) -> bool:
        """Tell whether the text continues over a line break after the token."""
        token = self.tokens[before]
        if token.text == b'.' and before and not token.is_spaced:
            return self.tokens[before - 1].kind == 'string'  # else a sentence ends here
        if self.outline.opener[before] >= 0 and token.kind != 'close':
            return True
        return token.kind == 'open' or token.text in words.CONTINUES or token.text == b'return'

    def skip(self, before: int, first: int) -> Walk:
        """Skip punctuation that only wraps the value."""
        return before
        yield  # a generator like the others

    def skip_wrapping(self, place: int) -> int:
        """Skip marks of emphasis, accessors and asides between a name and its operator."""
        while place >= 0:
            token = self.tokens[place]
            if token.kind == 'operator' and (
                token.text in _EMPHASIS or token.text.lstrip(b'\\') in words.QUOTES
            ):
                place -= 1
            elif token.text in (b')', b'}') and self.outline.opener[place] > 0:
                place = self.outline.opener[place] - 1
            else:
                break
        return place

    def is_call(self, opener: int) -> bool:
        """Tell whether a bracket opens the arguments of a call."""
        mark = self.tokens[opener].text
        if mark not in (b'(', b'{') or opener == 0:
            return False
        before = self.tokens[opener - 1]
        if mark == b'{':
            return self.is_initialised(opener)
        if before.kind in ('word', 'run'):
            return before.text not in _KEYWORDS
        return before.text in (b'!', b'>') or (
            before.kind == 'close' and not self.tokens[opener].is_spaced
        )

    def is_initialised(self, opener: int) -> bool:
        """Tell whether a brace opens what an object is made of: `Client api{"…", "…"}` in C++."""
        before = self.tokens[opener - 1]
        is_name = before.kind in ('word', 'run') and before.text[-1:] != b'$'
        is_macro = opener > 1 and self.tokens[opener - 2].text == b'\\'
        is_glued = is_name and not self.tokens[opener].is_spaced
        return is_glued and not is_macro and before.text not in _KEYWORDS

    def read_words(self, place: int, joined: bool = True, is_last: bool = False) -> Names:
        """Yield a name with the words of prose before it if they say more: `API key`."""
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
        if is_last or find_role(name) is not None:
            return
        if place > 1 and self.tokens[place].text in words.ARTICLES:
            place -= 1
        if place > 0 and self.tokens[place].text in words.OF:  # `API key for the tests: …`
            yield from self.read_words(place - 1, joined, is_last=True)

    def read_label(self, before: int) -> Names:
        """Yield a line that is just a name, above a line that is just a value."""
        start = self.line_start(before)
        aside = self.outline.opener[before] if self.tokens[before].text == b')' else -1
        if aside > start:
            before = aside - 1  # `Secret key (only shown once)`
        if before - start > _MAX_LABEL_TOKENS:
            return
        line = [token.text for token in self.tokens[start : before + 1]]
        if b'echo' in line[:2]:
            line = line[line.index(b'echo') + 1 :]  # `$ echo $API_SECRET`
        text = b' '.join(line).strip(b' \t*#->:`$"{}')
        if len(text) > words.MAX_LABEL_CHARS or not _LABEL.fullmatch(text):
            return
        name = text.decode('utf-8', 'replace')
        role = find_role(name)
        if role and role[1] and name not in words.STATEMENTS:
            yield BoundName(name, True)

    def read_earlier_items(self, opener: int, index: int) -> Names:
        """Yield the items before one that may name it: `setenv("NAME", …)`, `["--secret", …]`."""
        for first, last in self.outline.places.find_items_before(opener, index):
            place = self.outline.solid[last - 1]
            before = self.outline.solid[place - 1] if place > first else -1
            token = self.tokens[place]
            if before == first and self.tokens[first].text == b':':
                before = -1  # an atom: `put_env(:bot, :api_secret, "…")`
            is_label = place >= first > before and token.kind in ('string', 'word')
            is_short = len(token.text) <= words.MAX_LABEL_CHARS
            if is_label and is_short and not _NO_NAME.search(token.text):
                yield bind_name(strip_label(token.text))

    def read_subscript(self, closing: int) -> Names:
        """Yield the key of `config["key"]`."""
        opener = self.outline.opener[closing]
        for place in range(closing - 1, max(opener, closing - 4), -1):
            if self.tokens[place].kind in ('string', 'word'):
                yield bind_name(self.tokens[place].text)
                return

    def column_of(self, index: int) -> int:
        """Return the number of bytes before the first token of a line."""
        return self.tokens[index].first - (self.tokens[index - 1].end if index else 0)


def bind_name(text: bytes) -> BoundName:
    """Return a name that something joins to its value."""
    return BoundName(text[-words.MAX_NAME_BYTES :].decode('utf-8', 'replace').strip(), True)


def strip_label(text: bytes) -> bytes:
    """Strip what is no part of a name: `#secret`, `input[name=secret]`, `secret =`, `secret=%s`."""
    name = _FORMAT.sub(b'', text).rstrip(b'\'"] \t=:').lstrip(b'-#.')
    return name.rpartition(b'=')[2].lstrip(b'"\'')


def read_end(text: bytes) -> Names:
    """Yield the name that a string ends with: `"apiKey="`."""
    tail = _FORMAT.sub(b'', text[-words.MAX_LABEL_CHARS :]).rstrip(_ENDS_OF_NAME)
    if tail[-1:] not in (b':', b'='):
        return  # true of nearly all texts, and cheaper than the pattern
    found = _NAME_AT_END.search(tail)
    if found is not None:
        yield bind_name(found.group(1))


def is_plain_part(text: bytes) -> bool:
    """Tell whether a name only says which part of a credential its value is."""
    return all(word in ROLE_WORDS for word in split_words(text.decode('utf-8', 'replace')))
