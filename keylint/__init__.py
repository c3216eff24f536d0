"""keylint: a static security linter for people who write crypto trading bots.

As a library: `keylint.scan(path)` gives a `Report`; docs/library.md has all of it. The library
itself is imported when one of its names is asked for.
"""

from keylint._version import __version__ as __version__

__all__ = (
    'Failure',
    'Finding',
    'KeylintError',
    'Part',
    'Place',
    'Report',
    'Warned',
    'render',
    'scan',
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.api import (
        Failure,
        Finding,
        KeylintError,
        Part,
        Place,
        Report,
        Warned,
        render,
        scan,
    )


def __getattr__(name: str) -> object:
    """Import a name of the library when it is asked for: `import keylint` alone stays light."""
    if name not in __all__:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from keylint import api  # noqa: PLC0415 - `import keylint` alone loads nothing else

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted((*__all__, '__version__'))
