"""Scanning many blobs at once: threads, because the gate lets go of the interpreter lock while it scans."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

Item = TypeVar('Item')
Result = TypeVar('Result')

# Below so many items a second thread costs more than it saves.
_FEW = 24


def map_unordered(work: Callable[[Item], Result], items: Iterable[Item], workers: int | None = None) -> Iterator[Result]:
    """`work` of every item, in no particular order. What `items` or `work` raises is raised here.

    Items are drawn one by one under a lock, so that no more of them are in memory than there are workers.
    """
    drawn = iter(items)
    for _ in range(_FEW):
        for item in drawn:
            yield work(item)
            break
        else:
            return
    yield from _Pool(work, drawn, workers or os.cpu_count() or 1).run()


class _Pool(Generic[Item, Result]):
    """Threads that draw items until none is left or one of them fails."""

    def __init__(self, work: Callable[[Item], Result], items: Iterator[Item], workers: int) -> None:
        self._work = work
        self._items = items
        self._workers = workers
        self._lock = threading.Lock()
        self._done: list[Result] = []
        self._failed: list[BaseException] = []

    def run(self) -> Iterator[Result]:
        """Start the threads, help them, and hand out the results."""
        threads = [threading.Thread(target=self._draw, daemon=True) for _ in range(self._workers - 1)]
        for thread in threads:
            thread.start()
        self._draw()
        for thread in threads:
            thread.join()
        if self._failed:
            raise self._failed[0]
        yield from self._done

    def _draw(self) -> None:
        while not self._failed:
            try:
                with self._lock:
                    item = next(self._items)
                self._done.append(self._work(item))
            except StopIteration:
                return
            except BaseException as error:  # noqa: BLE001 - carried over to the thread that asked
                self._failed.append(error)
                return
