"""Read the values around the matches of a text; what was read of the same lines is remembered.

Versions of a file repeat their lines, and so does a text of which only a few bytes were decoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from keylint.core.digests import blake2b
from keylint.core.model import Candidate
from keylint.matcher.match import Match
from keylint.matcher.prefilter import follows_name, list_windows
from keylint.rules.rule_set import RuleSet
from keylint.syntax.values import ValueReader

# What is read of a window depends on so many bytes in front of it and behind it.
_BEFORE_BYTES, _BEHIND_BYTES = 128, 8
# Shorter windows are read as fast as they are looked up, longer ones are read value by value.
_MIN_KEPT_BYTES, _MAX_KEPT_BYTES = 128, 1 << 16
# Limit on values that are remembered: each takes some hundred bytes.
_MAX_KEPT_VALUES = 50_000
_DIGEST_BYTES = 16


class WindowMemory:
    """What was read of windows by their digests; beyond a limit all is forgotten."""

    def __init__(self) -> None:
        self._windows: dict[bytes, tuple[Candidate, ...]] = {}
        self._count = 0

    def get(self, digest: bytes) -> tuple[Candidate, ...] | None:
        """Return the values of a window, their offsets counted from its start."""
        return self._windows.get(digest)

    def keep(self, digest: bytes, values: tuple[Candidate, ...]) -> None:
        """Remember the values of a window, their offsets counted from its start."""
        self._count += 1 + len(values)
        if self._count > _MAX_KEPT_VALUES:
            self._windows.clear()
            self._count = 1 + len(values)
        self._windows[digest] = values


def read_windows(data: bytes, matches: Iterable[Match], pack: RuleSet) -> Iterator[Candidate]:
    """Yield every value in the lines around the matches of names, and of keys without secrets."""
    reader = ValueReader(data, pack.read_name)
    memory = pack.remember(WindowMemory)
    for start, end in list_windows(data, matches, partial(_is_beside_values, pack)):
        if _MIN_KEPT_BYTES <= end - start <= _MAX_KEPT_BYTES:
            yield from _recall_window(reader, data, start, end, memory)
        else:
            yield from reader.read(start, end)


def _is_beside_values(pack: RuleSet, match: Match) -> bool:
    """Tell whether values may stand beside a match: a name, or a key that names itself."""
    is_key = match.pattern.kind == 'token' and pack.tokens[match.pattern.row].role == 'api-key'
    return is_key or follows_name(match)


def _recall_window(
    reader: ValueReader, data: bytes, start: int, end: int, memory: WindowMemory
) -> Iterator[Candidate]:
    lower = max(0, start - _BEFORE_BYTES)
    digest = blake2b(data[lower : end + _BEHIND_BYTES], digest_size=_DIGEST_BYTES)
    digest.update(b'%d %d' % (start - lower, end - start))
    known = memory.get(digest.digest())
    if known is None:
        known = tuple(_move(value, -start) for value in reader.read(start, end))
        memory.keep(digest.digest(), known)
    return (_move(value, start) for value in known)


def _move(value: Candidate, by: int) -> Candidate:
    return value._replace(start=value.start + by, end=value.end + by)
