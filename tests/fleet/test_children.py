"""The process that does units: what it may take, and what becomes of a unit that ends it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keylint.fleet.children import Child, Children
from keylint.fleet.codec import unpack
from keylint.fleet.units import ChunkAnswer, WorkUnit
from tests.fleet.fleets import look, make_bot, make_settings
from tests.hiding import Git

pytestmark = pytest.mark.slow  # processes from nothing

# Answers with a unit's own number, or does what its path says.
STAND_IN = """
import os, pickle, signal, sys, time
from keylint.fleet.units import UnitAnswer
while True:
    unit = pickle.load(sys.stdin.buffer)
    if unit.path == 'hang':
        time.sleep(3600)
    if unit.path == 'die' or unit.path == 'die once' and not unit.is_careful:
        os.kill(os.getpid(), signal.SIGSEGV)
    if unit.path == 'exit':
        sys.exit(3)
    answer = UnitAnswer('done', unit.repository, number=os.getpid())
    data = pickle.dumps(answer)
    if unit.path == 'half':
        data = data[:-5]
        sys.stdout.buffer.write((len(data) + 5).to_bytes(8) + data)
        sys.exit(0)
    sys.stdout.buffer.write(len(data).to_bytes(8) + data)
    sys.stdout.buffer.flush()
"""


def make_unit(path: str | Path, **changes: object) -> WorkUnit:
    settings = make_settings(seconds=0.5) if path == 'hang' else make_settings()
    return WorkUnit(settings, 'repository', 1, str(path))._replace(**changes)  # type: ignore[arg-type]


@pytest.fixture
def stand_in() -> Iterator[Child]:
    child = Child((sys.executable, '-c', STAND_IN))
    yield child
    child.close()


@pytest.fixture(scope='module')
def child() -> Iterator[Child]:
    child = Child()
    yield child
    child.close()


def test_what_ends_the_process_is_named_and_the_next_unit_is_done(stand_in: Child) -> None:
    processes = set()
    for path, why in (
        ('die', 'ended by signal 11'),
        ('exit', 'ended with status 3'),
        ('half', 'ended with status 0'),
        ('hang', 'took longer than 0.5 s'),
    ):
        answer = stand_in.do_unit(make_unit(path))
        assert answer.kind == 'failed'
        assert why in answer.failures[0].error
        done = stand_in.do_unit(make_unit('fine'))
        assert done.kind == 'done'
        processes.add(done.number)
    assert len(processes) == 4
    assert stand_in.do_unit(make_unit('fine')).number in processes
    assert stand_in.do_unit(make_unit('die once')).kind == 'done'


def test_the_other_chunks_of_a_history_go_on(stand_in: Child) -> None:
    answer = stand_in.do_unit(make_unit('hang', kind='chunk', number=4))
    assert (answer.kind, answer.number) == ('chunk', 4)
    [failure] = unpack(ChunkAnswer, answer.chunks[0]).failures
    assert failure.path == 'chunk 5'
    assert failure.error == 'took longer than 0.5 s; its objects were not looked at'


def test_a_process_for_each_thread_and_a_new_one_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr('keylint.fleet.children._MAX_UNITS', 2)
    children = Children(lambda: Child((sys.executable, '-c', STAND_IN)))
    seen: dict[int, list[int]] = {0: [], 1: []}

    def work(thread: int) -> None:
        seen[thread] += [children.do_unit(make_unit('fine')).number for _ in range(4)]

    threads = [threading.Thread(target=work, args=(number,)) for number in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    children.close()
    assert not set(seen[0]) & set(seen[1])
    for numbers in seen.values():
        assert numbers[0] == numbers[1] != numbers[2] == numbers[3]


def test_the_process_finds_what_a_scan_in_this_one_finds(child: Child, tmp_path: Path) -> None:
    git = make_bot(tmp_path / 'bot', 'child')
    expected = look(git.folder)
    answer = child.do_unit(make_unit(git.folder))
    assert answer._replace(seconds=0) == expected._replace(seconds=0)
    careful = child.do_unit(make_unit(git.folder, is_careful=True))
    assert careful._replace(seconds=0) == expected._replace(seconds=0)


def test_what_is_no_repository_is_a_failure_with_its_reason(child: Child, tmp_path: Path) -> None:
    (tmp_path / 'plain').mkdir()
    git = Git(tmp_path / 'config')
    git.write('keylint.toml', 'severity = "terrible"\n')
    for name, why in (
        ('gone', 'no such folder'),
        ('plain', 'not a git repository'),
        ('config', 'severity'),
    ):
        settings = make_settings(overrides=make_settings().overrides._replace(isolated=False))
        answer = child.do_unit(make_unit(tmp_path / name, settings=settings))
        assert answer.kind == 'failed', name
        assert why in answer.failures[0].error


def test_memory_is_limited_and_the_failure_says_so(tmp_path: Path) -> None:
    git = Git(tmp_path / 'bot')
    git.write('large.env', 'x=1\n' * (20 << 18))
    git.commit()
    child = Child()
    answer = child.do_unit(make_unit(git.folder, settings=make_settings(memory=48 << 20)))
    child.close()
    assert answer.failures


def test_a_process_ends_with_the_one_that_gives_out_units(tmp_path: Path) -> None:
    child = Child()
    git = make_bot(tmp_path / 'bot', 'orphan')
    child.do_unit(make_unit(git.folder))
    process = child._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # as the system does when the parent dies
    assert process.wait(timeout=60) == 0


def test_the_gits_of_a_process_end_with_it(tmp_path: Path) -> None:
    script = (
        'import subprocess, pickle, sys; pickle.load(sys.stdin.buffer); '
        f'child = subprocess.Popen(["sleep", "3600"]); open({str(tmp_path / "pid")!r}, "w")'
        '.write(str(child.pid)); child.wait()'
    )
    child = Child((sys.executable, '-c', script))
    child.do_unit(make_unit('hang', settings=make_settings(seconds=2)))
    number = int((tmp_path / 'pid').read_text())
    for _ in range(100):
        if not os.path.exists(f'/proc/{number}') or _is_zombie(number):
            break
        time.sleep(0.05)
    else:
        pytest.fail('still running')


def _is_zombie(number: int) -> bool:
    return Path(f'/proc/{number}/stat').read_text().rpartition(')')[2].split()[0] == 'Z'
