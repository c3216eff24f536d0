"""Plain text: which value is bound to which name.

A run of token characters is found first (`value_spans`). Then the text to its left is walked back
to the nearest identifier, over operators, quotes, brackets and words such as `os.getenv` that only
wrap a value. One walk serves assignments in any language, keyword arguments, headers, XML, `.env`
lines, URL queries and prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.core.model import Candidate
from keylint.core.names import ROLE_WORDS, find_role, split_words
from keylint.detect.value_spans import find_value_spans
from keylint.matcher.prefilter import WORDY

_TOKEN = re.compile(rb'[A-Za-z_$\x80-\xff](?:[\w$\x80-\xff]|[-.](?=[A-Za-z_$]))*|\d+|\s+|[^\w\s]')
_ACCESSORS = re.compile(rb'\{\s*(?:public |private |internal )?get;[^{}]*\}')
# A token is a coin as well: `LP Element Yield Token …` is one, `the access token …` is not.
_ACCESS_TOKEN_WORDS = frozenset(
    """api access auth authorization authentication bearer refresh session bot secret personal
    private id identity security service account deploy registry github gitlab slack telegram
    discord npm pypi webhook jwt oauth csrf upload push app application client user""".split()
)
# A whole line of base64 that ends right before a value: what looks like a name is its end.
_BASE64_LINE = re.compile(rb'[A-Za-z0-9+/]{60,}(?:\s|\\[nr]|&#x?[0-9a-fA-F]{1,2};)+\Z')
_BASE64_LINE_BYTES = 100
# How far to the left of a value its name may begin.
_NAME_BYTES = 260
_MAX_NEWLINES = 2
_MAX_NAME_WORDS = 4
_MAX_LABEL_CHARS = 40
_LABEL = re.compile(rb'[A-Za-z][\w \-]*')
# Private keys that stand before one in a list, and the index of one in a mapping from indexes.
_KEYS_BEFORE = re.compile(
    rb'\[\s*(?:["\'](?:0x)?[0-9a-fA-F]{64}["\']\s*,\s*)+["\']?\Z'
    rb'|\{\s*(?:\d{1,3}\s*:\s*["\'](?:0x)?[0-9a-fA-F]{64,80}["\']\s*,\s*)*\d{1,3}\s*:\s*["\']?\Z'
)
# Options of commands that give a value to the name before them: `gh secret set NAME --body "…"`.
_VALUE_OPTIONS = frozenset((b'body', b'value', b'data', b'secret-string'))
_VERBS = frozenset((b'is', b'was'))
_ESCAPED = frozenset(b'nrt')
_PAIR_VALUES = frozenset((b'value', b'val', b'default', b'string'))

# Words that stand between a name and its value without being the name.
_WRAPPERS = frozenset(
    b"""str string bytes bytearray buffer char const let var final static readonly private public
    protected value val default os env environ getenv get process lookup optional some none null
    nil secretstr literal type text data content field self this new return b64decode base64
    decode frombase64 fromhex from_hex unhexlify tobytes encode strip trim format print echo set
    setx required type_ annotated option envordefault getenvordefault getorelse get_or_default
    setenv putenv environment is was are be as the my your our here of for to and with now using
    use equals string.format varchar std from entry item add property param code span td th p
    div li a i em strong tt pre input stringvalue env.get os.getenv os.environ os.environ.get
    os.environ.setdefault unwrap_or unwrap_or_else process.env system.getenv sys.setenv export
    arg config.get cfg.get raw byte bytes.fromhex bytearray.fromhex binascii.unhexlify
    base64.b64decode base58.b58decode hex.decode hashlib.sha256 hashlib.sha512 hashlib.sha384
    sha256.new sha512.new literalstr securestring convertto-securestring asplaintext force
    aszeroterminated -d h header bearer basic""".split()
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


def read_bindings(data: bytes, start: int, end: int) -> Iterator[Candidate]:
    """Yield every value of `data[start:end]` that is more than words, in order, with its name."""
    for first, last in find_value_spans(data, start, end):
        if WORDY.fullmatch(data, first, last):
            continue  # words are no secret; walking back from each would cost more than the rest
        name = ''
        if data[first - 1 : first] not in _INSIDE:
            name, is_joined = find_name(data, first)
            if name and not is_joined and not _is_followed_by_value(name, data, first):
                name = ''
        yield Candidate(name, data[first:last], first, last)


def _is_followed_by_value(name: str, data: bytes, first: int) -> bool:
    """Tell whether a name is bound to the value at `first` although no operator joins them."""
    role = find_role(name)
    if not role or not role[1] or name in _STATEMENTS:
        return False
    if role[0] == 'token' and ' ' in name and _ACCESS_TOKEN_WORDS.isdisjoint(split_words(name)):
        return False
    return _BASE64_LINE.search(data, max(0, first - _BASE64_LINE_BYTES), first) is None


def find_name(data: bytes, start: int) -> tuple[str, bool]:
    """Find the name that the text before `start` binds to the value there.

    Returns the name (empty where nothing names the value), and whether an operator joins the two.
    """
    left = data[max(0, start - _NAME_BYTES) : start]
    if b'get;' in left:
        left = _ACCESSORS.sub(b'', left)
    if (others := _KEYS_BEFORE.search(left)) is not None:
        left = left[: others.start() + 1]
    return _walk_left(_TOKEN.findall(left))


def _walk_left(tokens: list[bytes]) -> tuple[str, bool]:
    """Go left from the value to the first identifier that neither wraps nor joins it."""
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
                b'\n' in token and not is_wrapped and not _goes_on(tokens, index)
            ):
                return ('', is_joined) if is_joined else (_read_label(tokens, index), True)
        elif first in _OPERATORS or token == b'or':
            is_joined = True
            is_fallback = is_fallback or token in (b'or', b'|', b'?')
        elif _ends_walk(tokens, index, is_joined):
            break
        elif _joins(tokens, index):
            is_joined = True
        elif _only_wraps(tokens, index):
            is_wrapped = is_wrapped or token.lower() in _PAIR_VALUES
        elif tokens[max(0, index - 2) : index] == [b'<', b'/']:
            index -= 2  # a closing tag
        elif not is_fallback or find_role(token.decode('utf-8', 'replace')):
            return _read_name(tokens, index), is_joined or _is_option(tokens, index)
    return '', is_joined


def _ends_walk(tokens: list[bytes], index: int, is_joined: bool) -> bool:
    """Tell whether the value has no name: a statement, a call, a number or a string ends here."""
    token = tokens[index]
    if token[0] in _STOPPERS or token.isdigit():
        return True
    return not is_joined and (token[0] in _CLOSERS or _is_empty_string(tokens, index))


def _is_empty_string(tokens: list[bytes], index: int) -> bool:
    """Tell whether an empty string ends here: it is the value of the name before it."""
    if tokens[index] not in _QUOTES or tokens[index + 1 : index + 2] in ([], [tokens[index]]):
        return False
    before = tokens[max(0, index - 2) : index]
    return (
        len(before) == 2
        and before[1] == tokens[index] != before[0]
        and (before[0].isspace() or before[0][0] in b':=(,[>')
    )


def _only_wraps(tokens: list[bytes], index: int) -> bool:
    """Tell whether a token only wraps: quotes, brackets, prefixes of literals, `os.getenv`."""
    token = tokens[index]
    if (len(token) == 1 and (token[0] in _SKIPPED or token in b'brfuRBFULn')) or token.lower() in (
        b'rb',
        b'br',
    ):
        return True
    return token.lower() in _WRAPPERS or _is_scheme(tokens, index)


def _joins(tokens: list[bytes], index: int) -> bool:
    """Tell whether a word or an arrow joins a name and its value.

    Such words are options like `--body`, and `is` in front of something in quotes.
    """
    token = tokens[index].lower()
    if token == _ARROW:
        return True
    if token in _VERBS:
        after = tokens[index + 1 : index + 3]
        return len(after) == 2 and after[0] == b' ' and after[1] in _QUOTES
    return token in _VALUE_OPTIONS and tokens[max(0, index - 2) : index] == [b'-', b'-']


def _read_label(tokens: list[bytes], index: int) -> str:
    """Read a line that is nothing but a name, above a line that is nothing but a value."""
    first = index
    while first > 0 and b'\n' not in tokens[first - 1]:
        first -= 1
    line = b''.join(tokens[first:index]).strip(b' \t*#->:`')
    if len(line) > _MAX_LABEL_CHARS or not _LABEL.fullmatch(line):
        return ''
    text = line.decode('utf-8', 'replace')
    role = find_role(text)
    return text if role and role[1] and text not in _STATEMENTS else ''


def _is_option(tokens: list[bytes], index: int) -> bool:
    """Tell whether the name is an option (`--secret …`) or a keyword (`:secret "…"`) of its value.

    It says nothing but the part of the credential: the next word is the value.
    """
    before = tokens[max(0, index - 3) : index]
    is_marked = before[-2:] == [b'-', b'-'] or (
        before[-1:] == [b':'] and (len(before) < 2 or before[-2].isspace() or before[-2] in b'{[(')
    )
    return is_marked and all(
        word in ROLE_WORDS for word in split_words(tokens[index].decode('utf-8', 'replace'))
    )


def _is_scheme(tokens: list[bytes], index: int) -> bool:
    """Tell whether the word is the scheme of a header: `Authorization: Token …`."""
    return tokens[index].lower() in _SCHEMES and tokens[max(0, index - 2) : index] == [b':', b' ']


def _goes_on(tokens: list[bytes], index: int) -> bool:
    """Tell whether the line before the newline at `index` goes on behind it.

    Such a line ends with an operator, a bracket or a tag.
    """
    before = index - 1
    while before >= 0 and tokens[before].isspace():
        before -= 1
    return before >= 0 and tokens[before][0] in b':=|>(\\,[{+-'


def _read_name(tokens: list[bytes], index: int) -> str:
    """Read the identifier at `index`, with the words of prose before it (`API key`)."""
    words = [tokens[index]]
    if (
        tokens[index - 1 : index] == [b'\\']
        and words[0][0] in _ESCAPED
        and find_role(words[0].decode('utf-8', 'replace')) is None
    ):
        return words[0][1:].decode('utf-8', 'replace')  # `\nkey: …` in a string of JSON
    while (
        len(words) < _MAX_NAME_WORDS
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
    return joined if find_role(joined) not in (None, find_role(single)) else single
