"""How long a history has held something: commits, names and changes joined into the life of each object."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from keylint.core.model import Held, Life
from keylint.sources.commits import Commit, Name
from keylint.sources.tree_diff import Change

State = frozenset[tuple[str, str]]  # path and blob id
_NOTHING: State = frozenset()


class Span(NamedTuple):
    """The commits that hold one and the same set of objects: their count, the places of the first and last in the order, the names."""

    commits: int
    first: int
    last: int
    names: int


class History:
    """The commits of a repository in order, and which names reach each of them."""

    def __init__(self, commits: Sequence[Commit], names: Sequence[Name], head: str | None) -> None:
        self.commits = commits
        self.names = names
        self._place = {commit.id: place for place, commit in enumerate(commits)}
        self._reached = self._reach()
        self._head = self._place.get(head or '')

    def _reach(self) -> list[int]:
        """For each commit a number whose bits are the names that reach it."""
        reached = [0] * len(self.commits)
        same: dict[
            int, int
        ] = {}  # with thousands of names these are large, and most commits share theirs
        for bit, name in enumerate(self.names):
            place = self._place.get(name.commit)
            if place is not None:
                reached[place] |= 1 << bit
        for place in range(len(self.commits) - 1, -1, -1):
            for parent in self.commits[place].parents:
                where = self._place.get(parent)
                if where is not None:
                    both = reached[where] | reached[place]
                    reached[where] = same.setdefault(both, both)
        return reached

    def states(self, changes: Iterable[Change], wanted: Collection[str]) -> list[State]:
        """For each commit which of the wanted objects it holds, and where. Commits that hold the same share one set."""
        touched: dict[int, list[Change]] = {}
        for change in changes:
            if change.before in wanted or change.after in wanted:
                place = self._place.get(change.commit)
                if place is not None:
                    touched.setdefault(place, []).append(change)
        found: list[State] = []
        for place, commit in enumerate(self.commits):
            parent = self._place.get(commit.parents[0]) if commit.parents else None
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
        """Each different state that holds something, with the commits that have it."""
        found: dict[State, Span] = {}
        for place, state in enumerate(states):
            if state:
                span = found.get(state)
                names = self._reached[place]
                found[state] = (
                    Span(1, place, place, names)
                    if span is None
                    else Span(span.commits + 1, span.first, place, span.names | names)
                )
        return found

    def head_state(self, states: Sequence[State]) -> State:
        """What is checked out."""
        return states[self._head] if self._head is not None else _NOTHING

    def life(
        self, objects: frozenset[str], spans: dict[State, Span], head: State, staged: dict[str, str]
    ) -> Life:
        """The life of something that any of the objects holds."""
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
        bits = sum(1 << place for place in {place for _, place in tagged})
        for _, span in holding:
            bits |= span.names
        return self._made(
            min((span.first for _, span in holding), default=None),
            max((span.last for _, span in holding), default=None),
            sum(span.commits for _, span in holding),
            paths | kept | {path for path, _ in tagged if path},
            bits,
            any(name in objects for _, name in head),
            bool(kept),
            objects,
        )

    def life_of_commit(self, commit: str) -> Life:
        """The life of something in a commit's own text."""
        place = self._place[commit]
        bits = self._reached[place]
        is_head = any(
            bits >> bit & 1 and name.name == 'HEAD' for bit, name in enumerate(self.names)
        )
        return self._made(place, place, 1, set(), bits, is_head, False, frozenset((commit,)))

    def tagged(self) -> dict[str, str]:
        """A path for each blob that a ref names without a commit, where it has one."""
        return {blob: path for name in self.names for blob, path in name.blobs if path}

    def life_of_tag(self, tag: str) -> Life:
        """The life of something in the text of an annotated tag."""
        refs = tuple(sorted(name.name for name in self.names if tag in name.tags))
        return Life(
            None,
            None,
            0,
            (),
            refs,
            () if refs else ('unreachable',),
            False,
            bool(refs),
            False,
            (tag,),
        )

    def _made(
        self,
        first: int | None,
        last: int | None,
        count: int,
        paths: set[str],
        bits: int,
        in_head: bool,
        in_index: bool,
        objects: frozenset[str],
    ) -> Life:
        reaching = [name for bit, name in enumerate(self.names) if bits >> bit & 1]
        refs = tuple(sorted({name.name for name in reaching if not name.is_reflog}))
        others = ['index'] if in_index else []
        others += [] if refs else sorted({name.name for name in reaching if name.is_reflog})
        if not refs and not others:
            others = ['unreachable']
        oldest, newest = (
            None if place is None else held(self.commits[place]) for place in (first, last)
        )
        return Life(
            oldest,
            newest,
            count,
            tuple(sorted(paths)),
            refs,
            tuple(others),
            in_head,
            bool(refs),
            any(name.is_remote for name in reaching),
            tuple(sorted(objects)),
        )


def held(commit: Commit) -> Held:
    """A commit as reports show it."""
    return Held(commit.id, _date(commit.authored, commit.zone), _date(commit.committed, '+0000'))


def _date(seconds: int, zone: str) -> str:
    """ISO 8601 with the zone; a time that no calendar knows becomes the first one that it does."""
    sign = -1 if zone.startswith('-') else 1
    offset = sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
    try:
        return datetime.fromtimestamp(seconds, timezone(offset)).isoformat()
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC).isoformat()
