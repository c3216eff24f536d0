"""The work of a run without Dask: windows, chunks, what is lost, what changes, what goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from keylint.core.errors import KeylintError, SourceError
from keylint.core.report import Failure
from keylint.fleet.database import Store, open_store
from keylint.fleet.executor import DoneUnit
from keylint.fleet.failures import describe_failure
from keylint.fleet.run import FleetRun
from keylint.fleet.runs import begin_run, count_visits, end_run, register_targets
from keylint.fleet.scan_unit import do_unit
from keylint.fleet.schema import chunks, failures, findings
from keylint.fleet.targets import FleetTarget, make_target
from keylint.fleet.units import UnitAnswer, UnitSettings, WorkUnit
from tests.fleet.fleets import look, make_bot, make_settings, write_pair
from tests.hiding import Git


class Here:
    """Does units in this process, or answers as a test says; `limit` ends it after so many."""

    def __init__(
        self, work: Callable[[WorkUnit], UnitAnswer | None], window: int = 3, limit: int = 10**6
    ) -> None:
        self._work = work
        self._limit = limit
        self._units: deque[WorkUnit] = deque()
        self.window = window
        self.most = 0
        self.kinds: list[str] = []

    def submit(self, unit: WorkUnit) -> None:
        self._units.append(unit)
        self.most = max(self.most, len(self._units))

    def take_done(self) -> DoneUnit:
        if len(self.kinds) >= self._limit:
            raise SourceError('killed')
        unit = self._units.pop()  # not in the order in which they came
        self.kinds.append(unit.kind)
        return DoneUnit(unit, self._work(unit), 'lost')


def scan_here(unit: WorkUnit) -> UnitAnswer:
    try:
        return do_unit(unit, lambda: False)
    except KeylintError as error:
        return describe_failure(unit, str(error))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(str(tmp_path / 'fleet.db'), is_new=True)
    yield store
    store.close()


def work_on(
    store: Store, targets: list[FleetTarget], executor: Here, settings: UnitSettings | None = None
) -> dict[str, int]:
    with store.begin() as connection:
        run = begin_run(connection, b'same', 'now')
    register_targets(store, run.id, targets)
    FleetRun(store, run.id, settings or make_settings(), executor).do_all()
    with store.begin() as connection:
        end_run(connection, run.id, 'complete', 'then')
        return count_visits(connection, run.id).statuses


def read_column(store: Store, column: str) -> list[object]:
    with store.begin() as connection:
        query = select(findings.c[column]).order_by(findings.c.repository_id, findings.c.uid)
        return list(connection.execute(query).scalars())


def read_failures(store: Store) -> list[str]:
    with store.begin() as connection:
        return list(connection.execute(select(failures.c.error)).scalars())


@pytest.fixture(scope='module')
def bots(tmp_path_factory: pytest.TempPathFactory) -> list[Git]:
    folder = tmp_path_factory.mktemp('bots')
    return [make_bot(folder / f'bot{number}', f'bot {number}') for number in range(3)]


def test_a_window_is_all_that_is_on_its_way(store: Store) -> None:
    executor = Here(lambda unit: UnitAnswer('done', unit.repository), window=5)
    targets = [make_target(f'/srv/{number}') for number in range(30)]
    assert work_on(store, targets, executor) == {'done': 30}
    assert executor.most == 5


@pytest.mark.slow
def test_chunks_give_what_whole_repositories_give(
    store: Store, tmp_path: Path, bots: list[Git], monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = [make_target(str(git.folder)) for git in bots]
    work_on(store, targets, Here(scan_here))
    monkeypatch.setattr('keylint.history.batches._MIN_BYTES', 300)
    other = open_store(str(tmp_path / 'other.db'), is_new=True)
    executor = Here(scan_here, window=4)
    work_on(other, targets, executor, make_settings(chunk_bytes=1))
    assert executor.kinds.count('join') == 3
    assert executor.kinds.count('chunk') > 6
    for column in ('uid', 'data', 'state', 'first_seen'):
        assert read_column(store, column) == read_column(other, column)
    assert len(read_column(store, 'uid')) == 6
    with other.begin() as connection:
        assert connection.execute(select(chunks)).first() is None
    other.close()


@pytest.mark.slow
@pytest.mark.parametrize('limit', [1, 4, 8])
def test_a_run_that_is_killed_anywhere_goes_on(
    store: Store, bots: list[Git], monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr('keylint.history.batches._MIN_BYTES', 600)
    settings = make_settings(chunk_bytes=1)
    targets = [make_target(str(git.folder)) for git in bots[:2]]
    first, second = Here(scan_here, limit=limit), Here(scan_here)
    with pytest.raises(SourceError, match='killed'):
        work_on(store, targets, first, settings)
    assert work_on(store, targets, second, settings) == {'done': 2}
    assert len(read_column(store, 'uid')) == 4
    whole = Here(scan_here)
    assert work_on(store, targets, whole, settings) == {'unchanged': 2}
    assert len(first.kinds) + len(second.kinds) <= 2 * 5 + first.window + 2


@pytest.mark.slow
def test_chunks_of_other_settings_are_of_no_use(
    store: Store, bots: list[Git], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that was killed has cut a history; the next one has another configuration."""
    monkeypatch.setattr('keylint.history.batches._MIN_BYTES', 600)
    target = [make_target(str(bots[0].folder))]
    nothing = make_settings().overrides._replace(select=('okx',))
    settings = make_settings(chunk_bytes=1, overrides=nothing)
    with pytest.raises(SourceError, match='killed'):
        work_on(store, target, Here(scan_here, limit=3), settings)
    assert work_on(store, target, Here(scan_here), make_settings(chunk_bytes=1)) == {'done': 1}
    assert len(read_column(store, 'uid')) == 2


