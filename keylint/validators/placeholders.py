"""Recognise what people write where a secret will go; `rules/placeholders.yaml` has the families.

A matcher of their own finds them: compiling them for `re` would take longer than most scans.
"""

from __future__ import annotations

from collections.abc import Iterable

from keylint.core.late_typing import Protocol
from keylint.core.records import NamedTuple

_MIN_MACHINE_MADE_CHARS = 20
_MAX_CHARS = 2000
_MIN_DISTINCT_CHARS = 4
# Letters that no key has: Cyrillic, Japanese, Chinese, Korean. Not as a pattern: `re` takes
# milliseconds to compile such a class.
_FOREIGN = (('\u0400', '\u04ff'), ('\u3040', '\u30ff'), ('\u4e00', '\u9fff'), ('\uac00', '\ud7af'))


class Scanner(Protocol):
    """Find which patterns match; the matcher implements it."""

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """List the matches as pairs of pattern number and end offset."""


class Placeholders(NamedTuple):
    """Hold the compiled families.

    The first `strict` of them apply to every value, the others to words only.
    """

    matcher: Scanner
    strict: int


def build_patterns(every: Iterable[str], words: Iterable[str]) -> tuple[list[bytes], int]:
    """Build the patterns of the matcher; return them and how many apply to every value.

    Both are regular expressions of whole values: `every` applies to all of them, `words` to words.
    """
    strict = [b'(?s)^(?:' + regex.encode() + b')$' for regex in every]
    others = [b'(?si)^(?:' + regex.encode() + b')$' for regex in words]
    return [*strict, *others], len(strict)


def is_placeholder(value: bytes, placeholders: Placeholders) -> bool:
    """Check whether a value stands in place of a secret."""
    text = value.decode('utf-8', 'replace').strip(' "\'`,')[:_MAX_CHARS]
    if len(set(text.lower())) < _MIN_DISTINCT_CHARS or '\ufffd' in text or _is_foreign(text):
        return True
    families = {number for number, _ in placeholders.matcher.scan(text.encode())}
    if not families:
        return False
    return min(families) < placeholders.strict or not _is_machine_made(text)


def _is_foreign(text: str) -> bool:
    return not text.isascii() and any(
        first <= char <= last for char in text for first, last in _FOREIGN
    )


def _is_machine_made(text: str) -> bool:
    """Check for capitals, small letters and digits in one run, as in no template."""
    if len(text) < _MIN_MACHINE_MADE_CHARS or any(char in ' _.<>{}[]()' for char in text):
        return False
    has_digit = any(char.isdigit() for char in text)
    return (
        has_digit and any(char.islower() for char in text) and any(char.isupper() for char in text)
    )
