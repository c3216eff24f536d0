"""Plain text: which value is bound to which name.

Value first: a run of token characters is found, then the text to its left is walked back to the nearest identifier,
over operators, quotes, brackets and words such as `os.getenv` that only wrap a value. One walk serves assignments in any
language, keyword arguments, headers, XML, `.env` lines, URL queries and prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.core.model import Binding
from keylint.core.names import ROLE_WORDS, role_of, words_of
from keylint.matcher.prefilter import WORDY

_RUN = re.compile(rb'[A-Za-z0-9+/_](?:[A-Za-z0-9+/_\-]|\\/){3,}={0,2}')
# Words that end like words, and what is too short for a value: passed over without a look at each.
_PASSED = re.compile(
    rb'(?:[^A-Za-z0-9+/_]++|(?:[A-Z]?[a-z]{1,14}|[A-Za-z0-9+/_]{1,3})(?=[=:(\[. "\'`,\n\r<&;]))*+'
)
_QUOTED_TAIL = re.compile(rb'[^\s"\'`\\]*')
_BARE_TAIL = re.compile(rb'[^\s"\'`\\,;&<>)}\]|]*')
_TOKEN = re.compile(rb'[A-Za-z_$\x80-\xff](?:[\w$\x80-\xff]|[-.](?=[A-Za-z_$]))*|\d+|\s+|[^\w\s]')
_ACCESSORS = re.compile(rb'\{\s*(?:public |private |internal )?get;[^{}]*\}')
# In this trade a token is a coin as well: `LP Element Yield Token …` is one, `the access token …` is not.
_TOKENS_OF_ACCESS = frozenset(
    """api access auth authorization authentication bearer refresh session bot secret personal private id identity security service account
    deploy registry github gitlab slack telegram discord npm pypi webhook jwt oauth csrf upload push app application client user""".split()
)
# A whole line of base64 that ends right before a value: what looks like a name is its end.
_BASE64_LINE = re.compile(rb'[A-Za-z0-9+/]{60,}(?:\s|\\[nr]|&#x?[0-9a-fA-F]{1,2};)+\Z')
_LEFT = 260
_MAX_NEWLINES = 2
_DOTTED = 16
_LONGEST_LABEL = 40
_LABEL = re.compile(rb'[A-Za-z][\w \-]*')
# Private keys that stand before one in a list.
_KEYS_BEFORE = re.compile(rb'\[\s*(?:["\'](?:0x)?[0-9a-fA-F]{64}["\']\s*,\s*)+["\']?\Z')
# Options of commands that give a value to the name before them: `gh secret set NAME --body "…"`.
_VALUE_OPTIONS = frozenset((b'body', b'value', b'data', b'secret-string'))
_VERBS = frozenset((b'is', b'was'))
_ESCAPED = frozenset(b'nrt')
_PAIR_VALUES = frozenset((b'value', b'val', b'default', b'string'))

# Words that stand between a name and its value without being the name.
_WRAPPERS = frozenset(
    b"""str string bytes bytearray buffer char const let var final static readonly private public protected value val default
    os env environ getenv get process lookup optional some none null nil secretstr literal type text data content field
    self this new return b64decode base64 decode frombase64 fromhex from_hex unhexlify tobytes encode strip trim format print echo set setx
    required type_ annotated option envordefault getenvordefault getorelse get_or_default setenv putenv environment is
    was are be as the my your our here of for to and with now using use equals string.format varchar std from entry item
    add property param code span td th p div li a i em strong tt pre input stringvalue env.get os.getenv os.environ
    os.environ.get os.environ.setdefault unwrap_or unwrap_or_else process.env system.getenv sys.setenv export arg config.get cfg.get raw
    byte bytes.fromhex bytearray.fromhex binascii.unhexlify base64.b64decode base58.b58decode hex.decode hashlib.sha256 hashlib.sha512
    hashlib.sha384 sha256.new sha512.new literalstr securestring convertto-securestring asplaintext force aszeroterminated -d h header
    bearer basic""".split()
)
# Words of programs that name a value only where an operator says so.
_STATEMENTS = ('pass',)
_SCHEMES = frozenset((b'token', b'apikey', b'bot', b'key'))
_OPERATORS = frozenset(b':=>(,|?-~')
_ARROW = '\N{RIGHTWARDS ARROW}'.encode()
_SKIPPED = frozenset(b'"\'`[{\\@&$*+#!%<.^/)]}')
_CLOSERS = frozenset(b')')
_INSIDE = (b'.', b'-', b'@', b'#', b'~')
_STOPPERS = frozenset(b';')
_QUOTES = (b'"', b"'", b'`')
_ENDS_NAME = frozenset(
    (
        b'=',
        b':',
        b'(',
        b'[',
        b'.',
        b' ',
        b'"',
        b"'",
        b'`',
        b',',
        b'\\',
        b'\n',
        b'\r',
        b'',
        b'<',
        b'&',
        b';',
    )
)


def values(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Byte spans of the runs in `data[start:end]` that could be values, the rest of a quoted string included."""
    position = start
    while run := _RUN.search(data, _passed(data, position, end), end):
        first, last = run.span()
        if data[last - 1] == 0x3D and data[last : last + 1] not in _ENDS_NAME:
            last = first + len(data[first:last].rstrip(b'='))  # the `=` of NAME=value is no padding
        before = data[first - 1 : first] if first else b''
        if data[last : last + 1] not in _ENDS_NAME:
            pattern = (
                _QUOTED_TAIL
                if before in _QUOTES
                else _BARE_TAIL
                if _is_bound(data, first)
                else None
            )
            tail = pattern.match(data, last, min(end, last + 160)) if pattern else None
            if tail and (
                before not in _QUOTES or data[tail.end() : tail.end() + 1] in (before, b'\\')
            ):
                last = tail.end()
        last = _dotted(data, first, last, end)
        position = last
        if b'{' in data[first : last + 1] or before == b'}' or _is_pattern(data, first, last):
            continue  # a part of a template or of a regular expression
        if data[last : last + 1] == b'=' and before not in _QUOTES:
            continue  # the name of what follows
        yield first, last