@pytest.mark.slow
def test_only_what_is_new_is_read_again(store: Store, tmp_path: Path) -> None:
    git = make_bot(tmp_path / 'bot', 'increment')
    target = [make_target(str(git.folder))]
    read: list[int] = []

    def work(unit: WorkUnit) -> UnitAnswer:
        answer = scan_here(unit)
        read.append(answer.objects)
        return answer

    assert work_on(store, target, Here(work)) == {'done': 1}
    assert work_on(store, target, Here(work)) == {'unchanged': 1}
    git.write('new.env', write_pair('new'))
    git.commit()
    assert work_on(store, target, Here(work)) == {'done': 1}
    assert len(read_column(store, 'uid')) == 3
    expected = look(git.folder)
    assert read_column(store, 'data') == [
        one.data for one in sorted(expected.found, key=lambda one: one.uid)
    ]


@pytest.mark.slow
def test_a_repository_that_vanishes_is_named_and_the_others_go_on(
    store: Store, tmp_path: Path, bots: list[Git]
) -> None:
    targets = [make_target(str(tmp_path / 'gone')), make_target(str(bots[0].folder))]
    assert work_on(store, targets, Here(scan_here)) == {'done': 1, 'failed': 1}
    assert 'no such folder' in read_failures(store)[0]


def test_a_unit_that_nobody_survives_is_named(store: Store) -> None:
    def work(unit: WorkUnit) -> UnitAnswer | None:
        return None if unit.path.endswith('bad') else UnitAnswer('done', unit.repository)

    targets = [make_target('/srv/bad'), make_target('/srv/good')]
    assert work_on(store, targets, Here(work)) == {'done': 1, 'failed': 1}
    assert read_failures(store) == ['lost']


def test_a_worker_with_another_keylint_ends_the_run(store: Store) -> None:
    def work(unit: WorkUnit) -> UnitAnswer:
        failure = Failure('', 'version', 'keylint 0.0.1 where this is 9')
        return UnitAnswer('refused', unit.repository, failures=(failure,))

    with pytest.raises(SourceError, match='a worker has keylint 0'):
        work_on(store, [make_target('/srv/a')], Here(work))


def test_a_history_that_always_changes_is_given_up(store: Store) -> None:
    def work(unit: WorkUnit) -> UnitAnswer:
        if unit.kind == 'repository':
            return UnitAnswer('plan', unit.repository, plan=b'p', chunks=(b'a', b'b'))
        if unit.kind == 'chunk':
            return UnitAnswer(
                'chunk',
                unit.repository,
                unit.number,
                chunks=(describe_failure(unit, 'x').chunks[0],),
            )
        return UnitAnswer('changed', unit.repository, known_state=b'k')

    executor = Here(work)
    assert work_on(store, [make_target('/srv/a')], executor) == {'failed': 1}
    assert executor.kinds.count('join') == 4
    assert read_failures(store) == ['changes again and again while it is looked at']


@pytest.mark.slow
def test_a_chunk_that_takes_too_long_leaves_the_rest(
    store: Store, bots: list[Git], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('keylint.history.batches._MIN_BYTES', 300)

    def work(unit: WorkUnit) -> UnitAnswer:
        if unit.kind == 'chunk' and unit.number == 0:
            return describe_failure(unit, 'took longer than 1 s')
        return scan_here(unit)

    target = [make_target(str(bots[0].folder))]
    assert work_on(store, target, Here(work), make_settings(chunk_bytes=1)) == {'done': 1}
    assert read_failures(store) == ['took longer than 1 s; its objects were not looked at']
    # Because of the failure the next run looks again, at what was not looked at.
    assert work_on(store, target, Here(scan_here)) == {'done': 1}
    assert len(read_column(store, 'uid')) == 2
