"""Show pieces of code and of text by what may be shown of them; all else becomes an ellipsis.

Code has its values in quotes, text may have them bare. `keylint.findings.excerpts` says which is
which in a file.
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.records import NamedTuple
from keylint.rules.builtin import GENERIC_RULES
from keylint.validators.plain_words import PLAIN_VALUES, STOPPERS, is_known_word, is_plain_name

ELLIPSIS = '…'
_KEYWORDS = frozenset(
    """and async await catch class const def del elif else except export extends false finally fn
    for from func function if import in instanceof is lambda let new none not null or pass private
    protected public raise return self static super this throw true try typeof undefined val var
    void while with yield""".split()
)
# Keywords that are in no list of recovery words: they tell a program from a phrase.
_TELLING_KEYWORDS = _KEYWORDS - frozenset(
    """catch else false pass private public raise return super this throw true try void""".split()
)
_TOKEN = defer_regex(
    r"""
    (?P<mask>[\x00\ufffd]+)
    | (?P<variable>\$\{[A-Z][A-Z0-9_]*\})
    | (?P<string>(?:[rbfuRBFU]{1,2}(?=["']))?(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|`[^`]*+`))
    | (?P<space>\s+)
    | (?P<word>[^\W\d]\w*+)
    | (?P<number>\d\w*+)
    | (?P<arrow>=>|->|<-|[=!<>]=+|::)
    | (?P<sign>[^\w\s])
    """,
    re.VERBOSE | re.DOTALL,
)
# In text a value is whatever no blank, quote, bracket or separator ends.
_TEXT_TOKEN = defer_regex(
    r"""
    (?P<mask>[\x00\ufffd]+)
    | (?P<variable>\$\{[A-Z][A-Z0-9_]*\})
    | (?P<string>(?<![\w])(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|`[^`]*+`))
    | (?P<space>\s+)
    | (?P<word>[^\s\x00\ufffd"'`,;:=()\[\]{}<>|!?]+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CODE_RUN = defer_regex(r'(?<!["\'\w])\w*[+/][\w+/]{6,}=*(?!["\'])')
_STRING_KEY = defer_regex(r'\s*(?::(?!:)|=>|\])')
_CALLED = defer_regex(r'\s*(?:(?:\.|::)\s*[^\W\d]\w*\s*)*[(\[{]')
_NAME_END = defer_regex(r'["\']?\s*[:=]')
_CLOCK = defer_regex(r'\d:\d')
_SEPARATORS = frozenset(',;()[]{}|')
_OWN_MARK = defer_regex(r'(?P<words>keylint:[ \t]*ignore)\[(?P<rules>[\w\-, \t]+)\]')
_OPTION = defer_regex(r'--?[A-Za-z]|--[a-z]+(?:-[a-z]+)*')
_SIGNS_WORD = defer_regex(r'[-_./@~*+#$%&^\\]{1,3}')
_EDGES = defer_regex(r'^([-./@*#$&+~\\]{0,3})(.*?)([.*]{0,3})$', re.DOTALL)
# Words in a row without one that only running text has: a recovery phrase, or half of one.
_PHRASE_WORDS = 4
_PHRASE = defer_regex(
    r'(?<![\w.\-])[A-Za-z]{2,10}'
    r'(?:(?:[,;|]|[ \t])[ \t]*(?:\d+[.):]?[ \t]*)?[A-Za-z]{2,10}(?!\w)){3,}'
)
_PHRASE_WORD = defer_regex(r'[A-Za-z]{2,10}')
# Letters and digits in groups of equal length, as the seed of a second factor is written.
_GROUPS = defer_regex(r'(?<!\w)\w{3,8}(?:[ \t\-]\w{3,8}){2,}(?!\w)')
_HAS_DIGIT = defer_regex(r'\d')
_LONG_SIGNS = defer_regex(r'[!@#$%^&*~?+\\/|]{4,}')
_COLLAPSED = defer_regex(f'{ELLIPSIS}(?:[ \\t.:/+_\\-]*{ELLIPSIS})+')


class ShownToken(NamedTuple):
    """A token of a line: its kind, its text, and its position in the line."""

    kind: str
    text: str
    start: int
    end: int


def finish_line(text: str) -> str:
    """Return a line with one ellipsis for each run of masked pieces, so that it counts none."""
    text = _LONG_SIGNS.sub(ELLIPSIS, text.replace('\x00', ELLIPSIS))
    return _COLLAPSED.sub(ELLIPSIS, text)


def show_code(text: str, issuers: frozenset[str]) -> str:
    """Show a piece of a program or of a document whose values are quoted."""
    text = _mask_phrases(_CODE_RUN.sub(_mask_code_run, text), _TELLING_KEYWORDS)
    tokens = list(_list_tokens(_TOKEN, text))
    shown: list[str] = []
    is_assigned = False
    for number, (kind, piece, start, end) in enumerate(tokens):
        previous = tokens[number - 1] if number else None
        if kind in ('space', 'variable', 'arrow'):
            shown.append(piece)
        elif kind == 'sign':
            is_assigned = _is_assigned_after(piece, is_assigned)
            shown.append(piece)
            if piece in '"\'`':  # nothing closes it here
                shown.append(ELLIPSIS)
                break
        elif kind == 'string':
            shown.append(_show_string(text, piece, start, end, previous))
        elif kind == 'word' and _is_shown_word(text, piece, end, is_assigned):
            shown.append(piece)
        else:
            shown.append(ELLIPSIS)
    return ''.join(shown)


def _mask_code_run(run: re.Match[str]) -> str:
    """Mask what reads like base64 or a path of random parts; sums and divisions of names stay."""
    is_plain = all(is_plain_name(part) for part in re.split(r'[+/=]+', run[0]) if part)
    return run[0] if is_plain else '\x00'


def _is_assigned_after(sign: str, is_assigned: bool) -> bool:
    """Tell whether a value is expected behind a sign: from `=` or `:` on, up to a comma."""
    if sign in '=:':
        return True
    return is_assigned and sign not in _SEPARATORS


def _is_shown_word(text: str, word: str, end: int, is_assigned: bool) -> bool:
    if word.lower() in _KEYWORDS:
        return True
    if not is_plain_name(word):
        return False
    return not is_assigned or _CALLED.match(text, end) is not None


def _show_string(text: str, token: str, start: int, end: int, previous: ShownToken | None) -> str:
    """Show the quotes of a string, and what it says only where it is the name of an entry."""
    quote = token[-1]
    prefix, _, inner = token[:-1].partition(quote)
    follows = _STRING_KEY.match(text, end)
    if follows and inner and is_plain_name(inner):
        is_subscript = follows[0].lstrip().startswith(']')
        before = text[:start].rstrip()
        is_name = before[-1:] == '[' and re.search(r'[\w\])]\s*\[$', before) is not None
        if is_name or (
            not is_subscript and (previous is None or before[-1:] in ('{', ',', '', '('))
        ):
            return token
    return f'{prefix}{quote}{ELLIPSIS if inner else ""}{quote}'


def show_text(text: str, issuers: frozenset[str]) -> str:
    """Show a piece of prose, a comment, a command line, or data whose values may be bare."""
    mark = _OWN_MARK.search(text)
    if mark is not None:  # of a mark of ours the reason alone may say anything
        before, reason = text[: mark.start()], text[mark.end() :]
        rules = ','.join(_show_rule(rule, issuers) for rule in mark['rules'].split(','))
        shown_mark = f'{mark["words"]}[{rules}]'
        return show_text(before, issuers) + shown_mark + show_text(reason, issuers)
    text = _mask_phrases(text, STOPPERS)
    shown: list[str] = []
    is_assigned = False
    for kind, piece, start, end in _list_tokens(_TEXT_TOKEN, text):
        if kind in ('space', 'variable'):
            shown.append(piece)
        elif kind == 'sign':
            is_assigned = is_assigned or (piece in '=:' and not _CLOCK.match(text, start - 1))
            shown.append(piece)
        elif kind == 'string':
            shown.append(_show_quoted(text, piece, end, is_assigned, issuers))
        elif kind == 'word':
            shown.append(_show_word(text, piece, (start, end), is_assigned, issuers))
        else:
            shown.append(ELLIPSIS)
    return ''.join(shown)


def _show_rule(rule: str, issuers: frozenset[str]) -> str:
    """Show the id of a rule that exists."""
    name = rule.strip()
    is_known = name in GENERIC_RULES or name.removesuffix('-credential') in issuers
    return rule if is_known else ELLIPSIS


def _show_quoted(
    text: str, token: str, end: int, is_assigned: bool, issuers: frozenset[str]
) -> str:
    quote, inner = token[0], token[1:-1]
    if quote == '`' and not is_assigned and is_known_word(inner, issuers):
        return token  # Markdown's way to write a name
    is_name = not is_assigned and _NAME_END.match(text, end) is not None
    if inner and is_name and is_plain_name(inner):
        return token
    return f'{quote}{ELLIPSIS if inner else ""}{quote}'


def _show_word(
    text: str, token: str, span: tuple[int, int], is_assigned: bool, issuers: frozenset[str]
) -> str:
    start, end = span
    if _SIGNS_WORD.fullmatch(token) or (_OPTION.fullmatch(token) and len(token) == len('-u')):
        return token
    word = _EDGES.sub(r'\2', token)
    is_name = _NAME_END.match(text, end) is not None
    if is_assigned:
        is_shown = is_name and is_known_word(word, issuers)
        return token if is_shown or _is_plain_value(word, issuers) else ELLIPSIS
    if is_name and is_plain_name(word) and _is_alone_before(text, start):
        return token
    if word and is_known_word(word, issuers):
        return token
    return ELLIPSIS


def _is_plain_value(word: str, issuers: frozenset[str]) -> bool:
    """Tell whether a value says only whose a key is or what it may do."""
    return word.lower() in PLAIN_VALUES or word in issuers


def _is_alone_before(text: str, start: int) -> bool:
    """Tell whether a name is the first on its line, but for list signs and words like `export`."""
    words = text[:start].strip(' \t-*>+"\'{,').split()
    return not words or (len(words) == 1 and is_known_word(words[0]))


def _list_tokens(pattern: re.Pattern[str], text: str) -> Iterator[ShownToken]:
    for match in pattern.finditer(text):
        yield ShownToken(match.lastgroup or 'mask', match[0], match.start(), match.end())


def _mask_phrases(text: str, exempt: frozenset[str]) -> str:
    """Mask runs of words that read like a recovery phrase, and groups that read like a seed.

    `exempt` are the words that tell running text, or a program, from one.
    """
    text = _PHRASE.sub(lambda run: _mask_phrase(run[0], exempt), text)
    return _GROUPS.sub(_mask_groups, text)


def _mask_phrase(run: str, exempt: frozenset[str]) -> str:
    longest = current = 0
    for word in _PHRASE_WORD.findall(run):
        current = 0 if word.lower() in exempt else current + 1
        longest = max(longest, current)
    return '\x00' if longest >= _PHRASE_WORDS else run


def _mask_groups(run: re.Match[str]) -> str:
    groups = re.split(r'[ \t\-]', run[0])
    widths = {len(group) for group in groups[:-1]}
    is_seed = len(widths) == 1 and (
        _HAS_DIGIT.search(run[0]) is not None or run[0].isupper() or len(groups) > _PHRASE_WORDS
    )
    return '\x00' if is_seed else run[0]
