"""Compile regular expressions once for all runs: the cache keeps the compiled code.

A finding in the hook uses 120 expressions. Parsing them took a fifth of its time; building them
from the kept code takes a hundredth. The code depends on the version of Python, and
`write_regex_cache.py` keeps it only if it gives the same expression again.
"""

from __future__ import annotations

import marshal
import sys

from keylint._version import __version__
from keylint.core.cache_files import cache_path_stem, read_cache_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any, AnyStr, Literal

    # Flags with those in the text, code, number of groups, names of groups, the name of each group.
    Kept = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
    Key = tuple[str | bytes, int]

# The array type code for a word of regex code, by its size in bytes.
WORDS: dict[int, Literal['H', 'I', 'Q']] = {2: 'H', 4: 'I', 8: 'Q'}


class RegexCache:
    """Expressions by text and flags: those from the cache, and those that had to be compiled."""

    def __init__(self) -> None:
        self.missed: dict[Key, re.Pattern[Any]] = {}
        self._made: dict[Key, re.Pattern[Any]] = {}
        self._kept: dict[Key, Kept] | None = None

    @property
    def kept(self) -> dict[Key, Kept]:
        """Return the content of the cache, reading it on first use."""
        if self._kept is None:
            state = describe_python()
            body = read_cache_file(f'{cache_path_stem(state)}.expressions', state)
            self._kept = {} if body is None else _read_kept(body)
        return self._kept

    def compile(self, source: str | bytes, flags: int = 0) -> re.Pattern[Any]:
        """Return the compiled expression. Raises re.error if it is invalid."""
        key = (source, int(flags))
        made = self._made.get(key)
        if made is None:
            kept = self.kept.get(key)
            made = make_pattern(source, kept) if kept is not None else None
            if made is None:
                made = self.missed[key] = __import__('re').compile(source, flags)
            self._made[key] = made
        return made


def _read_kept(body: bytes) -> dict[Key, Kept]:
    try:
        kept: dict[Key, Kept] = marshal.loads(body)  # noqa: S302 - the user's own
    except (EOFError, TypeError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def describe_python() -> bytes:
    """Return a text that differs whenever compiled expressions, or the set of them, may differ."""
    engine = __import__('_sre')
    version = f'{sys.implementation.cache_tag} {sys.hexversion} {engine.MAGIC} {engine.CODESIZE}'
    return f'expressions {__version__} {version} {sys.byteorder}\n'.encode()


def make_pattern(source: str | bytes, kept: Kept) -> re.Pattern[Any] | None:
    """Build an expression from kept code; None if Python rejects the code."""
    engine = __import__('_sre')
    try:
        flags, code, groups, names, by_number = kept
        words = memoryview(code).cast(WORDS[engine.CODESIZE]).tolist()
        made: re.Pattern[Any] = engine.compile(source, flags, words, groups, names, by_number)
    except (RuntimeError, TypeError, ValueError, OverflowError):
        return None
    return made


PATTERNS = RegexCache()


def compile_once(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return the compiled expression, from the cache if it is there. Raises re.error."""
    return PATTERNS.compile(source, flags)
