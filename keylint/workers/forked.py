"""Forked workers: each has everything that the parent has loaded, and returns one pickle.

A worker costs a few milliseconds. Workers import detection only if many items need it; they defer
the first few to the parent, which has it loaded.
"""

from __future__ import annotations

import gc
import io
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Generic, NoReturn, TypeVar

from keylint.core.errors import remember_crash
from keylint.core.records import NamedTuple
from keylint.workers.job import Job, WorkerLostError
from keylint.workers.queues import DeferredQueue, WorkQueue
from keylint.workers.retry import retry_apart
from keylint.workers.watch import Watch, WatchedPipe, describe_end

Item = TypeVar('Item')
Result = TypeVar('Result')

# Items that a worker defers to the parent before it loads what it needs to process them itself.
_MAX_DEFERRED = 24


class Worker(NamedTuple, Generic[Result]):
    """A worker process, its number, and the pipe from which its results can be read."""

    process: int
    pipe: int
    number: int


def map_forked(job: Job[Item, Result], count: int) -> Iterator[Result]:
    """Yield the result of every item, made in `count` processes, of which this one is the first."""
    work, items, is_stopped = job.work, job.items, job.is_stopped
    make_lost = job.fallback.make_lost
    queue = WorkQueue(items)
    deferred = DeferredQueue()
    done_here: set[int] = set()
    gc.freeze()  # the collectors of workers skip existing objects, so that those stay shared

    children: list[Worker[Result]] = []
    for number in range(2, min(count, queue.count) + 1):
        drawn = queue.draw(is_stopped, number)
        run = partial(_run_worker, work, job.fallback.try_light, drawn, deferred)
        children.append(_fork(run, deferred, number))
    deferred.close_writer()
    watch = Watch(worker.process for worker in children)
    try:
        for index, item in queue.draw(is_stopped, 1):
            job.progress(index)
            yield work(item)
            yield from _work_on_deferred(work, items, deferred.take_available(), done_here)
        left = (index for index in deferred.take_all(watch.wait_for) if not is_stopped())
        yield from _work_on_deferred(work, items, left, done_here)
        while children:
            worker = children.pop()
            try:
                yield from _collect_results(worker, watch)
            except WorkerLostError:
                again = queue.list_drawn(worker.number, done_here)
                yield from retry_apart(work, make_lost, again, is_stopped)
        # Items drawn by a process that was ended before it could return their results.
        yield from retry_apart(work, make_lost, queue.list_drawn(0, done_here), is_stopped)
    finally:
        gc.unfreeze()
        queue.close()
        deferred.close()
        for worker in children:
            _terminate(worker)


def _work_on_deferred(
    work: Callable[[Item], Result], items: Sequence[Item], indexes: Iterable[int], done: set[int]
) -> Iterator[Result]:
    """Yield the results of deferred items, and note which they were."""
    for index in indexes:
        done.add(index)
        yield work(items[index])


def _run_worker(
    work: Callable[[Item], Result],
    try_light: Callable[[Item], Result | None] | None,
    drawn: Iterator[tuple[int, Item]],
    deferred: DeferredQueue,
) -> list[Result]:
    """Process the items that a worker draws, deferring the first few that `try_light` cannot do."""
    done = []
    may_defer = _MAX_DEFERRED if try_light else 0
    for index, item in drawn:
        result = try_light(item) if try_light and may_defer else work(item)
        if result is None:
            may_defer -= 1
            if deferred.put(index):
                continue
            result = work(item)
        done.append(result)
    return done


def _fork(run: Callable[[], list[Result]], deferred: DeferredQueue, number: int) -> Worker[Result]:
    """Fork a worker; only the parent returns."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if process:
        os.close(writer)
        return Worker(process, reader, number)
    os.close(reader)
    _serve_and_exit(run, deferred, writer)


def _serve_and_exit(
    run: Callable[[], list[Result]], deferred: DeferredQueue, writer: int
) -> NoReturn:
    """Run a worker and end its process, so that it never returns into the parent's code."""
    code = 1
    try:
        _send_results(run, deferred, writer)
        code = 0
    except KeyboardInterrupt:
        pass  # the parent is interrupted too and reports that
    finally:
        os._exit(code)


def _send_results(run: Callable[[], list[Result]], deferred: DeferredQueue, writer: int) -> None:
    """Write (True, results), or (False, exception), to the pipe."""
    answer: tuple[bool, list[Result] | Exception]
    try:
        answer = True, run()
    except Exception as error:  # noqa: BLE001 - raised again in the parent
        remember_crash(error)
        answer = False, error
    deferred.close_writer()  # the parent waits for this first, then for the results
    with os.fdopen(writer, 'wb') as pipe:
        pickle.dump(answer, pipe, protocol=pickle.HIGHEST_PROTOCOL)


def _collect_results(worker: Worker[Result], watch: Watch) -> list[Result]:
    """Return a worker's results. Raises what its work raised, or WorkerLostError."""
    with io.BufferedReader(WatchedPipe(worker.pipe, watch)) as stream:
        data = stream.read()
    status, was_stopped = watch.reap(worker.process)
    if status:
        raise WorkerLostError(describe_end(os.waitstatus_to_exitcode(status), was_stopped))
    is_done, answer = pickle.loads(data)  # noqa: S301 - from our own child
    if not is_done:
        raise answer
    return list(answer)


def _terminate(worker: Worker[Result]) -> None:
    os.close(worker.pipe)
    os.kill(worker.process, signal.SIGTERM)
    os.kill(worker.process, signal.SIGCONT)  # a stopped process would not end otherwise
    os.waitpid(worker.process, 0)
