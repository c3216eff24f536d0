"""PyYAML as keylint uses it: safe loaders only, and endless nesting is an ordinary error.

PyYAML 6.0.4 on libyaml gives up beyond 1,000 levels with an error of its own. 6.0.3 overflows its
stack while building a document, which ends the process. Its Python loader raises RecursionError,
which is not a YAMLError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar

import yaml

SafeLoader: TypeAlias = type[yaml.SafeLoader] | type[yaml.CSafeLoader]
Built = TypeVar('Built')

# Levels of a document that is built as a whole: the limit of PyYAML 6.0.4.
_MAX_LEVELS = 1000
# libyaml in C if PyYAML was built with it.
FAST_LOADER: SafeLoader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


class TooDeepError(yaml.YAMLError):
    """Report a text that is nested deeper than allowed, or than PyYAML can read."""

    def __init__(self) -> None:
        super().__init__('nested too deep to be read')


def parse_events(text: str | bytes) -> Iterator[yaml.Event]:
    """Yield PyYAML's events, whose marks give places.

    Raises YAMLError, of which TooDeepError is one.
    """
    try:
        yield from yaml.parse(text, Loader=FAST_LOADER)
    except RecursionError:
        raise TooDeepError from None
    except yaml.YAMLError as error:
        raise _recognise_depth_error(error) from error


def load_document(text: str | bytes, loader: SafeLoader = FAST_LOADER) -> object:
    """Build the one document of a text. Raises YAMLError, of which TooDeepError is one."""
    return _build_document(lambda: yaml.load(text, loader), text)  # noqa: S506 - a safe loader


def load_documents(text: str | bytes, loader: SafeLoader = FAST_LOADER) -> list[object]:
    """Build all documents of a text. Raises YAMLError, of which TooDeepError is one."""
    return _build_document(lambda: list(yaml.load_all(text, loader)), text)


def compose_document(text: str) -> yaml.Node | None:
    """Build the nodes of the one document of a text, None if it is empty. Raises YAMLError.

    The marks are those of PyYAML's own scanner: libyaml ends a block elsewhere.
    """
    return _build_document(lambda: yaml.compose(text, yaml.SafeLoader), text)


def _build_document(build: Callable[[], Built], text: str | bytes) -> Built:
    """Call `build` on a text that is not nested too deep for it."""
    if _may_be_deep(text):
        _check_depth(text)
    try:
        return build()
    except RecursionError:
        raise TooDeepError from None
    except yaml.YAMLError as error:
        raise _recognise_depth_error(error) from error


def _may_be_deep(text: str | bytes) -> bool:
    """Check by its width whether a text could be nested too deep: most are too narrow for that.

    A block is in a later column than the block around it, except a list under a key; any other
    nesting has a bracket. This saves parsing every rule file twice.
    """
    data = text.encode('utf-8', 'surrogatepass') if isinstance(text, str) else text
    widest = max(map(len, data.splitlines()), default=0)
    return 2 * widest + data.count(b'[') + data.count(b'{') > _MAX_LEVELS


def _check_depth(text: str | bytes) -> None:
    """Raise TooDeepError for a text with too many levels. Events are made without recursion."""
    depth = 0
    for event in parse_events(text):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_LEVELS:
            raise TooDeepError


def _recognise_depth_error(error: yaml.YAMLError) -> yaml.YAMLError:
    """Return TooDeepError for PyYAML's own nesting error, any other error unchanged."""
    problem = getattr(error, 'problem', None) or ''
    return TooDeepError() if 'nesting depth' in problem else error
