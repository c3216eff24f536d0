"""Forked workers: every result once, their errors raised, a lost worker named, none left behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keylint.workers.job import Fallback, WorkerLostError
from keylint.workers.pool import map_unordered
from keylint.workers.queues import WorkQueue
from keylint.workers.retry import retry_apart

ITEMS = list(range(5000))
pytestmark = pytest.mark.skipif(not hasattr(os, 'fork'), reason='the system cannot fork')


@pytest.fixture(autouse=True)
def _three_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv('KEYLINT_WORKERS', '3')
    monkeypatch.setattr(
        'keylint.workers.pool._may_fork', lambda: True
    )  # pytest-xdist's own thread is idle while we fork
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(0, os.WNOHANG)  # no child of this process group is left


class Meeting:
    """Parent and workers wait here for each other: however busy the machine, both get work."""

    def __init__(self, folder: Path) -> None:
        self._worker_mark = folder / 'a worker came'
        self._parent_mark = folder / 'the parent came'
        self._parent = os.getpid()

    def wait(self) -> None:
        """Wait until the other side has an item too, a minute at most."""
        own, other = self._parent_mark, self._worker_mark
        if os.getpid() != self._parent:
            own, other = other, own
        own.touch()
        for _ in range(6000):
            if other.exists():
                return
            time.sleep(0.01)
        raise AssertionError('the other side did not come')


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    return Meeting(tmp_path)


def test_every_item_once_by_more_than_one_process(meeting: Meeting) -> None:
    def square(number: int) -> tuple[int, int]:
        meeting.wait()
        return os.getpid(), number * number

    results = list(map_unordered(square, ITEMS))
    assert sorted(square for _, square in results) == [number * number for number in ITEMS]
    assert len({process for process, _ in results}) > 1


def test_what_the_work_raises_is_raised() -> None:
    def work(number: int) -> int:
        if number == 4000:
            raise LookupError('four thousand')
        return number

    with pytest.raises(LookupError, match='four thousand'):
        list(map_unordered(work, ITEMS))


def test_a_killed_worker_is_named(meeting: Meeting) -> None:
    parent = os.getpid()

    def work(number: int) -> int:
        meeting.wait()
        if os.getpid() != parent:
            os._exit(9)
        return number

    with pytest.raises(WorkerLostError, match='status 9'):
        list(map_unordered(work, ITEMS[:400]))


def test_a_run_that_is_cut_short_ends_its_workers(meeting: Meeting) -> None:
    parent = os.getpid()

    def work(number: int) -> int:
        meeting.wait()
        if os.getpid() != parent:
            time.sleep(600)  # never done: it has to be ended
        return number

    results = map_unordered(work, ITEMS)
    next(results)
    assert os.waitpid(0, os.WNOHANG) == (0, 0)  # there are children, and they run
    results.close()  # type: ignore[attr-defined]  # a generator
    with pytest.raises(ChildProcessError):
        os.waitpid(0, os.WNOHANG)


def test_a_lost_worker_costs_the_item_that_ends_it(meeting: Meeting) -> None:
    """What it had drawn is worked on again; only the item that ends each process is lost."""
    parent = os.getpid()

    def work(number: int) -> int:
        meeting.wait()
        if os.getpid() != parent and number % 97 == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    def make_lost(number: int, why: str) -> int:
        assert 'by signal 9' in why
        return -number

    results = list(map_unordered(work, ITEMS[:400], fallback=Fallback(make_lost=make_lost)))
    assert sorted(abs(number) for number in results) == ITEMS[:400]
    lost = {-number for number in results if number < 0}
    assert lost <= {number for number in ITEMS[:400] if number % 97 == 5}


@pytest.fixture
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the processes as often as it takes to read a pipe: no test waits for the clock."""
    monkeypatch.setattr('keylint.workers.watch.LOOK_SECONDS', 0.005)


@pytest.mark.parametrize('how', [signal.SIGSTOP, signal.SIGTSTP, signal.SIGKILL, signal.SIGSEGV])
@pytest.mark.usefixtures('_look_often')
def test_a_worker_that_is_stopped_or_dies_costs_one_item_that_is_named(
    meeting: Meeting, how: signal.Signals
) -> None:
    """Neither is waited for without an end, nor is anything else lost."""
    parent = os.getpid()

    def work(number: int) -> int:
        meeting.wait()
        if os.getpid() != parent and number == drawn:
            os.kill(os.getpid(), how)
        return number

    lost: list[tuple[int, str]] = []

    def make_lost(number: int, why: str) -> int:
        lost.append((number, why))
        return number

    drawn = 200
    results = list(map_unordered(work, ITEMS[:400], fallback=Fallback(make_lost=make_lost)))
    assert sorted(results) == ITEMS[:400]
    assert [number for number, _ in lost] in ([], [drawn])  # unless the parent has drawn it


