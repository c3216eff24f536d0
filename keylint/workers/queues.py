"""Queues between a parent and its forked workers, each a pipe of fixed-size numbers."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import suppress
from mmap import mmap
from typing import Generic, TypeVar

Item = TypeVar('Item')

# Numbers in the pipe of batches: they fit the smallest pipe buffer of any system that forks.
_MAX_BATCHES = 2048
_NUMBER_BYTES = 4
_OWNER_BYTES = 4


class WorkQueue(Generic[Item]):
    """Hand out batches of items to the process that asks first."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._batch_size = -(-len(items) // _MAX_BATCHES)
        self.count = -(-len(items) // self._batch_size)
        self._reader, writer = os.pipe()
        os.write(writer, b''.join(number.to_bytes(_NUMBER_BYTES) for number in range(self.count)))
        os.close(writer)
        # The owner of each batch; in shared memory, so that it outlives a process that dies.
        self._owners = mmap(-1, self.count * _OWNER_BYTES)

    def draw(self, is_stopped: Callable[[], bool], owner: int) -> Iterator[tuple[int, Item]]:
        """Yield items with their indexes until none is left or the run is stopped.

        `owner` is the number of the process, from 1 on.
        """
        while not is_stopped() and (number := os.read(self._reader, _NUMBER_BYTES)):
            batch = int.from_bytes(number)
            place = batch * _OWNER_BYTES
            self._owners[place : place + _OWNER_BYTES] = owner.to_bytes(_OWNER_BYTES)
            yield from self._number_items(batch)

    def list_drawn(self, owner: int, done: Container[int]) -> list[Item]:
        """List the items that a process has drawn, except those whose index is in `done`."""
        mark = owner.to_bytes(_OWNER_BYTES)
        return [
            item
            for batch in range(self.count)
            if self._owners[batch * _OWNER_BYTES : (batch + 1) * _OWNER_BYTES] == mark
            for index, item in self._number_items(batch)
            if index not in done
        ]

    def _number_items(self, batch: int) -> Iterator[tuple[int, Item]]:
        first = batch * self._batch_size
        return enumerate(self._items[first : first + self._batch_size], first)

    def close(self) -> None:
        """Close the pipe."""
        os.close(self._reader)


class DeferredQueue:
    """Collect the indexes of items that workers leave to the parent."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    def put(self, index: int) -> bool:
        """Defer an item; False if the queue is full because the parent is too far behind."""
        try:
            return os.write(self._writer, index.to_bytes(_NUMBER_BYTES)) == _NUMBER_BYTES
        except BlockingIOError:
            return False

    def close_writer(self) -> None:
        """Close the writing end; this process defers nothing more."""
        os.close(self._writer)

    def take_available(self) -> Iterator[int]:
        """Yield the indexes that have arrived, without waiting."""
        with suppress(BlockingIOError):
            yield from self._read_indexes()

    def take_all(self, wait_for: Callable[[int], None]) -> Iterator[int]:
        """Yield indexes until every worker has closed its writing end.

        `wait_for` receives a pipe and returns once the pipe can be read.
        """
        os.set_blocking(self._reader, True)
        yield from self._read_indexes(wait_for)

    def _read_indexes(self, wait_for: Callable[[int], None] = lambda pipe: None) -> Iterator[int]:
        wait_for(self._reader)
        while number := os.read(self._reader, _NUMBER_BYTES):
            yield int.from_bytes(number)
            wait_for(self._reader)

    def close(self) -> None:
        """Close the reading end."""
        os.close(self._reader)
