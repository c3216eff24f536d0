"""The store in a server of PostgreSQL: the tests of the file, and what is different."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from keylint.core.errors import SourceError
from keylint.fleet.database import Store, open_store
from tests.conftest import Run
from tests.fleet.fleets import make_bot
from tests.fleet.postgresql import needs_postgresql, start_server
from tests.fleet.test_store import (
    test_a_failed_look_says_nothing_of_what_was_there,
    test_a_key_is_drawn_once_and_known_again,
    test_a_repository_keeps_its_place_and_takes_what_the_list_says_now,
    test_a_run_goes_on_where_it_ended,
    test_an_answer_that_comes_twice_is_as_one_that_comes_once,
    test_sightings_tell_new_gone_and_back,
    test_the_chunks_of_a_large_history_are_kept_until_they_are_joined,
    test_the_migrations_make_the_tables_of_the_code,
    test_what_failed_is_looked_at_again,
)

__all__ = [
    'test_a_failed_look_says_nothing_of_what_was_there',
    'test_a_key_is_drawn_once_and_known_again',
    'test_a_repository_keeps_its_place_and_takes_what_the_list_says_now',
    'test_a_run_goes_on_where_it_ended',
    'test_an_answer_that_comes_twice_is_as_one_that_comes_once',
    'test_sightings_tell_new_gone_and_back',
    'test_the_chunks_of_a_large_history_are_kept_until_they_are_joined',
    'test_the_migrations_make_the_tables_of_the_code',
    'test_what_failed_is_looked_at_again',
]
pytestmark = [pytest.mark.slow, needs_postgresql]
NUMBERS = itertools.count()


@pytest.fixture(scope='module')
def server() -> Iterator[str]:
    with start_server() as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    """Provide the URL of an empty database."""
    name = f'fleet{next(NUMBERS)}'
    admin = create_engine(server.replace('DATABASE', 'postgres'))
    with admin.connect() as connection:
        connection.execution_options(isolation_level='AUTOCOMMIT')
        connection.execute(text(f'CREATE DATABASE {name}'))
    admin.dispose()
    return server.replace('DATABASE', name)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Provide the store of the tests that are imported."""
    store = open_store(url, is_new=True)
    yield store
    store.close()


def test_two_runs_at_once_are_refused(store: Store, url: str) -> None:
    other = open_store(url, is_new=False)
    with store.lock_for_run(), pytest.raises(SourceError, match='another run of'):
        other.lock_for_run().__enter__()
    with other.lock_for_run():
        pass
    other.close()


def test_a_database_without_a_store_is_one_line(url: str) -> None:
    for wrong in (url, url.replace('/fleet', '/none'), url.replace('host=', 'host=/missing')):
        with pytest.raises(SourceError) as caught:
            open_store(wrong, is_new=False)
        assert '\n' not in str(caught.value)


def test_a_fleet_from_targets_to_reports(keylint: Run, tmp_path: Path, url: str) -> None:
    bot = make_bot(tmp_path / 'bots' / 'grid', 'grid', versions=1)
    where = ('--store', url)
    run = ('fleet', 'bots', *where, '--key', 'key', '--workers', '1')
    first = keylint(*run)
    assert first.returncode == 1, first.stderr
    assert first.stdout.startswith('run 1: 1 repository: 1 looked at')
    again = keylint(*run)
    assert again.stdout.startswith('run 2: 1 repository: 1 unchanged')
    report = keylint('fleet', 'report', *where)
    assert report.returncode == 1, report.stderr
    assert report.stdout.count('Binance credential') == 2
    assert str(bot.folder) in report.stdout
    assert keylint('fleet', 'diff', '1', '2', *where).returncode == 0
    assert keylint('fleet', 'keys', *where).returncode == 0
