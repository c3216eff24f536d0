"""Process many items at once: in forked workers where that is safe, otherwise one after another.

Threads do not help: only the matcher releases the interpreter lock, and it is the smaller half of
the work. A forked worker has everything that the parent has loaded, costs a few milliseconds and
returns its results as one pickle. Workers import detection only if many items need it; the first
few are deferred to the parent, which has it loaded.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn, TypeVar

from keylint.core.errors import ConfigError, KeylintError, remember_crash
from keylint.core.worker_queues import DeferredQueue, WorkQueue

Item = TypeVar('Item')
Result = TypeVar('Result')

# Drawn before workers are forked: what one of them hashes with it, the parent knows again.
RUN_KEY = os.urandom(16)
# With fewer items a second process costs more than it saves.
_MIN_ITEMS = 24
_MAX_COUNT_DIGITS = 9
# Items that a worker defers to the parent before it loads what it needs to do them itself.
_MAX_DEFERRED = 24


class WorkerLostError(KeylintError):
    """Report a worker process that ended without results: killed, or out of memory."""


def count_workers() -> int:
    """Count the processes to use: `$KEYLINT_WORKERS`, or the CPUs that this process may use.

    Zero counts as not set. Raises ConfigError for what is no number.
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
    few: int = _MIN_ITEMS,
    glance: Callable[[Item], Result | None] | None = None,
) -> Iterator[Result]:
    """Yield `work(item)` for every item, in no particular order.

    `glance` is what a forked worker tries first: it returns the same result, or None for an item
    that is deferred to the parent. `progress` receives the number of items started so far. Once
    `is_stopped` returns True, a process starts no further item; finished results are still yielded.
    With fewer than `few` items no worker is forked. Raises what `work` raises, and WorkerLostError.
    """
    count = count_workers()
    if count == 1 or len(items) < few or not _may_fork():
        for number, item in enumerate(items):
            if is_stopped():
                return
            progress(number)
            yield work(item)
        return
    queue = WorkQueue(items)
    deferred = DeferredQueue()
    gc.freeze()  # the collectors of workers skip what exists already, so that it stays shared
    children = [
        _fork(lambda: _run_worker(work, glance, queue.draw(is_stopped), deferred), deferred)
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
            yield from _collect_results(*children.pop())
    finally:
        gc.unfreeze()
        queue.close()
        deferred.close()
        for process, pipe in children:
            _terminate(process, pipe)


def _run_worker(
    work: Callable[[Item], Result],
    glance: Callable[[Item], Result | None] | None,
    drawn: Iterator[tuple[int, Item]],
    deferred: DeferredQueue,
) -> list[Result]:
    """Process the items that a worker draws, deferring the first few that `glance` cannot do."""
    done = []
    may_defer = _MAX_DEFERRED if glance else 0
    for index, item in drawn:
        result = glance(item) if glance and may_defer else work(item)
        if result is None:
            may_defer -= 1
            if deferred.put(index):
                continue
            result = work(item)
        done.append(result)
    return done


def _may_fork() -> bool:
    """True on Linux while no other thread runs that could hold a lock."""
    if sys.platform != 'linux':
        return False
    threading = sys.modules.get('threading')
    return threading is None or threading.active_count() == 1


def _fork(run: Callable[[], list[Any]], deferred: DeferredQueue) -> tuple[int, int]:
    """Fork a worker; return its process id and the pipe from which its results can be read."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    os.close(reader)
    _serve_and_exit(run, deferred, writer)


def _serve_and_exit(run: Callable[[], list[Any]], deferred: DeferredQueue, writer: int) -> NoReturn:
    """Run a worker and end its process, so that it never returns into the parent's code."""
    code = 1
    try:
        _send_results(run, deferred, writer)
        code = 0
    except KeyboardInterrupt:
        pass  # the parent is interrupted too and reports it
    finally:
        os._exit(code)


def _send_results(run: Callable[[], list[Any]], deferred: DeferredQueue, writer: int) -> None:
    """Write (True, results), or (False, exception), to the pipe."""
    import pickle  # noqa: PLC0415 - only where there are workers

    answer: tuple[bool, Any]
    try:
        answer = True, run()
    except Exception as error:  # noqa: BLE001 - raised again in the parent
        remember_crash(error)
        answer = False, error
    deferred.close_writer()  # the parent waits for this first, then for the results
    with os.fdopen(writer, 'wb') as pipe:
        pickle.dump(answer, pipe, protocol=pickle.HIGHEST_PROTOCOL)


def _collect_results(process: int, pipe: int) -> list[Any]:
    """Return a worker's results. Raises what its work raised, or WorkerLostError."""
    import pickle  # noqa: PLC0415 - only where there are workers

    with os.fdopen(pipe, 'rb') as stream:
        data = stream.read()
    _, status = os.waitpid(process, 0)
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


def _terminate(process: int, pipe: int) -> None:
    import signal  # noqa: PLC0415 - only when a run is cut short

    os.close(pipe)
    os.kill(process, signal.SIGTERM)
    os.waitpid(process, 0)


class SharedCounter:
    """Count across all processes of a run: each adds to its own slot in shared memory."""

    _SLOTS = 1024
    _SLOT_BYTES = 8

    def __init__(self) -> None:
        import mmap  # noqa: PLC0415 - only for long runs

        self._memory = mmap.mmap(-1, self._SLOTS * self._SLOT_BYTES)

    def add(self, count: int) -> None:
        """Add to the slot of this process."""
        start = os.getpid() % self._SLOTS * self._SLOT_BYTES
        own = int.from_bytes(self._memory[start : start + self._SLOT_BYTES]) + count
        self._memory[start : start + self._SLOT_BYTES] = own.to_bytes(self._SLOT_BYTES)

    def __call__(self) -> int:
        """Return the sum over all processes."""
        return sum(
            int.from_bytes(self._memory[start : start + self._SLOT_BYTES])
            for start in range(0, self._SLOTS * self._SLOT_BYTES, self._SLOT_BYTES)
        )
