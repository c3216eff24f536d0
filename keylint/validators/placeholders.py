"""What people write where a secret will go. The families are data: `rules/placeholders.yaml`.

They are matched by a gate of their own: compiling them for `re` would take longer than most scans.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

_GUARD_LENGTH = 20
_LONGEST = 2000
_DISTINCT = 4
# Letters that no key has: Cyrillic, Japanese, Chinese, Korean. Not as a pattern: `re` takes milliseconds to compile such a class.
_FOREIGN = (('\u0400', '\u04ff'), ('\u3040', '\u30ff'), ('\u4e00', '\u9fff'), ('\uac00', '\ud7af'))


class Scanner(Protocol):
    """What a compiled gate offers."""

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """Pairs of pattern number and end offset."""


class Placeholders(NamedTuple):
    """The compiled families: the first `strict` of them hold for every value, the others for words only."""

    gate: Scanner
    strict: int


def expressions(data: dict[str, Any]) -> tuple[list[bytes], int]:
    """The families as patterns of a gate, and how many of them hold for every value."""
    strict = [b'(?s)^(?:' + family['regex'].encode() + b')$' for family in data['patterns']]
    words = [b'(?si)^(?:' + family['regex'].encode() + b')$' for family in data['words']]
    return [*strict, *words], len(strict)


def is_placeholder(value: bytes, placeholders: Placeholders) -> bool:
    """Whether a value stands for a secret without being one."""
    text = value.decode('utf-8', 'replace').strip(' "\'`,')[:_LONGEST]
    if len(set(text.lower())) < _DISTINCT or '\ufffd' in text or _is_foreign(text):
        return True
    families = {number for number, _ in placeholders.gate.scan(text.encode())}
    if not families:
        return False
    return min(families) < placeholders.strict or not _is_machine_made(text)


def _is_foreign(text: str) -> bool:
    return not text.isascii() and any(
        first <= char <= last for char in text for first, last in _FOREIGN
    )


def _is_machine_made(text: str) -> bool:
    """Capitals, small letters and digits in one run without word separators: no template is written like this."""
    if len(text) < _GUARD_LENGTH or any(char in ' _.<>{}[]()' for char in text):
        return False
    has_digit = any(char.isdigit() for char in text)
    return (
        has_digit and any(char.islower() for char in text) and any(char.isupper() for char in text)
    )
