"""The part of a blob's limits that remains while its members are read."""

from __future__ import annotations

import time

from keylint.core.limits import MB, Limits


class BudgetExceededError(Exception):
    """Report that a blob costs more than it may; nothing more of it is read."""


class Budget:
    """Count what the members of one blob cost; the methods raise BudgetExceededError."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._bytes = 0
        self._members = 0
        self._written = 0
        self._held = 0
        self._end = time.monotonic() + limits.seconds

    def take(self, size: int) -> None:
        """Count `size` bytes that came out of the blob."""
        self._bytes += size
        if self._bytes > self.limits.total:
            raise BudgetExceededError(f'more than {self.limits.total // MB} MB come out of it')
        self.tick()

    def write(self, size: int) -> None:
        """Count `size` characters of text that keylint writes into one member."""
        self._written += size
        if self._written > self.limits.member:
            raise BudgetExceededError(f'its texts are more than {self.limits.member // MB} MB')

    def count(self) -> None:
        """Count one more member."""
        self._members += 1
        if self._members > self.limits.members:
            raise BudgetExceededError(f'it has more than {self.limits.members} members')
        self.tick()

    def tick(self) -> None:
        """Check the clock."""
        if time.monotonic() > self._end:
            raise BudgetExceededError(f'it takes more than {self.limits.seconds:g} s')

    def hold(self, size: int) -> bool:
        """Reserve memory for a nested container while its members are read.

        Returns False if too much is reserved already. `release` returns the bytes.
        """
        if self._held + size > self.limits.held:
            return False
        self._held += size
        return True

    def release(self, size: int) -> None:
        """Return bytes that `hold` reserved."""
        self._held -= size

    def is_bomb(self, size: int, packed: int) -> bool:
        """Tell whether `packed` bytes expanded to more than any honest stream would."""
        return size > self.limits.free and size > self.limits.ratio * max(packed, 1)
