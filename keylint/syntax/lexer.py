"""Split text of any language into tokens, in one pass, without ever failing.

A string ends on the line where it begins: a quote without a closing one on its line is punctuation,
so that an apostrophe or a cut line affects nothing else. Quotes may be escaped (JSON within a
string) or be entities of HTML; a string closes with the same spelling that opened it.
"""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.lazy_typing import Literal
from keylint.core.names import find_role
from keylint.core.records import NamedTuple
from keylint.matcher.word_runs import WORDY
from keylint.validators.randomness import is_random

TokenKind = Literal['string', 'word', 'number', 'run', 'operator', 'open', 'close', 'line']

# Bytes of letters beyond ASCII; not the arrow, blanks, dashes and the full-width marks of CJK.
_LETTER = rb'(?!\xe2\x86\x92|\xc2\xa0|\xe2\x80[\x80-\xbf]|\xef\xbc[\x88\x89\x9a\x9d])[\x80-\xff]'
# Words with dots and dashes in them are one token: `os.getenv`, `x-mbx-apikey`.
_TOKEN = defer_regex(
    rb'[ \t\f\v]*+(?:(?P<blank>\xc2\xa0|\xe2\x80[\x80-\x8f]|\\t(?![a-z])|(?:\\(?=\r?\n|[ \t])))'
    rb'|(?P<line>\r?\n|\r|\\[nr])'
    rb'|(?P<quote>\\{0,16}(?:"""|\'\'\'|["\'`])|&quot;|&\#(?:3[49]|x2[27]);|&apos;'
    rb'|\\(?:u00|u\{0{0,4}|x|U000000)2[27]\}?)'
    rb'|(?P<run>[A-Za-z0-9+/_\-]{16,})'
    rb'|(?P<mark>\xef\xbc[\x88\x89\x9a\x9d]|\xe2\x80[\x90-\xbf])'
    rb'|(?P<word>(?:[A-Za-z_$]|'
    + _LETTER
    + rb')(?:[\w$]++|[-.](?=[A-Za-z_$])|'
    + _LETTER
    + rb')*+)'
    rb'|(?P<number>\d[\w.]*)'
    rb'|(?P<operator>[|>][\-+](?=[ \t]*(?:\r?\n|\\[nr]))|&[gl]t;|'
    rb'\xe2\x86\x92|\|\|=|\?\?=|\?\.|<<|//|[=!]==?|[:?+|&.]=|=>|->|<-|\|\||\?\?|\?:'
    rb'|::|:-|\.\.+|[^\w\s()\[\]{}])'
    rb'|(?P<open>[(\[{])'
    rb'|(?P<close>[)\]}])'
    rb'|(?P<other>.))',
    re.DOTALL,
)
# Prefixes of string literals, directly before the quote, in C, C#, Go, Python, Rust.
_PREFIX = defer_regex(rb'(?<![A-Za-z0-9_])(?:[bBfFrRuULcCsSqQ]{1,2}|u8|hex|[$@]{1,2}|r?#{1,3})\Z')
_PREFIX_BYTES = 4
# An option of a command with its value directly after it: `-b"…"`.
_OPTION = defer_regex(rb'(?:\A|[ \t\n])-[A-Za-z]\Z')
_OPTION_BYTES = 3
# Swift opens and closes a raw string with it: `#"…"#`.
_HASH = ord('#')
_KINDS: dict[str, TokenKind] = {
    'run': 'run',
    'word': 'word',
    'number': 'number',
    'open': 'open',
    'close': 'close',
    'line': 'line',
}
_MAX_STRING_BYTES = 20_000


class Token(NamedTuple):
    """A piece of text. `start` and `end` are its bytes in the text; for a string, those in quotes.

    `first` is the start of the token including its quotes and prefix. `is_spaced` says that a blank
    precedes it.
    """

    kind: TokenKind
    start: int
    end: int
    first: int
    text: bytes
    is_spaced: bool


def split_tokens(data: bytes, start: int, end: int) -> list[Token]:
    """Split `data[start:end]` into tokens; line breaks are tokens, blanks are not."""
    tokens: list[Token] = []
    position = start
    is_spaced = False
    match = _TOKEN.match
    while position < end and (found := match(data, position, end)) is not None:
        kind = found.lastgroup or 'other'
        first, last = found.span(kind)
        is_spaced = is_spaced or first > position
        position = last
        if kind == 'blank':
            is_spaced = True
            continue
        if kind == 'quote':
            token = _read_string(data, first, last, end, start, is_spaced)
            if token.kind == 'string':
                position = max(last, token.end + last - first)
                if tokens and token.first < tokens[-1].end:
                    tokens.pop()  # the prefix of the literal
        else:
            token = _make_token(kind, data[first:last], first, is_spaced)
        tokens.append(token)
        is_spaced = False
    return tokens


def _make_token(kind: str, text: bytes, first: int, is_spaced: bool) -> Token:
    named = _KINDS.get(kind, 'operator')
    if kind == 'run' and _is_name(text):
        named = 'word'
    last = first + len(text)
    return Token(named, first, last, first, text, is_spaced)


def _is_name(run: bytes) -> bool:
    """Tell whether a long run of characters is a name rather than a value."""
    if run[:1].isdigit():
        return False
    is_wordy = WORDY.fullmatch(run) is not None
    return is_wordy or find_role(run.decode()) is not None or not is_random(run)


def _read_string(
    data: bytes, first: int, inner: int, end: int, lower: int, is_spaced: bool
) -> Token:
    """Read the string that a quote at `first` opens, or just the quote if it opens none."""
    quote = data[first:inner]
    punctuation = Token('operator', first, inner, first, quote, is_spaced)
    begin = first
    is_glued = first > lower and (data[first - 1 : first].isalnum() or data[first - 1] in b'_$@#')
    is_glued = is_glued and quote != b'`'  # a tag of a template: String.raw`…`
    if is_glued and _OPTION.search(data, max(lower, first - _OPTION_BYTES), first) is None:
        prefix = _PREFIX.search(data, max(lower, first - _PREFIX_BYTES), first)
        if prefix is None:
            return punctuation
        begin = prefix.start()
    limit = min(end, inner + _MAX_STRING_BYTES)
    line = data.find(b'\n', inner, limit)
    limit = limit if line < 0 else line
    stop = _find_quote(data, quote, inner, limit)
    if stop < 0 or (data[begin] == _HASH and not data.startswith(b'#', stop + len(quote))):
        return punctuation
    return Token('string', inner, stop, begin, data[inner:stop], is_spaced)


def _find_quote(data: bytes, quote: bytes, start: int, limit: int) -> int:
    """Find the quote that closes a string: the same spelling, with as many backslashes."""
    slashes = len(quote) - len(quote.lstrip(b'\\'))
    mark = quote[slashes:]
    position = start
    while (at := data.find(mark, position, limit)) >= 0:
        before = at
        while before > start and data[before - 1] == 0x5C:
            before -= 1
        count = at - before
        if slashes == 0 and (count % 2 == 0 or mark == b'`'):
            return at
        if slashes and count == slashes:
            return before
        if slashes and count < slashes:
            return -1  # the string around it ends here
        position = at + len(mark)
    return -1
