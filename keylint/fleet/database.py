"""Open a fleet's store: a file of SQLite, or PostgreSQL by its URL."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from keylint.core.errors import SourceError

# The step of `migrations` that this code is written for.
NEWEST = '1'
_WAIT_SECONDS = 10
# Names the lock of a run among those of other programs in a PostgreSQL database: `keylint`.
_LOCK_NUMBER = 0x6B65796C696E74
_FULL = ('disk is full', 'No space left', 'could not extend')
_LOCKED = ('database is locked', 'database table is locked')


class Store:
    """A fleet's store. `begin` is a transaction: all of it is kept or nothing."""

    def __init__(self, engine: Engine, shown: str) -> None:
        self.engine = engine
        self.shown = shown

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction. Raises SourceError with one line for what the database refuses."""
        with explain_refusals(self.shown), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def lock_for_run(self) -> Iterator[None]:
        """Hold the store for one run, until the process ends. Raises SourceError if another does.

        The system lets go of the lock when a process dies, however that comes about.
        """
        if self.engine.dialect.name == 'sqlite':
            with _lock_file(f'{self.shown}.lock', self.shown):
                yield
            return
        with explain_refusals(self.shown), self.engine.connect() as connection:
            taken = connection.execute(text(f'SELECT pg_try_advisory_lock({_LOCK_NUMBER})'))
            if not taken.scalar():
                raise SourceError(describe_other_run(self.shown))
            connection.commit()
            try:
                yield
            finally:
                connection.invalidate()  # the lock is the connection's: it must not be used again

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def describe_other_run(shown: str) -> str:
    """Say that two runs at once are not allowed."""
    return f'{shown}: another run of `keylint fleet` is writing to this store; wait for its end'


@contextmanager
def _lock_file(path: str, shown: str) -> Iterator[None]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SourceError(f'{path}: {error.strerror}') from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceError(describe_other_run(shown)) from None
        yield
    finally:
        os.close(handle)


def open_store(where: str, *, is_new: bool) -> Store:
    """Open a store: a path, or a URL of PostgreSQL. With `is_new` it is made where there is none.

    Raises SourceError where there is none, for another file, and for a database that cannot be
    reached.
    """
    url = read_url(where)
    if url is None:
        store = Store(_open_file(where, is_new), where)
    else:
        shown = url.render_as_string(hide_password=True)
        store = Store(_connect(url, shown), shown)
    with store.begin() as connection:
        found = _read_step(connection)
        if found is None and not is_new:
            raise SourceError(f'{store.shown}: not a store of `keylint fleet`')
        if found != NEWEST:
            import_module('keylint.fleet.migrate').upgrade_store(connection)
    return store


def _read_step(connection: Connection) -> str | None:
    """Return the step of `migrations` that a store has; None for a database that is none."""
    if not inspect(connection).has_table('alembic_version'):
        return None
    return connection.execute(
        select(text('version_num')).select_from(text('alembic_version'))
    ).scalar()


def read_url(where: str) -> URL | None:
    """Return the URL of PostgreSQL that a text is; None for the path of a file.

    Raises SourceError for a URL that is none, or of another database.
    """
    if '://' not in where:
        return None
    try:
        url = make_url(where)
    except ArgumentError:
        raise SourceError('--store: not a URL; postgresql+psycopg://user@host/database') from None
    if url.get_backend_name() != 'postgresql':
        raise SourceError('--store: a path of SQLite, or a URL that begins with postgresql')
    return url


def _connect(url: URL, shown: str) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError):
        driver = url.get_driver_name()
        raise SourceError(f'{shown}: needs the driver: pip install {driver}') from None


def _open_file(path: str, is_new: bool) -> Engine:
    """Open a file of SQLite, which only its owner may read."""
    if is_new and not os.path.lexists(path):
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise SourceError(f'{path}: cannot be made: {error.strerror}') from None
    if not os.path.isfile(path):
        raise SourceError(f'{path}: no such store; `keylint fleet TARGETS` makes it')
    if stat.S_IMODE(os.stat(path).st_mode) & stat.S_IWOTH:
        raise SourceError(f'{path}: everybody may write to it; chmod 600 it if it is yours')
    url = URL.create('sqlite', database=os.path.abspath(path))
    engine = create_engine(url, connect_args={'timeout': _WAIT_SECONDS})
    event.listen(engine, 'connect', _set_up_connection)
    event.listen(engine, 'begin', _begin_transaction)
    return engine


def _set_up_connection(connection: sqlite3.Connection, record: object) -> None:
    """Let readers read while a run writes, and lose no transaction when the machine stops."""
    connection.isolation_level = None  # the driver would leave new tables out of a transaction
    cursor = connection.cursor()
    cursor.execute('PRAGMA journal_mode = WAL')
    cursor.execute('PRAGMA synchronous = FULL')
    cursor.execute('PRAGMA foreign_keys = ON')
    cursor.close()


def _begin_transaction(connection: Connection) -> None:
    connection.exec_driver_sql('BEGIN')


@contextmanager
def explain_refusals(shown: str) -> Iterator[None]:
    """Turn what a database refuses into one line, without its own text, which quotes values."""
    try:
        yield
    except DBAPIError as error:
        raise SourceError(f'{shown}: {_describe_refusal(error)}') from None
    except SQLAlchemyError as error:
        raise SourceError(f'{shown}: {type(error).__name__}') from None


def _describe_refusal(error: DBAPIError) -> str:
    said = str(error.orig)
    if any(words in said for words in _LOCKED):
        return 'locked by another program; what was stored before is kept'
    if any(words in said for words in _FULL):
        return 'the disk is full; what was stored before is kept, and the next run goes on from it'
    if 'not a database' in said:
        return 'not a store of `keylint fleet`'
    if 'readonly' in said or 'read-only' in said:
        return 'cannot be written to'
    if type(error.orig).__name__ == 'OperationalError':
        return 'the database cannot be reached, or does not let this user in'
    return f'the database refused: {type(error.orig).__name__}'
