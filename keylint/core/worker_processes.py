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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Generic, NoReturn, TypeVar

from keylint.core import start_method
from keylint.core.errors import KeylintError, remember_crash
from keylint.core.records import NamedTuple
from keylint.core.worker_queues import DeferredQueue, WorkQueue

TYPE_CHECKING = False  # `core.workers` imports this module where it needs it
if TYPE_CHECKING:
    from keylint.core.workers import Fallback

Item = TypeVar('Item')
Result = TypeVar('Result')

# Items that a worker defers to the parent before it loads what it needs to do them itself.
_MAX_DEFERRED = 24
# Loaded where no process can be forked: it brings `subprocess` along.
_SPAWNED = 'keylint.core.spawned_processes'


class Worker(NamedTuple, Generic[Result]):
    """A worker process, its number, and the pipe from which its results can be read."""

    process: int
    pipe: int
    number: int


class WorkerLostError(KeylintError):
    """Report a process that ended without results: killed, or out of memory."""


def map_in_workers(
    work: Callable[[Item], Result],
    fallback: Fallback[Item, Result],
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
    done_here: set[int] = set()
    gc.freeze()  # the collectors of workers skip what exists already, so that it stays shared

    children: list[Worker[Result]] = []
    for number in range(2, min(count, queue.count) + 1):
        drawn = queue.draw(is_stopped, number)
        run = partial(_run_worker, work, fallback.try_light, drawn, deferred)
        children.append(_fork(run, deferred, number))
    deferred.close_writer()
    try:
        for index, item in queue.draw(is_stopped, 1):
            progress(index)
            yield work(item)
            yield from _work_on_deferred(work, items, deferred.take_available(), done_here)
        left = (index for index in deferred.take_all() if not is_stopped())
        yield from _work_on_deferred(work, items, left, done_here)
        while children:
            worker = children.pop()
            try:
                yield from _collect_results(worker)
            except WorkerLostError:
                again = queue.list_drawn(worker.number, done_here)
                yield from retry_apart(work, fallback.make_lost, again, is_stopped)
    finally:
        gc.unfreeze()
        queue.close()
        deferred.close()
        for worker in children:
            _terminate(worker)


def retry_apart(
    work: Callable[[Item], Result],
    make_lost: Callable[[Item, str], Result] | None,
    items: Sequence[Item],
    is_stopped: Callable[[], bool],
) -> Iterator[Result]:
    """Yield `work(item)` for items of which one has ended its process, in fresh processes.

    That item gets what `make_lost` makes of it. Raises WorkerLostError without `make_lost`.
    """
    left = list(items)
    work_apart = _work_in_fresh_process
    if start_method.SPAWNS:
        work_apart = __import__(_SPAWNED, fromlist=['SpawnedProcess']).work_in_spawned_process
    while left and not is_stopped():
        done, end = work_apart(work, left)
        yield from done
        left = left[len(done) :]
        if end and left:
            if make_lost is None:
                raise WorkerLostError(_describe_end(end))
            yield make_lost(left.pop(0), _describe_end(end))


def _work_in_fresh_process(
    work: Callable[[Item], Result], items: Sequence[Item]
) -> tuple[list[Result], int]:
    """Return the results up to the item that ended the process, and its exit status, 0 if none did.

    Raises what the work raised.
    """
    reader, writer = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if not process:
        os.close(reader)
        _stream_and_exit(work, items, writer)
    os.close(writer)
    done: list[Result] = []
    raised: Exception | None = None
    with os.fdopen(reader, 'rb') as stream, suppress(EOFError, pickle.UnpicklingError):
        while True:
            is_done, answer = pickle.load(stream)  # noqa: S301 - from our own child
            if is_done:
                done.append(answer)
            else:
                raised = answer
    _, status = os.waitpid(process, 0)
    if raised is not None:
        raise raised
    return done, os.waitstatus_to_exitcode(status)


def _stream_and_exit(
    work: Callable[[Item], Result], items: Sequence[Item], writer: int
) -> NoReturn:
    """Write each result as soon as it is made, so that what is done outlives this process."""
    code = 1
    try:
        with os.fdopen(writer, 'wb') as pipe:
            for item in items:
                try:
                    answer: tuple[bool, Result | Exception] = True, work(item)
                except Exception as error:  # noqa: BLE001 - raised again in the parent
                    answer = False, error
                pickle.dump(answer, pipe, protocol=pickle.HIGHEST_PROTOCOL)
                pipe.flush()
        code = 0
    finally:
        os._exit(code)


def _describe_end(code: int) -> str:
    """Say how a process ended: its exit code, negative for a signal."""
    how = f'by signal {-code}' if code < 0 else f'with status {code}'
    return f'the process that worked on it ended {how}, possibly out of memory'


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
        raise WorkerLostError(_describe_end(os.waitstatus_to_exitcode(status)))
    is_done, answer = pickle.loads(data)  # noqa: S301 - from our own child
    if not is_done:
        raise answer
    return list(answer)


def _terminate(worker: Worker[Result]) -> None:
    os.close(worker.pipe)
    os.kill(worker.process, signal.SIGTERM)
    os.waitpid(worker.process, 0)
