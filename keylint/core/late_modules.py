"""Modules that are imported when something of them is used.

A finding in the hook passes modules that need `ast`, `json` or `hmac` for other findings: these
took a tenth of its time. To mypy and to readers they are imported as usual:

    if TYPE_CHECKING:
        import ast
    else:
        ast = defer_module('ast')
"""

from __future__ import annotations

from importlib import import_module


class _LateModule:
    """Stand for a module; what was asked for once is found without looking again."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        """Import the module, of which something is asked for the first time."""
        value: object = getattr(import_module(self._name), name)
        self.__dict__[name] = value
        return value


def defer_module(name: str) -> _LateModule:
    """Return what has the contents of a module, which is imported when one is asked for."""
    return _LateModule(name)