@pytest.mark.parametrize('how', [signal.SIGSTOP, signal.SIGKILL])
@pytest.mark.usefixtures('_look_often')
def test_what_stops_or_ends_a_fresh_process_is_named_with_how(how: signal.Signals) -> None:
    def work(number: int) -> int:
        if number == 2:
            os.kill(os.getpid(), how)
        return number

    lost: list[tuple[int, str]] = []

    def make_lost(number: int, why: str) -> int:
        lost.append((number, why))
        return -number

    assert list(retry_apart(work, make_lost, [1, 2, 3], lambda: False)) == [1, -2, 3]
    assert [number for number, _ in lost] == [2]
    assert ('was stopped' in lost[0][1]) == (how == signal.SIGSTOP)
    assert ('by signal 9' in lost[0][1]) == (how == signal.SIGKILL)


@pytest.mark.usefixtures('_look_often')
def test_a_run_that_is_cut_short_ends_its_stopped_workers_too(meeting: Meeting) -> None:
    parent = os.getpid()

    def work(number: int) -> int:
        meeting.wait()
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGSTOP)
        return number

    results = map_unordered(work, ITEMS)
    next(results)
    results.close()  # type: ignore[attr-defined]  # a generator
    with pytest.raises(ChildProcessError):
        os.waitpid(0, os.WNOHANG)


def test_a_batch_that_a_process_took_with_it_is_worked_on(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ends between drawing and saying so leaves no trace but what is missing."""
    parent, draw = os.getpid(), WorkQueue.draw

    def draw_and_end(
        queue: WorkQueue[int], is_stopped: Callable[[], bool], owner: int
    ) -> Iterator[tuple[int, int]]:
        if os.getpid() == parent:
            yield from draw(queue, is_stopped, owner)
            return
        os.read(queue._reader, 4)
        meeting.wait()
        os._exit(9)

    def work(number: int) -> int:
        meeting.wait()
        return number

    monkeypatch.setattr(WorkQueue, 'draw', draw_and_end)
    results = list(map_unordered(work, ITEMS[:400]))
    assert sorted(results) == ITEMS[:400]


def test_deferred_items_of_a_lost_worker_are_done_once(meeting: Meeting) -> None:
    parent = os.getpid()

    def try_light(number: int) -> int | None:
        return None if number % 7 == 0 else work(number)

    def work(number: int) -> int:
        meeting.wait()
        if os.getpid() != parent and number == 111:
            os._exit(3)
        return number

    fallback = Fallback(try_light, lambda number, why: number)
    results = list(map_unordered(work, ITEMS[:400], fallback=fallback))
    assert sorted(results) == ITEMS[:400]


def test_what_the_work_raises_is_raised_from_a_fresh_process_too() -> None:
    def work(number: int) -> int:
        if number == 2:
            raise LookupError('two')
        return number

    results = retry_apart(work, None, [1, 2, 3], lambda: False)
    with pytest.raises(LookupError, match='two'):
        list(results)


# What workers leave to the parent


def test_the_parent_does_what_a_worker_leaves(meeting: Meeting) -> None:
    parent = os.getpid()

    def try_light(number: int) -> tuple[int, int] | None:
        if number % 40 == 0:
            return None
        meeting.wait()
        return os.getpid(), number

    def work(number: int) -> tuple[int, int]:
        meeting.wait()
        return os.getpid(), number

    results = list(map_unordered(work, ITEMS[:400], fallback=Fallback(try_light)))
    assert sorted(number for _, number in results) == ITEMS[:400]
    assert {process for process, number in results if number % 40 == 0} == {parent}
    assert len({process for process, _ in results}) > 1


def test_a_worker_leaves_only_a_little(meeting: Meeting) -> None:
    def work(number: int) -> tuple[int, int]:
        meeting.wait()
        return os.getpid(), number

    results = list(map_unordered(work, ITEMS[:400], fallback=Fallback(lambda number: None)))
    assert sorted(number for _, number in results) == ITEMS[:400]
    assert len({process for process, _ in results}) > 1


def test_a_worker_does_itself_what_finds_no_place(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = os.getpid()
    monkeypatch.setattr('keylint.workers.queues.DeferredQueue.put', lambda self, place: False)

    def work(number: int) -> tuple[int, int]:
        meeting.wait()
        return os.getpid(), number

    results = list(map_unordered(work, ITEMS[:400], fallback=Fallback(lambda number: None)))
    assert sorted(number for _, number in results) == ITEMS[:400]
    assert {process for process, _ in results} > {parent}