def _passed(data: bytes, start: int, end: int) -> int:
    match = _PASSED.match(data, start, end)
    return match.end() if match else start


def _is_pattern(data: bytes, first: int, last: int) -> bool:
    """Whether a value stands in a regular expression: before a class, as a class, before an escaped dot, as the first of a choice."""
    after = data[last : last + 2]
    before = data[first - 1 : first]
    return (
        after[:1] == b'['
        or after == b'\\.'
        or (before == b'[' and after[:1] == b']')
        or (before == b'(' and after[:1] == b'|' != after[1:])
    )


def _dotted(data: bytes, first: int, last: int, end: int) -> int:
    """The end of a value that goes on behind a dot: tokens in three parts, and values cut off with `...`."""
    if data[last : last + 3] == b'...':
        return last + 3
    while last - first >= _DOTTED and data[last : last + 1] == b'.':
        more = _RUN.match(data, last + 1, end)
        if not more:
            break
        last = more.end()
    return last


def _is_bound(data: bytes, first: int) -> bool:
    """Whether an assignment stands right before a bare value: `NAME=value` or `name: value`."""
    return data[max(0, first - 3) : first].strip()[-1:] in (b'=', b':')


def name_before(data: bytes, start: int) -> tuple[str, bool]:
    """The name that the text before `start` binds to the value there, and whether an operator joins them.

    The name is empty where nothing names the value.
    """
    left = data[max(0, start - _LEFT) : start]
    if b'get;' in left:
        left = _ACCESSORS.sub(b'', left)
    if (others := _KEYS_BEFORE.search(left)) is not None:
        left = left[: others.start() + 1]
    return _walk(_TOKEN.findall(left))


def _walk(tokens: list[bytes]) -> tuple[str, bool]:
    """Go left from the value over everything that only wraps or joins, up to the first identifier that does neither."""
    newlines = 0
    is_joined = is_fallback = is_wrapped = False
    index = len(tokens)
    while index > 0:
        index -= 1
        token = tokens[index]
        first = token[0]
        if token.isspace():
            newlines += token.count(b'\n')
            if newlines > _MAX_NEWLINES or (
                b'\n' in token and not is_wrapped and not _continues(tokens, index)
            ):
                return ('', is_joined) if is_joined else (_label(tokens, index), True)
        elif first in _OPERATORS or token == b'or':
            is_joined = True
            is_fallback = is_fallback or token in (b'or', b'|', b'?')
        elif (
            first in _STOPPERS
            or (first in _CLOSERS and not is_joined)
            or token.isdigit()
            or (not is_joined and _is_empty(tokens, index))
        ):
            break
        elif _joins(tokens, index):
            is_joined = True
        elif _only_wraps(tokens, index):
            is_wrapped = is_wrapped or token.lower() in _PAIR_VALUES
        elif tokens[max(0, index - 2) : index] == [b'<', b'/']:
            index -= 2  # a closing tag
        elif token == _ARROW:
            is_joined = True
        elif not is_fallback or role_of(token.decode('utf-8', 'replace')):
            return _name_at(tokens, index), is_joined or _is_option(tokens, index)
    return '', is_joined


