"""Carriers made in memory, and what keylint finds in them."""

from __future__ import annotations

import io
import sqlite3
import tarfile
import zipfile

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.report import BlobResult
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes

RULES = load_rules()
KEY, SECRET = (
    expand_recipes('{alnum:64}', 'carriers/key'),
    expand_recipes('{alnum:64}', 'carriers/secret'),
)
CONFIG = (
    f'{{\n"exchange": {{"name": "binance",\n"key": "{KEY}",\n"secret": "{SECRET}"}}}}\n'.encode()
)


def scanned(name: str, data: bytes, config: Config | None = None) -> BlobResult:
    return scan_blob(Blob(data, Origin(name)), RULES, config or Config())


def found(name: str, data: bytes) -> list[tuple[str, str | None, int, int]]:
    """Rule, member, line and number of parts of all findings."""
    return [(f.rule, f.container, f.place.line, len(f.parts)) for f in scanned(name, data).findings]


def errors(name: str, data: bytes) -> list[str]:
    return [failure.error for failure in scanned(name, data).failures]


def zipped(**members: bytes) -> bytes:
    return zipped_rows(list(members.items()))


def zipped_rows(rows: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, data in rows:
            archive.writestr(
                zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED
            )  # of 1980: the same bytes every time
    return file.getvalue()


def tarred(rows: list[tuple[str, bytes]], kind: str = '') -> bytes:
    file = io.BytesIO()
    # The modes are texts of a closed set.
    with tarfile.open(fileobj=file, mode=f'w:{kind}') as archive:  # type: ignore[call-overload]
        for name, data in rows:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def database(*statements: str, rows: tuple[tuple[str, str, str], ...] = ()) -> bytes:
    """Return a database with the table `api_keys`, after some statements."""
    connection = sqlite3.connect(':memory:')
    connection.execute(
        'CREATE TABLE api_keys (id INTEGER PRIMARY KEY, exchange TEXT, key TEXT, secret TEXT)'
    )
    for statement in statements:
        connection.execute(statement)
    connection.executemany('INSERT INTO api_keys (exchange, key, secret) VALUES (?, ?, ?)', rows)
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data
