"""What commits change, as several gits tell it together.

The same as one git does, paths of any kind, and an accident of one is told.
"""

from __future__ import annotations

import pytest

from keylint.core.errors import SourceError
from keylint.sources import tree_diff as changes
from keylint.sources.tree_diff import Change, Changes, compare_commits
from tests.conftest import Repository

PATHS = ('plain', 'with\nnewline', ':colon', 'ünicode', '0' * 40, 'folder/inner')


@pytest.fixture
def pairs(repository: Repository) -> list[tuple[str, str]]:
    """Provide commits that write, rewrite and remove odd paths, each with its parent."""
    found: list[tuple[str, str]] = []
    for number in range(12):
        for path in PATHS[number % 3 :]:
            repository.write(path, f'{number} {path}\n')
        (repository.folder / PATHS[number % len(PATHS)]).unlink(missing_ok=True)
        (repository.folder / 'link').unlink(missing_ok=True)
        (repository.folder / 'link').symlink_to(f'target {number}')
        repository.commit()
        commit = repository.git('rev-parse', 'HEAD').strip()
        found.append((commit, found[-1][0] if found else ''))
    return found


def of(repository: Repository, pairs: list[tuple[str, str]]) -> Changes:
    found, unread = compare_commits(str(repository.folder), pairs)
    assert unread == []
    return found


def test_several_gits_tell_what_one_does(
    repository: Repository, pairs: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = list(of(repository, pairs))
    assert {change.path for change in alone} == {*PATHS, 'link'}
    monkeypatch.setattr(changes, '_LINES', 1)
    for count in ('2', '3', '50'):
        monkeypatch.setenv('KEYLINT_WORKERS', count)
        assert list(of(repository, pairs)) == alone


def test_changes_of_some_blobs_are_those_of_all_that_name_them(
    repository: Repository, pairs: list[tuple[str, str]]
) -> None:
    found = of(repository, pairs)
    wanted = {
        change.after for change in found if change.path == 'plain' and change.after.strip('0')
    }
    assert wanted
    assert list(found.of(wanted)) == [
        change for change in found if wanted & {change.before, change.after}
    ]


def test_a_blob_is_named_until_it_is_settled(
    repository: Repository, pairs: list[tuple[str, str]]
) -> None:
    """Links are no files, and what is taken away is not brought."""
    found = of(repository, pairs)
    brought = [change for change in found if change.after.strip('0')]
    assert [(name.decode(), path) for name, path in found.named(set())] == [
        (change.after, change.path) for change in brought
    ]
    settled: set[bytes] = set()
    once = []
    for name, path in found.named(settled):
        once.append((name.decode(), path))
        settled.add(name)
    first: dict[str, str] = {}
    for change in brought:
        first.setdefault(change.after, change.path)
    assert once == list(first.items())


def test_an_accident_of_one_git_is_told(
    repository: Repository, pairs: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, '_LINES', 1)
    monkeypatch.setenv('KEYLINT_WORKERS', '2')
    last = pairs[-1][0]

    def fail(part: object, lines: list[str]) -> None:
        if any(line.startswith(last) for line in lines):
            raise SourceError('the disk is full')

    monkeypatch.setattr(changes._Comparison, 'compare', fail)
    with pytest.raises(SourceError, match='the disk is full'):
        compare_commits(str(repository.folder), pairs)


def test_what_is_taken_apart_is_what_was_written() -> None:
    for width in (40, 64):
        before, after = b'1' * width, b'2' * width
        record = changes._change(b'c', b':100644 100755 %s %s M' % (before, after), b'a path')
        assert record == Change('c', before.decode(), after.decode(), 'a path')