def _is_empty(tokens: list[bytes], index: int) -> bool:
    """Whether a string without anything in it ends here: it is the value of the name before it."""
    if tokens[index] not in _QUOTES or tokens[index + 1 : index + 2] in ([], [tokens[index]]):
        return False
    before = tokens[max(0, index - 2) : index]
    return (
        len(before) == 2
        and before[1] == tokens[index] != before[0]
        and (before[0].isspace() or before[0][0] in b':=(,[>')
    )


def _only_wraps(tokens: list[bytes], index: int) -> bool:
    """Quotes, brackets, prefixes of literals, and words such as `os.getenv`."""
    token = tokens[index]
    if (len(token) == 1 and (token[0] in _SKIPPED or token in b'brfuRBFULn')) or token.lower() in (
        b'rb',
        b'br',
    ):
        return True
    return token.lower() in _WRAPPERS or _is_scheme(tokens, index)


def _joins(tokens: list[bytes], index: int) -> bool:
    """Whether a word joins a name and its value: an option such as `--body`, or `is` in front of something in quotes."""
    token = tokens[index].lower()
    if token in _VERBS:
        after = tokens[index + 1 : index + 3]
        return len(after) == 2 and after[0] == b' ' and after[1] in _QUOTES
    return token in _VALUE_OPTIONS and tokens[max(0, index - 2) : index] == [b'-', b'-']


def _label(tokens: list[bytes], index: int) -> str:
    """A line that is nothing but a name, above a line that is nothing but a value."""
    first = index
    while first > 0 and b'\n' not in tokens[first - 1]:
        first -= 1
    line = b''.join(tokens[first:index]).strip(b' \t*#->:`')
    text = line.decode('utf-8', 'replace')
    role = role_of(text) if len(line) <= _LONGEST_LABEL and _LABEL.fullmatch(line) else None
    return text if role and role[1] and text not in _STATEMENTS else ''


def _is_option(tokens: list[bytes], index: int) -> bool:
    """Whether the name is an option of a command (`--secret …`) or a keyword (`:secret "…"`) that says nothing but the part: the next word
    is its value.
    """
    before = tokens[max(0, index - 3) : index]
    is_marked = before[-2:] == [b'-', b'-'] or (
        before[-1:] == [b':'] and (len(before) < 2 or before[-2].isspace() or before[-2] in b'{[(')
    )
    return is_marked and all(
        word in ROLE_WORDS for word in words_of(tokens[index].decode('utf-8', 'replace'))
    )


def _is_scheme(tokens: list[bytes], index: int) -> bool:
    """Whether the word is the scheme of a header: `Authorization: Token …`."""
    return tokens[index].lower() in _SCHEMES and tokens[max(0, index - 2) : index] == [b':', b' ']


def _continues(tokens: list[bytes], index: int) -> bool:
    """Whether the line before the newline at `index` goes on: it ends with an operator, a bracket or a tag."""
    before = index - 1
    while before >= 0 and tokens[before].isspace():
        before -= 1
    return before >= 0 and tokens[before][0] in b':=|>(\\,[{+-'


def _name_at(tokens: list[bytes], index: int) -> str:
    """The identifier at `index`, with the words of prose before it (`API key`, `secret key`)."""
    words = [tokens[index]]
    if (
        tokens[index - 1 : index] == [b'\\']
        and words[0][0] in _ESCAPED
        and role_of(words[0].decode('utf-8', 'replace')) is None
    ):
        return words[0][1:].decode('utf-8', 'replace')  # `\nkey: …` in a string of JSON
    while (
        len(words) < 4
        and index >= 2
        and tokens[index - 1] == b' '
        and tokens[index - 2][:1].isalpha()
    ):
        index -= 2
        if tokens[index].lower() in _WRAPPERS:
            break
        words.insert(0, tokens[index])
    single = words[-1].decode('utf-8', 'replace')
    joined = b' '.join(words).decode('utf-8', 'replace')
    return joined if role_of(joined) not in (None, role_of(single)) else single


def bindings(data: bytes, start: int, end: int) -> Iterator[Binding]:
    """Every value of `data[start:end]` that is more than words, with the name that is bound to it, in order."""
    for first, last in values(data, start, end):
        if WORDY.fullmatch(data, first, last):
            continue  # words are no secret; walking back from each would cost more than all the rest
        name, is_joined = (
            name_before(data, first) if data[first - 1 : first] not in _INSIDE else ('', False)
        )
        if not is_joined and name:
            name = (
                name
                if _is_told(name) and not _BASE64_LINE.search(data, max(0, first - 100), first)
                else ''
            )
        yield Binding(name, data[first:last], first, last)


def _is_told(name: str) -> bool:
    """Whether a name says what stands behind it without any operator between them."""
    role = role_of(name)
    if not role or not role[1] or name in _STATEMENTS:
        return False
    return role[0] != 'token' or ' ' not in name or not _TOKENS_OF_ACCESS.isdisjoint(words_of(name))
