"""Some work on many items, and the result for an item whose process ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keylint.core.errors import KeylintError
from keylint.core.lazy_typing import Generic, TypeVar
from keylint.core.records import NamedTuple

Item = TypeVar('Item')
Result = TypeVar('Result')


class WorkerLostError(KeylintError):
    """Report a process that ended without results: killed, or out of memory."""


class Fallback(NamedTuple, Generic[Item, Result]):
    """The ways to handle an item that a worker cannot process.

    A forked worker first calls `try_light`, which returns the same result as the work, or None to
    defer the item to the parent. `make_lost` makes the result for an item that ends its process; it
    receives the item and a description of how the process ended.
    """

    try_light: Callable[[Item], Result | None] | None = None
    make_lost: Callable[[Item, str], Result] | None = None


class Job(NamedTuple, Generic[Item, Result]):
    """Work on items. `progress` receives the number of items started; see `map_unordered`."""

    work: Callable[[Item], Result]
    items: Sequence[Item]
    progress: Callable[[int], None]
    is_stopped: Callable[[], bool]
    fallback: Fallback[Item, Result]
