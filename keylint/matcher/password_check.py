"""Tell whether the text after a password's name may be one: passwords are short."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.matcher.word_runs import NAME_OF_WORDS, WORDY
from keylint.validators.randomness import is_random

_PASSWORD = defer_regex(rb'[^\s"\'`,;(){}\[\]$<>]*')
_START_OF_WORD = defer_regex(rb'[^\s"\'`,;(){}\[\]$<>]*\Z')
# A stretch of base64 that is longer than any password.
_LONG_CODE = defer_regex(rb'[A-Za-z0-9+/]*')
_MIN_PASSWORD_CHARS = 8
_PASSWORD_NAME_BYTES = 80
_NAMES_PASSWORD = defer_regex(
    rb'(?i)(?:pass(?:word|wd|phrase)?|pwd)["\'\]]?\s{0,4}(?:[:=(,>]|is\b)'
)
# `{passive:!1}`, `passenger_id`: words that begin like the name of a password.
# Compiled on use, because most runs of the hook end before.
_PASSWORD_WORD = rb'(?i)pass(?!ive|ing|ed\b|age|enger)|pwd'
# Bytes before the digit in which the name must be.
_PASSWORD_REACH_BYTES = 200
_IDENTIFIER = defer_regex(rb'[A-Za-z_]\w*')
_MAX_BLANKS = 4
_FILE = defer_regex(rb'[/\\][^/\\]*+\.[A-Za-z]{1,4}\Z')
_MAX_PASSWORD_CHARS = 64


def check_password(data: bytes, end: int) -> tuple[bool, int]:
    """Tell whether the digit before `end` is in a possible password; return the word's end.

    Such a word is long enough and neither a number nor a name.
    """
    before = _START_OF_WORD.search(data, max(0, end - _MAX_PASSWORD_CHARS), end)
    after = _PASSWORD.match(data, end, end + _MAX_PASSWORD_CHARS)
    first, last = before.start() if before else end, after.end() if after else end
    if _is_name_or_file(data, first, last) or _is_variable(data, first, last):
        return False, last
    if (
        first == end - _MAX_PASSWORD_CHARS
        and last == end + _MAX_PASSWORD_CHARS
        and _LONG_CODE.fullmatch(data, first, last)
    ):
        return False, last
    return last - first >= _MIN_PASSWORD_CHARS and WORDY.fullmatch(data, first, last) is None, last


def check_named_password(data: bytes, end: int) -> tuple[bool, int]:
    """Do what `check_password` does, for a word with a password's name before it or in it."""
    is_password, last = check_password(data, end)
    lower = max(0, end - _PASSWORD_REACH_BYTES)
    return is_password and re.search(_PASSWORD_WORD, data[lower:last]) is not None, last


def _is_name_or_file(data: bytes, first: int, last: int) -> bool:
    """Tell whether the word is the telling name itself with a number, or the name of a file.

    Examples: `TEMPLATE_PASS1`, `temp/pass1.tmp`.
    """
    word = data[first:last]
    if is_random(word.rpartition(b'=')[2]) and b'=' in word:
        return False  # `NAME=value`, and the value alone would be judged so
    if b'pass' not in word.lower() or not NAME_OF_WORDS.fullmatch(word.replace(b'\\', b'/')):
        return False
    return _FILE.search(word) is not None or not _NAMES_PASSWORD.search(
        data, max(0, first - _PASSWORD_NAME_BYTES), first
    )


def _is_variable(data: bytes, first: int, last: int) -> bool:
    """Tell whether the word is an argument without quotes: `copy(pass, buffer1)`."""
    before = data[max(0, first - _MAX_BLANKS) : first]
    after = data[last : last + _MAX_BLANKS].lstrip(b' ')[:1]
    is_argument = before.rstrip(b' ').endswith(b'(') or (
        before.endswith(b' ') and before.rstrip(b' ').endswith(b',')
    )
    return (
        is_argument
        and after in (b',', b')')
        and _IDENTIFIER.fullmatch(data, first, last) is not None
    )
