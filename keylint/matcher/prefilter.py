"""Drop matches with only ordinary words after a telling name: the vast majority of matches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.regex_cache import compile_once
from keylint.matcher.match import DECODED_KINDS, NAME_KINDS, TABLE_KINDS, Match, PatternKind
from keylint.matcher.password_check import check_named_password, check_password
from keylint.matcher.plain_text import (
    MAX_RUN_CHARS,
    MIN_ARGUMENT_CHARS,
    PAIR_BYTES,
    RUN_CHARS,
    find_run,
    may_be_pair,
    may_be_phrase,
)
from keylint.matcher.word_runs import NAME_OF_WORDS, WORDY
from keylint.validators.randomness import is_random

# The next ones are compiled (and kept by `re`) on use, because most runs of the hook end before.
# A name with one digit in the middle, `fetchL2OrderBook`: as an argument it is not a value.
_NUMBERED_NAME = rb'[a-z]{3,}[A-Z][0-9](?:[A-Z][a-z]{3,})+'
# An argument that is the variable of the same name plus another one.
_COUNT = rb'[(,]\s*([A-Za-z_]\w{0,40})=\1 ?\+ ?[A-Za-z_]\w{0,40}(?=\s*[,)])'
_COUNT_BYTES = 100
# Two values with a separator or a line break between them.
_PAIR = (
    rb'([A-Za-z0-9+/_\-]{8,}+={0,2}+)["\'`]?'
    rb'(?:[ \t]*+(?:[,:;|\-]|\\t)?[ \t]*+|[ \t]++/[ \t]++|[ \t]++--?[A-Za-z]{1,12}[ =]?'
    rb'|[ \t,]*+(?:\r?\n|\\n)[ \t]*+(?:[\-*][ \t]++)?'
    rb'(?:[A-Za-z]{1,10}[ \t]*+[:=][ \t]*+)?)'
    rb'["\'`]?(\w[A-Za-z0-9+/_\-]{11,}+)'
)
_PAIR_LINES = 3
# An image embedded in a page or a drawing: it begins as PNG, JPEG, GIF or WebP do in base64.
_IMAGE = rb'data:image/[a-z+.\-]{2,20};base64,(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR)[A-Za-z0-9+/=]*+'
# The text in quotes or between blanks, and signs that it is not a secret with symbols in it: an
# address, a template, markup; without quotes also a call, a member of an object, a condition.
_TEXT = defer_regex(rb'[^\s"\'`\x00]*')
_START_OF_TEXT = defer_regex(rb'[^\s"\'`\x00]*\Z')
_NO_SECRET = rb'://|[$#%]?\{|</?[A-Za-z]'
_NO_BARE_SECRET = rb'|[A-Za-z_]{3}\(|[)\]][.;,]|[a-z]{3}\.[a-z]{3}|&&|\|\|'
_QUOTES, _ENDS_OF_TEXT = b'"\'`', (b'"', b"'", b'`', b'\r', b'\n', b'')
_ASSIGNED = defer_regex(rb'[A-Za-z_][\w.\-]*[=:]')
_MIN_BROKEN_CHARS, _MAX_BROKEN_CHARS = 16, 160
# A word in the spelling of a name, `titleTemplate`: texts in base64 have digits and more capitals.
_CAMEL_WORD = rb'[A-Z]?[a-z]++(?:[A-Z][a-z]++)*+'
_MIN_CAMEL_CHARS = 8
_MAX_SECRET_CHARS = 200
_RUN = defer_regex(rb'[A-Za-z0-9+/_\-]{16,}')
_DIGIT = defer_regex(rb'[0-9]')
_SHORT_NAME_BYTES = 200
_ROW_BYTES = 2000  # the rest of the heads and the first row, or a rule and that row
_MIN_RUN_BYTES = 16
_CONTEXT_LINES = 6
_CONTEXT_BYTES = 1500
# The same for a longer line: in minified files related text is close together.
_LONG_LINE_BYTES = 600
# A piece cut off by an equals sign is not a value if it is shorter than this.
_MIN_PIECE_CHARS = 6
# `uses: actions/checkout@…`: a reference pinned to a commit.
_AT, _COMMIT = ord('@'), defer_regex(rb'[0-9a-f]{40}')
# Prefix of Cython's names: `__pyx_pw_` is not a password, and the text after `token_` in such a
# name is not a token.
_CYTHON = b'__pyx_'
# A name that another one is assigned with: `private_get_v5_api = privateGetV5Api = Entry[…](`.
_ASSIGNED_CALL = defer_regex(
    rb'(?<![^\s,])[A-Za-z_]\w*+ = (?:[A-Za-z_]\w*+ = )?[A-Za-z_][\w.]*+[\[(]'
)
# Kinds of patterns whose matches end in a run of characters that could be the value.
_RUN_KINDS = (
    NAME_KINDS - DECODED_KINDS - TABLE_KINDS - {'split-literal', 'login', 'short-name', 'issuer'}
)


def filter_matches(data: bytes, matches: Sequence[Match]) -> list[Match]:
    """Drop matches that are followed by ordinary words only, and those in images."""
    return filter_by_context(data, filter_by_words(data, matches))


def filter_by_words(data: bytes, matches: Sequence[Match]) -> list[Match]:
    """Drop matches followed by ordinary words only, looking at a few hundred bytes around them.

    Of one pattern's matches in one run of characters only the first is checked: the result would be
    the same for the others.
    """
    kept: list[Match] = []
    previous = None  # the pattern that matched before
    run_end = -1  # the end of the run in which it matched
    for match in matches:
        pattern, end = match
        if pattern.kind not in _RUN_KINDS:
            check = _CHECKS.get(pattern.kind)
            if check is None or check(data, end):
                kept.append(match)
        elif pattern is not previous or end > run_end:
            is_value, run_end = _check_run(data, pattern.kind, end)
            previous = pattern
            if is_value:
                kept.append(match)
    return kept


def _check_run(data: bytes, kind: PatternKind, end: int) -> tuple[bool, int]:
    """Tell whether the run of characters at `end` could be a value, and return its end."""
    if kind == 'symbols':
        return _check_symbols(data, end)
    return check_named_password(data, end) if kind == 'password' else _check_value(data, kind, end)


def filter_by_context(data: bytes, matches: list[Match]) -> list[Match]:
    """Drop matches by their wider surroundings: heads of tables without values, and images.

    The bytes of an image resemble a match now and then.
    """
    kept = [
        match
        for match in matches
        if match.pattern.kind not in _FAR_CHECKS or _FAR_CHECKS[match.pattern.kind](data, match.end)
    ]
    if not kept or b'data:image/' not in data:
        return kept
    images = [image.span() for image in compile_once(_IMAGE).finditer(data)]
    return [match for match in kept if not overlaps_any((match.end - 1, match.end), images)]


def overlaps_any(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """Tell whether `span` overlaps one of `others`, which are sorted by start.

    Only the last one that begins before its end is looked at.
    """
    index = bisect_left(others, (span[1], 0)) - 1
    return index >= 0 and span[0] < others[index][1]


def _check_value(data: bytes, kind: PatternKind, end: int) -> tuple[bool, int]:
    """Tell whether the run of characters at `end` is more than words, and return its end.

    Checking this here is cheaper than in detection.
    """
    first, last = find_run(data, end)
    if WORDY.fullmatch(data, first, last) or (
        first and data[first - 1] == _AT and _COMMIT.fullmatch(data, first, last)
    ):
        return False, last
    run = data[first:last]
    if data[last : last + 3] == b' = ' and _ASSIGNED_CALL.match(data, first):
        return False, last
    if NAME_OF_WORDS.fullmatch(run) and not is_random(run):
        return False, last
    if run.startswith(_CYTHON) or (
        b'=' in run
        and all(len(p) < _MIN_PIECE_CHARS or WORDY.fullmatch(p) for p in run.split(b'='))
    ):
        return False, last
    if kind != 'call' or last - first >= MIN_ARGUMENT_CHARS:
        return True, last
    return is_random(run) and not re.fullmatch(_NUMBERED_NAME, run), last


def _is_before_value(data: bytes, end: int) -> bool:
    """Tell whether more than words follows a name of two or three letters.

    After `pw`, a password is enough.
    """
    last = min(len(data), end + _SHORT_NAME_BYTES)
    if data[max(0, end - len(_CYTHON) - 3) : end].startswith(_CYTHON):
        return False
    if b'pw' in data[end - 3 : end].lower():
        return any(
            check_password(data, digit.end())[0] for digit in _DIGIT.finditer(data, end, last)
        )
    return any(WORDY.fullmatch(run.group()) is None for run in _RUN.finditer(data, end, last))


def _check_symbols(data: bytes, end: int) -> tuple[bool, int]:
    """Tell whether the text in quotes or between blanks at `end` is random, and return its end.

    All such secrets contain a letter, a digit and a symbol, and are not an address, call or
    template.
    """
    before = _START_OF_TEXT.search(data, max(0, end - _MAX_BROKEN_CHARS), end)
    after = _TEXT.match(data, end, end + _MAX_BROKEN_CHARS)
    first, last = before.start() if before else end, after.end() if after else end
    is_whole = data[last : last + 1] in _ENDS_OF_TEXT
    if not (first and data[first - 1] in _QUOTES):
        name = _ASSIGNED.match(data, first, last)
        first = name.end() if name else first
        is_whole = is_whole and name is not None
    text = data[first:last]
    if last - first < _MIN_BROKEN_CHARS or _DIGIT.search(text) is None:
        return False, last
    pattern = _NO_SECRET if is_whole else _NO_SECRET + _NO_BARE_SECRET
    return not re.search(pattern, text) and is_random(text), last


def _is_no_counter(data: bytes, end: int) -> bool:
    """Tell whether a sum is not just a counter's: `call(seed=seed + rank)`."""
    return not any(
        match.start() < end <= match.end()
        for match in compile_once(_COUNT).finditer(
            data, max(0, end - _COUNT_BYTES), end + _COUNT_BYTES
        )
    )


