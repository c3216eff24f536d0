"""The store: its tables and migrations, its key and locks, and writes that may come twice."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from keylint.core.errors import SourceError
from keylint.core.report import Failure
from keylint.fleet.codec import pack
from keylint.fleet.database import NEWEST, Store, open_store
from keylint.fleet.migrations.versions import first_tables
from keylint.fleet.owner_key import OwnerKey, load_owner_key
from keylint.fleet.results import read_chunk, read_chunk_answers, read_known, read_plan, save_answer
from keylint.fleet.runs import (
    StoredRun,
    begin_run,
    check_key,
    count_visits,
    end_run,
    find_run,
    list_waiting,
    register_targets,
)
from keylint.fleet.schema import METADATA, failures, findings, parts, repositories, sightings
from keylint.fleet.targets import FleetTarget
from keylint.fleet.units import ChunkAnswer, FoundSecret, UnitAnswer

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
SECRET = FoundSecret(
    'uid', 'binance-credential', 'binance', 'critical', 'live', 'open', True, True, False,
    '2023-04-02T08:00:00+00:00', (b'k' * 16, b's' * 16), pack(()),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(str(tmp_path / 'fleet.db'), is_new=True)
    yield store
    store.close()


def start(store: Store, *names: str, settings: bytes = b'same') -> StoredRun:
    with store.begin() as connection:
        run = begin_run(connection, settings, '2026-01-01T00:00:00Z')
    register_targets(store, run.id, [FleetTarget(name, f'/srv/{name}') for name in names])
    return run


def finish(store: Store, run: StoredRun) -> None:
    with store.begin() as connection:
        end_run(connection, run.id, 'complete', '2026-01-01T01:00:00Z')


def save(store: Store, run: StoredRun, *answers: UnitAnswer) -> None:
    for answer in answers:
        with store.begin() as connection:
            save_answer(connection, run.id, answer)


def list_sightings(store: Store) -> list[tuple[int, int | None, str]]:
    own = sightings.c
    with store.begin() as connection:
        query = select(own.from_run, own.to_run, own.state).order_by(own.from_run)
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def test_the_migrations_make_the_tables_of_the_code(store: Store) -> None:
    assert first_tables.revision == NEWEST
    with store.begin() as connection:
        context = MigrationContext.configure(connection, opts={'compare_type': True})
        assert compare_metadata(context, METADATA) == []


def test_the_tables_fit_postgresql() -> None:
    for table in METADATA.sorted_tables:
        assert 'CREATE TABLE' in str(CreateTable(table).compile(dialect=DIALECT))


def test_only_the_owner_may_read_store_and_key(store: Store, tmp_path: Path) -> None:
    load_owner_key(str(tmp_path / 'key'), is_new=True)
    start(store, 'a')
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes.keys() >= {'fleet.db', 'fleet.db-wal', 'key'}
    assert set(modes.values()) == {0o600}


def test_a_key_is_drawn_once_and_known_again(store: Store, tmp_path: Path) -> None:
    path = str(tmp_path / 'key')
    key = load_owner_key(path, is_new=True)
    assert load_owner_key(path, is_new=True) == key
    with store.begin() as connection:
        check_key(connection, key, 'fleet.db')
        check_key(connection, key, 'fleet.db')
        with pytest.raises(SourceError, match='another key'):
            check_key(connection, OwnerKey(bytes(32)), 'fleet.db')


@pytest.mark.parametrize('case', ['missing', 'short', 'text', 'shared', 'link', 'pipe'])
def test_a_key_that_is_none_is_one_line(tmp_path: Path, case: str) -> None:
    path = tmp_path / 'key'
    if case == 'link':
        load_owner_key(str(tmp_path / 'real'), is_new=True)
        path.symlink_to(tmp_path / 'real')
    elif case == 'pipe':
        os.mkfifo(path, 0o600)
    elif case != 'missing':
        path.write_text({'short': 'ab', 'text': 'no key', 'shared': '00' * 32}[case])
        path.chmod(0o644 if case == 'shared' else 0o600)
    with pytest.raises(SourceError, match='key') as raised:
        load_owner_key(str(path), is_new=False)
    assert '\n' not in str(raised.value)


@pytest.mark.parametrize('case', ['missing', 'text', 'other', 'newer', 'url', 'driver'])
def test_a_store_that_is_none_is_one_line(store: Store, tmp_path: Path, case: str) -> None:
    path = str(tmp_path / case)
    if case == 'text':
        Path(path).write_text('no database, and longer than a header of one' * 20)
    elif case == 'other':
        with sqlite3.connect(path) as connection:
            connection.execute('CREATE TABLE x (y)')
    elif case == 'newer':
        path = store.shown
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '999'")
    elif case == 'url':
        path = 'mysql://root:password@host/db'
    elif case == 'driver':
        path = 'postgresql+pg8000://me:hunter2@127.0.0.1/fleet'
    with pytest.raises(SourceError) as raised:
        open_store(path, is_new=False)
    assert '\n' not in str(raised.value)
    assert 'hunter2' not in str(raised.value)


def test_two_runs_at_once_are_refused(store: Store) -> None:
    other = open_store(store.shown, is_new=False)
    with store.lock_for_run(), pytest.raises(SourceError, match='another run of'):
        other.lock_for_run().__enter__()
    with other.lock_for_run(), pytest.raises(SourceError, match='another run of'):
        store.lock_for_run().__enter__()
    other.close()


def test_a_locked_store_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('keylint.fleet.database._WAIT_SECONDS', 0)
    store = open_store(str(tmp_path / 'fleet.db'), is_new=True)
    other = sqlite3.connect(store.shown, isolation_level=None)
    other.execute('BEGIN IMMEDIATE')
    with pytest.raises(SourceError, match='locked by another program'):
        start(store, 'a')
    other.close()
    start(store, 'a')
    store.close()


def test_a_full_disk_loses_nothing_that_was_stored(store: Store) -> None:
    run = start(store, 'a', 'b')
    save(store, run, UnitAnswer('done', 1, found=(SECRET,)))
    big = UnitAnswer('done', 2, found=(SECRET._replace(data=os.urandom(1 << 20)),))
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql('PRAGMA page_count').scalar()
        connection.exec_driver_sql(f'PRAGMA max_page_count = {pages}')
    with pytest.raises(SourceError, match='the disk is full; what was stored before is kept'):
        save(store, run, big)
    with store.begin() as connection:
        assert count_visits(connection, run.id).statuses == {'done': 1, 'waiting': 1}
        assert len(connection.execute(select(findings)).all()) == 1


def test_a_run_goes_on_where_it_ended(store: Store) -> None:
    run = start(store, 'a', 'b', 'c')
    save(store, run, UnitAnswer('done', 2))
    again = start(store, 'a', 'b', 'c')
    assert again == StoredRun(run.id, True)
    assert [one.name for one in list_waiting(store, run.id, count=1)] == ['a', 'c']
    other = start(store, 'a', settings=b'other')
    assert other == StoredRun(run.id + 1, False)
    with store.begin() as connection:
        assert find_run(connection, '1').status == 'abandoned'
        assert find_run(connection, 'last').id == 2
        for wanted in ('7', '99999999999999999999', 'x', '-1'):
            with pytest.raises(SourceError, match='run'):
                find_run(connection, wanted)
    finish(store, other)
    assert not start(store, 'a', settings=b'other').is_resumed


def test_a_repository_keeps_its_place_and_takes_what_the_list_says_now(store: Store) -> None:
    first = start(store, 'b', 'c\udce4')
    finish(store, first)
    moved = FleetTarget('b', '/new/b', 'desk', ('live',))
    with store.begin() as connection:
        run = begin_run(connection, b'', '')
    for _ in range(2):  # a run that goes on registers everything again
        register_targets(store, run.id, [FleetTarget('a', '/srv/a'), moved])
    assert [(one.id, one.path) for one in list_waiting(store, run.id)] == [
        (1, '/new/b'),
        (3, '/srv/a'),
    ]
    with store.begin() as connection:
        row = connection.execute(select(repositories).where(repositories.c.id == 1)).one()
        assert (row.team, row.tags) == ('desk', '["live"]')
        assert count_visits(connection, first.id).total == 2


def test_an_answer_that_comes_twice_is_as_one_that_comes_once(store: Store) -> None:
    run = start(store, 'a')
    answer = UnitAnswer(
        'done',
        1,
        state=b's' * 16,
        known_state=b'k' * 16,
        clean=b'c' * 8,
        found=(SECRET,),
        failures=(Failure('p\x00', 'read', 'w\udce4'),),
        keys=(b'row',),
        objects=3,
        bytes=4,
    )
    save(store, run, answer, answer)
    with store.begin() as connection:
        for table, count in ((findings, 1), (sightings, 1), (parts, 2), (failures, 1)):
            assert len(connection.execute(select(table)).all()) == count, table
        assert read_known(connection, 1) == (b'k' * 16, b'c' * 8)
        tally = count_visits(connection, run.id)
    assert (tally.statuses, tally.objects, tally.bytes, tally.total) == ({'done': 1}, 3, 4, 1)


def test_what_failed_is_looked_at_again(store: Store) -> None:
    run = start(store, 'a')
    save(store, run, UnitAnswer('done', 1, state=b's' * 16, failures=(Failure('p', 'read', 'w'),)))
    finish(store, run)
    following = start(store, 'a')
    [waiting] = list_waiting(store, following.id)
    assert waiting.state == b''
    save(store, following, UnitAnswer('done', 1, state=b's' * 16))
    finish(store, following)
    [waiting] = list_waiting(store, start(store, 'a').id)
    assert waiting.state == b's' * 16


def test_sightings_tell_new_gone_and_back(store: Store) -> None:
    states = [(SECRET,), (SECRET,), (), (), (SECRET,), (SECRET._replace(state='known'),)]
    for found in states:
        run = start(store, 'a')
        save(store, run, UnitAnswer('done', 1, found=found))
        finish(store, run)
    assert list_sightings(store) == [(1, 3, 'open'), (5, 6, 'open'), (6, None, 'known')]


def test_a_failed_look_says_nothing_of_what_was_there(store: Store) -> None:
    for answer in (
        UnitAnswer('done', 1, found=(SECRET,)),
        UnitAnswer('failed', 1, failures=(Failure('', 'scan', 'gone'),)),
        UnitAnswer('unchanged', 1),
    ):
        run = start(store, 'a')
        save(store, run, answer)
        finish(store, run)
    assert list_sightings(store) == [(1, None, 'open')]


def test_the_chunks_of_a_large_history_are_kept_until_they_are_joined(store: Store) -> None:
    run = start(store, 'a')
    result = pack(ChunkAnswer(0, (), (), b'n' * 8, (), 1, 1))
    save(
        store,
        run,
        UnitAnswer('plan', 1, plan=b'p' * 16, chunks=(b'zero', b'one', b'two')),
        UnitAnswer('chunk', 1, 1, chunks=(result,)),
    )
    with store.begin() as connection:
        assert read_plan(connection, 1) == (b'p' * 16, [0, 2])
        assert read_chunk(connection, 1, 2) == b'two'
        assert read_chunk_answers(connection, 1) == (b'', result, b'')
    save(store, run, UnitAnswer('changed', 1, known_state=b'k' * 16))
    with store.begin() as connection:
        assert read_plan(connection, 1) is None
        assert read_known(connection, 1) == (b'k' * 16, b'n' * 8)
        assert [one.name for one in list_waiting(store, run.id)] == ['a']
