"""The process that `workers.spawned_process` starts: it reads work and items, writes results."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import BinaryIO

from keylint.core import start_method
from keylint.core.errors import remember_crash


def main() -> int:
    """Process requests until there are no more, which is also the case once the parent has died."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C is for the parent
    requests, answers = _take_streams()
    os.environ['KEYLINT_WORKERS'] = '1'
    os.environ['KEYLINT_START_METHOD'] = 'spawn'
    start_method.RUN_KEY, folder, depth = pickle.load(requests)  # noqa: S301 - from our own parent
    os.chdir(folder)
    sys.setrecursionlimit(depth)
    work = pickle.load(requests)  # noqa: S301
    answers.write(b'r')
    answers.flush()
    while True:
        try:
            items = pickle.load(requests)  # noqa: S301
        except EOFError:
            return 0
        for item in items:
            try:
                answer = True, work(item)
            except Exception as error:  # noqa: BLE001 - raised again in the parent
                remember_crash(error)
                answer = False, error
            pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Reserve the pipes for results: anything else that prints goes to the null device."""
    requests, answers = os.fdopen(os.dup(0), 'rb'), os.fdopen(os.dup(1), 'wb')
    nothing = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1):
        os.dup2(nothing, handle)
    os.close(nothing)
    return requests, answers


if __name__ == '__main__':
    sys.exit(main())