def _is_above_row(data: bytes, end: int) -> bool:
    """Tell whether a row with more than words follows, or a rule and such a row."""
    start, last = max(0, end - _MIN_RUN_BYTES), min(len(data), end + _ROW_BYTES)
    return any(WORDY.fullmatch(run.group()) is None for run in _RUN.finditer(data, start, last))


def _is_above_cells(data: bytes, end: int) -> bool:
    """Tell whether a cell of HTML with more than words follows the head of a column."""
    last = min(len(data), end + _ROW_BYTES)
    body = data[end:last].lower().find(b'<td')
    return body >= 0 and _is_above_row(data, end + body)


def _is_before_pair(data: bytes, end: int) -> bool:
    """Tell whether an issuer's word is followed by two values, side by side or on two lines."""
    if not may_be_pair(data, end):
        return False
    first = end - 1
    last = min(len(data), first + PAIR_BYTES)
    for pair in compile_once(_PAIR).finditer(data, first, last):
        if not any(WORDY.fullmatch(value) for value in pair.groups()) and _DIGIT.search(pair[2]):
            return data.count(b'\n', first, pair.start()) <= _PAIR_LINES
    return False


def _may_be_encoded(data: bytes, end: int) -> bool:
    """Tell whether the text around `end` is more than one word in the spelling of a name."""
    after = data[end : end + MAX_RUN_CHARS]
    last = end + len(after) - len(after.lstrip(RUN_CHARS))
    first = max(0, end - MAX_RUN_CHARS)
    first += len(data[first:end].rstrip(RUN_CHARS))
    is_word = first < end and last - first >= _MIN_CAMEL_CHARS
    return not is_word or re.fullmatch(_CAMEL_WORD, data[first:last]) is None


