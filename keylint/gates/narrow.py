"""What the gate saw, without the places where only words stand after a telling name: most of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keylint.gates.patterns import CALL, LOGIN, NAMING, PASSWORD, SPLIT
from keylint.validators.randomness import is_random

WORDY = re.compile(rb'[a-z_\-/=.]*|[A-Z_\-/=.]*|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|[0-9eE+_\-.]*')
_PASSWORD = re.compile(rb'[^\s"\'`,;(){}\[\]$<>]*')
_LINES_AROUND = 6
_REACH = 1500
_RUN_CHARS = frozenset(b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-=')


def narrowed(data: bytes, wakes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What the gate saw without the places where only words stand after a telling name, as nearly all are."""
    return [wake for wake in wakes if wake[0] >= NAMING or not _is_wordy(data, *wake)]


def _is_wordy(data: bytes, number: int, end: int) -> bool:
    """Whether what woke the gate is made of words alone: cheaper to see here than in a window."""
    if number in (SPLIT, LOGIN):
        return False
    if number == PASSWORD:
        return not any(48 <= char <= 57 for char in data[max(0, end - 8) : _end_of_word(data, end)])
    first = last = min(end, len(data)) - 1
    if data[first] not in _RUN_CHARS:
        first -= 2
        last = first
    while first > 0 and data[first - 1] in _RUN_CHARS and end - first < 300:
        first -= 1
    while last < len(data) and data[last] in _RUN_CHARS and last - end < 300:
        last += 1
    first = max(first, 0)
    if WORDY.fullmatch(data, first, last):
        return True
    return number == CALL and last - first < 48 and not is_random(data[first:last])


def _end_of_word(data: bytes, start: int) -> int:
    """Where the run without blanks, quotes and brackets ends."""
    match = _PASSWORD.match(data, start)
    return match.end() if match else start


def windows(data: bytes, wakes: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges of whole lines around the places where the gate saw a name near a value, merged."""
    found: list[tuple[int, int]] = []
    for number, end in wakes:
        if number >= NAMING:
            continue
        start, stop = _lines(data, end)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def _lines(data: bytes, end: int) -> tuple[int, int]:
    """Some lines before and after an offset, cut where lines are very long."""
    lower, upper = max(0, end - _REACH), min(len(data), end + _REACH)
    start = end
    for _ in range(_LINES_AROUND):
        start = data.rfind(b'\n', lower, start)
        if start < 0:
            start = lower
            break
    stop = end
    for _ in range(_LINES_AROUND):
        stop = data.find(b'\n', stop + 1, upper)
        if stop < 0:
            stop = upper
            break
    return start, stop
