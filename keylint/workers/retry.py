"""Retry the items of a lost process in fresh processes, to find the item that ends its process."""

from __future__ import annotations

import io
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import NoReturn, TypeVar

from keylint.core import start_method
from keylint.core.lazy_modules import defer_module
from keylint.workers.job import WorkerLostError
from keylint.workers.watch import Watch, WatchedPipe, describe_end

TYPE_CHECKING = False  # needed only if no process can be forked; it imports `subprocess`
if TYPE_CHECKING:
    from keylint.workers import spawned_process
else:
    spawned_process = defer_module('keylint.workers.spawned_process')

Item = TypeVar('Item')
Result = TypeVar('Result')


def retry_apart(
    work: Callable[[Item], Result],
    make_lost: Callable[[Item, str], Result] | None,
    items: Sequence[Item],
    is_stopped: Callable[[], bool],
) -> Iterator[Result]:
    """Yield `work(item)` for items in fresh processes, because one of them ended its process.

    That item gets the result of `make_lost`. Raises WorkerLostError without `make_lost`.
    """
    left = list(items)
    work_apart = _work_in_fresh_process
    if start_method.SPAWNS:
        work_apart = spawned_process.work_in_spawned_process
    while left and not is_stopped():
        done, end = work_apart(work, left)
        yield from done
        left = left[len(done) :]
        if end and left:
            if make_lost is None:
                raise WorkerLostError(end)
            yield make_lost(left.pop(0), end)


def _work_in_fresh_process(
    work: Callable[[Item], Result], items: Sequence[Item]
) -> tuple[list[Result], str]:
    """Return the results up to the item that ended the process, and how it ended ('' if none did).

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
    watch = Watch([process])
    with (
        io.BufferedReader(WatchedPipe(reader, watch)) as stream,
        suppress(EOFError, pickle.UnpicklingError),
    ):
        while True:
            is_done, answer = pickle.load(stream)  # noqa: S301 - from our own child
            if is_done:
                done.append(answer)
            else:
                raised = answer
    status, was_stopped = watch.reap(process)
    if raised is not None:
        raise raised
    return done, describe_end(os.waitstatus_to_exitcode(status), was_stopped) if status else ''


def _stream_and_exit(
    work: Callable[[Item], Result], items: Sequence[Item], writer: int
) -> NoReturn:
    """Write each result as soon as it is made, so that finished results outlive this process."""
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
