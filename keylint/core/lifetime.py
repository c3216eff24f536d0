"""Say how long a history has held something."""

from keylint.core.records import NamedTuple


class CommitRef(NamedTuple):
    """A commit that holds something: id, and when it was authored and committed (ISO 8601)."""

    commit: str
    authored: str
    committed: str


class Lifetime(NamedTuple):
    """How long a repository's history has held a finding.

    `first` and `last` are the oldest and the newest commit that hold it (None where no commit
    does), `commits` how many do. `refs` are the names from which it can be reached, `is_reachable`
    whether any branch, tag, stash or other ref is among them; `others` says what else keeps it:
    `index`, `reflog of …`, `unreachable`. `on_remote` says whether a remote-tracking ref holds it
    or ever did, as far as the repository knows.
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
