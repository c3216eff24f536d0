"""Forked workers: each has everything that the parent has loaded, and returns one pickle.

A worker costs a few milliseconds. Workers import detection only if many items need it; the first
few are deferred to the parent, which has it loaded.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, NoReturn, TypeVar

from keylint.core.errors import KeylintError, remember_crash
from keylint.core.worker_queues import DeferredQueue, WorkQueue

Item = TypeVar('Item')
Result = TypeVar('Result')

# Items that a worker defers to the parent before it loads what it needs to do them itself.
_MAX_DEFERRED = 24


class Worker(NamedTuple, Generic[Result]):
    """A worker process, and the pipe from which its results can be read."""

    process: int
    pipe: int


class WorkerLostError(KeylintError):
    """Report a worker process that ended without results: killed, or out of memory."""


def map_in_workers(
    work: Callable[[Item], Result],
    try_light: Callable[[Item], Result | None] | None,
    items: Sequence[Item],
    count: int,
    progress: Callable[[int], None],
    is_stopped: Callable[[], bool],
) -> Iterator[Result]:
    """Yield `work(item)` for every item, made in `count` processes, of which this one is the first.

    The parameters are those of `core.workers.map_unordered`.
    """
    queue = WorkQueue(items)
    deferred = DeferredQueue()
    gc.freeze()  # the collectors of workers skip what exists already, so that it stays shared
    children = [
        _fork(lambda: _run_worker(work, try_light, queue.draw(is_stopped), deferred), deferred)
        for _ in range(min(count, queue.count) - 1)
    ]
    deferred.close_writer()
    try:
        for index, item in queue.draw(is_stopped):
            progress(index)
            yield work(item)
            yield from map(work, (items[other] for other in deferred.take_available()))
        yield from map(work, (items[other] for other in deferred.take_all() if not is_stopped()))
        while children:
            yield from _collect_results(children.pop())
    finally:
        gc.unfreeze()
        queue.close()
        deferred.close()
        for worker in children:
            _terminate(worker)


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


def _fork(run: Callable[[], list[Result]], deferred: DeferredQueue) -> Worker[Result]:
    """Fork a worker; only the parent returns."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if process:
        os.close(writer)
        return Worker(process, reader)
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
        pass  # the parent is interrupted too and reports it
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


def _collect_results(worker: Worker[Result]) -> list[Result]:
    """Return a worker's results. Raises what its work raised, or WorkerLostError."""
    with os.fdopen(worker.pipe, 'rb') as stream:
        data = stream.read()
    _, status = os.waitpid(worker.process, 0)
    if status:
        code = os.waitstatus_to_exitcode(status)
        raise WorkerLostError(
            f'a worker process ended with status {code}, perhaps for want of memory;'
            ' KEYLINT_WORKERS=1 does without'
        )
    is_done, answer = pickle.loads(data)  # noqa: S301 - from our own child
    if not is_done:
        raise answer
    return list(answer)


def _terminate(worker: Worker[Result]) -> None:
    os.close(worker.pipe)
    os.kill(worker.process, signal.SIGTERM)
    os.waitpid(worker.process, 0)
