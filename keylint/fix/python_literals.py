"""Find the string literals of a Python module that a secret stands in, with their exact bytes."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper

from keylint.fix.edits import SecretSpan, UnfixableError
from keylint.readers.python_cst import parse_module

_JOIN = re.compile(rb'[\s+\\]*')
_MAX_CALL_BYTES = 300  # from `os.environ.get(` to the end of its first argument
_LOOKUP = re.compile(
    rb'(?<![\w.])(?:os\.)?(?:getenv|environ\.get)\(\s*'
    rb'(?P<quote>["\'])(?P<name>[A-Za-z_]\w*)(?P=quote)\s*,\s*\Z'
)
_CLOSING = re.compile(rb'\s*+(?:,\s*+)?\)')


class StringLiteral(NamedTuple):
    """Describe a string literal: its bytes, prefix and quotes.

    `chain` are the bytes of the adjacent literals that it is one of, None if it stands alone.
    `is_bare` says that it is a statement of its own, such as a docstring.
    """

    start: int
    end: int
    prefix: bytes
    quote: bytes
    is_formatted: bool
    chain: tuple[int, int] | None
    is_bare: bool

    @property
    def inside(self) -> tuple[int, int]:
        """Return the bytes between the quotes."""
        return self.start + len(self.prefix) + len(self.quote), self.end - len(self.quote)


class LiteralRange(NamedTuple):
    """Say where a value stands (bytes), and in which literals, in their order."""

    start: int
    end: int
    literals: tuple[StringLiteral, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether the literals hold nothing else."""
        first, last = self.literals[0], self.literals[-1]
        return (self.start, self.end) == (first.inside[0], last.inside[1])


class DefaultArgument(NamedTuple):
    """Describe a call `os.getenv("NAME", "…")`: its bytes, and the name that it asks for."""

    start: int
    end: int
    name: str


class _LiteralVisitor(cst.CSTVisitor):
    """Collects the literals of a module."""

    def __init__(self, spans: dict[cst.CSTNode, CodeSpan]) -> None:
        super().__init__()
        self.spans = spans
        self.found: list[StringLiteral] = []
        self.chains: list[tuple[int, int]] = []
        self.bare: set[cst.CSTNode] = set()

    def visit_Expr(self, node: cst.Expr) -> None:
        self.bare.add(node.value)

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> None:
        if node in self.bare:
            self.bare |= {node.left, node.right}
        self.chains.append(self._span_of(node))

    def leave_ConcatenatedString(self, original_node: cst.ConcatenatedString) -> None:
        self.chains.pop()

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self._add(node, node.prefix, node.quote, False)

    def visit_FormattedString(self, node: cst.FormattedString) -> None:
        self._add(node, node.prefix, node.end, True)

    def _span_of(self, node: cst.CSTNode) -> tuple[int, int]:
        span = self.spans[node]
        return span.start, span.start + span.length

    def _add(self, node: cst.CSTNode, prefix: str, quote: str, is_formatted: bool) -> None:
        chain = self.chains[0] if self.chains else None
        start, end = self._span_of(node)
        is_bare = node in self.bare
        self.found.append(
            StringLiteral(start, end, prefix.encode(), quote.encode(), is_formatted, chain, is_bare)
        )


def list_literals(data: bytes) -> tuple[StringLiteral, ...]:
    """List the string literals of a module. Raises UnfixableError if it cannot be parsed."""
    module = parse_module(data)
    if module is None or module.bytes != data:
        raise UnfixableError('no Python 3 that can be parsed')
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    visitor = _LiteralVisitor(dict(wrapper.resolve(ByteSpanPositionProvider)))
    wrapper.module.visit(visitor)
    return tuple(visitor.found)


def find_range(literals: Sequence[StringLiteral], span: SecretSpan) -> LiteralRange:
    """Find the literals that hold a secret; within an f-string's expression the inner ones.

    Raises UnfixableError if it stands in none, or in one that nothing uses.
    """
    touched = [one for one in literals if one.start < span.end and one.end > span.start]
    found = [
        outer
        for outer in touched
        if not any(outer.start < inner.start and inner.end < outer.end for inner in touched)
    ]
    if not found:
        raise UnfixableError('it stands in a comment or outside of any string; delete it there')
    if any(literal.is_bare for literal in found):
        raise UnfixableError(
            'it stands in a docstring or in a text that nothing uses; delete it there'
        )
    start = max(span.start, found[0].inside[0])
    return LiteralRange(start, min(span.end, found[-1].inside[1]), tuple(found))


def evaluate_range(data: bytes, place: LiteralRange) -> str:
    """Return the text of a secret as Python joins it. Raises UnfixableError if it is computed."""
    parts: list[str] = []
    for number, literal in enumerate(place.literals):
        start, end = max(literal.inside[0], place.start), min(literal.inside[1], place.end)
        raw = data[start:end]
        has_braces = b'{' in raw or b'}' in raw
        if literal.is_formatted and (has_braces or len(place.literals) > 1):
            raise UnfixableError('an f-string makes it from pieces')
        if number and not _JOIN.fullmatch(data, place.literals[number - 1].end, literal.start):
            raise UnfixableError('more than + stands between the pieces of it')
        prefix = bytes(char for char in literal.prefix if char not in b'fF')
        text = ast.literal_eval((prefix + literal.quote + raw + literal.quote).decode())
        parts.append(text if isinstance(text, str) else text.decode('latin-1'))
    return ''.join(parts)


def find_default(data: bytes, place: LiteralRange) -> DefaultArgument | None:
    """Find the call `os.getenv("NAME", "…")` whose default a secret is."""
    first, last = place.literals[0], place.literals[-1]
    if not place.is_whole or first.is_formatted:
        return None
    call = _LOOKUP.search(data, max(0, first.start - _MAX_CALL_BYTES), first.start)
    closing = _CLOSING.match(data, last.end)
    if not call or not closing:
        return None
    return DefaultArgument(call.start(), closing.end(), call['name'].decode())
