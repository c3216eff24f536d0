"""Lifetimes of single leaks, field by field, and how objects are dealt out to workers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from keylint.core.config import Config
from keylint.core.model import Lifetime
from keylint.core.report import Report
from keylint.history.batches import make_batches
from keylint.history.lifetimes import History, make_commit_ref
from keylint.history.object_paths import ObjectPaths, PathKinds
from keylint.pipeline.clean_cache import CleanCache
from keylint.rules.load import load_rules
from keylint.sources.commits import Commit, Name
from keylint.sources.objects import Object
from keylint.sources.tree_diff import Change

NONE, LEAK, OTHER = '0' * 40, '1' * 40, '2' * 40
COMMITS = [
    Commit('a', 't', (), 10, 10, '+0100'),
    Commit('b', 't', ('a',), 20, 20, '+0000'),
    Commit('c', 't', ('b',), 30, 30, '-0330'),
]


def make_paths(paths: dict[str, str], config: Config) -> ObjectPaths:
    found = ObjectPaths(PathKinds(load_rules(), config))
    for name, path in paths.items():
        found.add(name, path)
    return found


def live(
    changes: Sequence[Change],
    names: Sequence[Name] = (Name('HEAD', 'c'), Name('refs/heads/main', 'c')),
    head: str | None = 'c',
    staged: dict[str, str] | None = None,
    objects: frozenset[str] = frozenset({LEAK}),
) -> Lifetime:
    history = History(COMMITS, names, head)
    states = history.states(changes, objects)
    return history.life(objects, history.spans(states), history.head_state(states), staged or {})


def test_what_stays_from_the_first_commit_on() -> None:
    life = live([Change('a', NONE, LEAK, 'x.py')])
    assert (life.first, life.last) == (make_commit_ref(COMMITS[0]), make_commit_ref(COMMITS[2]))
    assert (life.commits, life.paths, life.objects) == (3, ('x.py',), (LEAK,))
    assert (life.refs, life.others) == (('HEAD', 'refs/heads/main'), ())
    assert (life.in_head, life.is_reachable, life.on_remote) == (True, True, False)


def test_what_was_removed_and_came_again_elsewhere() -> None:
    changes = [
        Change('a', NONE, LEAK, 'x.py'),
        Change('b', LEAK, OTHER, 'x.py'),
        Change('c', NONE, LEAK, 'y.py'),
    ]
    life = live(changes)
    assert (life.commits, life.paths, life.in_head) == (2, ('x.py', 'y.py'), True)
    life = live(changes[:2])
    assert (life.first, life.last) == (make_commit_ref(COMMITS[0]),) * 2
    assert (life.commits, life.paths, life.in_head, life.is_reachable) == (
        1,
        ('x.py',),
        False,
        True,
    )


def test_what_no_commit_holds() -> None:
    life = live([])
    assert (life.first, life.last, life.commits, life.paths) == (None, None, 0, ())
    assert (life.refs, life.others, life.is_reachable) == ((), ('unreachable',), False)


def test_changes_of_other_objects_and_commits_do_not_count() -> None:
    changes = [
        Change('a', NONE, OTHER, 'x.py'),
        Change('gone', NONE, LEAK, 'y.py'),
        Change('b', NONE, LEAK, 'z.py'),
        Change('c', NONE, OTHER, 'z2.py'),
    ]
    assert live(changes).paths == ('z.py',)


def test_the_index_keeps_something() -> None:
    life = live([], staged={LEAK: 'new.py', OTHER: 'other.py'})
    assert (life.paths, life.others, life.commits) == (('new.py',), ('index',), 0)


def test_reflogs_keep_what_no_ref_does() -> None:
    changes = [Change('c', NONE, LEAK, 'x.py')]
    reflog = Name('reflog of HEAD', 'c', is_reflog=True)
    life = live(changes, [Name('refs/heads/main', 'b'), reflog])
    assert (life.refs, life.others, life.is_reachable) == ((), ('reflog of HEAD',), False)
    life = live(changes, [Name('refs/heads/main', 'c'), reflog])
    assert (life.refs, life.others) == (('refs/heads/main',), ())
    life = live(changes, [reflog], staged={LEAK: 'x.py'})
    assert life.others == ('index', 'reflog of HEAD')


def test_remotes_past_and_present() -> None:
    changes = [Change('b', NONE, LEAK, 'x.py')]
    for name in (
        Name('refs/remotes/o/main', 'b', is_remote=True),
        Name('reflog of refs/remotes/o/main', 'c', is_remote=True, is_reflog=True),
    ):
        assert live(changes, [Name('HEAD', 'c'), name]).on_remote
    assert not live(changes, [Name('refs/remotes/o/main', 'a', is_remote=True)]).on_remote


def test_tags_on_blobs() -> None:
    tag = Name('refs/tags/key', '', blobs=((LEAK, 'key.pem'), (OTHER, '')))
    life = live([], [Name('HEAD', 'c'), tag])
    assert (life.paths, life.refs, life.is_reachable) == (('key.pem',), ('refs/tags/key',), True)
    life = live([], [Name('HEAD', 'c'), tag], objects=frozenset({OTHER}))
    assert (life.paths, life.refs) == ((), ('refs/tags/key',))


def test_messages_of_commits_and_tags() -> None:
    names = [Name('HEAD', 'b'), Name('refs/tags/v1', 'c', tags=('t1',))]
    history = History(COMMITS, names, 'b')
    life = history.life_of_commit('a')
    assert (life.first, life.commits, life.objects) == (make_commit_ref(COMMITS[0]), 1, ('a',))
    assert (life.refs, life.in_head) == (('HEAD', 'refs/tags/v1'), True)
    assert not history.life_of_commit('c').in_head
    life = history.life_of_tag('t1')
    assert (life.refs, life.others, life.is_reachable) == (('refs/tags/v1',), (), True)
    life = history.life_of_tag('t2')
    assert (life.refs, life.others, life.is_reachable) == ((), ('unreachable',), False)
    assert (life.first, life.commits, life.objects, life.in_head) == (None, 0, ('t2',), False)


def test_dates_have_the_zone_of_the_author() -> None:
    shown = [make_commit_ref(commit)[1:] for commit in COMMITS]
    assert shown == [
        ('1970-01-01T01:00:10+01:00', '1970-01-01T00:00:10+00:00'),
        ('1970-01-01T00:00:20+00:00', '1970-01-01T00:00:20+00:00'),
        ('1969-12-31T20:30:30-03:30', '1970-01-01T00:00:30+00:00'),
    ]


class KnownClean(CleanCache):
    """Knows one object of one path."""

    def __init__(self) -> None:
        self.added: list[bytes] = []

    def name(self, path: str, content: bytes) -> bytes:
        return path.encode() + b'|' + content

    def __contains__(self, key: bytes) -> bool:
        return key == b'known.py|4'

    def add(self, key: bytes) -> None:
        self.added.append(key)


def test_blobs_in_the_order_of_the_pack_then_commits_and_tags() -> None:
    objects = [
        Object('1', 'commit', 10),
        Object('2', 'blob', 20),
        Object('3', 'tag', 30),
        Object('4', 'blob', 40),
        Object('5', 'blob', 50),
        Object('6', 'commit', (1 << 20) + 1),
        Object('7', 'blob', 1 << 20),
    ]
    paths = dict(
        zip('1234567', ['commit', 'b.py', 'tag', 'known.py', 'out/x', 'c2', 'a.py'], strict=True)
    )
    report, known = Report(), KnownClean()
    config = Config(exclude=('out/',), costs=(('file-size', 1),))
    batches = make_batches(objects, make_paths(paths, config), config, report, known)
    assert [batch.objects for batch in batches] == [
        (('2', ('b.py',)), ('7', ('a.py',))),
        (('1', ('commit',)), ('3', ('tag',))),
    ]
    assert [batch.bytes for batch in batches] == [20 + (1 << 20), 10 + 30]
    assert [(failure.path, failure.error) for failure in report.failures] == [
        ('c2', 'object 6 is larger than 1 MB')
    ]
    assert known.added == [b'known.py|4']


@pytest.mark.parametrize(
    ('sizes', 'want'),
    [
        pytest.param([], [], id='none'),
        pytest.param([1, 2], [2], id='few'),
        pytest.param([1 << 19, 1], [1, 1], id='the bound is enough'),
        pytest.param([1 << 19], [1], id='nothing is left'),
        pytest.param([1 << 20] * 48, [2] * 24, id='as many as balance the workers'),
        pytest.param([0] * 4001, [4000, 1], id='many'),
        pytest.param([1 << 30] * 40, [1] * 40, id='large ones alone'),
    ],
)
def test_sizes_of_batches(sizes: list[int], want: list[int]) -> None:
    objects = [Object(f'{number:05}', 'blob', size) for number, size in enumerate(sizes)]
    paths = {item.id: 'a' for item in objects}
    config = Config(costs=(('file-size', 1 << 20),))
    batches = make_batches(objects, make_paths(paths, config), config, Report(), CleanCache())
    assert [len(batch.objects) for batch in batches] == want
    assert sum(batch.bytes for batch in batches) == sum(sizes)
