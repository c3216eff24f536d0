"""SQLite: rows become named credentials; nothing that a schema defines is run."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from keylint.core.blob import Origin
from keylint.core.config import Config
from keylint.core.limits import Limits
from keylint.pipeline.members import scan_members
from tests.archives.made import CONFIG, KEY, RULES, SECRET, database, errors, found, scanned

ROW = (('binance', KEY, SECRET),)
NAMED = [('binance-credential', 'bot.sqlite!/api_keys[1].secret', 1, 2)]


def forged(name: str, definition: str) -> bytes:
    """Return a database in whose schema a table is defined otherwise than it was made."""
    connection = sqlite3.connect(':memory:')
    connection.deserialize(database(f'CREATE TABLE {name} (x)', rows=ROW))
    connection.execute('PRAGMA writable_schema = ON')
    connection.execute('UPDATE sqlite_master SET sql = ? WHERE name = ?', (definition, name))
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


@pytest.mark.parametrize(
    'data',
    [
        pytest.param(database(), id='no rows'),
        pytest.param(
            database(rows=(('binance', '', ''), ('kraken', 'your_api_key', 'your_secret'))),
            id='placeholders',
        ),
        pytest.param(
            database('CREATE TABLE trades (id, order_id)', "INSERT INTO trades VALUES (1, '0x12')"),
            id='trades',
        ),
    ],
)
def test_silent(data: bytes) -> None:
    assert found('bot.sqlite', data) == []
    assert errors('bot.sqlite', data) == []


@pytest.mark.parametrize(
    'statements',
    [
        pytest.param((), id='plain'),
        pytest.param(('CREATE VIEW v AS SELECT randomblob(100000000)',), id='a view'),
        pytest.param(
            (
                'CREATE TRIGGER g AFTER INSERT ON api_keys BEGIN DELETE FROM other; END',
                'CREATE TABLE other (x)',
            ),
            id='a trigger',
        ),
        pytest.param(
            (
                'CREATE TABLE t (a, b GENERATED ALWAYS AS (zeroblob(900000000)) VIRTUAL)',
                'INSERT INTO t(a) VALUES (1)',
            ),
            id='a generated column',
        ),
        pytest.param(
            ('CREATE VIRTUAL TABLE words USING fts5(x)', "INSERT INTO words VALUES ('hello')"),
            id='a virtual table',
        ),
        pytest.param(
            (
                'CREATE TABLE "a""b; --" ("c"" FROM x" TEXT)',
                """INSERT INTO "a""b; --" VALUES ('x')""",
            ),
            id='names with quotes',
        ),
        pytest.param(
            ('CREATE TABLE w (a PRIMARY KEY, b) WITHOUT ROWID', "INSERT INTO w VALUES ('x', 'y')"),
            id='without row ids',
        ),
    ],
)
def test_rows_are_named(statements: tuple[str, ...]) -> None:
    if statements and 'TRIGGER' in statements[0]:
        statements = statements[::-1]
    assert found('bot.sqlite', database(*statements, rows=ROW)) == NAMED
    assert errors('bot.sqlite', database(*statements, rows=ROW)) == []


@pytest.mark.parametrize(
    'definition',
    [
        pytest.param(
            'CREATE VIEW v AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x FROM r) '
            'SELECT x FROM r',
            id='a view without end',
        ),
        pytest.param(
            "CREATE TABLE v (x, y AS (load_extension('x')))", id='a column that loads code'
        ),
        pytest.param('CREATE TABLE', id='no definition'),
    ],
)
def test_a_schema_that_lies_is_named(definition: str) -> None:
    assert errors('bot.sqlite', forged('v', definition))


def test_pages_that_are_missing_are_named() -> None:
    assert errors('bot.sqlite', database(rows=ROW)[:5000])[0].startswith('the database is cut off')


def test_garbage_behind_the_header_is_named() -> None:
    assert errors('bot.sqlite', database()[:100] + bytes(range(256)) * 20) != []


def test_a_database_with_a_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / 'bot.sqlite'
    connection = sqlite3.connect(path)
    connection.execute('PRAGMA journal_mode = WAL')
    connection.execute('CREATE TABLE api_keys (exchange, key, secret)')
    connection.executemany('INSERT INTO api_keys VALUES (?, ?, ?)', ROW)
    connection.commit()
    connection.close()
    assert found('bot.sqlite', path.read_bytes()) == NAMED


def test_carriers_and_documents_in_values() -> None:
    statements = ('CREATE TABLE files (name, data)',)
    connection = sqlite3.connect(':memory:')
    connection.deserialize(database(*statements))
    connection.executemany(
        'INSERT INTO files VALUES (?, ?)', [('a', gzip.compress(CONFIG)), ('b', CONFIG.decode())]
    )
    connection.commit()
    rows = found('bot.sqlite', connection.serialize())
    assert [(rule, parts) for rule, _, _, parts in rows] == [('binance-credential', 2)] * 2
    assert [container for _, container, _, _ in rows] == [
        'bot.sqlite!/files[1].data',
        'bot.sqlite!/files[2].data',
    ]


def test_time_is_limited() -> None:
    result = scan_members(
        Origin('bot.sqlite'), database(rows=ROW * 5000), RULES, Config(), limits=Limits(seconds=-1)
    )
    assert [failure.error for failure in result.failures] == [
        'it takes more than -1 s: the rest was not looked at'
    ]


def test_no_value_is_shown() -> None:
    text = repr(scanned('bot.sqlite', database(rows=ROW)).findings)
    assert SECRET not in text
    assert KEY not in text
