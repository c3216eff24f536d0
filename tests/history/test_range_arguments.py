"""Which commits a range means, and what each of them adds or deletes."""

from __future__ import annotations

import pytest

from keylint.core.errors import SourceError
from keylint.core.report import Report
from keylint.history.ranges import (
    Push,
    list_additions,
    list_tags,
    parse_push,
    read_commits,
    resolve_revision,
    select_between,
    select_since,
)
from tests.conftest import Repository


@pytest.fixture
def ids(repository: Repository) -> dict[str, str]:
    """Make the commits one, two and side (a branch from one), and their merge."""
    found = {}
    repository.write('a', 'one\n')
    repository.write('gone', 'x\n')
    repository.commit()
    found['one'] = repository.git('rev-parse', 'HEAD').strip()
    repository.git('checkout', '-q', '-b', 'side')
    repository.write('s', 'side\n')
    repository.commit()
    found['side'] = repository.git('rev-parse', 'HEAD').strip()
    repository.git('checkout', '-q', 'main')
    repository.write('a', 'two\n')
    (repository.folder / 'gone').unlink()
    repository.commit()
    found['two'] = repository.git('rev-parse', 'HEAD').strip()
    repository.git('merge', '-q', '-m', 'merge', 'side')
    found['merge'] = repository.git('rev-parse', 'HEAD').strip()
    return found


def test_revisions(repository: Repository, ids: dict[str, str]) -> None:
    folder = str(repository.folder)
    assert resolve_revision(folder, 'HEAD') == ids['merge']
    assert resolve_revision(folder, 'side') == ids['side']
    for text in ('nowhere', '', '--all', 'HEAD^{tree}'):
        with pytest.raises(SourceError, match='names no commit'):
            resolve_revision(folder, text)


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        ('{one}..{two}', ['{two}', '^{one}']),
        ('{one}..', ['{merge}', '^{one}']),
        ('..{two}', ['{two}', '^{merge}']),
    ],
)
def test_ranges(repository: Repository, ids: dict[str, str], text: str, want: list[str]) -> None:
    found = select_between(str(repository.folder), text.format(**ids))
    assert sorted(found) == sorted(one.format(**ids) for one in want)
    assert select_since(str(repository.folder), ids['one']) == [ids['merge'], f'^{ids["one"]}']


def test_what_only_one_of_two_has(repository: Repository, ids: dict[str, str]) -> None:
    folder = str(repository.folder)
    arguments = select_between(folder, f'{ids["two"]}...side')
    found = read_commits(folder, [arguments], Report())
    assert {commit.id for commit in found} == {ids['two'], ids['side']}


def test_additions_and_deletions(repository: Repository, ids: dict[str, str]) -> None:
    folder = str(repository.folder)
    commits = read_commits(folder, [['HEAD']], Report())
    found, unread = list_additions(folder, commits)

    def blob(name: str, path: str) -> str:
        return repository.git('rev-parse', f'{ids[name]}:{path}').strip()

    assert unread == []
    assert {(one.commit, one.path, one.blob, one.before) for one in found} == {
        (ids['one'], 'a', blob('one', 'a'), ()),
        (ids['one'], 'gone', blob('one', 'gone'), ()),
        (ids['side'], 's', blob('side', 's'), ()),
        (ids['two'], 'a', blob('two', 'a'), (blob('one', 'a'),)),
        (ids['two'], 'gone', '', (blob('one', 'gone'),)),
    }


def test_pushes(repository: Repository, ids: dict[str, str]) -> None:
    """Each line is a local ref with its id and a remote ref with its id."""
    folder, none = str(repository.folder), '0' * 40
    repository.git('tag', '-a', '-m', 'one', 'v1', ids['one'])
    tag = repository.git('rev-parse', 'v1').strip()

    def parse(*rows: tuple[str, str], remote: str = 'origin') -> Push | None:
        return parse_push(folder, [f'r {new} s {old}' for new, old in rows], remote)

    def asked(*rows: tuple[str, str]) -> tuple[list[list[str]], tuple[str, ...]]:
        push = parse(*rows)
        assert push is not None
        return push.asked, push.tags

    assert parse() is None
    assert parse((none, ids['one'])) is None
    assert parse_push(folder, ['three fields only'], '') is None
    assert asked((ids['two'], none)) == ([[ids['two'], '--not', '--remotes=origin']], ())
    assert asked((ids['two'], ids['one']), (ids['side'], none)) == (
        [[ids['two'], ids['side'], f'^{ids["one"]}', '--not', '--remotes=origin']],
        (),
    )
    unknown = '1' * 40
    assert asked((ids['two'], unknown)) == ([[ids['two'], '--not', '--remotes=origin']], ())
    assert asked((tag, none)) == ([[ids['one'], '--not', '--remotes=origin']], (tag,))
    assert (list_tags(folder, tag), list_tags(folder, ids['one'])) == ([tag], [])


@pytest.mark.parametrize('text', ['HEAD', 'a..b..c', ''])
def test_what_is_no_range(repository: Repository, text: str) -> None:
    with pytest.raises(SourceError, match='must be'):
        select_between(str(repository.folder), text)
