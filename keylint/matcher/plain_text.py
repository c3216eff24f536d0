"""Recognise ordinary words after a match, using methods of bytes only, for the front of the hook.

`matcher.prefilter` decides exactly which matches mean nothing; it also drops everything that is
plain here (`tests/matcher/test_plain_text.py`), but not the other way round. There are no regular
expressions, because importing `re` takes twice as long as the rest of a clean commit.
"""

from __future__ import annotations

from itertools import pairwise

# Words of running English that are in no phrase: if every dozen words has one, the word lists
# need not be loaded.
PROSE = frozenset(
    b"""after and are been but could data default did does each every existing for from get had has
    her his its may new none not null our per remains see set than the their these those uses using
    value values via was were which while with without would your""".split()
)
_PHRASE_BYTES = 12 * 13 + 4
# A word of five letters that has no vowel is in no list of words for phrases.
_VOWELS = frozenset(b'aeiouy')
_MIN_VOWEL_LETTERS = 5
_LETTERS = b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
_DIGITS = b'0123456789'
RUN_CHARS = _LETTERS + _DIGITS + b'+/_-='
MAX_RUN_CHARS = 300
# How far after an issuer's word two values are searched for, and the second one's minimum length.
PAIR_BYTES = 240
_MIN_PAIR_CHARS = 12
# Maps every byte that cannot be part of a run to a blank.
_BLANKED = bytes(char if char in RUN_CHARS else 32 for char in range(256))
_SEPARATORS = b'_/-.='
_MAX_CAPITALS, _MIN_HUMP_LETTERS = 5, 2
# With fewer changes from small letters to capitals, a text without digits is not random.
_CHARS_PER_TURN = 6
_UUID_CHARS, _HEX = 36, b'0123456789abcdefABCDEF-'
_COMMIT_CHARS = 40
# Longer arguments of calls are values, whether they look random or not.
MIN_ARGUMENT_CHARS = 48
# Permissions in these forms are not read from Python files.
_UNREAD_IN_PYTHON = ('document-key', 'bare-key')
# The characters that begin a comment, in any language.
_COMMENT_STARTS = (b'#', b'/', b';', b'-', b'*', b'<')
_MAX_LINE_BYTES = 2000


def find_run(data: bytes, end: int) -> tuple[int, int]:
    """Find the run of characters in which a match ends, as a byte span."""
    first = last = min(end, len(data)) - 1
    if data[first] not in RUN_CHARS:
        first -= 2
        last = first
    first, last = max(first, 0), max(last, 0)
    lower = max(0, end - MAX_RUN_CHARS)
    first = lower + len(data[lower:first].rstrip(RUN_CHARS))
    upper = data[last : end + MAX_RUN_CHARS]
    last += len(upper) - len(upper.lstrip(RUN_CHARS))
    return first, last


def may_be_phrase(data: bytes, end: int) -> bool:
    """Tell whether the eleven words before `end` could be in a phrase.

    The word at `end` is ignored, because it may be cut off.
    """
    words = data[max(0, end - _PHRASE_BYTES) : end].split()[-12:-1]
    return PROSE.isdisjoint(words) and not any(
        len(word) >= _MIN_VOWEL_LETTERS and _VOWELS.isdisjoint(word) for word in words
    )


def may_be_pair(data: bytes, end: int) -> bool:
    """Tell whether a long run with a digit follows an issuer's word: the second of two values."""
    behind = data[end - 1 : end - 1 + PAIR_BYTES].translate(_BLANKED).split()
    return any(len(run) >= _MIN_PAIR_CHARS and not _has_no_digit(run) for run in behind)


def is_plain(path: str, data: bytes, kind: str, end: int) -> bool:
    """Tell whether a match of a kind of pattern surely means nothing; False if in doubt."""
    if kind in ('name', 'call'):
        first, last = find_run(data, end)
        run = data[first:last]
        is_commit = first > 0 and data[first - 1] == 64 and _is_commit(run)  # `@`: pinned
        return is_commit or _is_plain_run(run) or (kind == 'call' and _is_plain_argument(run))
    if kind == 'issuer':
        return not may_be_pair(data, end)
    if kind == 'phrase':
        return not may_be_phrase(data, end)
    if not path.endswith('.py'):
        return False
    return kind in _UNREAD_IN_PYTHON or (kind == 'sentence' and _is_code_line(data, end))


def _is_code_line(data: bytes, end: int) -> bool:
    """Tell whether a match ends in a line of code: without a comment, and not too long."""
    start = data.rfind(b'\n', 0, end - 1) + 1
    stop = data.find(b'\n', end - 1)
    line = data[start : stop if stop >= 0 else len(data)]
    is_plain_line = len(line) < _MAX_LINE_BYTES and b'#' not in line and b'\r' not in line
    return is_plain_line and line.lstrip(b' \t')[:1] not in _COMMENT_STARTS


def _is_plain_run(run: bytes) -> bool:
    """Recognise words, numbers, and assignments of them; identifiers that are not random."""
    if all(_is_wordy(piece) for piece in run.split(b'=')):
        return True
    return _is_never_random(run) and all(
        _is_word(piece) for piece in run.translate(_SEPARATED).split()
    )


_SEPARATED = bytes(32 if char in _SEPARATORS else char for char in range(256))


def _is_wordy(run: bytes) -> bool:
    """Recognise a single case throughout, camel case of single words, and numbers."""
    letters = run.translate(None, b'_-/=.')
    if not letters or (letters.isalpha() and (letters.islower() or letters.isupper())):
        return True
    return _has_humps(run) or not run.strip(b'0123456789eE+_-.')


def _is_word(piece: bytes) -> bool:
    """Recognise a part of an identifier: one case, camel case, or acronyms and words in turn."""
    return piece.isalpha() and (
        piece.islower()
        or piece.isupper()
        or (_has_humps(piece) if piece[0] >= 97 else _has_acronyms(piece))
    )


def _has_humps(piece: bytes) -> bool:
    """Recognise `fooBarBaz`: every capital is followed by a small letter."""
    return (
        piece.isalpha()
        and piece[-1] >= 97
        and not any(a < 97 and b < 97 for a, b in pairwise(piece))
    )


def _has_acronyms(piece: bytes) -> bool:
    """Recognise `RESTClientAPI`: up to five capitals, then two small letters or the end."""
    rest = piece
    while rest:
        capitals = len(rest) - len(rest.lstrip(_LETTERS[:26]))
        small = len(rest) - capitals - len(rest[capitals:].lstrip(_LETTERS[26:]))
        if not 1 <= capitals <= _MAX_CAPITALS or (small and small < _MIN_HUMP_LETTERS):
            return False
        rest = rest[capitals + small :]
    return True


def _has_no_digit(run: bytes) -> bool:
    return len(run.translate(None, _DIGITS)) == len(run)


def _is_never_random(run: bytes) -> bool:
    """Tell whether `is_random` is surely False: no digits, and few turns to capitals."""
    if not _has_no_digit(run) or (len(run) >= _UUID_CHARS and not run.strip(_HEX)):
        return False
    turns = sum(a >= 97 > b for a, b in pairwise(run))
    return turns < len(run.rstrip(b'=')) // _CHARS_PER_TURN


def _is_plain_argument(run: bytes) -> bool:
    return len(run) < MIN_ARGUMENT_CHARS and _is_never_random(run)


def _is_commit(run: bytes) -> bool:
    return len(run) == _COMMIT_CHARS and not run.strip(b'0123456789abcdef')
