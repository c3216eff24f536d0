"""keylint: a static security linter for people who write crypto trading bots.

As a library: `keylint.scan(path)` gives a `Report`; docs/library.md has all of it. The library
itself is imported when one of its names is asked for.
"""

import sys

from keylint._version import __version__ as __version__

__all__ = (
    'Failure',
    'Finding',
    'Key',
    'KeylintError',
    'Part',
    'Place',
    'PublishReport',
    'Report',
    'Warned',
    'history',
    'keys',
    'publish',
    'render',
    'scan',
    'scan_bytes',
    'scan_text',
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType as _Module

    from keylint.api import (
        Failure,
        Finding,
        Key,
        KeylintError,
        Part,
        Place,
        PublishReport,
        Report,
        Warned,
        history,
        keys,
        publish,
        render,
        scan,
        scan_bytes,
        scan_text,
    )


else:
    _Module = type(sys)  # importing `types` for its name takes longer

# Functions of the library whose names are also those of rooms of the code.
_NAMES_OF_ROOMS = ('history', 'publish')


class _CallableRoom(_Module):
    """A module that can be called as the function of the library that has its name."""

    def __call__(self, *arguments: object, **settings: object) -> object:
        return _load_name(self.__name__.rpartition('.')[2])(*arguments, **settings)


class _PackageModule(_Module):
    """This package: a room that becomes an attribute of it can be called as well."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in _NAMES_OF_ROOMS and type(value) is _Module:
            value.__class__ = _CallableRoom
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _PackageModule


def _load_name(name: str) -> 'Callable[..., object]':
    from keylint import api  # noqa: PLC0415 - `import keylint` alone loads nothing else

    found: Callable[..., object] = getattr(api, name)
    return found


def __getattr__(name: str) -> object:
    """Import a name of the library when it is asked for: `import keylint` alone stays light."""
    if name not in __all__:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    return _load_name(name)


def __dir__() -> list[str]:
    return sorted((*__all__, '__version__'))
