"""Drop matches that repeat others, such as those of a log with the same token on each line.

For every match, detection has to walk through the text around it. Of a text that is repeated
thousands of times the first occurrences are enough, and those close to another match, which they
may belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache

from keylint.core.lazy_re import re
from keylint.core.limits import MIN_REPEATED
from keylint.matcher.hyperscan import MAX_MATCHES, Matcher
from keylint.matcher.match import DECLARATION_KINDS, LEAK_KINDS, TOKEN_KINDS, Match, PatternKind
from keylint.matcher.patterns import NEXT_LINE

# How often the same text may occur before it counts as a repetition.
MAX_SAME = 8
# How many matches of a pattern about permissions or addresses are kept: logs have millions.
MAX_DECLARED = 20_000
# A repetition may belong to a match that is not one, if it is within this many matches on either
# side and within this many bytes.
MAX_BESIDE, MAX_BESIDE_BYTES = 8, 1500
# The text before a match that identifies it: the end of a name, or of a token.
_BEFORE_NAME_BYTES, _BEFORE_TOKEN_BYTES, _RUN_BYTES = 16, 32, 400
_SEPARATORS = rb'\s"\'`,;<>(){}\[\]&?|@'
# The expressions are compiled on use, because few runs have so many matches.
_BEFORE_RUN = rb'(?s).*[' + _SEPARATORS + rb']'
_RUN = rb'[^' + _SEPARATORS + rb']*+'
# A token, or the text below its heading: all PEM keys have the same heading.
_TOKEN = rb'[A-Za-z0-9_\-+=.~]*+(?:\\n|\s){0,4}+[A-Za-z0-9+/=]{0,160}+'
# The text that identifies the values of these kinds, which are not the run in which they end.
_WIDE: dict[PatternKind, bytes] = {
    'call': rb'[^)\n]*+',
    'split-literal': rb'(?:[^\s,]*+[ \t,]*+){0,4}',
    'short-name': rb'(?:[^\s,]*+[ \t,]*+){0,4}',
    'expression': rb'(?:[^\s,]*+[ \t,]*+){0,4}',
}
# A separate name before a value that matched because of another name, on a line above.
_OWN_NAME = rb'[A-Za-z_][\w.\-]*+["\']?[ \t]?[=:][ \t]?["\']?\Z'
_DIGITS = b'0123456789'
_compile = cache(re.compile)
# The portions of a text with too many matches overlap by more bytes than any match has.
_OVERLAP_BYTES = 1 << 16


def drop_repeats(data: bytes, matches: list[Match]) -> list[Match]:
    """Drop the matches that repeat others of the same text, if there are very many."""
    if len(matches) <= MIN_REPEATED:
        return matches
    counts: dict[Hashable, int] = {}
    firsts: list[int] = []
    for number, match in enumerate(matches):
        key = _make_key(data, match)
        count = counts.get(key, 0) if key is not None else 0
        if count < (MAX_DECLARED if match.pattern.kind in DECLARATION_KINDS else MAX_SAME):
            firsts.append(number)
        if key is not None:
            counts[key] = count + 1
    if len(firsts) == len(matches):
        return matches
    # Statements about permissions stand on their own: nothing near them belongs to them.
    leaks = [number for number in firsts if matches[number].pattern.kind in LEAK_KINDS]
    kept = list_kept(leaks, [match.end for match in matches])
    return [matches[number] for number in sorted({*firsts, *kept})]


def list_kept(firsts: Sequence[int], places: Sequence[int]) -> Iterator[int]:
    """Yield, in order, the numbers in `firsts` and those of the matches close to them.

    `places` are the offsets of all matches, sorted.
    """
    last = -1
    for first in firsts:
        place = places[first]
        start = first
        lower = max(last + 1, first - MAX_BESIDE)
        while start > lower and place - places[start - 1] <= MAX_BESIDE_BYTES:
            start -= 1
        stop = first + 1
        upper = min(len(places), stop + MAX_BESIDE)
        while stop < upper and places[stop] - place <= MAX_BESIDE_BYTES:
            stop += 1
        yield from range(max(start, last + 1), stop)
        last = max(last, stop - 1)


def _make_key(data: bytes, match: Match) -> Hashable | None:
    """Return a key that repetitions of a match share; None for a match that is always kept."""
    pattern, end = match
    kind = pattern.kind
    if kind in DECLARATION_KINDS:
        return pattern.number
    if kind == 'encoded' or kind not in LEAK_KINDS:
        return None
    if kind in TOKEN_KINDS:
        before = data[max(0, end - _BEFORE_TOKEN_BYTES) : end]
        return pattern.number, before, _match_group(_TOKEN, data, end)
    if kind in _WIDE:
        line = data[max(0, end - 2 * _BEFORE_TOKEN_BYTES) : end].rpartition(b'\n')[2]
        return pattern.number, line, _match_group(_WIDE[kind], data, end)
    start = end - 1
    before = data[max(0, start - _RUN_BYTES) : start]
    cut = _compile(_BEFORE_RUN).match(before)
    first = start - len(before) + (cut.end() if cut else 0)
    name = b''
    run = data[first:start]
    if b'=' not in run and b':' not in run:  # a name within the run is enough
        name = data[max(0, first - _BEFORE_NAME_BYTES) : first].translate(None, _DIGITS)
    if pattern.number == NEXT_LINE and _compile(_OWN_NAME).search(
        before, 0, len(before) - start + first
    ):
        return pattern.number, name
    return pattern.number, name, run, _match_group(_RUN, data, start)


def _match_group(pattern: bytes, data: bytes, start: int) -> bytes:
    found = _compile(pattern).match(data, start, start + _RUN_BYTES)
    return found.group() if found else b''


def go_on_matching(
    matcher: Matcher,
    data: bytes,
    found: list[Match],
    select: Callable[[bytes, Sequence[Match]], list[Match]],
) -> tuple[list[Match], bool]:
    """List the matches of a text in which the matcher stopped at its limit, `MAX_MATCHES`.

    `found` are the matches up to there. If most are repetitions, the matcher is started again after
    them. `select` keeps the matches that may mean something. Also tells whether there are still too
    many.
    """
    kept: list[Match] = []
    done = 0  # the offset up to which matches are known
    while True:
        new = [match for match in found if match.end > done]
        kept = drop_repeats(data, kept + select(data, new))
        if len(found) < MAX_MATCHES:
            return kept, False
        if len(kept) >= MAX_MATCHES or not new:
            return kept[:MAX_MATCHES], True
        done = found[-1].end
        start = max(0, done - _OVERLAP_BYTES)
        portion = matcher.find_matches(data[start:])
        found = [Match(pattern, end + start) for pattern, end in portion]
