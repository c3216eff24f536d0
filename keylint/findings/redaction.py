"""What of a text may be shown: its secrets masked wherever they stand in it, and with them every long run that could be a value."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from keylint.core.spans import Lines
from keylint.matcher.prefilter import WORDY

LONG_RUN = re.compile(rb'[A-Za-z0-9+/=_\-]{20,}')
_TOKEN = re.compile(rb'[^\s"\'`,;:=()\[\]{}<>&?]+')
_MASK = b'\x00'
_EXCERPT = 160
_LONGEST_LINE = 1000
# Shorter values are words that stand anywhere.
_SHORTEST = 6
# More values than these are looked for as whole tokens, not anywhere in a text.
_FEW = 200


class Secrets(NamedTuple):
    """The spans of a blob's secrets by the lines that they touch, and all values: each may stand again where no finding points."""

    spans: dict[int, list[tuple[int, int]]]
    values: frozenset[bytes]


def secrets_of(lines: Lines, found: list[tuple[int, int, bytes]]) -> Secrets:
    """From the bytes that each secret stands at, and its value."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for start, end, _ in sorted(found):
        for number in range(
            bisect_right(lines.starts, start), bisect_right(lines.starts, max(start, end - 1)) + 1
        ):
            spans.setdefault(number, []).append((start, end))
    values = {
        value
        for start, end, own in found
        for value in (own, lines.data[start:end])
        if _SHORTEST <= len(value) <= _LONGEST_LINE
    }
    return Secrets(spans, frozenset(values))


def excerpt(lines: Lines, number: int, secrets: Secrets) -> str:
    """A line as it may be shown, behind its number."""
    start, end = lines.bounds(number)
    end = min(end, start + _LONGEST_LINE)
    text = bytearray(lines.data[start:end])
    for first, last in secrets.spans.get(number, []):
        if first >= end:
            break
        for index in range(max(first, start), min(last, end)):
            text[index - start] = 0x00
    return f'{number}: {shown(bytes(text), secrets.values)[:_EXCERPT]}'


def shown(text: bytes, values: frozenset[bytes]) -> str:
    """A text with an ellipsis for what is masked in it already (zeros), for the values, and for every long run that could be one."""
    return ellipses(LONG_RUN.sub(_hidden, _masked(text, values))).strip()


def without(text: str, values: frozenset[bytes]) -> str:
    """A text of ours with an ellipsis for each value that it repeats: a label or an address may be one."""
    return ellipses(_masked(text.encode('utf-8', 'replace'), values)) if values else text


def _masked(text: bytes, values: frozenset[bytes]) -> bytes:
    if len(values) > _FEW:
        return _TOKEN.sub(lambda token: _MASK if token.group() in values else token.group(), text)
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, _MASK)
    return text


def ellipses(text: bytes) -> str:
    """A text with one ellipsis for each run of zeros: what is masked."""
    return re.sub(rb'\x00+', '…'.encode(), text).decode('utf-8', 'replace')


def _hidden(run: re.Match[bytes]) -> bytes:
    """A long run that could be a value is masked even where no rule knows it; names and paths stay."""
    return run.group() if WORDY.fullmatch(run.group()) else _MASK
