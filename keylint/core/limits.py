"""Limits on the cost of one blob. A blob that exceeds one becomes a named failure.

Limits for whole blobs are here; the limits of one format are in its module.
"""

from __future__ import annotations

from keylint.core.records import NamedTuple

MB = 1 << 20
# Seconds of silence from git after which keylint looks for a file that blocks it, and after which
# keylint ends it.
GIT_FIRST_SECONDS, GIT_SECONDS = 2.0, 120.0
MAX_SECONDS = 60
# Values of one blob that may be secrets. Each takes about a kilobyte until they are grouped.
MAX_CANDIDATES = 50_000
# Credentials of one blob that candidates are grouped into; some only repeat others.
MAX_CREDENTIALS = 20_000
# Bindings of names that are followed to learn what one file of code does. Real files need up to
# 80,000; a file made to have many more would take hours.
MAX_BINDINGS = 2_000_000
# From this many matches or candidates in one blob on, those that only repeat others are left out.
MIN_REPEATED = 1_000


class Limits(NamedTuple):
    """The bytes, counts and seconds that one blob may cost; docs/carriers.md lists them.

    `total` limits all bytes that come out of a blob, `member` those of one member and `held` those
    of nested archives in memory at one time. `ratio` is the number of bytes that may come out for
    each byte that went in; it does not apply to the first `free` bytes of a stream. `nodes` counts
    the values of a pickle or of bytecode. `shown` is the longest name shown, in characters.
    """

    total: int = 512 * MB
    member: int = 64 * MB
    held: int = 96 * MB
    ratio: int = 250
    free: int = 16 * MB
    members: int = 50_000
    depth: int = 5
    nodes: int = 2_000_000
    seconds: float = MAX_SECONDS
    shown: int = 300


class LimitOption(NamedTuple):
    """A limit that a user may set.

    `field` is the field of Limits (empty for a limit of the sources), `unit` the value of 1 in the
    configuration, `default` is counted in that unit, and `says` explains it to the user.
    """

    field: str
    unit: int
    default: int
    says: str


# The names of the limits in the configuration and for `--limit`.
LIMIT_OPTIONS = {
    'file-size': LimitOption('', MB, 256, 'MB of one file; a larger one is not read'),
    'expanded': LimitOption('total', MB, 512, 'MB that come out of one file, all levels together'),
    'member': LimitOption('member', MB, 64, 'MB of one member that keylint reads'),
    'held': LimitOption('held', MB, 96, 'MB of nested carriers held in memory at one time'),
    'ratio': LimitOption('ratio', 1, 250, 'times that a stream may grow, beyond its first 16 MB'),
    'members': LimitOption('members', 1, 50_000, 'members of one file'),
    'nesting': LimitOption('depth', 1, 5, 'carriers in carriers'),
    'values': LimitOption('nodes', 1, 2_000_000, 'values of a pickle or of bytecode'),
    'seconds': LimitOption(
        'seconds', 1, MAX_SECONDS, 'seconds for one file, and again for what it contains'
    ),
}


def build_limits(costs: tuple[tuple[str, int], ...]) -> Limits:
    """Build the limits from the names and numbers that a user has set."""
    fields = {
        LIMIT_OPTIONS[name].field: number * LIMIT_OPTIONS[name].unit
        for name, number in costs
        if LIMIT_OPTIONS[name].field
    }
    return Limits()._replace(**fields)
