"""How much a carrier may cost, and the nouns of this package. What hits a limit ends as a named failure."""

from __future__ import annotations

import time
from typing import NamedTuple

from keylint.core.deadline import SECONDS

_MB = 1 << 20


class Limits(NamedTuple):
    """Bytes, counts and seconds that one blob may cost. docs/carriers.md lists them.

    `total` are all bytes that come out of a blob, `member` those of one member, `held` those of carriers in carriers at one time. `ratio` is
    how many bytes may come out for each that went in; the first `free` ones of a stream are not asked. `shown` is the longest name shown.
    """

    total: int = 512 * _MB
    member: int = 64 * _MB
    held: int = 96 * _MB
    ratio: int = 250
    free: int = 16 * _MB
    members: int = 50_000
    depth: int = 5
    nodes: int = 2_000_000
    seconds: float = SECONDS
    shown: int = 300


class Knob(NamedTuple):
    """A limit that a user may set: the field of Limits (empty for what a source asks), what one is, the default, and what it means."""

    field: str
    unit: int
    default: int
    says: str


# The names under which the configuration and `--limit` know them.
KNOBS = {
    'file-size': Knob('', _MB, 256, 'MB of one file; a larger one is not read'),
    'expanded': Knob('total', _MB, 512, 'MB that come out of one file, all levels together'),
    'member': Knob('member', _MB, 64, 'MB of one member that are looked at'),
    'held': Knob('held', _MB, 96, 'MB of carriers in carriers held in memory at one time'),
    'ratio': Knob('ratio', 1, 250, 'times that a stream may grow, beyond its first 16 MB'),
    'members': Knob('members', 1, 50_000, 'members of one file'),
    'nesting': Knob('depth', 1, 5, 'carriers in carriers'),
    'values': Knob('nodes', 1, 2_000_000, 'values of a pickle or of bytecode'),
    'seconds': Knob(
        'seconds', 1, SECONDS, 'seconds for one file as it is, and again for what it carries'
    ),
}


def chosen(costs: tuple[tuple[str, int], ...]) -> Limits:
    """The limits with what a user has set."""
    fields = {
        KNOBS[name].field: number * KNOBS[name].unit for name, number in costs if KNOBS[name].field
    }
    return Limits()._replace(**fields)


class Member(NamedTuple):
    """A blob from a carrier. `form` is the format of a text that keylint wrote itself, `labels` then names each of its lines."""

    name: str
    data: bytes
    form: str = ''
    labels: tuple[str, ...] = ()


class Trouble(NamedTuple):
    """Something in a carrier that could not be read: the member's name (empty for the carrier itself), and why."""

    name: str
    why: str


class Exceeded(Exception):
    """A blob costs more than it may: nothing more of it is read."""


class Budget:
    """What is left of the limits of one blob."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._bytes = 0
        self._members = 0
        self._written = 0
        self._held = 0
        self._end = time.monotonic() + limits.seconds

    def take(self, size: int) -> None:
        """So many bytes came out."""
        self._bytes += size
        if self._bytes > self.limits.total:
            raise Exceeded(f'more than {self.limits.total // _MB} MB come out of it')
        self.tick()

    def write(self, size: int) -> None:
        """So many bytes of text were written down, to be looked at as one member."""
        self._written += size
        if self._written > self.limits.member:
            raise Exceeded(f'its texts are more than {self.limits.member // _MB} MB')

    def count(self) -> None:
        """A member more."""
        self._members += 1
        if self._members > self.limits.members:
            raise Exceeded(f'it has more than {self.limits.members} members')
        self.tick()

    def tick(self) -> None:
        """Look at the clock."""
        if time.monotonic() > self._end:
            raise Exceeded(f'it takes more than {self.limits.seconds:g} s')

    def hold(self, size: int) -> bool:
        """Whether a carrier of so many bytes may be kept while its members are read. `release` gives them back."""
        if self._held + size > self.limits.held:
            return False
        self._held += size
        return True

    def release(self, size: int) -> None:
        self._held -= size

    def is_bomb(self, size: int, packed: int) -> bool:
        """Whether a stream of `packed` bytes has given more than any honest one does."""
        return size > self.limits.free and size > self.limits.ratio * max(packed, 1)


def cut_off(limits: Limits) -> str:
    """Why the end of a member was not looked at."""
    return f'larger than {limits.member // _MB} MB: only the beginning was looked at'
