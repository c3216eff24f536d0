"""Lives of objects against a naive walk.

Random graphs of commits, each compared with all that it holds and all that reaches it.
"""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.history.lifetimes import History, make_commit_ref
from keylint.sources.commits import Commit, Name, sort_commits
from keylint.sources.tree_diff import Change

NONE = '0' * 40
PATHS = ('a', 'b')
BLOBS = ('', '1' * 40, '2' * 40, '3' * 40)


class Graph(NamedTuple):
    """Commits with the content of their two paths, and the names on them."""

    commits: dict[str, Commit]
    trees: dict[str, dict[str, str]]
    names: tuple[Name, ...]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    commits: dict[str, Commit] = {}
    trees: dict[str, dict[str, str]] = {}
    for number in range(draw(st.integers(1, 12))):
        known = sorted(commits)
        parents = draw(st.lists(st.sampled_from(known), max_size=3, unique=True)) if known else []
        time = draw(st.integers(0, 5))
        name = f'{number:040x}'
        commits[name] = Commit(name, 'tree', tuple(parents), time, time, '+0000')
        trees[name] = {path: blob for path in PATHS if (blob := draw(st.sampled_from(BLOBS)))}
    kinds = st.tuples(
        st.sampled_from(sorted(commits)),
        st.sampled_from(('HEAD', 'refs/heads/x', 'refs/remotes/o/x', 'reflog of HEAD')),
    )
    picked = draw(st.lists(kinds, max_size=5, unique=True))
    names = tuple(
        Name(kind, commit, 'remotes' in kind, 'reflog' in kind) for commit, kind in picked
    )
    return Graph(commits, trees, names)


def changes(graph: Graph) -> list[Change]:
    """Return what `diff-tree` against the first parent says."""
    found = []
    for name, commit in graph.commits.items():
        old = graph.trees[commit.parents[0]] if commit.parents else {}
        new = graph.trees[name]
        found += [
            Change(name, old.get(path, NONE), new.get(path, NONE), path)
            for path in PATHS
            if old.get(path) != new.get(path)
        ]
    return found


def reaching(graph: Graph, commit: str) -> set[Name]:
    """Return the names from which a walk over parents meets a commit."""
    found = set()
    for name in graph.names:
        waiting, seen = [name.commit], set()
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                waiting += graph.commits[here].parents
        if commit in seen:
            found.add(name)
    return found


@settings(max_examples=300, deadline=None)
@given(graphs(), st.sets(st.sampled_from(BLOBS[1:]), min_size=1))
def test_lives_are_those_of_a_naive_walk(graph: Graph, objects: set[str]) -> None:
    ordered = sort_commits(graph.commits)
    head = next((name.commit for name in graph.names if name.name == 'HEAD'), None)
    history = History(ordered, graph.names, head)
    states = history.states(changes(graph), set(BLOBS[1:]))
    life = history.life(frozenset(objects), history.spans(states), history.head_state(states), {})

    holding = [commit for commit in ordered if objects & set(graph.trees[commit.id].values())]
    names = set().union(*(reaching(graph, commit.id) for commit in holding))
    assert life.commits == len(holding)
    assert life.first == (make_commit_ref(holding[0]) if holding else None)
    assert life.last == (make_commit_ref(holding[-1]) if holding else None)
    assert life.paths == tuple(
        sorted(
            {
                path
                for commit in holding
                for path, blob in graph.trees[commit.id].items()
                if blob in objects
            }
        )
    )
    assert life.refs == tuple(sorted({name.name for name in names if not name.is_reflog}))
    assert life.on_remote == any(name.is_remote for name in names)
    assert life.is_reachable == bool(life.refs)
    assert life.in_head == bool(head and objects & set(graph.trees[head].values()))
    assert life.others == (
        () if life.refs else tuple(sorted({name.name for name in names})) or ('unreachable',)
    )


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_parents_come_before_children(graph: Graph) -> None:
    place = {commit.id: number for number, commit in enumerate(sort_commits(graph.commits))}
    assert sorted(place) == sorted(graph.commits)
    assert all(
        place[parent] < place[commit.id]
        for commit in graph.commits.values()
        for parent in commit.parents
    )


def test_a_parent_that_is_not_there_is_none() -> None:
    commit = Commit('1' * 40, 'tree', ('2' * 40,), 1, 1, '-0130')
    assert sort_commits({commit.id: commit}) == [commit]
    history = History([commit], [Name('HEAD', commit.id)], commit.id)
    states = history.states([Change(commit.id, NONE, BLOBS[1], 'a')], {BLOBS[1]})
    assert history.life(
        frozenset((BLOBS[1],)), history.spans(states), history.head_state(states), {}
    ).in_head


def test_times_that_no_calendar_knows() -> None:
    for seconds, zone, said in (
        (0, '+0000', '1970-01-01T00:00:00+00:00'),
        (0, '-0130', '1969-12-31T22:30:00-01:30'),
        (1 << 62, '+0000', '1970-01-01T00:00:00+00:00'),
        (-(1 << 62), '+0000', '1970-01-01T00:00:00+00:00'),
        (5, '+9999', '1970-01-01T00:00:00+00:00'),
    ):
        assert make_commit_ref(Commit('1', 't', (), seconds, 0, zone)).authored == said
