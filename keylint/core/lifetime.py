"""How long a history has contained something."""

from keylint.core.records import NamedTuple


class CommitRef(NamedTuple):
    """A commit with a finding: its id, and when it was authored and committed (ISO 8601)."""

    commit: str
    authored: str
    committed: str


class Lifetime(NamedTuple):
    """How long a repository's history has contained a finding.

    `first` and `last` are the oldest and the newest commit with it (None if there is no such
    commit), `commits` is their number. `refs` are the names from which it can be reached,
    `is_reachable` says whether any branch, tag, stash or other ref is among them; `others` says
    what else keeps it: `index`, `reflog of …`, `unreachable`. `on_remote` says whether a
    remote-tracking ref has it or ever had it, as far as the repository knows.
    """

    first: CommitRef | None
    last: CommitRef | None
    commits: int
    paths: tuple[str, ...]
    refs: tuple[str, ...]
    others: tuple[str, ...]
    in_head: bool
    is_reachable: bool
    on_remote: bool
    objects: tuple[str, ...] = ()
