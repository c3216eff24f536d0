"""Find the string literals of a Python module that contain a secret, with their exact bytes."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper

from keylint.core.records import NamedTuple
from keylint.fix.edits import SecretSpan, UnfixableError
from keylint.readers.python_cst import parse_module

_JOIN = re.compile(rb'[\s+\\]*')
_MAX_CALL_BYTES = 300  # from `os.environ.get(` to the end of its first argument
_LOOKUP = re.compile(
    rb'(?<![\w.])(?:os\.)?(?:getenv|environ\.get)\(\s*'
    rb'(?P<quote>["\'])(?P<name>[A-Za-z_]\w*)(?P=quote)\s*,\s*\Z'
)
# What Python reads as one: an escape, or any other byte. Blanks and those that a text is cut at end
# a value.
_UNIT = re.compile(
    rb'(?P<blank>[\s{}]|\\[nrt])'
    rb'|(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]{1,100}+\}'
    rb'|[0-7]{1,3}|\r\n|.))'
    rb'|.',
    re.DOTALL,
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
    """Say where a value is (bytes), and in which literals, in their order."""

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


class _Unit(NamedTuple):
    """One character as Python reads it: its bytes, and what it is."""

    start: int
    end: int
    is_blank: bool
    is_escape: bool


def find_range(data: bytes, literals: Sequence[StringLiteral], span: SecretSpan) -> LiteralRange:
    """Find the literals that hold a secret; within an f-string's expression the inner ones.

    Raises UnfixableError if it is in none, or in one that nothing uses.
    """
    touched = [one for one in literals if one.inside[0] < span.end and one.inside[1] > span.start]
    found = [
        outer
        for outer in touched
        if not any(outer.start < inner.start and inner.end < outer.end for inner in touched)
    ]
    if not found:
        raise UnfixableError('it is in a comment or outside any string; delete it there')
    if any(literal.is_bare for literal in found):
        raise UnfixableError('it is in a docstring or in a text that nothing uses; delete it there')
    start = max(span.start, found[0].inside[0])
    end = min(span.end, found[-1].inside[1])
    start, _ = _widen_over_escapes(data, found[0], start, min(end, found[0].inside[1]))
    _, end = _widen_over_escapes(data, found[-1], max(start, found[-1].inside[0]), end)
    return LiteralRange(start, end, tuple(found))


def _widen_over_escapes(
    data: bytes, literal: StringLiteral, start: int, end: int
) -> tuple[int, int]:
    """Return the bytes of a value with all of the escapes in it and beside it.

    Rules see the bytes of a file: an escape ends a value for them, or loses its backslash. To
    Python it is one character of it.
    """
    first, last = literal.inside
    if b'r' in literal.prefix.lower() or b'\\' not in data[first:last]:
        return start, end
    units = [
        _Unit(*unit.span(), unit['blank'] is not None, unit['escape'] is not None)
        for unit in _UNIT.finditer(data, first, last)
    ]
    inner = [number for number, unit in enumerate(units) if unit.start < end and unit.end > start]
    if not inner:
        return start, end
    low, high = inner[0], inner[-1]
    while low <= high and units[low].is_blank and units[low].end - units[low].start > 1:
        low += 1
    while high >= low and units[high].is_blank and units[high].end - units[high].start > 1:
        high -= 1
    low, high = _reach_escapes(units, low, high)
    return units[low].start, max(units[low].start, units[high].end)


def _reach_escapes(units: Sequence[_Unit], low: int, high: int) -> tuple[int, int]:
    """Widen a run of units over the escapes that touch it, and what hangs on those."""
    if high < low:
        return low, high
    first, last = low, high
    while first > 0 and not units[first - 1].is_blank:
        first -= 1
    while last + 1 < len(units) and not units[last + 1].is_blank:
        last += 1
    if any(unit.is_escape for unit in units[first:low]):
        low = first
    if any(unit.is_escape for unit in units[high + 1 : last + 1]):
        high = last
    return low, high


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
            raise UnfixableError('its pieces are joined by more than +')
        prefix = bytes(char for char in literal.prefix if char not in b'fF')
        parts.append(_evaluate_literal((prefix + literal.quote + raw + literal.quote).decode()))
    return ''.join(parts)


def _evaluate_literal(source: str) -> str:
    """Return the text of a literal.

    Raises UnfixableError if it is not a literal, or is a text that no variable can hold.
    """
    try:
        text = ast.literal_eval(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnfixableError('an escape is torn by the place of it; move it out by hand') from None
    try:
        text = text.decode('ascii') if isinstance(text, bytes) else text
        text.encode()
    except UnicodeError:
        raise UnfixableError('its bytes are not text that a variable can hold') from None
    return str(text)


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
