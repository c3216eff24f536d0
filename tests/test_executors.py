"""Forked workers: all results once, what they raise is raised, a lost worker is named, nobody is left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keylint.core.workers import WorkerLost, map_unordered

ITEMS = list(range(5000))
pytestmark = pytest.mark.skipif(not hasattr(os, 'fork'), reason='the system cannot fork')


@pytest.fixture(autouse=True)
def _three_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv('KEYLINT_WORKERS', '3')
    monkeypatch.setattr(
        'keylint.core.workers._may_fork', lambda: True
    )  # pytest-xdist's own thread is idle while we fork
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(0, os.WNOHANG)  # no child of this process group is left


def _slow_square(number: int) -> tuple[int, int]:
    time.sleep(0.00002)
    return os.getpid(), number * number


def test_every_item_once_by_more_than_one_process() -> None:
    results = list(map_unordered(_slow_square, ITEMS))
    assert sorted(square for _, square in results) == [number * number for number in ITEMS]
    assert len({process for process, _ in results}) > 1


def test_what_the_work_raises_is_raised() -> None:
    def work(number: int) -> int:
        if number == 4000:
            raise LookupError('four thousand')
        return number

    with pytest.raises(LookupError, match='four thousand'):
        list(map_unordered(work, ITEMS))


def test_a_killed_worker_is_named(tmp_path: Path) -> None:
    parent = os.getpid()

    def work(number: int) -> int:
        time.sleep(0.0005)
        if os.getpid() != parent:
            os._exit(9)
        return number

    with pytest.raises(WorkerLost, match='status 9'):
        list(map_unordered(work, ITEMS[:400]))


def test_a_run_that_is_cut_short_ends_its_workers() -> None:
    results = map_unordered(_slow_square, ITEMS)
    next(results)
    results.close()  # type: ignore[attr-defined]  # a generator


# What workers leave to the parent


def test_the_parent_does_what_a_worker_leaves() -> None:
    parent = os.getpid()

    def glance(number: int) -> tuple[int, int] | None:
        time.sleep(0.0005)
        return None if number % 40 == 0 else (os.getpid(), number)

    results = list(map_unordered(lambda number: (os.getpid(), number), ITEMS[:400], glance=glance))
    assert sorted(number for _, number in results) == ITEMS[:400]
    assert {process for process, number in results if number % 40 == 0} == {parent}
    assert len({process for process, _ in results}) > 1


def test_a_worker_leaves_only_a_little() -> None:
    def work(number: int) -> tuple[int, int]:
        time.sleep(0.0005)
        return os.getpid(), number

    results = list(map_unordered(work, ITEMS[:400], glance=lambda number: None))
    assert sorted(number for _, number in results) == ITEMS[:400]
    assert len({process for process, _ in results}) > 1


def test_a_worker_does_itself_what_finds_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()
    monkeypatch.setattr('keylint.core.workers._Left.put', lambda self, place: False)

    def glance(number: int) -> None:
        time.sleep(0.0005)

    results = list(map_unordered(lambda number: (os.getpid(), number), ITEMS[:400], glance=glance))
    assert sorted(number for _, number in results) == ITEMS[:400]
    assert {process for process, _ in results} > {parent}
