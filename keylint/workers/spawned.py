"""Workers for systems that cannot fork: new processes, each with a thread here that feeds it.

A process takes a fifth of a second to load what the parent has loaded already, so the parent works
too, and takes items one by one while the others come up.
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

# Items are sent in portions: so many for each process, and never more than so many at once.
_PORTIONS, _MAX_PORTION = 8, 32


class _News(NamedTuple, Generic[Item, Result]):
    """What a thread tells: a result, what was raised, a lost item, or that it has ended."""

    results: tuple[Result, ...] = ()
    raised: Exception | None = None
    lost: tuple[Item, ...] = ()
    is_end: bool = False


class _Crew(Generic[Item, Result]):
    """The items that nobody has begun, and what has come of the others."""

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
        """Take the next items; none where the run is stopped."""
        with self._lock:
            if self._is_over or self._is_stopped():
                return []
            taken = [self._left.popleft() for _ in range(min(most, len(self._left)))]
            self.begun += len(taken)
            return taken

    def serve(self) -> None:
        """Run one process after another until nothing is left: the next one when one is lost."""
        try:
            while self._left and self._feed_process():
                pass
        finally:
            self._news.put(_News(is_end=True))

    def _feed_process(self) -> bool:
        """Feed a process; True where it was lost and another one may go on."""
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
        """Pass on what comes of a portion; return of how many items something came."""
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
        """Yield the news that have come; with a number of threads, all until these have ended."""
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
        """Begin nothing more, and end what runs."""
        with self._lock:
            self._is_over = True
            for child in self._running:
                child.kill()


def map_spawned(
    job: Job[Item, Result], packed: PackedWork[Item, Result], count: int
) -> Iterator[Result]:
    """Yield the result of every item, made in `count` processes, of which this one is the first.

    `packed` is what `pack_work` made of the work.
    """
    make_lost, is_stopped = job.fallback.make_lost, job.is_stopped
    crew: _Crew[Item, Result] = _Crew(job, packed.data, count)
    threads = [threading.Thread(target=crew.serve, daemon=True) for _ in range(count - 1)]
    for thread in threads:
        thread.start()
    try:
        # Once more at the end: what a process gave back that could not be started again.
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
