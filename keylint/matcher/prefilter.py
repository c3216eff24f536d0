"""Drop matches where only ordinary words follow a telling name: the vast majority of all matches."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from keylint.matcher.match import DECODED_KINDS, NAME_KINDS, Match, PatternKind
from keylint.validators.randomness import is_random

WORDY = re.compile(rb'[a-z_\-/=.]*|[A-Z_\-/=.]*|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|[0-9eE+_\-.]*')
# Names and paths of words with acronyms and small numbers: `RESTPreProcessor`, `/api/v1/orders`, `market_2_fees`.
_WORDS = (
    rb'(?>(?:[A-Z]{1,5}[a-z]{2,})++[A-Z]{0,5}+|[A-Z]?[a-z]++(?:[A-Z][a-z]++)*+|[A-Z]*+)[0-9]{0,2}+'
)
_NAME = re.compile(_WORDS + rb'(?:[_/\-.=]++' + _WORDS + rb')*+')
# The next three are compiled where they are asked for, and remembered by `re`: most runs of the hook end before.
# A name with one digit in its midst, `fetchL2OrderBook`: as an argument it is no value.
_NUMBERED_NAME = rb'[a-z]{3,}[A-Z][0-9](?:[A-Z][a-z]{3,})+'
# An argument that is the variable of the same name and something more.
_COUNT = rb'[(,]\s*([A-Za-z_]\w{0,40})=\1 ?\+ ?[A-Za-z_]\w{0,40}(?=\s*[,)])'
_COUNT_REACH = 100
# An image in the text of a page or a drawing: it begins as PNG, JPEG, GIF or WebP do in base64.
_IMAGE = rb'data:image/[a-z+.\-]{2,20};base64,(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR)[A-Za-z0-9+/=]*+'
_PASSWORD = re.compile(rb'[^\s"\'`,;(){}\[\]$<>]*')
_START_OF_WORD = re.compile(rb'[^\s"\'`,;(){}\[\]$<>]*\Z')
# A stretch of base64 that is longer than any password.
_LONG_CODE = re.compile(rb'[A-Za-z0-9+/]*')
_SHORTEST_PASSWORD = 8
_PASSWORD_REACH = 80
_NAMES_PASSWORD = re.compile(rb'(?i)(?:pass(?:word|wd|phrase)?|pwd)["\'\]]?\s{0,4}(?:[:=(,>]|is\b)')
_IDENTIFIER = re.compile(rb'[A-Za-z_]\w*')
_BLANKS = 4
_FILE = re.compile(rb'[/\\][^/\\]*+\.[A-Za-z]{1,4}\Z')
_LONGEST_PASSWORD = 64
_RUN = re.compile(rb'[A-Za-z0-9+/_\-]{16,}')
_DIGIT = re.compile(rb'[0-9]')
_SHORT_REACH = 200
_LINES_AROUND = 6
_REACH = 1500
# The same in a line that is longer than that: what belongs together in minified files stands side by side.
_REACH_IN_LINE = 600
_RUN_CHARS = b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-='
_LONGEST_RUN = 300
# `uses: actions/checkout@…`: what is pinned to a commit.
_AT, _COMMIT = ord('@'), re.compile(rb'[0-9a-f]{40}')
# Words of running English that are in no phrase: where one stands in every dozen, the word lists need not be loaded.
PROSE = frozenset(
    b"""after and are been but could data default did does each every existing for from get had has her his its may
    new none not null our per remains see set than the their these those uses using value values via was
    were which while with without would your""".split()
)
_DOZEN = 12 * 13 + 4
# A word of five letters that has no vowel is in no list of words for phrases.
_VOWELS = frozenset(b'aeiouy')
_SHORTEST_WITH_VOWEL = 5
# What Cython's names begin with: `__pyx_pw_` is no password, and what follows `token_` in one no token.
_CYTHON = b'__pyx_'
# Kinds of patterns whose matches end in a run of characters that could be the value.
_RUN_KINDS = NAME_KINDS - DECODED_KINDS - {'split-literal', 'login', 'short-name'}


def filter_matches(data: bytes, matches: Sequence[Match]) -> list[Match]:
    """Drop matches that are followed by ordinary words only.

    Of the matches of one pattern in one run of characters only the first is looked at: the others would say the same of the same value.
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
    return _drop_images(data, kept) if kept and b'data:image/' in data else kept


def _check_run(data: bytes, kind: PatternKind, end: int) -> tuple[bool, int]:
    """Tell whether the run of characters at `end` could be a value, and where it ends."""
    return _in_password(data, end) if kind == 'password' else _in_run(data, kind, end)


def _drop_images(data: bytes, matches: list[Match]) -> list[Match]:
    """Drop matches in images: their bytes look like anything now and then."""
    images = [image.span() for image in re.finditer(_IMAGE, data)]
    return [match for match in matches if not overlaps_any((match.end - 1, match.end), images)]


