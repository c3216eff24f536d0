"""Parse the regular expressions of the gate, and reverse them.

Hyperscan accepts only regular ones: no look-around, no references, no possessive repetition. So
each expression has a mirror image that matches the same texts from their ends, which is how
`matcher.python_engine` finds every end of every match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce

from keylint.core.lazy_patterns import defer_regex
from keylint.core.records import NamedTuple

# A width beyond which it does not matter how wide a match may be.
UNBOUNDED = 1 << 16
_TOKEN = defer_regex(rb'(?s)\\x[0-9a-fA-F]{2}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?[a-z\-]*:)?|.')
_REPETITION = defer_regex(rb'(?:[*+?]|\{(\d*)(?:(,)(\d*))?\})\??')
_FLAGS = defer_regex(rb'\(\?[is]+\)')
_ESCAPES = {b't': b'\t', b'n': b'\n', b'r': b'\r', b'f': b'\f', b'v': b'\v', b'0': b'\0'}
_BACKSLASH, _CLASSES = ord('\\'), b'dDwWsS'
# A needle further from the start of a match does not help to find that start.
MAX_LEAD = 128
_NEAR, _MIN_NEEDLE, _LONG_ENOUGH = 8, 2, 4
# The most texts listed for a part, bytes listed for a class, and characters of a class's notation.
_MAX_TEXTS, _MAX_MEMBERS, _MAX_CLASS_CHARS = 64, 8, 24


class PatternError(ValueError):
    """Report an expression that cannot be parsed."""


class Needle(NamedTuple):
    """A text, in lower case, that a match contains at most `lead` bytes after its start."""

    text: bytes
    lead: int


class Mirror(NamedTuple):
    """A part of an expression: its mirror image, its widths, and what each of its matches contains.

    `texts` are all texts that it matches, in lower case, if there are few. A match contains one of
    the `needles`; if there are none, nothing is known. `tail` is the end of a sequence with few
    texts, and `tail_lead` the most bytes that precede it.
    """

    source: bytes
    least: int = 0
    most: int = 0
    texts: frozenset[bytes] | None = None
    needles: frozenset[Needle] = frozenset()
    tail: frozenset[bytes] = frozenset((b'',))
    tail_lead: int = 0
    has_end: bool = False


def mirror_expression(pattern: bytes) -> Mirror:
    """Return the mirror image of a whole expression. Raises PatternError."""
    flags = _FLAGS.match(pattern)
    parser = _ExpressionParser(pattern, flags.end() if flags else 0)
    found = parser.read_alternatives()
    if parser.place < len(pattern):
        raise PatternError(f'unbalanced parenthesis at {parser.place}')
    return found._replace(source=(flags.group() if flags else b'') + found.source)


class _ExpressionParser:
    """A recursive-descent parser for one expression."""

    def __init__(self, pattern: bytes, place: int) -> None:
        self.pattern = pattern
        self.place = place

    def read_alternatives(self) -> Mirror:
        """Read up to the parenthesis that closes this group, or to the end."""
        found = [self._read_sequence()]
        while self.pattern[self.place : self.place + 1] == b'|':
            self.place += 1
            found.append(self._read_sequence())
        if len(found) == 1:
            return found[0]
        needles = frozenset[Needle]().union(*(one.needles for one in found))
        texts = frozenset[bytes]().union(*(one.texts or () for one in found))
        is_few = len(texts) <= _MAX_TEXTS and all(one.texts is not None for one in found)
        return Mirror(
            b'|'.join(one.source for one in found),
            min(one.least for one in found),
            max(one.most for one in found),
            texts if is_few else None,
            needles if all(one.needles for one in found) else frozenset(),
            has_end=any(one.has_end for one in found),
        )

    def _read_sequence(self) -> Mirror:
        parts: list[Mirror] = []
        while self.place < len(self.pattern) and self.pattern[self.place] not in b'|)':
            parts.append(self._read_repetition(self._read_atom()))
        return join_parts(parts)

    def _read_atom(self) -> Mirror:
        token = _TOKEN.match(self.pattern, self.place)
        text = token.group() if token else b'['
        if token is None or text in (b'[', b'\\', b'*', b'+', b'?'):
            raise PatternError(f'not understood at {self.place}')
        self.place = token.end()
        if not text.startswith(b'('):
            return _mirror_token(text)
        inner = self.read_alternatives()
        if self.pattern[self.place : self.place + 1] != b')':
            raise PatternError('a group is not closed')
        self.place += 1
        head = b'(?:' if text == b'(' else text
        return inner._replace(source=head + inner.source + b')')

    def _read_repetition(self, atom: Mirror) -> Mirror:
        found = _REPETITION.match(self.pattern, self.place)
        if found is None:
            return atom
        self.place = found.end()
        least, most = _read_counts(found)
        texts = None
        if least == 0 and most == 1 and atom.texts is not None:
            texts = atom.texts | {b''}
        elif least == most == 1:
            texts = atom.texts
        return Mirror(
            atom.source + found.group(),
            min(atom.least * least, UNBOUNDED),
            min(atom.most * most, UNBOUNDED),
            texts,
            atom.needles if least else frozenset(),
            has_end=atom.has_end,
        )


def _read_counts(found: re.Match[bytes]) -> tuple[int, int]:
    sign = found.group()[:1]
    if sign != b'{':
        return int(sign == b'+'), 1 if sign == b'?' else UNBOUNDED
    least = int(found[1] or 0)
    if found[2] is None:
        return least, least
    return least, int(found[3]) if found[3] else UNBOUNDED


def _mirror_token(token: bytes) -> Mirror:
    """Return the mirror image of an anchor, a class or a single byte."""
    empty = frozenset((b'',))
    if token == b'^':
        return Mirror(rb'\Z', texts=empty)
    if token == b'$':
        return Mirror(rb'(?:\A|(?<=\A\n))', texts=empty, has_end=True)
    if token in (rb'\b', rb'\B'):
        return Mirror(token, texts=empty)
    if token == b'.' or (token[0] == _BACKSLASH and token[1] in _CLASSES):
        return Mirror(token, 1, 1)
    if token.startswith(b'['):
        return Mirror(token, 1, 1, _list_members(token))
    text = token if len(token) == 1 else _unescape(token)
    return Mirror(token, 1, 1, frozenset((text.lower(),)))


def _list_members(token: bytes) -> frozenset[bytes] | None:
    """List the bytes of a class, in lower case, if there are few."""
    if len(token) > _MAX_CLASS_CHARS or token.startswith(b'[^'):
        return None
    matches = re.compile(token).match
    found = frozenset(
        byte.lower() for byte in (bytes([code]) for code in range(256)) if matches(byte)
    )
    return found if len(found) <= _MAX_MEMBERS else None


def _unescape(token: bytes) -> bytes:
    if token.startswith(rb'\x'):
        return bytes([int(token[2:], 16)])
    return _ESCAPES.get(token[1:], token[1:])


def join_parts(parts: Iterable[Mirror]) -> Mirror:
    """Join parts that follow each other; keep the best of their needles."""
    return reduce(_join_two, parts, Mirror(b'', texts=frozenset((b'',))))


def _join_two(left: Mirror, right: Mirror) -> Mirror:
    tail, tail_lead = _multiply(left.tail, right.texts), left.tail_lead
    if tail is None:
        tail = right.texts
        tail_lead = left.most if tail is not None else min(left.most + right.most, UNBOUNDED)
    kept = tail if tail is not None else frozenset((b'',))
    shifted = (Needle(text, min(lead + left.most, UNBOUNDED)) for text, lead in right.needles)
    choices = (left.needles, frozenset(shifted), _make_needles(kept, tail_lead))
    return Mirror(
        right.source + left.source,
        min(left.least + right.least, UNBOUNDED),
        min(left.most + right.most, UNBOUNDED),
        _multiply(left.texts, right.texts),
        max(choices, key=_rate_needles),
        kept,
        tail_lead,
        left.has_end or right.has_end,
    )


def _multiply(
    firsts: frozenset[bytes] | None, seconds: frozenset[bytes] | None
) -> frozenset[bytes] | None:
    """Join each text with each; None if the result has too many."""
    if firsts is None or seconds is None or len(firsts) * len(seconds) > _MAX_TEXTS:
        return None
    return frozenset(first + second for first in firsts for second in seconds)


def _make_needles(texts: frozenset[bytes], lead: int) -> frozenset[Needle]:
    return frozenset() if b'' in texts else frozenset(Needle(text, lead) for text in texts)


def _rate_needles(needles: frozenset[Needle]) -> tuple[bool, bool, int, int]:
    """Rate needles: best near the start of a match, then long, then few."""
    lead = max((needle.lead for needle in needles), default=UNBOUNDED)
    shortest = min((len(needle.text) for needle in needles), default=0)
    is_near = lead <= _NEAR and shortest >= _MIN_NEEDLE
    return lead <= MAX_LEAD, is_near, min(shortest, _LONG_ENOUGH), -len(needles)
