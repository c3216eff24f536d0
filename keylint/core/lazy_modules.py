"""Modules that are imported when one of their names is first used.

A finding in the hook loads modules that need `ast`, `json` or `hmac` only for other findings:
importing these took a tenth of its time. For mypy and readers they look like ordinary imports:

    if TYPE_CHECKING:
        import ast
    else:
        ast = defer_module('ast')
"""

from __future__ import annotations

from importlib import import_module


class _LazyModule:
    """A stand-in for a module; a name that was used once is found without another look-up."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        """Import the module on the first use of a name."""
        value: object = getattr(import_module(self._name), name)
        self.__dict__[name] = value
        return value


def defer_module(name: str) -> _LazyModule:
    """Return a stand-in for a module, which is imported when one of its names is first used."""
    return _LazyModule(name)
