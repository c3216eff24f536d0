"""A spawned process, for systems that cannot fork: it receives work, and then items.

Everything sent is pickled: the work, its items, and the results. The child is
`workers.spawned_child`.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from keylint.core import start_method
from keylint.core.records import NamedTuple
from keylint.workers.watch import describe_end

Item = TypeVar('Item')
Result = TypeVar('Result')

_MODULE = 'keylint.workers.spawned_child'
# The errors of pickle for a function within a function, an open file, a compiled database.
_NOT_PICKLED = (pickle.PicklingError, AttributeError, TypeError)


class SpawnedProcess(Generic[Item, Result]):
    """A child process that does one kind of work on the items that it receives."""

    def __init__(self, packed_work: bytes) -> None:
        self._process = subprocess.Popen(
            (sys.executable, '-P', '-m', _MODULE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin is not None  # noqa: S101 - both are pipes
        assert self._process.stdout is not None  # noqa: S101
        self._requests, self._answers = self._process.stdin, self._process.stdout
        with suppress(OSError):  # it could not even start; `is_ready` notices that
            self._requests.write(packed_work)
            self._requests.flush()

    def is_ready(self) -> bool:
        """Wait until the child is ready; False if it ended instead."""
        return self._answers.read(1) == b'r'

    def work_on(self, items: Sequence[Item]) -> Iterator[tuple[bool, Result | Exception]]:
        """Yield the outcome of each item: (True, result), or (False, the exception).

        Ends early if the child does.
        """
        try:
            pickle.dump(list(items), self._requests, protocol=pickle.HIGHEST_PROTOCOL)
            self._requests.flush()
            for _ in items:
                yield pickle.load(self._answers)  # noqa: S301 - from our own child
        except (EOFError, OSError, pickle.UnpicklingError):
            return

    def end(self) -> int:
        """Let the child end by itself, and return its exit code."""
        with suppress(OSError):
            self._requests.close()
        code = self._process.wait()
        self._answers.close()
        return code

    def kill(self) -> None:
        """Kill the child; its reader sees the end of its answers."""
        self._process.kill()


class PackedWork(NamedTuple, Generic[Item, Result]):
    """Some work, and the pickled form that a child loads."""

    do: Callable[[Item], Result]
    data: bytes


def pack_work(work: Callable[[Item], Result]) -> PackedWork[Item, Result] | None:
    """Pickle some work for a child; None if it cannot be pickled or no child can be started."""
    if not sys.executable or getattr(sys, 'frozen', False) or not start_method.SPAWNS:
        return None
    head = start_method.RUN_KEY, os.getcwd(), sys.getrecursionlimit()
    try:
        return PackedWork(work, pickle.dumps(head) + pickle.dumps(work))
    except _NOT_PICKLED:
        return None


def work_in_spawned_process(
    work: Callable[[Item], Result], items: Sequence[Item]
) -> tuple[list[Result], str]:
    """Return the results up to the item that ended the process, and how it ended ('' if none did).

    Raises what the work raised.
    """
    packed = pack_work(work)
    if packed is None:
        return [work(item) for item in items], ''
    child: SpawnedProcess[Item, Result] = SpawnedProcess(packed.data)
    done: list[Result] = []
    try:
        if child.is_ready():
            for is_done, answer in child.work_on(items):
                if not is_done and isinstance(answer, Exception):
                    raise answer
                done.append(answer)  # type: ignore[arg-type] # finished work is not an exception
    finally:
        code = child.end()
    code = code or int(len(done) < len(items))
    return done, describe_end(code) if code else ''
