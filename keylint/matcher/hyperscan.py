"""Hyperscan: compile once, load from bytes, scan. The only module that imports it.

Offsets of `Gate.scan` are ends of matches; starts are found by `re` where it matters. Source for the flags and the
serialised form: intel.github.io/hyperscan/dev-reference.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from contextlib import suppress

import hyperscan

GateError = hyperscan.error
# So many places at which one text may wake the gate: each takes some hundred bytes. Behind the last one nothing is looked at, which is a failure.
MOST_WAKES = 500_000
FLOODED = f'more than {MOST_WAKES} places look like names or values: the rest was not looked at'


class Gate:
    """A compiled database. One instance serves many threads: each has its own scratch space."""

    def __init__(self, database: hyperscan.Database) -> None:
        self._database = database
        self._local = threading.local()

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """Pairs of pattern number and end offset, in the order of the ends."""
        found: list[tuple[int, int]] = []
        if data:
            scratch = getattr(self._local, 'scratch', None)
            if scratch is None:
                scratch = self._local.scratch = hyperscan.Scratch(self._database)
            with suppress(hyperscan.ScanTerminated):  # there are MOST_WAKES of them
                self._database.scan(
                    data, match_event_handler=_collect, context=found, scratch=scratch
                )
        return found

    def to_bytes(self) -> bytes:
        """The database in Hyperscan's serialised form, for this machine's CPU only."""
        return bytes(hyperscan.dumpb(self._database))


def _collect(number: int, _start: int, end: int, _flags: int, found: object) -> bool:
    found.append((number, end))  # type: ignore[attr-defined]  # the list that `scan` passes; the stub knows only object
    return len(found) >= MOST_WAKES  # type: ignore[arg-type]  # the same list


def compile_gate(patterns: Sequence[bytes], once_from: int | None = None) -> Gate:
    """A gate over `patterns`, numbered by their place. A leading `(?i)` or `(?s)` works as in `re`. Raises GateError.

    Patterns from the place `once_from` on are reported once for each scan.
    """
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    split = [_without_flags(pattern) for pattern in patterns]
    if once_from is not None:
        once = hyperscan.HS_FLAG_SINGLEMATCH
        split = [
            (flag | once if place >= once_from else flag, expression)
            for place, (flag, expression) in enumerate(split)
        ]
    flags, expressions = [flag for flag, _ in split], [expression for _, expression in split]
    database.compile(
        expressions=expressions, ids=list(range(len(patterns))), elements=len(patterns), flags=flags
    )
    return Gate(database)


def _without_flags(pattern: bytes) -> tuple[int, bytes]:
    """The flags that a pattern begins with, as Hyperscan's, and the rest of it."""
    flags = 0
    head = re.match(rb'\(\?([is]+)\)', pattern)
    if head:
        flags |= hyperscan.HS_FLAG_CASELESS if b'i' in head.group(1) else 0
        flags |= hyperscan.HS_FLAG_DOTALL if b's' in head.group(1) else 0
        pattern = pattern[head.end() :]
    return flags, pattern


def load_gate(data: bytes) -> Gate:
    """The gate of `to_bytes`. Raises hyperscan.error when it was made by another version or for another CPU."""
    database = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    return Gate(database)


def version() -> str:
    """The version of Hyperscan's Python package: databases of another version do not load."""
    return str(getattr(hyperscan, '__version__', '0'))
