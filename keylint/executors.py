"""Scanning many items at once: forked workers where that is safe, else one after another.

Threads do not help: only the gate lets go of the interpreter lock, and it is the smaller half of the work. A forked worker
has all that the parent has loaded, costs a few milliseconds, and gives its results back as one pickle.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from keylint.errors import KeylintError

Item = TypeVar('Item')
Result = TypeVar('Result')

# Below so many items a second process costs more than it saves.
_FEW = 24
# A ticket is four bytes; so many fit into the smallest pipe buffer of any system that forks.
_MOST_TICKETS = 2048
_TICKET = 4


class WorkerLost(KeylintError):
    """A worker process ended without its results: killed, or out of memory."""


def workers() -> int:
    """How many processes to use: `$KEYLINT_WORKERS`, else the CPUs that this process may run on."""
    own = os.environ.get('KEYLINT_WORKERS', '')
    if own.isdigit() and int(own) > 0:
        return int(own)
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1


def map_unordered(
    work: Callable[[Item], Result], items: Sequence[Item], progress: Callable[[int], None] = lambda count: None,
    is_stopped: Callable[[], bool] = lambda: False, few: int = _FEW,
) -> Iterator[Result]:  # fmt: skip
    """`work` of every item, in no particular order. What `work` raises is raised here; raises WorkerLost too.

    `progress` is told now and then how many items have been started. Once `is_stopped` says so in a process, it starts no more of them;
    what was done is still returned. Fewer than `few` items are not worth a second process.
    """
    count = workers()
    if count == 1 or len(items) < few or not _may_fork():
        for number, item in enumerate(items):
            if is_stopped():
                return
            progress(number)
            yield work(item)
        return
    size = -(-len(items) // _MOST_TICKETS)
    batches = [items[first : first + size] for first in range(0, len(items), size)]
    tickets = _tickets(len(batches))
    gc.freeze()  # what is there already is looked through by no worker's collector, and so stays shared memory
    children = [_fork(work, batches, tickets, is_stopped) for _ in range(min(count, len(batches)) - 1)]
    try:
        for number, batch in _drawn(batches, tickets, is_stopped):
            progress(number * size)
            for item in batch:
                yield work(item)
        while children:
            yield from _collected(*children.pop())
    finally:
        gc.unfreeze()
        os.close(tickets)
        for process, pipe in children:
            _end(process, pipe)


def _may_fork() -> bool:
    """Whether a copy of this process would be sound: Linux, and no other thread that could hold a lock."""
    if sys.platform != 'linux':
        return False
    threading = sys.modules.get('threading')
    return threading is None or threading.active_count() == 1


def _tickets(count: int) -> int:
    """The reading end of a pipe with the numbers of all batches: whoever reads one, has it."""
    reader, writer = os.pipe()
    os.write(writer, b''.join(number.to_bytes(_TICKET) for number in range(count)))
    os.close(writer)
    return reader


def _drawn(batches: list[Sequence[Item]], tickets: int, is_stopped: Callable[[], bool]) -> Iterator[tuple[int, Sequence[Item]]]:
    while not is_stopped() and (ticket := os.read(tickets, _TICKET)):
        number = int.from_bytes(ticket)
        yield number, batches[number]


def _fork(work: Callable[[Item], Result], batches: list[Sequence[Item]], tickets: int, is_stopped: Callable[[], bool]) -> tuple[int, int]:
    """A worker's process id and the pipe that its results will come through."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    os.close(reader)
    code = 1
    try:
        _serve(work, batches, tickets, writer, is_stopped)
        code = 0
    except KeyboardInterrupt:
        pass  # the parent got it too, and says so
    finally:
        os._exit(code)  # never back into the parent's code


def _serve(work: Callable[[Item], Result], batches: list[Sequence[Item]], tickets: int, writer: int, is_stopped: Callable[[], bool]) -> None:
    import pickle  # noqa: PLC0415 - only where there are workers

    answer: tuple[bool, Any]
    try:
        answer = True, [work(item) for _, batch in _drawn(batches, tickets, is_stopped) for item in batch]
    except Exception as error:  # noqa: BLE001 - carried over to the parent
        answer = False, error
    with os.fdopen(writer, 'wb') as pipe:
        pickle.dump(answer, pipe, protocol=pickle.HIGHEST_PROTOCOL)


def _collected(process: int, pipe: int) -> list[Any]:
    """A worker's results. Raises what its work raised, or WorkerLost."""
    import pickle  # noqa: PLC0415

    with os.fdopen(pipe, 'rb') as stream:
        data = stream.read()
    _, status = os.waitpid(process, 0)
    if status:
        code = os.waitstatus_to_exitcode(status)
        raise WorkerLost(f'a worker process ended with status {code}, perhaps for want of memory; KEYLINT_WORKERS=1 does without')
    is_done, answer = pickle.loads(data)  # noqa: S301 - from our own child
    if not is_done:
        raise answer
    return list(answer)


def _end(process: int, pipe: int) -> None:
    import signal  # noqa: PLC0415 - only when a run is cut short

    os.close(pipe)
    os.kill(process, signal.SIGTERM)
    os.waitpid(process, 0)


class Tally:
    """A count that all workers of a run add to: each has a place of its own in memory that they share."""

    _PLACES = 1024
    _WIDTH = 8

    def __init__(self) -> None:
        import mmap  # noqa: PLC0415 - only for long runs

        self._memory = mmap.mmap(-1, self._PLACES * self._WIDTH)

    def add(self, count: int) -> None:
        """Add to this process's count."""
        start = os.getpid() % self._PLACES * self._WIDTH
        own = int.from_bytes(self._memory[start : start + self._WIDTH]) + count
        self._memory[start : start + self._WIDTH] = own.to_bytes(self._WIDTH)

    def __call__(self) -> int:
        """The sum."""
        return sum(int.from_bytes(self._memory[start : start + self._WIDTH]) for start in range(0, self._PLACES * self._WIDTH, self._WIDTH))
