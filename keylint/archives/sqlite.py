"""SQLite databases, opened read-only in memory: ordinary tables, values under column names.

The schema is untrusted. Views, triggers, virtual tables and generated columns are code and are
never queried; the authorizer refuses everything but plain reads, and the progress handler enforces
the time limit. Free pages are only seen as bytes. The source of a work tree appends the write-ahead
log beside a database to it, and its rows are read, too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from keylint.archives import identify_container
from keylint.archives.budget import Budget, BudgetExceededError
from keylint.archives.members import Member, Unreadable
from keylint.archives.pages import PageWriter, decode_text, quote_name, quote_value
from keylint.archives.sqlite_log import apply_log, split_log

_READ_ACTIONS = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ))
# Instructions of the virtual machine between two checks of the clock.
_INSTRUCTIONS_PER_TICK = 10_000
_MAX_TABLES = 10_000
_MAX_COLUMNS = 2000
# The write and read versions: 2 means a write-ahead log, which a database in memory cannot have.
_VERSIONS = slice(18, 20)
_MAX_VALUE_BYTES = 1 << 20


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield all rows, and values that are containers; then the rows with the log applied."""
    data, log = split_log(data)
    if _is_cut_off(data):
        yield Unreadable('', 'the database is cut off: some of its pages are missing')
    yield from read_rows(data, budget)
    if log:
        image = apply_log(data, log, budget.limits.held)
        if image:
            yield from read_rows(image, budget)


def read_rows(data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the rows of a database without a log."""
    connection = sqlite3.connect(':memory:', isolation_level=None)
    connection.text_factory = bytes
    try:
        _restrict(connection, budget)
        connection.deserialize(data[: _VERSIONS.start] + b'\x01\x01' + data[_VERSIONS.stop :])
        # No part of the schema has been read yet, so it cannot run anything before this.
        connection.set_authorizer(_authorize)
        for table, definition in _list_tables(connection):
            yield from _read_table(connection, table, definition, budget)
    except (sqlite3.Error, OverflowError, MemoryError) as error:
        budget.tick()
        yield Unreadable('', f'the database cannot be read: {_name_error(error)}')
    finally:
        connection.close()


def _is_cut_off(data: bytes) -> bool:
    """Tell whether the header states more pages than there are.

    The stated number is valid only if both of its counters agree (SQLite's file format, 1.3.8).
    """
    page = int.from_bytes(data[16:18], 'big')
    return data[24:28] == data[92:96] and int.from_bytes(data[28:32], 'big') * (
        page if page > 1 else 65_536
    ) > len(data)


def _restrict(connection: sqlite3.Connection, budget: Budget) -> None:
    for pragma in (
        'trusted_schema = OFF',
        'cell_size_check = ON',
        'mmap_size = 0',
        'temp_store = MEMORY',
        'cache_size = -4000',
    ):
        connection.execute(f'PRAGMA {pragma}')
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, budget.limits.member)
    connection.set_progress_handler(lambda: _must_interrupt(budget), _INSTRUCTIONS_PER_TICK)


def _authorize(
    action: int, first: str | None, second: str | None, database: str | None, inner: str | None
) -> int:
    """Allow plain reads outside of views and triggers, and listing the columns of a table."""
    if action in _READ_ACTIONS and inner is None:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first == 'table_xinfo':
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _must_interrupt(budget: Budget) -> int:
    try:
        budget.tick()
    except BudgetExceededError:
        return 1
    return 0


def _list_tables(connection: sqlite3.Connection) -> list[tuple[bytes, bytes]]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"
    ).fetchmany(_MAX_TABLES)
    return [(name, sql) for name, sql in rows if isinstance(name, bytes) and isinstance(sql, bytes)]


def _read_table(
    connection: sqlite3.Connection, table: bytes, definition: bytes, budget: Budget
) -> Iterator[Member | Unreadable]:
    shown = table.decode('utf-8', 'replace')
    if definition[:40].lstrip().upper().startswith(b'CREATE VIRTUAL'):
        return  # its rows are in the ordinary tables behind it
    page = PageWriter(shown)
    try:
        quoted_name = _quote_identifier(table)
        columns = [
            row[1]
            for row in connection.execute(f'PRAGMA table_xinfo({quoted_name})')
            if row[6] == 0
        ][:_MAX_COLUMNS]
        if not columns:
            return
        wanted = ', '.join(_quote_identifier(column) for column in columns)
        names = [column.decode('utf-8', 'replace') for column in columns]
        query = f'SELECT {wanted} FROM {quoted_name} NOT INDEXED'  # noqa: S608 - names are quoted
        for number, row in enumerate(connection.execute(query), 1):
            yield from _read_row(page, f'{shown}[{number}]', names, row, budget)
            if page.is_full():
                yield from page.take()
    except (sqlite3.Error, OverflowError) as error:
        budget.tick()
        yield Unreadable(shown, f'the table cannot be read: {_name_error(error)}')
    yield from page.take()


def _name_error(error: Exception) -> str:
    """Return an error's type and SQLite's code for it: its text quotes names of the schema."""
    code = getattr(error, 'sqlite_errorname', '')
    return f'{type(error).__name__} ({code})' if code else type(error).__name__


def _quote_identifier(name: bytes) -> str:
    return '"' + name.decode('utf-8').replace('"', '""') + '"' if b'\x00' not in name else '""'


def _read_row(
    page: PageWriter, where: str, names: list[str], row: tuple[object, ...], budget: Budget
) -> Iterator[Member]:
    """Write a row as an object of its own; yield values that are containers or too long."""
    page.add('{', where)
    for name, value in zip(names, row, strict=False):
        if isinstance(value, int | float):
            page.add(f'{quote_name(name)}: {value},', f'{where}.{name}')
        if not isinstance(value, bytes):
            continue
        budget.take(len(value))
        text = decode_text(value)
        if text is not None and len(value) <= _MAX_VALUE_BYTES:
            page.add(f'{quote_name(name)}: {quote_value(text)},', f'{where}.{name}')
        elif text is not None or identify_container('', value):
            yield Member(f'{where}.{name}', value)
    page.add('},', where)
