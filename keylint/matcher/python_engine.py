"""The gate in Python's own `re`, for systems without a build of Hyperscan: equivalent, but slower.

Hyperscan reports every end of every match. `re` finds one match at a position, so each expression
is reversed, and a look-ahead at every position of the mirrored text finds where matches end. This
is done only near the places where the expression itself matches, and only for texts that contain
one of the words that it needs.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from keylint.matcher.expressions import MAX_LEAD, UNBOUNDED, PatternError, mirror_expression

ENGINE = 'python-1'
# The number of bytes by which needles are looked up among those of a text.
_GRAM = 3
# An expression, its mirror image, its widths, whether it checks the end of the text, its needles.
_Parts = tuple[bytes, bytes, int, int, bool, tuple[tuple[bytes, int], ...]]


class PythonDatabase:
    """A set of expressions, each compiled once a text contains what it needs."""

    def __init__(self, parts: Sequence[_Parts], is_once: bool, max_matches: int) -> None:
        self._parts = tuple(parts)
        self._is_once = is_once
        self._max_matches = max_matches
        self._expressions = [_Expression(*part) for part in parts]

    @cached_property
    def _by_gram(self) -> tuple[frozenset[int], dict[bytes, list[int]]]:
        """Return the expressions any text may match, and the others by the start of a needle."""
        always = set()
        found: dict[bytes, list[int]] = {}
        for number, expression in enumerate(self._expressions):
            grams = {text[:_GRAM] for text, _ in expression.needles}
            if not grams or min(map(len, grams)) < _GRAM:
                always.add(number)
            else:
                for gram in grams:
                    found.setdefault(gram, []).append(number)
        return frozenset(always), found

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """List pairs of pattern number and end offset, in the order of the ends."""
        if not data:
            return []
        lowered = data.lower()
        grams = {lowered[place : place + _GRAM] for place in range(len(lowered) - _GRAM + 1)}
        always, by_gram = self._by_gram
        numbers = set(always)
        for gram in by_gram.keys() & grams:
            numbers.update(by_gram[gram])
        found: list[tuple[int, int]] = []
        for number in numbers:
            for end in self._expressions[number].find_ends(data, lowered, grams):
                found.append((end, number))
                if self._is_once:
                    break
        found.sort()
        return [(number, end) for end, number in found[: self._max_matches]]

    def to_bytes(self) -> bytes:
        """Serialise the expressions from which the database was made."""
        return marshal.dumps((ENGINE, self._is_once, self._parts))


def compile_python_database(
    patterns: Sequence[bytes], is_once: bool, max_matches: int
) -> PythonDatabase:
    """Parse the expressions, each numbered by its position. Raises PatternError."""
    parts = []
    for pattern in patterns:
        mirror = mirror_expression(pattern)
        needles = tuple((needle.text, needle.lead) for needle in sorted(mirror.needles))
        parts.append((pattern, mirror.source, mirror.least, mirror.most, mirror.has_end, needles))
    return PythonDatabase(parts, is_once, max_matches)


def load_python_database(data: bytes, max_matches: int) -> PythonDatabase:
    """Load the output of `to_bytes`. Raises PatternError if another engine made it."""
    try:
        engine, is_once, parts = marshal.loads(data)  # noqa: S302 - our own file
    except (EOFError, ValueError, TypeError):
        raise PatternError('made by another engine') from None
    if engine != ENGINE:
        raise PatternError('made by another engine')
    return PythonDatabase(parts, is_once, max_matches)


class _Expression:
    """One expression: the needles that it needs, itself, and its mirror image."""

    def __init__(
        self,
        pattern: bytes,
        mirror: bytes,
        least: int,
        most: int,
        has_end: bool,
        needles: Sequence[tuple[bytes, int]],
    ) -> None:
        self._pattern, self._mirror = pattern, mirror
        self._least, self._most = least, most
        self._has_end = has_end
        self.needles = needles
        self._has_places = bool(needles) and all(lead <= MAX_LEAD for _, lead in needles)

    def find_ends(self, data: bytes, lowered: bytes, grams: set[bytes]) -> Iterator[int]:
        """Yield every offset at which a match ends, in their order."""
        if self._has_end:  # it matches a whole value, so the offset of the end is not needed
            found = self._forward.search(data)
            if found:
                yield found.end()
            return
        starts = self._list_starts(data, lowered, grams)
        for start, stop in self._join_windows(starts, len(data)):
            yield from self._find_in_window(data, start, stop)

    @cached_property
    def _forward(self) -> re.Pattern[bytes]:
        return re.compile(self._pattern)

    @cached_property
    def _backward(self) -> re.Pattern[bytes]:
        flags = re.match(rb'\(\?[is]+\)', self._mirror)
        head = flags.group() if flags else b''
        return re.compile(head + b'(?=(?:' + self._mirror[len(head) :] + b'))')

    def _list_starts(self, data: bytes, lowered: bytes, grams: set[bytes]) -> Iterator[int]:
        """Yield, in order, the offsets where matches begin."""
        if self._has_places:
            places = self._list_places(lowered, grams)
            matches = self._forward.match if places else None
            yield from (place for place in places if matches and matches(data, place))
            return
        found = self._forward.search(data)
        while found:
            yield found.start()
            found = self._forward.search(data, found.start() + 1)

    def _list_places(self, lowered: bytes, grams: set[bytes]) -> list[int]:
        """List the offsets where matches may begin: at the needles, and before them."""
        places: set[int] = set()
        for text, lead in self.needles:
            if len(text) >= _GRAM and text[:_GRAM] not in grams:
                continue
            place = lowered.find(text)
            while place >= 0:
                places.update(range(max(0, place - lead), place + 1))
                place = lowered.find(text, place + 1)
        return sorted(places)

    def _join_windows(self, starts: Iterator[int], size: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges in which matches may end, each with the first start of a match."""
        first = next(starts, None)
        if first is None:
            return
        if self._most >= UNBOUNDED:
            yield first, size
            return
        stop = first + self._most
        for start in starts:
            if start > stop:
                yield first, min(size, stop)
                first = start
            stop = start + self._most
        yield first, min(size, stop)

    def _find_in_window(self, data: bytes, start: int, stop: int) -> list[int]:
        """List the ends of matches that begin at `start` or later and end by `stop`.

        The reversed text extends beyond both, so that its borders are not mistaken for the text's.
        """
        is_whole = self._most >= UNBOUNDED
        first = 0 if is_whole else max(0, start - self._most - 2)
        last = min(len(data), stop + 2)
        part = data[first:last][::-1]
        ends = [last - match.start() for match in self._backward.finditer(part)]
        return [end for end in reversed(ends) if start + self._least <= end <= stop]