def _is_before_secret(data: bytes, end: int) -> bool:
    """Tell whether the second part of a login is a value, not a template: `${host}:${port}`."""
    secret = data[max(0, end - _MAX_SECRET_CHARS) : end].rpartition(b':')[2]
    return b'`' not in secret and b'${' not in secret


# Checks for kinds of matches that rarely mean anything.
_CHECKS: dict[PatternKind, Callable[[bytes, int], bool]] = {
    'short-name': _is_before_value,
    'issuer': _is_before_pair,
    'phrase': may_be_phrase,
    'expression': _is_no_counter,
    'encoded': _may_be_encoded,
    'login': _is_before_secret,
}


# The same for kinds whose values may be far away.
_FAR_CHECKS: dict[PatternKind, Callable[[bytes, int], bool]] = {
    'header': _is_above_row,
    'head-cell': _is_above_cells,
}


def follows_name(match: Match) -> bool:
    """Tell whether a match is a name with a possible value after it, not the head of a column."""
    return match.pattern.kind in NAME_KINDS and match.pattern.kind not in TABLE_KINDS


def list_windows(
    data: bytes, matches: Iterable[Match], is_wanted: Callable[[Match], bool] = follows_name
) -> list[tuple[int, int]]:
    """List ranges of whole lines around the wanted matches, merged: those of names."""
    found: list[tuple[int, int]] = []
    for match in matches:
        if not is_wanted(match):
            continue
        end = match.end
        start, stop = find_lines_around(data, end)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def find_lines_around(
    data: bytes, end: int, lines: int = _CONTEXT_LINES, reach: int = _CONTEXT_BYTES
) -> tuple[int, int]:
    """Return a range of some lines before and after an offset, cut where lines are very long.

    `lines` are those on each side, of which one is that of the offset; `reach` the most bytes.
    """
    start, lower = end, max(0, end - reach)
    for number in range(lines):
        start = data.rfind(b'\n', lower, start)
        if start < 0:
            start = lower if number else max(0, end - _LONG_LINE_BYTES)
            break
    stop, upper = end, min(len(data), end + reach)
    for number in range(lines):
        stop = data.find(b'\n', stop + 1, upper)
        if stop < 0:
            stop = upper if number else min(len(data), end + _LONG_LINE_BYTES)
            break
    return start, stop
