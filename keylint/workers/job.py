"""Some work on many items, and what becomes of an item whose process ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from keylint.core.errors import KeylintError
from keylint.core.records import NamedTuple

Item = TypeVar('Item')
Result = TypeVar('Result')


class WorkerLostError(KeylintError):
    """Report a process that ended without results: killed, or out of memory."""


class Fallback(NamedTuple, Generic[Item, Result]):
    """What is done with an item where a worker cannot do the work.

    `try_light` is what a forked worker tries first: it returns the same result, or None for an item
    that is deferred to the parent. `make_lost` makes the result of an item that ends the process
    which works on it; it is given the item and how the process ended.
    """

    try_light: Callable[[Item], Result | None] | None = None
    make_lost: Callable[[Item, str], Result] | None = None


class Job(NamedTuple, Generic[Item, Result]):
    """Work on items. `progress` is given the number of items started; see `map_unordered`."""

    work: Callable[[Item], Result]
    items: Sequence[Item]
    progress: Callable[[int], None]
    is_stopped: Callable[[], bool]
    fallback: Fallback[Item, Result]
