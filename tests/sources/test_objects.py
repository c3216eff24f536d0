"""Reading objects through one git: what it gives, and that it never outlives its reader."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from keylint.cli import main
from keylint.core.errors import SourceError
from keylint.rules.recipes import expand_recipes
from keylint.sources.objects import ObjectReader, find_git_folder, list_objects, read_sizes
from tests.conftest import Repository

LEAKS = [
    expand_recipes(
        'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', f'objects/{number}'
    )
    for number in range(3)
]
MISSING = '1' * 40
# Every command that reads objects, with the folder of the repository and one for a plan.
COMMANDS = {
    'a history': 'scan {repo} --history',
    'a range': 'scan {repo} --since HEAD~1',
    'added lines': 'scan {repo} --diff HEAD~1',
    'a plan': 'publish {repo} --identity --plan {plan}',
}


class Processes(list['subprocess.Popen[bytes]']):
    """Every process that was started."""

    def running(self) -> list[object]:
        """List the command lines of those that have not ended."""
        return [process.args for process in self if process.poll() is None]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Processes:
    """Keep every process that a reader starts."""
    found = Processes()
    start = ObjectReader._started

    def keep(reader: ObjectReader) -> subprocess.Popen[bytes]:
        process = start(reader)
        if process not in found:
            found.append(process)
        return process

    monkeypatch.setattr(ObjectReader, '_started', keep)
    monkeypatch.setenv('KEYLINT_WORKERS', '1')
    return found


@pytest.fixture
def leaky(repository: Repository) -> Repository:
    """Two commits with a leak in each, annotated tags, and one more leak in the work tree."""
    for number in range(2):
        repository.write('a.env', LEAKS[number])
        repository.write('b.txt', f'{number}\n')
        repository.commit()
    repository.git('tag', '-a', '-m', 'first', 'v1')
    repository.git('tag', '-a', '-m', 'of a tag', 'v2', 'v1')
    repository.write('a.env', LEAKS[2] + LEAKS[1])
    return repository


def break_reading(monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[int]:
    """Let the reading of this number, counted from 0, fail behind its first object."""
    count = itertools.count()
    read = ObjectReader.read

    def fail(reader: ObjectReader, ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        if next(count) != number:
            yield from read(reader, ids)
            return
        yield from itertools.islice(read(reader, ids), 1)
        raise RuntimeError('broken')

    monkeypatch.setattr(ObjectReader, 'read', fail)
    return count


@pytest.mark.parametrize('command', COMMANDS.values(), ids=COMMANDS)
def test_no_git_is_left_whichever_reading_fails(
    leaky: Repository,
    tmp_path: Path,
    started: Processes,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    arguments = [word.format(repo=leaky.folder, plan=tmp_path / 'plan') for word in command.split()]
    failed = 0
    for number in itertools.count():
        with monkeypatch.context() as patch:
            count = break_reading(patch, number)
            code = main(arguments)
            assert code in (1, 2)  # 2: the reading that was broken is named
            failed += code == 2
            assert started.running() == []
            if next(count) <= number:
                break
    assert failed == number > 0
    assert started


def test_a_reader_without_an_accident_ends_its_git_too(
    leaky: Repository, started: Processes
) -> None:
    name = leaky.git('rev-parse', 'HEAD:a.env').strip()
    with ObjectReader(find_git_folder(str(leaky.folder))) as reader:
        assert started == []  # nothing was read yet: a forked worker has a git of its own
        assert list(reader.read([name, MISSING, name])) == [
            (name, LEAKS[1].encode()),
            (MISSING, None),
            (name, LEAKS[1].encode()),
        ]
        assert len(started.running()) == 1
    assert started.running() == []


def test_a_reader_that_was_closed_starts_git_again(leaky: Repository, started: Processes) -> None:
    name = leaky.git('rev-parse', 'HEAD:b.txt').strip()
    reader = ObjectReader(str(leaky.folder))
    for _ in range(2):
        with reader:
            assert list(reader.read([name])) == [(name, b'1\n')]
    assert len(started) == 2
    assert started.running() == []


def test_objects_are_listed_once_with_kind_and_size(leaky: Repository) -> None:
    leaky.git('repack', '-q')  # what is packed lies in a file of its own as well
    listing = list_objects(str(leaky.folder))
    assert listing.lost == ()
    kinds = sorted(item.kind for item in listing.objects)
    assert kinds == ['blob'] * 4 + ['commit'] * 2 + ['tag'] * 2 + ['tree'] * 2
    sized = {item.id: item for item in listing.objects}
    assert read_sizes(str(leaky.folder), [*sized, MISSING]) == sized


def test_outside_of_a_repository_there_is_no_git_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match='not a git repository'):
        find_git_folder(str(tmp_path))
    with pytest.raises(SourceError, match='no such folder'):
        find_git_folder(str(tmp_path / 'nowhere'))
