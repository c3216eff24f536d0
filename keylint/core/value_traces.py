"""Recognise a value again without storing it: by its length and a hash unique to this run."""

from __future__ import annotations

from _blake2 import blake2b
from collections.abc import Collection
from functools import lru_cache

from keylint.core import start_method
from keylint.core.records import NamedTuple

# Shorter values are words that may occur anywhere.
_MIN_VALUE_BYTES = 6


# A process that was not forked uses another hash seed, so it needs a digest instead.
_USES_DIGESTS = start_method.SPAWNS


def identify_value(value: bytes) -> int:
    """Return a number that only this run can derive from a value, short values included."""
    if not _USES_DIGESTS:
        return hash(start_method.RUN_KEY + value)
    return int.from_bytes(
        blake2b(value, key=start_method.RUN_KEY, digest_size=8).digest(), signed=True
    )


class ValueTrace(NamedTuple):
    """The trace of a value: how many bytes it has, and their hash under the key of the run."""

    length: int
    hash: int


def trace_value(value: bytes) -> ValueTrace | None:
    """Return the trace of a value; None if it is too short to be searched for."""
    return ValueTrace(len(value), identify_value(value)) if len(value) >= _MIN_VALUE_BYTES else None


def blank_traced(text: bytes, traces: Collection[ValueTrace]) -> bytes:
    """Return a text with a zero for each byte of a traced value, the longest values first."""
    for length, hashes in _group_by_length(frozenset(traces)):
        at = 0
        while at + length <= len(text):
            if identify_value(text[at : at + length]) in hashes:
                text = text[:at] + b'\x00' * length + text[at + length :]
                at += length
            else:
                at += 1
    return text


@lru_cache(maxsize=8)
def _group_by_length(traces: frozenset[ValueTrace]) -> list[tuple[int, set[int]]]:
    """Return the hashes of each length, longest first: a report asks for each of its texts."""
    hashes: dict[int, set[int]] = {}
    for trace in traces:
        hashes.setdefault(trace.length, set()).add(trace.hash)
    return sorted(hashes.items(), reverse=True)
