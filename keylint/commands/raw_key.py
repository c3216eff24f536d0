"""Read one key of a POSIX terminal without waiting for the end of a line."""

from __future__ import annotations

import os
import select
import termios
import tty
from collections.abc import Callable

_MAX_KEY_BYTES = 32
_REST_SECONDS = 0.02


def read_raw_key(handle: int, show_prompt: Callable[[], None]) -> bytes:
    """Read the first byte of a key and leave the terminal as it was.

    Arrows and function keys send several bytes; the others are dropped.
    """
    before = termios.tcgetattr(handle)
    try:
        tty.setcbreak(handle, termios.TCSADRAIN)
        show_prompt()
        data = os.read(handle, 1)
        while data == b'\x1b' and select.select([handle], [], [], _REST_SECONDS)[0]:
            if not os.read(handle, _MAX_KEY_BYTES):
                break
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
    return data
