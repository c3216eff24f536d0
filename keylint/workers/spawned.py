"""Workers for systems that cannot fork: spawned processes, each fed by a thread of the parent.

A process takes a fifth of a second to load what the parent has loaded already, so the parent works
too, and takes items one by one while the others start.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from keylint.core.records import NamedTuple
from keylint.workers.job import Job
from keylint.workers.retry import retry_apart
from keylint.workers.spawned_process import PackedWork, SpawnedProcess
from keylint.workers.spawned_process import pack_work as pack_work

Item = TypeVar('Item')
Result = TypeVar('Result')

# Items are sent in portions: this many for each process, each of at most this many items.
_PORTIONS, _MAX_PORTION = 8, 32


class _News(NamedTuple, Generic[Item, Result]):
    """A thread's report: a result, an exception, a lost item, or that the thread has ended."""

    results: tuple[Result, ...] = ()
    raised: Exception | None = None
    lost: tuple[Item, ...] = ()
    is_end: bool = False


class _Crew(Generic[Item, Result]):
    """The items that no process has started, and the results of the others."""

    def __init__(self, job: Job[Item, Result], packed: bytes, count: int) -> None:
        self._left = deque(job.items)
        self._lock = threading.Lock()
        self._packed = packed
        self._portion = max(1, min(_MAX_PORTION, len(job.items) // (count * _PORTIONS)))
        self._is_stopped = job.is_stopped
        self._is_over = False
        self._running: set[SpawnedProcess[Item, Result]] = set()
        self._news: SimpleQueue[_News[Item, Result]] = SimpleQueue()
        self._ended = 0
        self.begun = 0

    def take(self, most: int = 1) -> list[Item]:
        """Take the next items; none if the run is stopped."""
        with self._lock:
            if self._is_over or self._is_stopped():
                return []
            taken = [self._left.popleft() for _ in range(min(most, len(self._left)))]
            self.begun += len(taken)
            return taken

    def serve(self) -> None:
        """Run a process until no item is left; if it is lost, run the next one."""
        try:
            while self._left and self._feed_process():
                pass
        finally:
            self._news.put(_News(is_end=True))

    def _feed_process(self) -> bool:
        """Feed a process; True if it was lost and another one may continue."""
        child: SpawnedProcess[Item, Result] = SpawnedProcess(self._packed)
        with self._lock:
            self._running.add(child)
        try:
            if not child.is_ready():
                return False
            while portion := self.take(self._portion):
                done = self._pass_on(child, portion)
                if done < len(portion):
                    self._give_back(portion[done + 1 :])
                    self._news.put(_News(lost=(portion[done],)))
                    return not self._is_over
            return False
        finally:
            with self._lock:
                self._running.discard(child)
            child.end()

    def _pass_on(self, child: SpawnedProcess[Item, Result], portion: list[Item]) -> int:
        """Pass on the results of a portion; return for how many items one arrived."""
        done = 0
        for is_done, answer in child.work_on(portion):
            done += 1
            if not is_done and isinstance(answer, Exception):
                self._news.put(_News(raised=answer))
            else:
                self._news.put(_News(results=(answer,)))  # type: ignore[arg-type] # is_done
        return done

    def _give_back(self, items: list[Item]) -> None:
        with self._lock:
            self._left.extendleft(reversed(items))
            self.begun -= len(items)

    def read_news(self, threads: int) -> Iterator[_News[Item, Result]]:
        """Yield the available news; given a number of threads, all news until these have ended."""
        while not threads or self._ended < threads:
            try:
                news = self._news.get(block=bool(threads))
            except Empty:
                return
            if news.raised is not None:
                raise news.raised
            self._ended += news.is_end
            yield news

    def stop(self) -> None:
        """Start no further item, and end the running processes."""
        with self._lock:
            self._is_over = True
            for child in self._running:
                child.kill()


def map_spawned(
    job: Job[Item, Result], packed: PackedWork[Item, Result], count: int
) -> Iterator[Result]:
    """Yield the result of every item, made in `count` processes, of which this one is the first.

    `packed` is the result of `pack_work` for the work.
    """
    make_lost, is_stopped = job.fallback.make_lost, job.is_stopped
    crew: _Crew[Item, Result] = _Crew(job, packed.data, count)
    threads = [threading.Thread(target=crew.serve, daemon=True) for _ in range(count - 1)]
    for thread in threads:
        thread.start()
    try:
        # Once more at the end: for items returned by a process that could not be restarted.
        for waits_for in (len(threads), 0):
            while taken := crew.take():
                job.progress(crew.begun - 1)
                yield job.work(taken[0])
                for news in crew.read_news(0):
                    yield from news.results
                    yield from retry_apart(job.work, make_lost, news.lost, is_stopped)
            for news in crew.read_news(waits_for):
                job.progress(max(0, crew.begun - 1))
                yield from news.results
                yield from retry_apart(job.work, make_lost, news.lost, is_stopped)
    finally:
        crew.stop()
        for thread in threads:
            thread.join()
