"""Which issuers a fragment speaks of, and where: host names, imports, comments, `exchange: kraken`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from keylint.rules.rule_set import Pack

_FAR_LINES = 60
# Minified documents have no lines: there as many bytes as a long line has count as one.
_LINE_BYTES = 200


class Evidence(NamedTuple):
    """Offsets (sorted) at which each issuer is mentioned, the line starts, and what the file's own name says."""

    mentions: dict[str, list[int]]
    lines: list[int]
    in_path: frozenset[str]

    def line(self, offset: int) -> int:
        """The number of the line, from 0."""
        return bisect_left(self.lines, offset + 1) - 1

    def gap(self, before: int, after: int) -> int:
        """How many lines lie between two offsets; a line without end counts as several."""
        return max(self.line(after) - self.line(before), (after - before) // _LINE_BYTES)

    def nearness(self, issuer: str, start: int, end: int) -> int:
        """How strongly the text around `start:end` speaks of the issuer: 70 on the same line, falling to 40, else 0. In a document of
        one line a far mention says nothing: other documents may stand between.
        """
        places = self.mentions.get(issuer)
        if not places:
            return 35 if issuer in self.in_path else 0
        index = bisect_left(places, start)
        distance = 10**9
        for place in places[max(0, index - 1) : index + 1]:
            gap = self.gap(place, start) if place < start else self.gap(end, place) * 2
            if gap <= 0:
                return 70
            if gap <= _FAR_LINES or self.line(place) != self.line(start):
                distance = min(distance, gap)
        return 60 - min(20, distance * 20 // _FAR_LINES) if distance < 10**9 else 0


def gather(data: bytes, path: str, pack: Pack, values: list[tuple[int, int]]) -> Evidence:
    """All mentions of issuers in a fragment, but for those inside of `values`: random text mentions nobody."""
    mentions: dict[str, list[int]] = {}
    spans = sorted(values)
    starts = [first for first, _ in spans]
    reach = list(
        accumulate((last for _, last in spans), max)
    )  # how far the spans go that begin before a place
    for start, issuer in _longest(data, pack):
        before = bisect_left(starts, start + 1)
        if before and start < reach[before - 1]:
            continue
        places = mentions.setdefault(issuer, [])
        if not places or places[-1] != start:
            places.append(start)
    lines = [0]
    position = data.find(b'\n')
    while position >= 0:
        lines.append(position + 1)
        position = data.find(b'\n', position + 1)
    return Evidence(mentions, lines, frozenset(pack.issuers_in_path(path)))


def _longest(data: bytes, pack: Pack) -> Iterator[tuple[int, str]]:
    """Offset and issuer of every mention that is no part of a longer one: `binance.us` is not also `binance`."""
    words = pack.issuer_words
    found = []
    for number, end in pack.words.scan(data):
        text, is_word, issuer = words[number]
        start = end - len(text.encode())
        if not is_word or _stands_alone(data, start, end):
            found.append((start, -end, issuer))
    covered = (0, 0)
    for start, negative, issuer in sorted(found):
        end = -negative
        if covered[0] <= start and end <= covered[1] and end - start < covered[1] - covered[0]:
            continue
        if end > covered[1]:
            covered = (start, end)
        yield start, issuer


def _stands_alone(data: bytes, start: int, end: int) -> bool:
    """Whether no letter continues the word: `binanceClient` and `BINANCE_KEY` count, `rebinanced` does not."""
    before = data[start - 1 : start]
    after = data[end : end + 1]
    if before.isalpha() and not (before.islower() and data[start : start + 1].isupper()):
        return False
    return not (after.isalpha() and not (after.isupper() and data[end - 1 : end].islower()))
