"""Whether a value was made by a machine's random generator: told from identifiers, words, paths, versions and dates.

The measure is how much likelier the value's pairs of letters are in identifiers than in random text, as token
efficiency does with larger vocabularies; benchmarks/randomness.py prints what it keeps and lets pass.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

_HEX = re.compile(rb'[0-9a-f]+|[0-9A-F]+')
UUID = re.compile(rb'[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')
_NUMBER = re.compile(rb'[0-9._+\-/:eExXpPjJoOTZ,]+')
_ALPHABET = (b'abcdefghijkl', b'ABCDEFGHIJKL', b'0123456789', b'1234567890')
_SEPARATED = re.compile(rb'[_\-./:]')
_SHORTEST = 8
# Quarter bits for each pair, above which a text reads like words; digits and capitals inside lower it.
_WORDS_ABOVE = 1.2
_SIMPLE_CHARS = 6


@lru_cache(maxsize=4096)
def is_random(value: bytes) -> bool:
    """True for keys, secrets and tokens; False for what people write."""
    text = value.removeprefix(b'0x').rstrip(b'=')
    if len(text) < _SHORTEST or len(set(text)) < _SIMPLE_CHARS:
        return False
    if UUID.fullmatch(text):
        return True
    if _NUMBER.fullmatch(text) or any(run in text for run in _ALPHABET):
        return False
    if not any(48 <= char <= 57 for char in text) and not _is_scrambled(text):
        return False
    if _HEX.fullmatch(text):
        return len(text) >= 16 and _changes(text) >= len(text) // 5
    return _likeness(text) < _WORDS_ABOVE + _bonus(text)


def _is_scrambled(text: bytes) -> bool:
    """Without digits: capitals and small letters in an order that no name has."""
    toggles = sum(1 for a, b in itertools.pairwise(text) if (97 <= a <= 122) and (65 <= b <= 90))
    return len(text) >= 16 and toggles >= len(text) // 6 and _likeness(text) < _WORDS_ABOVE


def _changes(text: bytes) -> int:
    """How often a letter follows a digit or a digit a letter."""
    return sum((a < 58) != (b < 58) for a, b in itertools.pairwise(text))


def _likeness(text: bytes) -> float:
    """Mean quarter bits by which the pairs speak for an identifier and against random text."""
    from keylint.validators.bigrams import TABLE  # noqa: PLC0415 - 28 rows, only when a value is judged

    numbers = [_symbol(char) for char in text]
    return sum(TABLE[a][b] for a, b in itertools.pairwise(numbers)) / (len(numbers) - 1)


def _symbol(char: int) -> int:
    if 97 <= char <= 122:
        return char - 97
    if 65 <= char <= 90:
        return char - 65
    return 26 if 48 <= char <= 57 else 27


def _bonus(text: bytes) -> float:
    """Several separators speak for words: `grid-bot-2024-v1`."""
    return -1.5 if len(_SEPARATED.findall(text)) > max(1, len(text) // 12) else 0.0
