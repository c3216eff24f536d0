"""Find which issuers a fragment speaks of, and where: host names, imports, `exchange: kraken`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from keylint.core.model import Fragment, Setting
from keylint.core.names import squeeze_name
from keylint.core.records import NamedTuple
from keylint.core.spans import Lines
from keylint.core.terms import KINDS_WITHOUT_ISSUER
from keylint.rules.rule_set import RuleSet

_MAX_LINES = 60
# Minified documents have no lines: there as many bytes as a long line has count as one.
_LINE_BYTES = 200
# How strongly a mention speaks of its issuer: on the same line, on the lines around, by the path.
_SAME_LINE, _NEXT_LINE, _FARTHEST_LOSS, _BY_PATH = 70, 60, 20, 35
_FAR_AWAY = 10**9
# Settings whose value may name the issuer of the keys beside them.
_NAME_SETTINGS = frozenset(
    """exchange name exchangename exchangeid broker provider platform venue market id type connector
    gateway issuer service kind account ccxtid driver title site website entry""".split()
)
_MAX_NAME_BYTES = 60


class IssuerContext(NamedTuple):
    """Sorted offsets of the mentions of issuers, line starts, and issuers of the file's path."""

    mentions: dict[str, list[int]]
    lines: list[int]
    in_path: frozenset[str]

    def find_line(self, offset: int) -> int:
        """Return the number of the line that holds an offset, counted from 0."""
        return bisect_left(self.lines, offset + 1) - 1

    def count_lines(self, before: int, after: int) -> int:
        """Count the lines between two offsets; a very long line counts as several."""
        return max(self.find_line(after) - self.find_line(before), (after - before) // _LINE_BYTES)

    def rate_proximity(self, issuer: str, start: int, end: int) -> int:
        """Rate how strongly the text around `start:end` speaks of the issuer.

        70 on the same line, falling from 60 to 40 with the distance, 35 where only the path does,
        else 0. In a document of one line a far mention says nothing: other documents may stand
        between.
        """
        places = self.mentions.get(issuer)
        if not places:
            return _BY_PATH if issuer in self.in_path else 0
        index = bisect_left(places, start)
        distance = _FAR_AWAY
        for place in places[max(0, index - 1) : index + 1]:
            if place < start:
                gap = self.count_lines(place, start)
            else:
                gap = self.count_lines(end, place) * 2
            if gap <= 0:
                return _SAME_LINE
            if gap <= _MAX_LINES or self.find_line(place) != self.find_line(start):
                distance = min(distance, gap)
        if distance == _FAR_AWAY:
            return 0
        return _NEXT_LINE - min(_FARTHEST_LOSS, distance * _FARTHEST_LOSS // _MAX_LINES)


def find_context(
    data: bytes, path: str, pack: RuleSet, values: list[tuple[int, int]]
) -> IssuerContext:
    """Find all mentions of issuers in a fragment, and what its path says.

    Mentions inside of `values` (byte spans) do not count: random text mentions nobody.
    """
    mentions: dict[str, list[int]] = {}
    spans = sorted(values)
    starts = [first for first, _ in spans]
    # How far the spans reach that begin up to each of them.
    reach = list(accumulate((last for _, last in spans), max))
    for start, issuer in find_mentions(data, pack):
        before = bisect_left(starts, start + 1)
        if before and start < reach[before - 1]:
            continue
        places = mentions.setdefault(issuer, [])
        if not places or places[-1] != start:
            places.append(start)
    # A text whose lines end with CR alone counts as one line here.
    lines = Lines(data).starts if b'\n' in data else [0]
    return IssuerContext(mentions, lines, frozenset(pack.issuers_in_path(path)))


def list_nearby_issuers(
    fragments: Sequence[Fragment], pack: RuleSet
) -> Iterator[tuple[int, frozenset[str]]]:
    """Yield number and issuers of each fragment that is the source of a cell, if it speaks of any.

    Wallets do not count: their words are those of chains.
    """
    for number, fragment in enumerate(fragments):
        if fragment.cell is None or fragment.cell.part != 'source':
            continue
        issuers = {issuer for _, issuer in find_mentions(fragment.data, pack)}
        named = frozenset(
            one for one in issuers if pack.rules[one].kind not in KINDS_WITHOUT_ISSUER
        )
        if named:
            yield number, named


def find_mentions(data: bytes, pack: RuleSet) -> Iterator[tuple[int, str]]:
    """Yield offset and issuer of every mention that is no part of a longer one.

    `binance.us` is not also `binance`.
    """
    words = pack.issuer_words
    found = []
    for number, end in pack.words.scan(data):
        text, is_word, issuer = words[number]
        start = end - len(text.encode())
        if not is_word or _is_whole_word(data, start, end):
            found.append((start, -end, issuer))
    covered = (0, 0)
    for start, negative, issuer in sorted(found):
        end = -negative
        if covered[0] <= start and end <= covered[1] and end - start < covered[1] - covered[0]:
            continue
        if end > covered[1]:
            covered = (start, end)
        yield start, issuer


def _is_whole_word(data: bytes, start: int, end: int) -> bool:
    """Tell whether no letter continues the word: `binanceClient` counts, `rebinanced` does not."""
    before = data[start - 1 : start]
    after = data[end : end + 1]
    if before.isalpha() and not (before.islower() and data[start : start + 1].isupper()):
        return False
    return not (after.isalpha() and not (after.isupper() and data[end - 1 : end].islower()))


def list_named_parents(
    settings: tuple[Setting, ...], pack: RuleSet
) -> dict[tuple[str, ...], frozenset[str]]:
    """Map the path of each mapping that names issuers (`exchange: kraken`) to these issuers."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for setting in settings:
        if (
            setting.path
            and len(setting.value) < _MAX_NAME_BYTES
            and squeeze_name(setting.path[-1]) in _NAME_SETTINGS
        ):
            name = setting.value.decode('utf-8', 'replace')
            issuers = pack.issuers_in(name) or pack.issuers_titled(squeeze_name(name))
            if issuers:
                parent = setting.path[:-1]
                found[parent] = found.get(parent, frozenset()) | frozenset(issuers)
    return found


def find_siblings(
    parent: tuple[str, ...], named: dict[tuple[str, ...], frozenset[str]]
) -> frozenset[str]:
    """Return the issuers named in a mapping, or else in its nearest ancestor that names one."""
    for depth in range(len(parent), -1, -1):
        if parent[:depth] in named:
            return named[parent[:depth]]
    return frozenset()
