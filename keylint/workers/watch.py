"""Wait for processes, and end those that are stopped: their items count as lost.

A stopped worker (SIGSTOP, a debugger, the cgroup freezer) would block the report forever.
"""

from __future__ import annotations

import io
import os
import select
import signal
from collections.abc import Iterable
from contextlib import suppress

# How often the processes are checked while they send nothing.
LOOK_SECONDS = 1.0


class Watch:
    """End the watched processes that are found stopped during a wait."""

    def __init__(self, processes: Iterable[int] = ()) -> None:
        self._processes = set(processes)
        self._ended: set[int] = set()

    def add(self, process: int) -> None:
        """Watch a child of this process too."""
        self._processes.add(process)

    def wait_for(self, pipe: int) -> None:
        """Return when a pipe can be read, or is at its end."""
        while not select.select([pipe], [], [], LOOK_SECONDS)[0]:
            for process in self._processes:
                if is_stopped(process):
                    self._end(process)

    def reap(self, process: int) -> tuple[int, bool]:
        """Return the exit status of a child whose pipe has ended, and whether it was stopped."""
        _, status = os.waitpid(process, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            self._end(process)
            _, status = os.waitpid(process, 0)
        self._processes.discard(process)
        return status, process in self._ended

    def _end(self, process: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        self._ended.add(process)


def is_stopped(process: int) -> bool:
    """Tell whether a child of this process is stopped; it is not reaped."""
    try:
        state = os.waitid(os.P_PID, process, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return state is not None


class WatchedPipe(io.RawIOBase):
    """Read a pipe to its end; processes that are stopped meanwhile are ended."""

    def __init__(self, pipe: int, watch: Watch) -> None:
        self._pipe = pipe
        self._watch = watch

    def readable(self) -> bool:
        """Tell `io.BufferedReader` that this can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader's own
        """Fill a buffer with the available bytes; return 0 at the end."""
        self._watch.wait_for(self._pipe)
        data = os.read(self._pipe, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the pipe."""
        if not self.closed:
            os.close(self._pipe)
        super().close()


def describe_end(code: int, was_stopped: bool = False) -> str:
    """Say how a process ended: its exit code, negative for a signal, or that it was stopped."""
    if was_stopped:
        return 'the process that worked on it was stopped by a signal, and ended'
    how = f'by signal {-code}' if code < 0 else f'with status {code}'
    return f'the process that worked on it ended {how}, possibly out of memory'
