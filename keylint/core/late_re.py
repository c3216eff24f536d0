"""`re` for modules that a finding in the hook passes: `from keylint.core.late_re import re`.

To import it takes two thirds of the time that Python takes to start, as it makes classes of its
flags. This stand-in uses expressions from the cache (`kept_patterns.py`). The first one that is not
there, and whatever else of `re` is asked for, imports the real module.
"""

from __future__ import annotations

from importlib import import_module

from keylint.core.kept_patterns import PATTERNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re as re
else:
    _SPECIAL = {char: f'\\{chr(char)}' for char in b'()[]{}?*+-|^$\\.&~# \t\n\r\v\f'}

    def _take_kept(method):
        """Make a function of the module: the method of the kept expression.

        Flags are given by their name: in their place the method has where to begin.
        """

        def apply(_, source, text, *, flags=0):
            return getattr(PATTERNS.compile(source, flags), method)(text)

        return apply

    class _LateExpressions:
        """Stand for the module: its functions take kept expressions."""

        IGNORECASE, MULTILINE, DOTALL, VERBOSE = 2, 8, 16, 64
        compile = PATTERNS.compile

        def __getattr__(self, name):
            return getattr(import_module('re'), name)

        def escape(self, text):
            """Escape what has a meaning in an expression."""
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
            """Replace what the kept expression finds."""
            return PATTERNS.compile(source, flags).sub(new, text)

    re = _LateExpressions()
