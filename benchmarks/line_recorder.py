"""Record the lines that each test executes, in every process that it starts.

benchmarks/mutants.py puts this file and a `.pth` that imports it into a virtual environment of its
own, so that each Python process of that environment runs it first: pytest, `python -m keylint`
whatever its variables, and through `os.register_at_fork` each fork. A file beside it says what to
record and where. In pytest it is a plugin, too, and names the test that is running.

Each process appends lines of JSON to the output: the test, the seconds of processor time (they do
not depend on what else the machine does), and for each file its lines as the bits of a hexadecimal
number.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import coverage

SESSION = ''  # what belongs to no single test: collection, session fixtures, the warm process


class Recorder:
    """The lines of this process since the last record."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._settings = settings
        self._current = Path(settings['current'])
        self._is_fork = False
        self._start()

    def _start(self) -> None:
        """Record anew, for the test that is running now."""
        self.test = self._current.read_text(encoding='utf-8')
        self._coverage = coverage.Coverage(
            data_file=None,
            config_file=False,
            include=[f'{self._settings["package"]}/*'],
            messages=False,
        )
        self._coverage.set_option('run:disable_warnings', ['no-data-collected'])
        self._begin = time.process_time()
        self._coverage.start()

    def restart(self) -> None:
        """Begin again in a fork: what the parent has run is the parent's."""
        self._coverage.stop()
        self._is_fork = True
        self._start()

    def switch(self, test: str, *, is_test: bool = False) -> None:
        """Write down what has run so far; the next lines are those of `test`."""
        self.write(is_test=is_test)
        self._current.write_text(test, encoding='utf-8')
        self._start()

    def write(self, *, is_test: bool = False) -> None:
        """Append the lines of this process to the output; `is_test` ends the record of a test."""
        self._coverage.stop()
        seconds = round(time.process_time() - self._begin, 3)
        data = self._coverage.get_data()
        lines: dict[str, str] = {}
        for path in data.measured_files():
            bits = sum(1 << line for line in data.lines(path) or ())
            lines[os.path.relpath(path, self._settings['root'])] = f'{bits:x}'
        is_warm = sys.argv[0].endswith('warm.py') and not self._is_fork
        test = SESSION if is_warm else self.test
        if not lines and not test:
            return
        record = {'test': test, 'is_test': is_test, 'seconds': seconds, 'lines': lines}
        handle = os.open(self._settings['output'], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, f'{json.dumps(record)}\n'.encode())
        finally:
            os.close(handle)

    @contextmanager
    def record(self, test: str, *, is_test: bool) -> Iterator[None]:
        """Record a stretch of the run under another name."""
        before = self.test
        self.switch(test)
        try:
            yield
        finally:
            self.switch(before, is_test=is_test)


def install(settings: dict[str, str]) -> Recorder:
    """Start a recorder that writes at the end of this process and of each fork."""
    recorder = Recorder(settings)
    leave: Callable[[int], NoReturn] = os._exit

    def write_and_leave(status: int) -> NoReturn:
        recorder.write()
        leave(status)

    os._exit = write_and_leave
    os.register_at_fork(after_in_child=recorder.restart)
    atexit.register(recorder.write)
    return recorder


_settings = Path(__file__).with_name('line_recorder.json')
RECORDER = install(json.loads(_settings.read_text())) if _settings.exists() else None
