"""Runs of keylint in processes of their own that need not import it.

Each is forked from one that has.

`python -m tests.warm` waits for requests, a line of JSON each: arguments, folder, environment, and
files for the three standard streams. It answers each with the exit status. What a run changes
(folder, variables, modules, caches) ends with its process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module
from typing import Any

from keylint.cli import main
from keylint.commands import agent_hook, baseline, fix, init, keys, publish, scan
from keylint.detect import decoded as layers
from keylint.findings import build as judge
from keylint.pipeline import blob as pipeline
from keylint.pipeline import examine, members
from keylint.rules.load import load_rules
from keylint.scanner import diff, history

IMPORTED = (
    agent_hook,
    baseline,
    diff,
    examine,
    fix,
    history,
    init,
    judge,
    keys,
    layers,
    members,
    pipeline,
    publish,
    scan,
)


def serve() -> None:
    """One run for each line, one after another."""
    load_rules()
    for line in sys.stdin:
        request = json.loads(line)
        if request['arguments'][:1] == ['fleet']:  # a few tests only: databases, reports
            for name in ('diff', 'keys', 'report'):
                import_module(f'keylint.commands.fleet.{name}')
        process = os.fork()
        if not process:
            code = 1
            try:
                code = run(request)
            finally:
                os._exit(code)
        _, status = os.waitpid(process, 0)
        sys.stdout.write(f'{os.waitstatus_to_exitcode(status)}\n')
        sys.stdout.flush()


def run(request: dict[str, Any]) -> int:
    """Return the run itself, in its own process."""
    signal.alarm(request['seconds'])
    os.chdir(request['cwd'])
    os.environ.clear()
    os.environ.update(request['environment'])
    for number, name in enumerate(request['files']):
        handle = os.open(
            name, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        )
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding='utf-8') for number, mode in enumerate('rww')
    )
    try:
        code = main(request['arguments'])
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except BaseException:  # noqa: BLE001 - shown as Python would show it, and the run has failed
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == '__main__':
    serve()
