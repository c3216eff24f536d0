"""Regular expressions that are compiled when they are first used.

A finding in the hook passes modules with 270 of them and uses 70. A text in which nothing is found
uses fewer still.
"""

from __future__ import annotations

from keylint.core.kept_patterns import PATTERNS
from keylint.core.late_re import re
from keylint.core.late_typing import AnyStr, cast

_METHODS = ('search', 'match', 'fullmatch', 'finditer', 'findall', 'sub', 'split')


class _LatePattern:
    """Stand for a compiled expression; from the first use on its methods are the real ones."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        """Compile the expression, of which something is asked for the first time."""
        if name.startswith('__'):
            raise AttributeError(name)
        compiled = PATTERNS.compile(self._source, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def defer_regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what behaves as the compiled expression does. A mistake shows when it is used."""
    return cast('re.Pattern[AnyStr]', _LatePattern(source, flags))
