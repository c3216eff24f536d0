"""Join commits, refs and changes into lifetimes: how long a history has contained something."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

from keylint.core.model import CommitRef, Lifetime
from keylint.core.records import NamedTuple
from keylint.sources.commits import Commit, Name
from keylint.sources.tree_diff import Change

State = frozenset[tuple[str, str]]  # path and blob id
_NOTHING: State = frozenset()


class Span(NamedTuple):
    """The commits with the same state: count, indexes of first and last, bitmask over names."""

    commits: int
    first: int
    last: int
    names: int


class History:
    """The commits of a repository, parents first, and the names that reach each of them."""

    def __init__(self, commits: Sequence[Commit], names: Sequence[Name], head: str | None) -> None:
        self.commits = commits
        self.names = names
        self._index = {commit.id: place for place, commit in enumerate(commits)}
        self._reached = self._find_reaching()
        self._head = self._index.get(head or '')

    def _find_reaching(self) -> list[int]:
        """Find for each commit the names that reach it, as a bitmask."""
        reached = [0] * len(self.commits)
        # With thousands of names the bitmasks are large, and most commits share theirs.
        same: dict[int, int] = {}
        for bit, name in enumerate(self.names):
            place = self._index.get(name.commit)
            if place is not None:
                reached[place] |= 1 << bit
        for place in range(len(self.commits) - 1, -1, -1):
            for parent in self.commits[place].parents:
                where = self._index.get(parent)
                if where is not None:
                    both = reached[where] | reached[place]
                    reached[where] = same.setdefault(both, both)
        return reached

    def states(self, changes: Iterable[Change], wanted: Collection[str]) -> list[State]:
        """Find which of the wanted objects each commit contains, and where.

        Commits with the same objects share one set.
        """
        touched: dict[int, list[Change]] = {}
        for change in changes:
            if change.before in wanted or change.after in wanted:
                place = self._index.get(change.commit)
                if place is not None:
                    touched.setdefault(place, []).append(change)
        found: list[State] = []
        for place, commit in enumerate(self.commits):
            parent = self._index.get(commit.parents[0]) if commit.parents else None
            state = found[parent] if parent is not None else _NOTHING
            if place in touched:
                gone = {(change.path, change.before) for change in touched[place]}
                come = {
                    (change.path, change.after)
                    for change in touched[place]
                    if change.after in wanted
                }
                state = (state - gone) | come
            found.append(state)
        return found

    def spans(self, states: Sequence[State]) -> dict[State, Span]:
        """Map each state that is not empty to the commits that have it."""
        found: dict[State, Span] = {}
        for place, state in enumerate(states):
            if state:
                span = found.get(state) or Span(0, place, place, 0)
                names = span.names | self._reached[place]
                found[state] = Span(span.commits + 1, span.first, place, names)
        return found

    @property
    def head(self) -> str | None:
        """The id of the commit that is checked out; None if there is none or it is unknown."""
        return self.commits[self._head].id if self._head is not None else None

    def head_state(self, states: Sequence[State]) -> State:
        """Return the state that is checked out."""
        return states[self._head] if self._head is not None else _NOTHING

    def life(
        self, objects: frozenset[str], spans: dict[State, Span], head: State, staged: dict[str, str]
    ) -> Lifetime:
        """Make the lifetime of a value in any of the objects; `staged` maps blobs to paths."""
        holding = [
            (state, span)
            for state, span in spans.items()
            if any(name in objects for _, name in state)
        ]
        paths = {path for state, _ in holding for path, name in state if name in objects}
        kept = {staged[name] for name in objects if name in staged}
        tagged = {
            (path, place)
            for place, name in enumerate(self.names)
            for blob, path in name.blobs
            if blob in objects
        }
        names = sum(1 << place for place in {place for _, place in tagged})
        for _, span in holding:
            names |= span.names
        whole = Span(
            sum(span.commits for _, span in holding),
            min((span.first for _, span in holding), default=0),
            max((span.last for _, span in holding), default=0),
            names,
        )
        life = self._make_lifetime(whole, objects, is_staged=bool(kept))
        return life._replace(
            paths=tuple(sorted(paths | kept | {path for path, _ in tagged if path})),
            in_head=any(name in objects for _, name in head),
        )

    def life_of_commit(self, commit: str) -> Lifetime:
        """Make the lifetime of something in a commit's own message or fields."""
        place = self._index[commit]
        bits = self._reached[place]
        in_head = any(
            bits >> bit & 1 and name.name == 'HEAD' for bit, name in enumerate(self.names)
        )
        life = self._make_lifetime(Span(1, place, place, bits), frozenset((commit,)))
        return life._replace(in_head=in_head)

    def list_tagged(self) -> Iterator[tuple[str, str]]:
        """Yield the blobs that a ref points to without a commit, with their paths if any."""
        return ((blob, path) for name in self.names for blob, path in name.blobs if path)

    def life_of_tag(self, tag: str) -> Lifetime:
        """Make the lifetime of something in the message of an annotated tag."""
        refs = tuple(sorted(name.name for name in self.names if tag in name.tags))
        others = () if refs else ('unreachable',)
        return Lifetime(None, None, 0, (), refs, others, False, bool(refs), False, (tag,))

    def _make_lifetime(
        self, span: Span, objects: frozenset[str], *, is_staged: bool = False
    ) -> Lifetime:
        """Make the lifetime of objects that the commits of a span contain, without paths.

        A span of no commits has neither a first nor a last one.
        """
        reaching = [name for bit, name in enumerate(self.names) if span.names >> bit & 1]
        refs = tuple(sorted({name.name for name in reaching if not name.is_reflog}))
        others = ['index'] if is_staged else []
        if not refs:
            others += sorted({name.name for name in reaching if name.is_reflog})
        if not refs and not others:
            others = ['unreachable']
        first = make_commit_ref(self.commits[span.first]) if span.commits else None
        last = make_commit_ref(self.commits[span.last]) if span.commits else None
        return Lifetime(
            first=first,
            last=last,
            commits=span.commits,
            paths=(),
            refs=refs,
            others=tuple(others),
            in_head=False,
            is_reachable=bool(refs),
            on_remote=any(name.is_remote for name in reaching),
            objects=tuple(sorted(objects)),
        )


def make_commit_ref(commit: Commit) -> CommitRef:
    """Make the reference to a commit that reports show: its id and its dates in ISO 8601."""
    return CommitRef(
        commit.id,
        _format_date(commit.authored, commit.zone),
        _format_date(commit.committed, '+0000'),
    )


def _format_date(seconds: int, zone: str) -> str:
    """Format a time in ISO 8601 with its zone; one outside the calendar becomes 1970-01-01."""
    sign = -1 if zone.startswith('-') else 1
    offset = sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
    try:
        return datetime.fromtimestamp(seconds, timezone(offset)).isoformat()
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC).isoformat()
