"""Fold constant expressions: compute the texts that code builds, without running it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import OffsetSegment
from keylint.core.records import NamedTuple
from keylint.readers.constant_expressions import MAX_TEXT_BYTES, ConstantText, ExpressionReader
from keylint.readers.constant_names import ConstantNames

# Where an expression that combines texts may begin.
_START = defer_regex(
    rb'(?:[=:(,>]|\breturn)[ \t]*+\(?+[ \t\r\n]{0,40}+'
    rb'(?=["\'`\[]|[rbuRBUfF]{1,4}["\'`]'  # a text or a list
    rb'|[A-Za-z_$][\w$]*+(?:\.[A-Za-z_$][\w$]*+)*+'  # a name
    rb'(?:(?:[ \t]|\\?\r?\n)*+\+'  # followed by a plus
    rb'|(?:(?<=decode)|(?<=decodebytes)|(?<=atob)|(?<=base64)'  # or the call of a decoder
    rb'|(?<=hex)|(?<=unhexlify)|(?<=from))\())'
)
_MIN_TEXT_BYTES = 12
# The name to which the literal before a byte is assigned: `const BASE = "https://…/v3/"`.
_BOUND = defer_regex(
    rb'([A-Za-z_$][\w$]{2,60})[ \t]*(?::[ \t]*[\w&\' ]{1,20})?:?=[ \t]*'
    rb'["\'`][^"\'`\s]{8,200}["\'`]\Z'
)
_BOUND_BYTES = 300
_MAX_USES = 200
_MAX_BASES = 20


class Fold(NamedTuple):
    """An expression `start:end` and the text that it evaluates to.

    `pieces` map the text to the bytes of the expression, counted from `start`.
    """

    start: int
    end: int
    data: bytes
    pieces: tuple[OffsetSegment, ...]


def fold_constants(data: bytes, ranges: list[tuple[int, int]]) -> Iterator[Fold]:
    """Yield the expressions in some byte ranges that combine constants."""
    names = ConstantNames(data)
    for first, last in ranges:
        position = first
        while start := _START.search(data, position, last):
            position = start.end()
            reader = ExpressionReader(data, names, last + MAX_TEXT_BYTES)
            found = reader.read_sum(position)
            if found is None or not found.is_made:
                continue
            text = found.join_parts()
            if _MIN_TEXT_BYTES <= len(text) <= MAX_TEXT_BYTES:
                yield Fold(position, found.end, text, tuple(_list_pieces(found, position)))
                position = found.end


def find_uses(data: bytes, ends: Iterable[int]) -> Iterator[int]:
    """Yield where text is added to the names whose literals end at `ends`: `BASE + "…"`.

    Each name costs a search of the whole text: a program has few such names.
    """
    names: set[bytes] = set()
    for end in ends:
        bound = _BOUND.search(data[max(0, end - _BOUND_BYTES) : end])
        if bound is not None:
            names.add(bound.group(1))
        if len(names) >= _MAX_BASES:
            break
    for name in sorted(names):
        added = re.compile(rb'(?<![\w$])' + re.escape(name) + rb'[ \t]{0,4}\+')
        for use in itertools.islice(added.finditer(data), _MAX_USES):
            yield use.end()


def _list_pieces(found: ConstantText, start: int) -> Iterator[OffsetSegment]:
    """Yield the segments that map the folded text to the expression at `start`."""
    at = 0
    for text, first, last in found.parts:
        if not text:
            continue
        if last - first == len(text):
            yield OffsetSegment(at, first - start, len(text))
        else:
            yield OffsetSegment(at, first - start, len(text), max(last - first, 1), len(text))
        at += len(text)
