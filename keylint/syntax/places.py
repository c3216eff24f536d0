"""Where tokens of certain kinds stand: listed once for a text, asked by bisection.

Whatever a walk asks of a line or a bracket is found here in a few steps, however long the line is:
data on one line and minified code have thousands of values in each.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from keylint.syntax.lexer import Token

_EQUALS = frozenset((b'=', b':='))
# What begins the values of a sequence outside of brackets: `a, b = …, …`, `return …, …`.
_SEQUENCE_HEADS = _EQUALS | {b'return'}
# What follows one of several targets: `key, secret = …`, `[a, b] = …`.
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
        """The commas right within each bracket; -1 stands for those outside of brackets."""
        commas: dict[int, list[int]] = defaultdict(list)
        for index, token in enumerate(self._tokens):
            if token.text == b',' and token.kind == 'operator':
                commas[self._opener[index]].append(index)
        return commas

    @cached_property
    def strings(self) -> list[int]:
        """All strings."""
        return [index for index, token in enumerate(self._tokens) if token.kind == 'string']

    @cached_property
    def bars(self) -> list[int]:
        """All bars: the borders of cells."""
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
        """Line breaks, and what begins the values of a sequence, outside of brackets."""
        return [
            index
            for index, token in enumerate(self._tokens)
            if self._opener[index] < 0
            and (token.kind == 'line' or (token.kind != 'string' and token.text in _SEQUENCE_HEADS))
        ]

    def count_commas(self, opener: int, index: int) -> int:
        """Count the commas right within a bracket and before a token."""
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
        """Return what begins the values before a comma outside of brackets, and the place behind.

        The index is -1 where the line has nothing of the kind.
        """
        heads = self._sequence_heads
        number = bisect_left(heads, comma) - 1
        if number < 0 or self._tokens[heads[number]].kind == 'line':
            return -1, 0
        head = heads[number]
        return head, self.count_commas(-1, comma) + 1 - self.count_commas(-1, head)

    def find_target(self, operator: int, position: int) -> int:
        """Return one of several targets before an operator; -1 where it is no such list."""
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
        """Return the bar at a position counted from the token `first`; -1 where there is none."""
        place = bisect_left(self.bars, first) + position
        return self.bars[place] if place < len(self.bars) else -1
