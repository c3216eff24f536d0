"""Find the comments of a text by the form that the ending of its file promises.

Marks count in comments only: the same words in a string, a URL or a JSON value are data. The lexers
are tolerant: a quote that its line does not close is a plain character, unless the language lets
strings run over lines.
"""

from __future__ import annotations

from functools import lru_cache

from keylint.core.lazy_re import re
from keylint.core.records import NamedTuple
from keylint.core.regex_cache import compile_once
from keylint.readers.formats import ending_of

# Endings, and the comment signs of their languages. A text of another ending may have all of them.
_SIGNS_BY_ENDINGS = (
    ('py pyi pyw', 'python'),
    (
        'rb pl pm r jl sh bash zsh fish ksh yaml yml toml env cfg conf cnf config properties '
        'service mk cmake nix tcl ps1 coffee ex exs graphql dockerfile makefile gitignore',
        'hash',
    ),
    ('ini', 'hash semicolon'),
    ('tf tfvars hcl php hjson', 'hash slashes block'),
    (
        'js jsx mjs cjs ts tsx go rs java kt kts scala swift c cc cpp cxx h hpp cs d dart sol '
        'groovy gradle proto scss less m mm v zig',
        'slashes block template',
    ),
    ('json jsonc json5 webmanifest postman_collection har', 'hash slashes block'),
    ('css', 'block'),
    ('vue svelte', 'slashes block markup template'),
    ('html htm xhtml xml svg', 'markup'),
    ('sql lua hs elm', 'dashes block'),
    ('tex sty erl', 'percent'),
    ('asm lisp clj el scm', 'semicolon'),
    ('bat cmd', 'rem'),
    ('vb bas vbs', 'apostrophe rem'),
)
_SIGNS = {
    ending: signs.split() for endings, signs in _SIGNS_BY_ENDINGS for ending in endings.split()
}
_ALL_SIGNS = ('hash', 'slashes', 'block', 'markup', 'dashes', 'percent', 'semicolon', 'rem')
_COMMENTS = {
    # A hash within a word (`a#b`, a URL's fragment) begins no comment in most of these languages.
    'hash': rb'(?<![^\s;,)\]}"\'])\#[^\r\n]*+',
    'slashes': rb'(?<![:/\w])//[^\r\n]*+',
    'block': rb'/\*(?:[^*]|\*(?!/))*+(?:\*/)?+',
    'markup': rb'<!--(?:[^-]|-(?!->))*+(?:-->)?+',
    'dashes': rb'(?<![^\s;,)])--[^\r\n]*+',
    'percent': rb'(?<!\\)%[^\r\n]*+',
    'semicolon': rb'(?<!\S);[^\r\n]*+',
    'rem': rb'(?i:(?<!\S)rem\s|(?<!\S)::)[^\r\n]*+',
    'apostrophe': rb'\'[^\r\n]*+',
}
# A quote opens a string where a value can begin: `don't` opens none.
_STRING = (
    rb'(?<![\w)\]])(?:[rbuf]{1,2})?"(?:[^"\\\r\n]|\\.)*+"'
    rb"|(?<![\w)\]])(?:[rbuf]{1,2})?'(?:[^'\\\r\n]|\\.)*+'"
)
_LONG_STRING = (
    rb'"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)"
)
# Of Python every quote outside of a comment opens a string.
_PYTHON_STRING = rb'"(?:[^"\\\r\n]|\\.)*+"|' + rb"'(?:[^'\\\r\n]|\\.)*+'"
_TEMPLATE = rb'`(?:[^`\\]|\\.)*+`'


class CommentMap(NamedTuple):
    """The comments and the strings of a text, as byte spans in their order."""

    comments: tuple[tuple[int, int], ...]
    strings: tuple[tuple[int, int], ...]


def map_comments(data: bytes, path: str, stop: int | None = None) -> CommentMap:
    """Find comments and strings of a text; `path` tells the language.

    With `stop`, only those that begin before this offset.
    """
    comments: list[tuple[int, int]] = []
    strings: list[tuple[int, int]] = []
    for match in _lexer(ending_of(path)).finditer(data):
        if stop is not None and match.start() >= stop:
            break
        (comments if match.lastgroup == 'comment' else strings).append(match.span())
    return CommentMap(tuple(comments), tuple(strings))


def list_signs(ending: str) -> list[str]:
    """List the kinds of comments of a language, the usual one first; none for an unknown one."""
    return _SIGNS.get(ending, [])


@lru_cache(maxsize=16)
def _lexer(ending: str) -> re.Pattern[bytes]:
    signs = _SIGNS.get(ending, _ALL_SIGNS)
    if 'python' in signs:
        strings, comments = [_LONG_STRING, _PYTHON_STRING], [rb'\#[^\r\n]*+']
    else:
        strings = [_TEMPLATE] if 'template' in signs else []
        if 'apostrophe' not in signs:
            strings.append(_STRING)
        comments = [_COMMENTS[sign] for sign in signs if sign in _COMMENTS]
    pattern = rb'(?P<string>%b)|(?P<comment>%b)' % (b'|'.join(strings), b'|'.join(comments))
    return compile_once(pattern.replace(rb'(?P<string>)|', b''), re.DOTALL)
