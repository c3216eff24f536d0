"""Commits as git stores them, and their order."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.core.blob import Blob, UnreadFile
from keylint.core.config import Config
from keylint.core.report import Failure, Report
from keylint.sources.commits import Commit, parse_commit, sort_commits
from keylint.sources.files import list_files, load_file
from keylint.sources.git import find_top
from keylint.sources.index import _ask_git, _split_batch
from keylint.sources.objects import list_objects
from keylint.sources.tree_diff import compare_commits
from tests.conftest import Repository

TREE, PARENTS = 'a' * 40, ('b' * 40, 'c' * 40)
HEAD = f'tree {TREE}\n' + ''.join(f'parent {parent}\n' for parent in PARENTS)
AUTHOR = 'author A <a@b> 100 +0130\n'
COMMITTER = 'committer C <c@d> 200 -0500\n'


def parse(text: str) -> Commit | None:
    return parse_commit('x', text.encode())


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        pytest.param(HEAD + AUTHOR + COMMITTER + '\nmessage', (100, 200, '+0130'), id='whole'),
        pytest.param(HEAD + AUTHOR + '\nmessage', (100, 100, '+0130'), id='no committer'),
        pytest.param(HEAD + COMMITTER + '\nmessage', (0, 200, '+0000'), id='no author'),
        pytest.param(HEAD + '\nmessage', (0, 0, '+0000'), id='neither'),
        pytest.param(HEAD + 'author A <a@b>\n' + COMMITTER, (0, 200, '+0000'), id='no time'),
        pytest.param(
            HEAD + AUTHOR + AUTHOR.replace('100', '900') + COMMITTER,
            *((100, 200, '+0130'),),
            id='a second author',
        ),
        pytest.param(HEAD + '\n' + AUTHOR + COMMITTER, (0, 0, '+0000'), id='in the message'),
        pytest.param(
            HEAD + AUTHOR.replace('100', '-100') + COMMITTER, (-100, 200, '+0130'), id='before 1970'
        ),
    ],
)
def test_what_a_commit_says(text: str, want: tuple[int, int, str]) -> None:
    assert parse(text) == Commit('x', TREE, PARENTS, *want)


def test_a_commit_without_a_tree_is_broken() -> None:
    assert parse(f'parent {PARENTS[0]}\n{AUTHOR}{COMMITTER}') is None
    assert parse('') is None
    assert parse(f'tree {TREE}') == Commit('x', TREE, (), 0, 0, '+0000')


def order(*rows: tuple[str, str, int]) -> str:
    """Sort commits of one letter: name, parents, time."""
    commits = {name: Commit(name, 't', tuple(parents), 0, time, '') for name, parents, time in rows}
    found = ''.join(commit.id for commit in sort_commits(commits))
    backwards = dict(reversed(list(commits.items())))
    assert ''.join(commit.id for commit in sort_commits(backwards)) == found
    return found


def test_parents_come_first_and_then_the_older_ones() -> None:
    assert order() == ''
    assert order(('a', '', 5), ('b', '', 3), ('c', '', 4)) == 'bca'
    assert order(('a', '', 9), ('b', 'a', 1)) == 'ab'
    assert order(('a', '', 1), ('b', 'a', 2), ('c', 'a', 3), ('d', 'bc', 0)) == 'abcd'
    assert order(('a', '', 1), ('d', 'bc', 0), ('c', 'a', 2), ('b', 'a', 3)) == 'acbd'
    assert order(('b', 'x', 2), ('a', '', 3)) == 'ba'  # a parent that is not there
    assert order(('a', '', 1), ('b', '', 1)) == 'ab'


@pytest.mark.parametrize(
    ('output', 'want'),
    [
        (b'', []),
        (b'id blob 2\nab\n', [b'ab']),
        (b'id blob 0\n\nid blob 3\na\nb\n', [b'', b'a\nb']),
        (b'id missing\nid blob 1\na\n', [None, b'a']),
        (b'id blob 2\nab', []),
        (b'id blob 2\na', []),
        (b'id blob 2\nab\nid blob', [b'ab']),
        (b'id blob 1\na\nid blob 5\nab\n', [b'a']),
    ],
)
def test_what_git_prints_of_objects(output: bytes, want: list[bytes | None]) -> None:
    assert list(_split_batch(output)) == want


def test_objects_behind_missing_and_large_ones_are_read(repository: Repository) -> None:
    names = []
    for text in ('one', 'two', 'three'):
        repository.write('a', text)
        names.append(repository.git('hash-object', '-w', 'a').strip())
    entries = [('a', names[0]), ('b', '0' * 40), ('c', names[1]), ('d', names[2])]
    found = list(_ask_git(str(repository.folder), entries, 3))
    assert [item.data for item in found if isinstance(item, Blob)] == [b'one', b'two']
    assert [(item.path, item.error) for item in found if isinstance(item, Failure)] == [
        ('b', f'object {"0" * 12} is missing from the repository or broken'),
        ('d', 'larger than 0 MB'),
    ]


def test_each_file_is_listed_once_under_its_shown_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ('b.py', 'd/a.py', 'out/x.py'):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('')
    monkeypatch.chdir(tmp_path)
    report = Report()
    found = list_files(['.', './b.py', 'd'], Config(exclude=('out/',)), report, True)
    assert sorted(file.path for file in found) == ['b.py', 'd/a.py']
    assert sum(report.skipped.values()) == 1
    assert [file.path for file in list_files(['./d/../b.py'], Config(), report, True)] == [
        'd/../b.py'
    ]


def test_an_error_without_a_text_is_named_by_its_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / 'a').write_text('a')

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr('keylint.sources.files._read_content', fail)
    found = load_file(UnreadFile(str(tmp_path / 'a'), 'a'))
    assert found == Failure('a', 'read', 'OSError')


def test_the_top_of_a_work_tree(repository: Repository, tmp_path: Path) -> None:
    repository.write('in/a', '')
    repository.commit()
    assert find_top(str(repository.folder / 'in')) == str(repository.folder)
    repository.git('clone', '-q', '--bare', '.', str(tmp_path / 'bare'))
    assert find_top(str(tmp_path / 'bare')) is None
    assert find_top(str(repository.folder / '.git')) is None


def spoil_object(repository: Repository, name: str) -> None:
    path = repository.folder / '.git' / 'objects' / name[:2] / name[2:]
    path.chmod(0o600)
    path.write_bytes(b'no zlib')


def test_a_broken_object_costs_no_other(repository: Repository) -> None:
    """Git ends at an object that it cannot unpack: all others are read and listed."""
    names = []
    for text in ('one', 'two', 'three', 'four'):
        repository.write('a', text)
        names.append(repository.git('hash-object', '-w', 'a').strip())
    spoil_object(repository, names[1])
    entries = [(name, name) for name in names]
    found = list(_ask_git(str(repository.folder), entries, 99))
    assert [isinstance(item, Blob) and item.data for item in found] == [
        *(b'one', False, b'three', b'four')
    ]
    listing = list_objects(str(repository.folder / '.git'))
    kinds = {item.id: item.kind for item in listing.objects}
    assert {name: kinds.get(name) for name in names} == {
        **dict.fromkeys(names, 'blob'),
        names[1]: 'missing',
    }


def test_a_broken_object_of_a_pack_costs_no_other(repository: Repository) -> None:
    """Git ends without a word for the objects behind it, and is asked for those again."""
    texts = [str(number) * 500 for number in range(6)]
    for number, text in enumerate(texts):
        repository.write(str(number), text)
    repository.commit()
    names = [repository.git('hash-object', str(number)).strip() for number in range(6)]
    repository.git('repack', '-a', '-d', '-q', '--window=0')
    (index,) = (repository.folder / '.git' / 'objects' / 'pack').glob('*.idx')
    offsets = {
        fields[0]: int(fields[4])
        for line in repository.git('verify-pack', '-v', str(index)).splitlines()
        if len(fields := line.split()) == 5
    }
    pack = index.with_suffix('.pack')
    data = bytearray(pack.read_bytes())
    start = offsets[names[2]] + 4
    data[start : start + 4] = bytes(byte ^ 0xFF for byte in data[start : start + 4])
    pack.chmod(0o600)
    pack.write_bytes(data)
    found = list(_ask_git(str(repository.folder), [(name, name) for name in names], 999))
    assert [isinstance(item, Blob) and item.data for item in found] == [
        text.encode() if number != 2 else False for number, text in enumerate(texts)
    ]


def test_a_missing_tree_costs_no_other_commit(repository: Repository) -> None:
    ids, trees = [''], []
    for number in range(5):
        repository.write('a', f'{number}\n')
        repository.commit()
        ids.append(repository.git('rev-parse', 'HEAD').strip())
        trees.append(repository.git('rev-parse', 'HEAD^{tree}').strip())
    pairs = list(zip(ids[1:], ids, strict=False))
    changes, unread = compare_commits(str(repository.folder), pairs)
    assert ([change.commit for change in changes], list(unread)) == (ids[1:], [])
    lost = repository.folder / '.git' / 'objects' / trees[1][:2] / trees[1][2:]
    lost.unlink()
    changes, unread = compare_commits(str(repository.folder), pairs)
    assert [change.commit for change in changes] == [ids[1], ids[4], ids[5]]
    assert list(unread) == ids[2:4]
