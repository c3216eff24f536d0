"""Scanning many items at once: forked workers where that is safe, else one after another.

Threads do not help: only the gate lets go of the interpreter lock, and it is the smaller half of the work. A forked worker
has all that the parent has loaded, costs a few milliseconds, and gives its results back as one pickle. What the parent has not loaded,
a worker loads only for much work: for a little it leaves the items to the parent.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from keylint.core.errors import KeylintError

Item = TypeVar('Item')
Result = TypeVar('Result')

# Below so many items a second process costs more than it saves.
_FEW = 24
# A ticket is four bytes; so many fit into the smallest pipe buffer of any system that forks.
_MOST_TICKETS = 2048
_TICKET = 4
# So many items a worker leaves to the parent before it loads what it takes to do them.
_MOST_LEFT = 24


class WorkerLost(KeylintError):
    """A worker process ended without its results: killed, or out of memory."""


def workers() -> int:
    """How many processes to use: `$KEYLINT_WORKERS`, else the CPUs that this process may run on."""
    own = os.environ.get('KEYLINT_WORKERS', '')
    if own.isdigit() and int(own) > 0:
        return int(own)
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1


def map_unordered(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    progress: Callable[[int], None] = lambda count: None,
    is_stopped: Callable[[], bool] = lambda: False,
    few: int = _FEW,
    glance: Callable[[Item], Result | None] | None = None,
) -> Iterator[Result]:
    """`work` of every item, in no particular order. What `work` raises is raised here; raises WorkerLost too.

    `glance` is what a forked worker tries first: the same result, or None for an item that it leaves to the parent.
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
    tickets = _Tickets(items)
    left = _Left()
    gc.freeze()  # what is there already is looked through by no worker's collector, and so stays shared memory
    children = [
        _fork(lambda: _results(work, glance, tickets.drawn(is_stopped), left), left)
        for _ in range(min(count, tickets.count) - 1)
    ]
    left.close_writer()
    try:
        for place, item in tickets.drawn(is_stopped):
            progress(place)
            yield work(item)
            yield from map(work, (items[other] for other in left.now()))
        yield from map(work, (items[other] for other in left.until_all_end() if not is_stopped()))
        while children:
            yield from _collected(*children.pop())
    finally:
        gc.unfreeze()
        tickets.close()
        left.close()
        for process, pipe in children:
            _end(process, pipe)


def _results(
    work: Callable[[Item], Result],
    glance: Callable[[Item], Result | None] | None,
    drawn: Iterator[tuple[int, Item]],
    left: _Left,
) -> list[Result]:
    """What a worker does: of what a glance does not settle, the first few items are left to the parent."""
    done = []
    rest = _MOST_LEFT if glance else 0
    for place, item in drawn:
        result = glance(item) if glance and rest else work(item)
        if result is None:
            rest -= 1
            if left.put(place):
                continue
            result = work(item)
        done.append(result)
    return done


def _may_fork() -> bool:
    """Whether a copy of this process would be sound: Linux, and no other thread that could hold a lock."""
    if sys.platform != 'linux':
        return False
    threading = sys.modules.get('threading')
    return threading is None or threading.active_count() == 1


class _Tickets(Generic[Item]):
    """A pipe with the numbers of all batches of items: whoever reads one, has it."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._size = -(-len(items) // _MOST_TICKETS)
        self.count = -(-len(items) // self._size)
        self._reader, writer = os.pipe()
        os.write(writer, b''.join(number.to_bytes(_TICKET) for number in range(self.count)))
        os.close(writer)

    def drawn(self, is_stopped: Callable[[], bool]) -> Iterator[tuple[int, Item]]:
        """Places and items, until there is none left or the run is stopped."""
        while not is_stopped() and (ticket := os.read(self._reader, _TICKET)):
            first = int.from_bytes(ticket) * self._size
            yield from enumerate(self._items[first : first + self._size], first)

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._reader)


class _Left:
    """A pipe with the places of items that workers leave to the parent."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    def put(self, place: int) -> bool:
        """Leave an item. False when the parent is too far behind."""
        try:
            return os.write(self._writer, place.to_bytes(_TICKET)) == _TICKET
        except BlockingIOError:
            return False

    def close_writer(self) -> None:
        """This process leaves nothing more."""
        os.close(self._writer)

    def now(self) -> Iterator[int]:
        """The places that are there already."""
        with suppress(BlockingIOError):
            yield from self._read()

    def until_all_end(self) -> Iterator[int]:
        """The places that come until the last worker has left its last one."""
        os.set_blocking(self._reader, True)
        yield from self._read()

    def _read(self) -> Iterator[int]:
        while ticket := os.read(self._reader, _TICKET):
            yield int.from_bytes(ticket)

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._reader)


def _fork(results: Callable[[], list[Any]], left: _Left) -> tuple[int, int]:
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
        _serve(results, left, writer)
        code = 0
    except KeyboardInterrupt:
        pass  # the parent got it too, and says so
    finally:
        os._exit(code)  # never back into the parent's code


def _serve(results: Callable[[], list[Any]], left: _Left, writer: int) -> None:
    import pickle  # noqa: PLC0415 - only where there are workers

    answer: tuple[bool, Any]
    try:
        answer = True, results()
    except Exception as error:  # noqa: BLE001 - carried over to the parent
        answer = False, error
    left.close_writer()  # the parent waits for that, and only then for the results
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
        raise WorkerLost(
            f'a worker process ended with status {code}, perhaps for want of memory; KEYLINT_WORKERS=1 does without'
        )
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
        return sum(
            int.from_bytes(self._memory[start : start + self._WIDTH])
            for start in range(0, self._PLACES * self._WIDTH, self._WIDTH)
        )
