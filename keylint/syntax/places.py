"""The positions of tokens of certain kinds: listed once for a text, searched by bisection.

Every query about a line or a bracket takes a few steps, however long the line is: data on one line
and minified code have thousands of values in each.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from keylint.syntax.lexer import Token

_EQUALS = frozenset((b'=', b':='))
# Tokens that begin the values of a sequence outside of brackets: `a, b = …, …`, `return …, …`.
_SEQUENCE_HEADS = _EQUALS | {b'return'}
# Tokens that follow one of several targets: `key, secret = …`, `[a, b] = …`.
_AFTER_TARGET = frozenset((b',', b')', b']', b'}')) | _EQUALS


def _is_bar(token: Token) -> bool:
    return token.kind == 'operator' and token.text == b'|'


class TokenPlaces:
    """The sorted indices of tokens of some kinds; `opener` are the brackets around each token."""

    def __init__(self, tokens: Sequence[Token], opener: Sequence[int]) -> None:
        self._tokens = tokens
        self._opener = opener

    @cached_property
    def commas(self) -> dict[int, list[int]]:
        """Map each bracket to the commas directly within it; -1 is the key for those outside."""
        commas: dict[int, list[int]] = defaultdict(list)
        for index, token in enumerate(self._tokens):
            if token.text == b',' and token.kind == 'operator':
                commas[self._opener[index]].append(index)
        return commas

    @cached_property
    def strings(self) -> list[int]:
        """Return all strings."""
        return [index for index, token in enumerate(self._tokens) if token.kind == 'string']

    @cached_property
    def bars(self) -> list[int]:
        """Return all bars: the borders of cells."""
        return [index for index, token in enumerate(self._tokens) if _is_bar(token)]

    @cached_property
    def _targets(self) -> list[int]:
        tokens = self._tokens
        return [
            index
            for index in range(len(tokens) - 1)
            if tokens[index].kind in ('word', 'run')
            and tokens[index + 1].kind != 'string'
            and tokens[index + 1].text in _AFTER_TARGET
        ]

    @cached_property
    def _statement_ends(self) -> list[int]:
        return [
            index
            for index, token in enumerate(self._tokens)
            if token.kind == 'line' or token.text == b';'
        ]

    @cached_property
    def _sequence_heads(self) -> list[int]:
        """Return line breaks and the heads of sequences, outside of brackets."""
        return [
            index
            for index, token in enumerate(self._tokens)
            if self._opener[index] < 0
            and (token.kind == 'line' or (token.kind != 'string' and token.text in _SEQUENCE_HEADS))
        ]

    def count_commas(self, opener: int, index: int) -> int:
        """Count the commas directly within a bracket and before a token."""
        return bisect_left(self.commas.get(opener, []), index)

    def find_items_before(self, opener: int, index: int) -> list[tuple[int, int]]:
        """Return the ranges of two items of a bracket: the one before a token's, and the first."""
        commas = self.commas.get(opener, [])
        count = bisect_left(commas, index)
        if not count:
            return []
        start = commas[count - 2] if count > 1 else opener
        return [(start + 1, commas[count - 1]), (opener + 1, commas[0])][: min(count, 2)]

    def find_sequence_head(self, comma: int) -> tuple[int, int]:
        """Return the head of the values before a comma outside brackets, and the position after it.

        The index is -1 if the line has no such head.
        """
        heads = self._sequence_heads
        number = bisect_left(heads, comma) - 1
        if number < 0 or self._tokens[heads[number]].kind == 'line':
            return -1, 0
        head = heads[number]
        return head, self.count_commas(-1, comma) + 1 - self.count_commas(-1, head)

    def find_target(self, operator: int, position: int) -> int:
        """Return one of several targets before an operator; -1 if there is no such list."""
        targets, ends = self._targets, self._statement_ends
        number = bisect_left(ends, operator) - 1
        first = bisect_right(targets, ends[number]) if number >= 0 else 0
        count = bisect_left(targets, operator) - first
        return targets[first + position] if count > 1 and position < count else -1

    def find_strings(self, first: int, last: int) -> tuple[int, int]:
        """Return the range within `strings` of those between two tokens."""
        return bisect_right(self.strings, first), bisect_left(self.strings, last)

    def count_bars(self, first: int, last: int) -> int:
        """Count the bars from one token to another, both included."""
        return bisect_right(self.bars, last) - bisect_left(self.bars, first)

    def find_bar(self, first: int, position: int) -> int:
        """Return the bar at a position counted from the token `first`; -1 if there is none."""
        place = bisect_left(self.bars, first) + position
        return self.bars[place] if place < len(self.bars) else -1
