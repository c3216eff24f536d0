"""Write replacements as git filter-repo and BFG read them, and apply them as they do.

A line reads `text==>***REMOVED***`. What it cannot say (binary contents, UTF-16) is dropped by
object id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from keylint.core.records import NamedTuple

REMOVED = b'***REMOVED***'
_ARROW = b'==>'
# What precedes a value in an expression of `Replacement.format_line`.
_HEAD = re.compile(rb'^(?:\(\?<=(?:[^\\)]|\\.)*\)|\(\?m\)\^)', re.DOTALL)
_UNESCAPED = re.compile(rb'\\(.)', re.DOTALL)
_REGEX, _GLOB, _LITERAL = b'regex:', b'glob:', b'literal:'
# A text of fewer bytes may occur elsewhere by chance; if it has digits and letters of both cases,
# that takes fewer.
_MIN_TEXT_BYTES, _MIN_MIXED_TEXT_BYTES = 16, 10


class Replacement(NamedTuple):
    """Hold a text to replace, as it stands in files.

    `before` is what must precede it if it is too short to stand for itself (empty: the start of a
    line); None if it is replaced anywhere.
    """

    text: bytes
    before: bytes | None = None

    def format_line(self) -> bytes:
        """Return its line in the file of replacements, without the end of line."""
        if self.before is not None:
            head = b'(?<=' + re.escape(self.before) + b')' if self.before else b'(?m)^'
            return _REGEX + head + re.escape(self.text) + _ARROW + REMOVED
        is_special = self.text.startswith((_REGEX, _GLOB, _LITERAL)) or _ARROW in self.text
        return (_LITERAL if is_special else b'') + self.text + _ARROW + REMOVED


def is_weak(text: bytes) -> bool:
    """Tell whether a text may occur elsewhere by chance."""
    is_mixed = (
        re.search(rb'[0-9]', text) and re.search(rb'[a-z]', text) and re.search(rb'[A-Z]', text)
    )
    return len(text) < (_MIN_MIXED_TEXT_BYTES if is_mixed else _MIN_TEXT_BYTES)


def list_replaced_values(
    literals: Iterable[bytes], expressions: Iterable[re.Pattern[bytes]]
) -> list[bytes]:
    """List the values that lines replace, including those identified by the text before them."""
    texts = [_UNESCAPED.sub(rb'\1', _HEAD.sub(b'', one.pattern)) for one in expressions]
    return [*literals, *texts]


def find_replaced_text(expression: re.Pattern[bytes]) -> bytes:
    """Return the text that an expression of a plan replaces, with what must precede it."""
    head = _HEAD.match(expression.pattern)
    before = head[0].removeprefix(b'(?<=')[:-1] if head and head[0].startswith(b'(?<=') else b''
    return _UNESCAPED.sub(rb'\1', before + _HEAD.sub(b'', expression.pattern))


def parse_replacements(rows: Iterable[bytes]) -> tuple[list[bytes], list[re.Pattern[bytes]]]:
    """Read literal texts and expressions from lines of a file of replacements. Raises re.error."""
    literals, expressions = [], []
    for row in rows:
        text = row.rstrip(b'\r\n').rpartition(_ARROW)[0]
        if text.startswith(_REGEX):
            expressions.append(re.compile(text.removeprefix(_REGEX)))
        elif text:
            literals.append(text.removeprefix(_LITERAL))
    return literals, expressions


def make_replacer(rows: Iterable[bytes]) -> Callable[[bytes], bytes]:
    """Make a function that applies lines as git filter-repo does: the literal ones first."""
    literals, expressions = parse_replacements(rows)

    def apply(data: bytes) -> bytes:
        for text in literals:
            data = data.replace(text, REMOVED)
        for expression in expressions:
            data = expression.sub(REMOVED, data)
        return data

    return apply
