"""Distinguish random values from identifiers, words, paths, versions and dates.

The measure is how much likelier the value's pairs of characters are in identifiers than in random
text; token efficiency does the same with larger vocabularies. benchmarks/randomness.py prints what
it accepts and rejects.
"""

from __future__ import annotations

import itertools
from functools import lru_cache

from keylint.core.lazy_patterns import defer_regex
from keylint.validators.bigrams import BIAS, TABLE

_HEX = defer_regex(rb'[0-9a-f]+|[0-9A-F]+')
UUID = defer_regex(rb'[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')
_NUMBER = defer_regex(rb'[0-9._+\-/:eExXpPjJoOTZ,]+')
_ALPHABET = (b'abcdefghijkl', b'ABCDEFGHIJKL', b'0123456789', b'1234567890')
_SEPARATED = defer_regex(rb'[_\-./:]')
_NO_LETTERS = defer_regex(rb'[^A-Za-z0-9]+')
_SYMBOLS, _MIN_SYMBOLS = defer_regex(rb'[!#$%^*~]'), 2
# Names of models, versions and releases: `llama3-70b-8192`, `gpt-4o-mini-2024-07-18`.
# Each piece matches in one way only: otherwise a long name would be tried in all of them.
_PIECE = rb'(?>[A-Za-z]?[a-z]++[0-9]{0,2}+|v?[0-9]++[a-z]?|[a-z0-9]{1,2}+)'
_SLUG = defer_regex(_PIECE + rb'(?:[\-_.:]' + _PIECE + rb'){2,}+')
_MIN_CHARS = 8
# A text reads like words from this many quarter bits per pair on.
_MAX_RANDOM_LIKENESS = 1.2
_MIN_DISTINCT_CHARS = 6


@lru_cache(maxsize=4096)
def is_random(value: bytes) -> bool:
    """Return True for keys, secrets and tokens, False for text that people write."""
    text = value.removeprefix(b'0x').rstrip(b'=')
    if len(text) < _MIN_CHARS or len(set(text)) < _MIN_DISTINCT_CHARS:
        return False
    if UUID.fullmatch(text):
        return True
    if _NUMBER.fullmatch(text) or _SLUG.fullmatch(text):
        return False
    if any(run in text for run in _ALPHABET):
        return False
    if not any(48 <= char <= 57 for char in text) and not _is_scrambled(text):
        return False
    if _HEX.fullmatch(text):
        return len(text) >= 16 and _count_changes(text) >= len(text) // 5
    if len(set(_SYMBOLS.findall(text))) >= _MIN_SYMBOLS:
        # Words are not separated by these: the letters and digits between them decide.
        text = _NO_LETTERS.sub(b'', text)
        return len(text) >= _MIN_CHARS and _likeness(text) < _MAX_RANDOM_LIKENESS
    return _likeness(text) < _MAX_RANDOM_LIKENESS + _separator_penalty(text)


def _is_scrambled(text: bytes) -> bool:
    """Check for a text without digits that mixes capitals and small letters as no name does."""
    toggles = sum(1 for a, b in itertools.pairwise(text) if (97 <= a <= 122) and (65 <= b <= 90))
    return len(text) >= 16 and toggles >= len(text) // 6 and _likeness(text) < _MAX_RANDOM_LIKENESS


def _count_changes(text: bytes) -> int:
    """Count the changes between letters and digits."""
    return sum((a < 58) != (b < 58) for a, b in itertools.pairwise(text))


def _likeness(text: bytes) -> float:
    """Return the mean over the pairs in quarter bits; a positive value suggests an identifier."""
    numbers = [_symbol_number(char) for char in text]
    pairs = len(numbers) - 1
    total = sum(TABLE[a][b] for a, b in itertools.pairwise(numbers))
    return (total - BIAS * pairs) / pairs


def _symbol_number(char: int) -> int:
    if 97 <= char <= 122:
        return char - 97
    if 65 <= char <= 90:
        return char - 65
    return 26 if 48 <= char <= 57 else 27


def _separator_penalty(text: bytes) -> float:
    """Return how much several separators lower the threshold, as in `grid-bot-2024-v1`."""
    return -1.5 if len(_SEPARATED.findall(text)) > max(1, len(text) // 12) else 0.0
