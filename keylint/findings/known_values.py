"""Find the values of a file's secrets wherever they occur in a text that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

# So many values are looked for one by one; more are looked up by their first bytes, at each place.
_MAX_SEARCHED_VALUES = 40

Span = tuple[int, int]


class KnownValues:
    """The values of a file's secrets, to be masked in a text. `values` must not be empty bytes."""

    def __init__(self, values: frozenset[bytes]) -> None:
        self._values = sorted(values, key=len, reverse=True)
        self._width = min(map(len, values), default=1)
        self._by_start: dict[bytes, list[bytes]] = {}
        if len(values) > _MAX_SEARCHED_VALUES:
            for value in self._values:
                self._by_start.setdefault(value[: self._width], []).append(value)

    def blank(self, text: bytes) -> bytes:
        """Return a text with a zero for each byte of a value: what follows keeps its place."""
        blanked = bytearray(text)
        for start, end in self.find_spans(text):
            blanked[start:end] = bytes(end - start)
        return bytes(blanked)

    def mask(self, text: bytes) -> bytes:
        """Return a text with one zero for each stretch of values."""
        masked, at = bytearray(), 0
        for start, end in self.find_spans(text):
            masked += text[at:start] + b'\x00'
            at = end
        return bytes(masked + text[at:])

    def find_spans(self, text: bytes) -> list[Span]:
        """Return the stretches that are covered by values, in their order; none touch."""
        found = self._look_up_places(text) if self._by_start else self._search_values(text)
        merged: list[Span] = []
        for start, end in sorted(found):
            if merged and start <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        return merged

    def _search_values(self, text: bytes) -> Iterator[Span]:
        for value in self._values:
            at = text.find(value)
            while at >= 0:
                yield at, at + len(value)
                at = text.find(value, at + 1)

    def _look_up_places(self, text: bytes) -> Iterator[Span]:
        for at in range(len(text) - self._width + 1):
            for value in self._by_start.get(text[at : at + self._width], ()):
                if text.startswith(value, at):
                    yield at, at + len(value)
                    break  # the longest covers the others


@lru_cache(maxsize=8)
def index_values(values: frozenset[bytes]) -> KnownValues:
    """Return the index of a set of values: it is asked for with each line that is shown."""
    return KnownValues(values)
