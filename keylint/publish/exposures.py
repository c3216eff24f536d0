"""Name what would be published by accident, beside leaks in texts."""

from __future__ import annotations

from keylint.core.records import NamedTuple

STOP, LOOK = 'stop', 'look'


class Exposure(NamedTuple):
    """Name one thing that would be published by accident.

    `level` is `stop` (do not publish with it) or `look`. `seat` says where it is: `tracked`,
    `history` (gone from the work tree), `untracked`, or `git` (git's own folder).
    """

    kind: str
    level: str
    path: str
    what: str
    seat: str
