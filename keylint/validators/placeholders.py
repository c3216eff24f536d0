"""What people write where a secret will go. The families are data: `rules/placeholders.yaml`."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_GUARD_LENGTH = 20


class Placeholders(NamedTuple):
    """The compiled families: those that hold for every value, and those that hold for words only."""

    patterns: re.Pattern[str]
    words: re.Pattern[str]


def compile_placeholders(data: dict[str, Any]) -> Placeholders:
    """The families of `rules/placeholders.yaml`, each list joined into one expression."""
    return Placeholders(_joined(data.get('patterns', [])), _joined(data.get('words', []), re.IGNORECASE))


def _joined(families: list[dict[str, Any]], flags: int = 0) -> re.Pattern[str]:
    body = '|'.join(f'(?:{family["regex"]})' for family in families) or r'(?!)'
    return re.compile(body, flags | re.DOTALL)


def is_placeholder(value: bytes, placeholders: Placeholders) -> bool:
    """Whether a value stands for a secret without being one."""
    text = value.decode('utf-8', 'replace').strip(' "\'`,')
    if not text or '\ufffd' in text:
        return True
    if len(set(text.lower())) < 4 or placeholders.patterns.fullmatch(text[:2000]):
        return True
    return not _is_machine_made(text) and placeholders.words.fullmatch(text[:2000]) is not None


def _is_machine_made(text: str) -> bool:
    """Capitals, small letters and digits in one run without word separators: no template is written like this."""
    if len(text) < _GUARD_LENGTH or any(char in ' _.<>{}[]()' for char in text):
        return False
    has_digit = any(char.isdigit() for char in text)
    return has_digit and any(char.islower() for char in text) and any(char.isupper() for char in text)
