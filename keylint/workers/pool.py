"""Process many items at once: in workers if possible, otherwise one after another.

Threads do not help: only the matcher releases the interpreter lock, and it is the smaller half of
the work. Linux forks (`workers.forked`), other systems spawn new processes (`workers.spawned`);
the hook, which has few items, uses neither.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence

from keylint.core import start_method
from keylint.core.errors import ConfigError
from keylint.core.lazy_modules import defer_module
from keylint.core.lazy_typing import TypeVar
from keylint.workers.job import Fallback, Job

TYPE_CHECKING = False  # the hook has few items and needs neither
if TYPE_CHECKING:
    from keylint.workers import forked, spawned
else:
    forked = defer_module('keylint.workers.forked')
    spawned = defer_module('keylint.workers.spawned')

Item = TypeVar('Item')
Result = TypeVar('Result')

# With fewer items a second process costs more than it saves; a spawned process costs more.
_MIN_ITEMS, _MIN_SPAWNED_ITEMS = 24, 160
_MAX_COUNT_DIGITS = 9


def count_workers() -> int:
    """Count the processes to use: `$KEYLINT_WORKERS`, or the CPUs that this process may use.

    Zero counts as not set. Raises ConfigError if the variable is not a number.
    """
    own = os.environ.get('KEYLINT_WORKERS', '').strip()
    if own and not (own.isascii() and own.isdigit() and len(own) <= _MAX_COUNT_DIGITS):
        raise ConfigError('KEYLINT_WORKERS must be a whole number, such as 2')
    if own and int(own) > 0:
        return int(own)
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1


def map_unordered(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    progress: Callable[[int], None] = lambda count: None,
    is_stopped: Callable[[], bool] = lambda: False,
    min_items: int = _MIN_ITEMS,
    fallback: Fallback[Item, Result] = Fallback(),  # noqa: B008 - immutable
) -> Iterator[Result]:
    """Yield `work(item)` for every item, in no particular order.

    `progress` receives the number of items started so far. Once `is_stopped` returns True, no
    process starts another item; finished results are still yielded. With fewer than `min_items`
    items no worker is started. The items that a lost worker had drawn are processed again, in
    separate processes. Raises what `work` raises, and WorkerLostError for an item that ends its
    process if there is no `make_lost`.
    """
    count = count_workers()
    start_method.check_start_method()
    job = Job(work, items, progress, is_stopped, fallback)
    if count > 1 and len(items) >= min_items and _may_fork():
        yield from forked.map_forked(job, count)
        return
    if count > 1 and start_method.SPAWNS and len(items) >= _raise_minimum(min_items):
        packed = spawned.pack_work(work)
        if packed is not None:
            yield from spawned.map_spawned(job, packed, count)
            return
    for number, item in enumerate(items):
        if is_stopped():
            return
        progress(number)
        yield work(item)


def _raise_minimum(min_items: int) -> int:
    """Raise the minimum of items if processes are spawned, unless each item is much work."""
    return _MIN_SPAWNED_ITEMS if min_items == _MIN_ITEMS else min_items


def _may_fork() -> bool:
    """Allow forking only while no other thread runs, which could hold a lock."""
    if start_method.SPAWNS:
        return False
    threading = sys.modules.get('threading')
    return threading is None or threading.active_count() == 1