def overlaps_any(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """True if `span` overlaps the last of `others` (sorted by start) that begins before its end."""
    index = bisect_left(others, (span[1], 0)) - 1
    return index >= 0 and span[0] < others[index][1]


def _may_be_phrase(data: bytes, end: int) -> bool:
    """Whether none of the eleven words before the one that ends here, or goes on here, is prose or no word at all."""
    words = data[max(0, end - _DOZEN) : end].split()[-12:-1]
    return PROSE.isdisjoint(words) and not any(
        len(word) >= _SHORTEST_WITH_VOWEL and _VOWELS.isdisjoint(word) for word in words
    )


def _in_run(data: bytes, kind: PatternKind, end: int) -> tuple[bool, int]:
    """Whether the run of characters that woke the gate is more than words, cheaper to see here than in a window; and its end."""
    first = last = min(end, len(data)) - 1
    if data[first] not in _RUN_CHARS:
        first -= 2
        last = first
    first, last = max(first, 0), max(last, 0)
    lower = max(0, end - _LONGEST_RUN)
    first = lower + len(data[lower:first].rstrip(_RUN_CHARS))
    upper = data[last : end + _LONGEST_RUN]
    last += len(upper) - len(upper.lstrip(_RUN_CHARS))
    if WORDY.fullmatch(data, first, last) or (
        first and data[first - 1] == _AT and _COMMIT.fullmatch(data, first, last)
    ):
        return False, last
    run = data[first:last]
    if _NAME.fullmatch(run) and not is_random(run):
        return False, last
    if run.startswith(_CYTHON) or (
        b'=' in run and all(WORDY.fullmatch(piece) for piece in run.split(b'='))
    ):
        return False, last
    return kind != 'call' or last - first >= 48 or (
        is_random(run) and not re.fullmatch(_NUMBERED_NAME, run)
    ), last


def _stands_before_value(data: bytes, end: int) -> bool:
    """Whether something that is not made of words follows a name of two or three letters; behind `pw` it may be short."""
    last = min(len(data), end + _SHORT_REACH)
    if data[max(0, end - len(_CYTHON) - 3) : end].startswith(_CYTHON):
        return False
    if b'pw' in data[end - 3 : end].lower():
        return any(_in_password(data, digit.end())[0] for digit in _DIGIT.finditer(data, end, last))
    return any(WORDY.fullmatch(run.group()) is None for run in _RUN.finditer(data, end, last))


def _in_password(data: bytes, end: int) -> tuple[bool, int]:
    """Whether the digit before `end` stands in a word that is long enough for a password and no number; and the end of that word."""
    before = _START_OF_WORD.search(data, max(0, end - _LONGEST_PASSWORD), end)
    after = _PASSWORD.match(data, end, end + _LONGEST_PASSWORD)
    first, last = before.start() if before else end, after.end() if after else end
    if _is_name_or_file(data, first, last) or _is_variable(data, first, last):
        return False, last
    if (
        first == end - _LONGEST_PASSWORD
        and last == end + _LONGEST_PASSWORD
        and _LONG_CODE.fullmatch(data, first, last)
    ):
        return False, last
    return last - first >= _SHORTEST_PASSWORD and WORDY.fullmatch(data, first, last) is None, last


def _is_name_or_file(data: bytes, first: int, last: int) -> bool:
    """Whether the word is the telling name itself, with a number (`TEMPLATE_PASS1`), or the name of a file (`temp/pass1.tmp`)."""
    word = data[first:last]
    if b'pass' not in word.lower() or not _NAME.fullmatch(word.replace(b'\\', b'/')):
        return False
    return _FILE.search(word) is not None or not _NAMES_PASSWORD.search(
        data, max(0, first - _PASSWORD_REACH), first
    )


def _is_variable(data: bytes, first: int, last: int) -> bool:
    """Whether the word is an argument without quotes: `copy(pass, buffer1)`."""
    before, after = (
        data[max(0, first - _BLANKS) : first],
        data[last : last + _BLANKS].lstrip(b' ')[:1],
    )
    is_argument = before.rstrip(b' ').endswith(b'(') or (
        before.endswith(b' ') and before.rstrip(b' ').endswith(b',')
    )
    return (
        is_argument
        and after in (b',', b')')
        and _IDENTIFIER.fullmatch(data, first, last) is not None
    )


def _is_no_count(data: bytes, end: int) -> bool:
    """Whether the sum is another one than that of a number: `call(seed=seed + rank)`."""
    return not any(
        match.start() < end <= match.end()
        for match in re.compile(_COUNT).finditer(
            data, max(0, end - _COUNT_REACH), end + _COUNT_REACH
        )
    )


# What is asked about three kinds of matches that are mostly nothing.
_CHECKS: dict[PatternKind, Callable[[bytes, int], bool]] = {
    'short-name': _stands_before_value,
    'phrase': _may_be_phrase,
    'expression': _is_no_count,
}


def list_windows(data: bytes, matches: Iterable[Match]) -> list[tuple[int, int]]:
    """List ranges of whole lines around the matches of names, merged."""
    found: list[tuple[int, int]] = []
    for pattern, end in matches:
        if pattern.kind not in NAME_KINDS:
            continue
        start, stop = lines_around(data, end)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def lines_around(data: bytes, end: int) -> tuple[int, int]:
    """Some lines before and after an offset, cut where lines are very long."""
    start, lower = end, max(0, end - _REACH)
    for number in range(_LINES_AROUND):
        start = data.rfind(b'\n', lower, start)
        if start < 0:
            start = lower if number else max(0, end - _REACH_IN_LINE)
            break
    stop, upper = end, min(len(data), end + _REACH)
    for number in range(_LINES_AROUND):
        stop = data.find(b'\n', stop + 1, upper)
        if stop < 0:
            stop = upper if number else min(len(data), end + _REACH_IN_LINE)
            break
    return start, stop
