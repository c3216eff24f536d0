"""Have units done by a process of their own, which is ended where it takes too long."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from keylint.fleet.failures import describe_failure
from keylint.fleet.units import UnitAnswer, WorkUnit

# Units that one process does: what it has collected of memory ends with it.
_MAX_UNITS = 200
_CHUNK, _HEAD_BYTES = 1 << 20, 8
_COMMAND = (sys.executable, '-P', '-m', 'keylint.fleet.child')


class EndedError(Exception):
    """Report a process that ended, or that was ended, before it gave an answer."""


class Child:
    """A process that does units, started when the first one comes."""

    def __init__(self, command: tuple[str, ...] = _COMMAND) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._units = 0

    def do_unit(self, unit: WorkUnit) -> UnitAnswer:
        """Return the answer to a unit, a failure with its reason where there is none.

        A process that ends by itself is given the unit once more, object by object.
        """
        try:
            return self._ask(unit)
        except TimeoutError:
            return describe_failure(unit, f'took longer than {unit.settings.seconds:g} s')
        except EndedError:
            pass
        try:
            return self._ask(unit._replace(is_careful=True))
        except TimeoutError:
            return describe_failure(unit, f'took longer than {unit.settings.seconds:g} s')
        except EndedError as error:
            return describe_failure(unit, str(error))

    def _ask(self, unit: WorkUnit) -> UnitAnswer:
        """Hand over a unit and wait. Raises TimeoutError and EndedError; both end the process."""
        if self._units >= _MAX_UNITS:
            self.close()
        process = self._process or self._start()
        self._units += 1
        try:
            return self._exchange(process, unit)
        except BaseException:
            self.close()
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        self._units = 0
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd='/',
            start_new_session=True,  # ^C is for whoever gives out the units
        )
        return self._process

    def _exchange(self, process: subprocess.Popen[bytes], unit: WorkUnit) -> UnitAnswer:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        try:
            pickle.dump(unit, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
        except BrokenPipeError:
            raise EndedError(_describe_end(process)) from None
        data = _read_answer(process.stdout.fileno(), time.monotonic() + unit.settings.seconds)
        if data is None:
            raise EndedError(_describe_end(process))
        answer: UnitAnswer = pickle.loads(data)  # noqa: S301 - from our own child
        return answer

    def close(self) -> None:
        """End the process, and the gits that it has started."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


def _read_answer(handle: int, deadline: float) -> bytes | None:
    """Read the length of an answer, then so many bytes; None if the process ended first.

    Raises TimeoutError.
    """
    head = _read_bytes(handle, _HEAD_BYTES, deadline)
    return None if head is None else _read_bytes(handle, int.from_bytes(head), deadline)


def _read_bytes(handle: int, count: int, deadline: float) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([handle], [], [], left)[0]:
            raise TimeoutError
        read = os.read(handle, min(_CHUNK, count - len(data)))
        if not read:
            return None
        data += read
    return bytes(data)


def _describe_end(process: subprocess.Popen[bytes]) -> str:
    code = process.wait()
    how = f'by signal {-code}' if code < 0 else f'with status {code}'
    return f'the process that worked on it ended {how}, possibly out of memory'


class Children:
    """A process for each thread that asks for one."""

    def __init__(self, make_child: Callable[[], Child] = Child) -> None:
        self._own = threading.local()
        self._all: list[Child] = []
        self._make_child = make_child

    def do_unit(self, unit: WorkUnit) -> UnitAnswer:
        """Have the process of this thread do a unit."""
        child: Child | None = getattr(self._own, 'child', None)
        if child is None:
            child = self._own.child = self._make_child()
            self._all.append(child)
        return child.do_unit(unit)

    def close(self) -> None:
        """End all processes."""
        for child in self._all:
            child.close()
