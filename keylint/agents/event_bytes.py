"""Read the event from standard input once: the quick way and the ordinary way share it."""

from __future__ import annotations

import os

# An event holds at most a file and its edit; a larger one is not judged.
_MAX_EVENT_BYTES = 64 << 20
_READ: list[bytes] = []


def read_event_bytes() -> bytes:
    """Return all of standard input. Raises ValueError for more than an event may be."""
    if not _READ:
        parts, total = [], 0
        while total <= _MAX_EVENT_BYTES and (part := os.read(0, 1 << 20)):
            parts.append(part)
            total += len(part)
        _READ.append(b''.join(parts))
    if len(_READ[0]) > _MAX_EVENT_BYTES:
        raise ValueError('larger than 64 MB')
    return _READ[0]
