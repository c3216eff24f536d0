"""Patterns of the gate for what is not written in clear: telling words in base64 and in hex, escapes, texts that code puts together.

Imported only when the pack is compiled. As everywhere in the gate, a pattern may wake too much, never too little: `keylint.detect.decoded` decides.
Repetitions without an end are what Hyperscan compiles soonest; bounded ones have cost a quarter of the first start.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator

from keylint.matcher.patterns import named

# What is looked for in encoded text, each also in capitals and with one. A word needs four bytes to be rare in random text.
_WORDS = (
    b'secret',
    b'token',
    b'pass',
    b'phrase',
    b'private',
    b'mnemonic',
    b'credential',
    b'bearer',
    b'seed',
    b'_key',
    b'key"',
    b"key'",
    b'key=',
    b'key:',
    b'key ',
    b'key_',
    b'-----begin ',
)
_LEAST = 4
# What Hyperscan takes in one pattern; tokens beyond are known in clear only.
_MOST_HEADS = 100

# What stands between a name and its value where quotes, `=` and `:` are escaped: in addresses, HTML, JSON and JavaScript.
_ESCAPED = rb'(?:%(?:3[ad]|2[27])|&(?:quot|apos|equals|colon|#0?3[49]|#x2[27]|#61|#x3d|#58|#x3a);|\\u00(?:3[ad]|2[27])|\\x(?:3[ad]|2[27]))'
_OTHERS = (
    # gzip and zlib in base64
    rb'(?:^|[^A-Za-z0-9+/_\-])H4sI[A-Za-z0-9+/_\-]{16}',
    rb'(?:^|["\'=\s])e(?:J[w-z]|N[o-r])[A-Za-z0-9+/_\-]{16}',
    # gzip in base64 in base64, as Helm keeps its releases
    rb'(?:^|[^A-Za-z0-9+/_\-])SDRzS[A-Za-z0-9+/_\-]{16}',
    # an encoded command of PowerShell: UTF-16 in base64, where every second byte is zero
    rb'(?i:[-/]e(?:c|n|nc[a-z]{0,12})?) {1,4}["\']?(?:[A-Za-z0-9+/][AQgw][AB]|//[45])[A-Za-z0-9+/]A[A-H][AEIMQUYcgkosw048]A',
    # a key in PEM in an address
    rb'-----BEGIN(?:%20|\+)[A-Z]',
    # several escapes of printable characters side by side
    rb'(?:\\x[2-7][0-9a-fA-F]){8}',
    rb'(?:\\u00[2-7][0-9a-fA-F]){4}',
    rb'(?:%[2-7][0-9a-fA-F]){4}',
    rb'(?:&#(?:[xX][2-7][0-9a-fA-F]|[0-9]{2,3});){4}',
    rb'(?i:encoding: ?quoted-printable)',
    # calls and commands that decode what they are given
    rb'(?:FromBase64String|DecodeString|decodeBase64|decode)\([ \t\r\n]{0,40}["\'`][A-Za-z0-9+/_\-]{16}',
    rb'base64 (?:-d|-D|--decode)',
    rb'[Bb]asic [A-Za-z0-9+/]{20}',
)

_RUN = rb'[A-Za-z0-9+/=_\-]*'
_QUOTED = rb'["\'`][A-Za-z0-9+/=_,.:\-]*'
_WORD = rb'[A-Za-z_$][\w$]*'
_ENDS = rb'[A-Za-z0-9+/=_\-{}$]*["\'`]'
# What a telling name may be given instead of one text: formatted strings, templates, formats, sums with names in them.
_SUMS = (
    rb'[fF]["\']' + _RUN + rb'\{' + _WORD + rb'\}' + _ENDS,
    b'`' + _RUN + rb'\$\{' + _WORD + rb'\}' + _ENDS,
    _QUOTED + rb'(?:%s|\{\w{0,20}\})[^\s"\'`]{0,80}["\'](?: ?%|\.format\()',
    _WORD + rb'(?:\.' + _WORD + rb')?[ \t]{0,8}\+[ \t]{0,8}(?:[A-Za-z_$]|["\'`][A-Za-z0-9])',
    _QUOTED + rb'["\'`][ \t]{0,8}\+[ \t]{0,8}[A-Za-z_$]',
    rb'(?:[A-Za-z_][\w.]{0,30}\.)?(?:b64decode|decodebytes|a2b_base64|a2b_hex|fromhex|unhexlify|atob|Buffer\.from)\([ \t]{0,8}[A-Za-z_$]',
)
FOLDS = b'|'.join(
    (
        # a text that is decoded
        rb'(?:b64decode|decodebytes|a2b_base64|a2b_hex|fromhex|unhexlify|\batob|Buffer\.from)\([ \t\r\n]{0,40}[rb]?["\'`][A-Za-z0-9+/=_\-]{12}',
        # a list of texts that is joined
        rb'\.join\([ \t\r\n]{0,8}[\[(][ \t\r\n]{0,40}(?:[rbu]?["\'`]|' + _WORD + rb',)',
        rb'["\'`\w][ \t\r\n,]{0,40}\][ \t\r\n]{0,8}\.join\(',
        b'(?i:'
        + named()
        + rb')(?::[ \t]*\w{1,12}[ \t]*)?[:=(,][ \t\r\n(]{0,20}(?:'
        + b'|'.join(_SUMS)
        + b')',
    )
)


def encoded(heads: Iterable[bytes]) -> tuple[bytes, bytes, bytes]:
    """Patterns for all that may be encoded: telling words and signs of an encoding, words in base64 twice, beginnings of tokens."""
    words = sorted({form for word in _WORDS for form in (word, word.upper(), word.capitalize())})
    own = list(heads)[:_MOST_HEADS]
    signs = (*_OTHERS, b'(?i:' + named() + _ESCAPED + b')')
    return (
        b'|'.join([*_once(words), *signs]),
        b'|'.join(_twice(words)),
        b'|'.join([*_once(own), *_twice(own)]) or b'keylint-knows-no-token',
    )


def _once(words: list[bytes]) -> list[bytes]:
    clear = {_pattern(form) for word in words for form in known_digits(word)}
    return [*sorted(clear), *(b'(?i:' + word.hex().encode() + b')' for word in words)]


def _twice(words: list[bytes]) -> list[bytes]:
    return sorted(
        {
            _pattern(form)
            for word in words
            for clear in known_digits(word)
            for form in known_digits(clear)
        }
    )


def known_digits(word: bytes) -> Iterator[bytes]:
    """Those base64 digits of a word that are known whatever stands around it: its first byte is the first, second or third of a group."""
    for before in range(3):
        skipped = -(-8 * before // 6)
        text = binascii.b2a_base64(bytes(before) + word, newline=False)[
            skipped : 8 * (before + len(word)) // 6
        ]
        if len(text) >= _LEAST:
            yield text


def _pattern(digits: bytes) -> bytes:
    """The digits in both alphabets: the URL-safe one has other signs in two places."""
    return digits.replace(b'+', rb'[+\-]').replace(b'/', b'[/_]')
