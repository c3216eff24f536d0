"""Regular expressions that are compiled when they are first used.

A finding in the hook loads modules with 270 of them and uses 70. A text without a finding uses
even fewer.
"""

from __future__ import annotations

from keylint.core.lazy_re import re
from keylint.core.lazy_typing import AnyStr, cast
from keylint.core.regex_cache import PATTERNS

_METHODS = ('search', 'match', 'fullmatch', 'finditer', 'findall', 'sub', 'split')


class _LazyPattern:
    """A stand-in for a compiled expression; after the first use its methods are the real ones."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        """Compile the expression on the first use of an attribute."""
        if name.startswith('__'):
            raise AttributeError(name)
        compiled = PATTERNS.compile(self._source, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def defer_regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a stand-in for the compiled expression. A mistake in it shows on first use."""
    return cast('re.Pattern[AnyStr]', _LazyPattern(source, flags))
