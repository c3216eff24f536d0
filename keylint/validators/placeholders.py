"""Recognise placeholders, the text people write where a secret will go.

`rules/placeholders.yaml` lists the families. A separate matcher finds them: compiling them for `re`
would take longer than most scans.
"""

from __future__ import annotations

from collections.abc import Iterable

from keylint.core.lazy_typing import Protocol
from keylint.core.records import NamedTuple

_MIN_MACHINE_MADE_CHARS = 20
_MAX_CHARS = 2000
_MIN_DISTINCT_CHARS = 4
# Scripts that keys never use: Cyrillic, Japanese, Chinese, Korean. Not a pattern: `re` takes
# milliseconds to compile such a class.
_FOREIGN = (('\u0400', '\u04ff'), ('\u3040', '\u30ff'), ('\u4e00', '\u9fff'), ('\uac00', '\ud7af'))


class Scanner(Protocol):
    """A matcher that finds which patterns match; `keylint.matcher` implements it."""

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """List the matches as pairs of pattern number and end offset."""


class Placeholders(NamedTuple):
    """The compiled families.

    The first `strict` of them apply to every value, the others to words only.
    """

    matcher: Scanner
    strict: int


def build_patterns(every: Iterable[str], words: Iterable[str]) -> tuple[list[bytes], int]:
    """Build the matcher's patterns; return them and how many of them apply to every value.

    Both arguments are regular expressions for whole values: those in `every` apply to all
    values, those in `words` only to words.
    """
    strict = [b'(?s)^(?:' + regex.encode() + b')$' for regex in every]
    others = [b'(?si)^(?:' + regex.encode() + b')$' for regex in words]
    return [*strict, *others], len(strict)


def is_placeholder(value: bytes, placeholders: Placeholders) -> bool:
    """Check whether a value is a placeholder for a secret."""
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
    """Check for capitals, small letters and digits in one run, which no template has."""
    if len(text) < _MIN_MACHINE_MADE_CHARS or any(char in ' _.<>{}[]()' for char in text):
        return False
    has_digit = any(char.isdigit() for char in text)
    return (
        has_digit and any(char.islower() for char in text) and any(char.isupper() for char in text)
    )
