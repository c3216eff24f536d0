"""Patterns for text that is not in clear: encoded words, escapes, sums of constants.

Imported only when the rules are compiled. As everywhere in the matcher, a pattern may match too
much, never too little: `keylint.detect.decoded` decides. Hyperscan compiles unbounded repetitions
fastest; bounded ones took a quarter of the time of the first start.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator

from keylint.matcher.patterns import make_name_pattern

# Words searched for in encoded text, also in capitals and with a capital first letter. A word needs
# four bytes to be rare in random text.
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
_MIN_DIGITS = 4
# Hyperscan accepts this many token heads in one pattern; other tokens are found only in clear.
_MAX_HEADS = 100

# The text between a name and its value if quotes, `=` and `:` are escaped, as in addresses, HTML,
# JSON and JavaScript.
_ESCAPED = (
    rb'(?:%(?:3[ad]|2[27])'
    rb'|&(?:quot|apos|equals|colon|#0?3[49]|#x2[27]|#61|#x3d|#58|#x3a);'
    rb'|\\(?:u00|u\{0{0,4}|x|U000000)(?:3[ad]|2[27]))'
)
_SIGNS = (
    # gzip and zlib in base64
    rb'(?:^|[^A-Za-z0-9+/_\-])H4sI[A-Za-z0-9+/_\-]{16}',
    rb'(?:^|["\'=\s])e(?:J[w-z]|N[o-r])[A-Za-z0-9+/_\-]{16}',
    # gzip in base64 in base64, as Helm stores its releases
    rb'(?:^|[^A-Za-z0-9+/_\-])SDRzS[A-Za-z0-9+/_\-]{16}',
    # an encoded command of PowerShell: UTF-16 in base64, where every second byte is zero
    rb'(?i:[-/]e(?:c|n|nc[a-z]{0,12})?) {1,4}["\']?(?:[A-Za-z0-9+/][AQgw][AB]|//[45])'
    rb'[A-Za-z0-9+/]A[A-H][AEIMQUYcgkosw048]A',
    # a key in PEM in an address
    rb'-----BEGIN(?:%20|\+)[A-Z]',
    # several escapes of printable characters side by side
    rb'(?:\\x[2-7][0-9a-fA-F]){8}',
    rb'(?:\\(?:u00|U000000)[2-7][0-9a-fA-F]){4}',
    rb'(?:\\u\{0{0,4}[2-7][0-9a-fA-F]\}){4}',
    rb'(?:%[2-7][0-9a-fA-F]){4}',
    rb'(?i:https?|wss?)%3[aA]%2[fF]%2[fF]',
    rb'(?:&#(?:[xX][2-7][0-9a-fA-F]|[0-9]{2,3});){4}',
    rb'(?i:encoding: ?quoted-printable)',
    # calls and commands that decode their argument
    rb'(?:FromBase64String|DecodeString|decodeBase64|decode)'
    rb'\([ \t\r\n]{0,40}["\'`][A-Za-z0-9+/_\-]{16}',
    rb'base64 (?:-d|-D|--decode)',
    rb'[Bb]asic [A-Za-z0-9+/]{20}',
)

_DIGITS = rb'[A-Za-z0-9+/=_\-]*'
_QUOTED = rb'["\'`][A-Za-z0-9+/=_,.:\-]*'
_WORD = rb'[A-Za-z_$][\w$]*'
_ENDS = rb'[A-Za-z0-9+/=_\-{}$]*["\'`]'
# Expressions that may be assigned to a telling name: formatted strings, templates, formats, sums.
_SUMS = (
    rb'[fF]["\']' + _DIGITS + rb'\{' + _WORD + rb'\}' + _ENDS,
    b'`' + _DIGITS + rb'\$\{' + _WORD + rb'\}' + _ENDS,
    _QUOTED + rb'(?:%s|\{\w{0,20}\})[^\s"\'`]{0,80}["\'](?: ?%|\.format\()',
    _WORD + rb'(?:\.' + _WORD + rb')?[ \t]{0,8}\+[ \t]{0,8}(?:[A-Za-z_$]|["\'`][A-Za-z0-9])',
    _QUOTED + rb'["\'`][ \t]{0,8}\+[ \t]{0,8}[A-Za-z_$]',
    rb'(?:[A-Za-z_][\w.]{0,30}\.)?'
    rb'(?:b64decode|decodebytes|a2b_base64|a2b_hex|fromhex|unhexlify|atob|Buffer\.from)'
    rb'\([ \t]{0,8}[A-Za-z_$]',
)
EXPRESSIONS = b'|'.join(
    (
        # a text passed to a decoder
        rb'(?:b64decode|decodebytes|a2b_base64|a2b_hex|fromhex|unhexlify|\batob|Buffer\.from)'
        rb'\([ \t\r\n]{0,40}[rb]?["\'`][A-Za-z0-9+/=_\-]{12}',
        # the host of a node and its key
        rb'(?:(?:infura\.io/(?:ws/)?v3|alchemy\.com/v2|quiknode\.pro|ankr\.com/\w{2,20})/'
        rb'|helius-rpc\.com/?\?api-key=)(?:\$?\{|%s|["\'`])',
        # a list of texts that is joined
        rb'\.join\([ \t\r\n]{0,8}[\[(][ \t\r\n]{0,40}(?:[rbu]?["\'`]|' + _WORD + rb',)',
        rb'["\'`\w][ \t\r\n,]{0,40}\][ \t\r\n]{0,8}\.join\(',
        b'(?i:'
        + make_name_pattern()
        + rb'|\b[ps]k[ \t]{0,8})(?::[ \t]*\w{1,12}[ \t]*)?[:=(,][ \t\r\n(]{0,20}(?:'
        + b'|'.join(_SUMS)
        + b')',
    )
)


def make_encoded_patterns(heads: Iterable[bytes]) -> tuple[bytes, bytes, bytes]:
    """Make the patterns for what may be encoded.

    The first is for telling words and signs of an encoding, the second for words in base64 twice,
    the third for the `heads` of tokens.
    """
    words = sorted({form for word in _WORDS for form in (word, word.upper(), word.capitalize())})
    own = list(heads)[:_MAX_HEADS]
    signs = (*_SIGNS, b'(?i:' + make_name_pattern() + _ESCAPED + b')')
    return (
        b'|'.join([*_encode_once(words), *signs]),
        b'|'.join(_encode_twice(words)),
        b'|'.join([*_encode_once(own), *_encode_twice(own)]) or b'keylint-knows-no-token',
    )


def _encode_once(words: list[bytes]) -> list[bytes]:
    clear = {_any_alphabet(form) for word in words for form in list_known_digits(word)}
    return [*sorted(clear), *(b'(?i:' + word.hex().encode() + b')' for word in words)]


def _encode_twice(words: list[bytes]) -> list[bytes]:
    return sorted(
        {
            _any_alphabet(form)
            for word in words
            for clear in list_known_digits(word)
            for form in list_known_digits(clear)
        }
    )


def list_known_digits(word: bytes) -> Iterator[bytes]:
    """Yield the base64 digits of a word that do not depend on the surrounding bytes.

    There are three results, because its first byte is the first, second or third of a group.
    """
    for before in range(3):
        skipped = -(-8 * before // 6)
        text = binascii.b2a_base64(bytes(before) + word, newline=False)[
            skipped : 8 * (before + len(word)) // 6
        ]
        if len(text) >= _MIN_DIGITS:
            yield text


def _any_alphabet(digits: bytes) -> bytes:
    """Make a pattern for digits in both alphabets: the URL-safe one has two different signs."""
    return digits.replace(b'+', rb'[+\-]').replace(b'/', b'[/_]')
