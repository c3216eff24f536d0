"""Count across the processes of a run."""

from __future__ import annotations

import mmap
import os


class SharedCounter:
    """A counter for all processes of a run: each adds to its own slot in shared memory."""

    _SLOTS = 1024
    _SLOT_BYTES = 8

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, self._SLOTS * self._SLOT_BYTES)

    def add(self, count: int) -> None:
        """Add to the slot of this process."""
        start = os.getpid() % self._SLOTS * self._SLOT_BYTES
        own = int.from_bytes(self._memory[start : start + self._SLOT_BYTES]) + count
        self._memory[start : start + self._SLOT_BYTES] = own.to_bytes(self._SLOT_BYTES)

    def __call__(self) -> int:
        """Return the sum over all processes."""
        return sum(
            int.from_bytes(self._memory[start : start + self._SLOT_BYTES])
            for start in range(0, self._SLOTS * self._SLOT_BYTES, self._SLOT_BYTES)
        )
