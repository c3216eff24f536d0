"""`re` for modules that a finding in the hook loads: `from keylint.core.lazy_re import re`.

Importing `re` takes two thirds of the time that Python takes to start, because it makes classes of
its flags. This stand-in uses expressions from the cache (`regex_cache.py`). It imports the real
module for an expression that the cache lacks, and for any other name of `re`.
"""

from __future__ import annotations

from importlib import import_module

from keylint.core.regex_cache import PATTERNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re as re
else:
    _SPECIAL = {char: f'\\{chr(char)}' for char in b'()[]{}?*+-|^$\\.&~# \t\n\r\v\f'}

    def _take_kept(method):
        """Make a function of the module: the method of the kept expression.

        Flags are keyword arguments: in their position the method takes an offset.
        """

        def apply(_, source, text, *, flags=0):
            return getattr(PATTERNS.compile(source, flags), method)(text)

        return apply

    class _LazyExpressions:
        """A stand-in for the module, whose functions use kept expressions."""

        IGNORECASE, MULTILINE, DOTALL, VERBOSE = 2, 8, 16, 64
        compile = PATTERNS.compile

        def __getattr__(self, name):
            return getattr(import_module('re'), name)

        def escape(self, text):
            """Escape the characters that have a meaning in an expression."""
            if isinstance(text, str):
                return text.translate(_SPECIAL)
            return str(text, 'latin1').translate(_SPECIAL).encode('latin1')

        match = _take_kept('match')
        search = _take_kept('search')
        fullmatch = _take_kept('fullmatch')
        finditer = _take_kept('finditer')
        findall = _take_kept('findall')
        split = _take_kept('split')

        def sub(self, source, new, text, *, flags=0):
            """Replace the matches of the kept expression."""
            return PATTERNS.compile(source, flags).sub(new, text)

    re = _LazyExpressions()
