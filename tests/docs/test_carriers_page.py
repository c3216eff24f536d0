"""Each row of docs/carriers.md is made into files, and opened."""

from __future__ import annotations

import base64
import importlib.util
import lzma
import zlib
from collections.abc import Callable

import pytest

from keylint.core.config import Config
from tests.archives import rows
from tests.archives.made import CONFIG, KEY, SECRET, scanned, zipped
from tests.docs.pages import read_rows

SHOWN = Config(show_secrets=True)
ROWS = {row.name: row for row in rows.ROWS}
# The carriers of the page, and the rows of the tests of archives that are of their kind.
KINDS = {
    'zip, jar, whl, apk': ('zip', 'jar', 'wheel', 'apk'),
    'docx, pptx, odt': ('docx',),
    'xlsx': ('xlsx',),
    'tar': ('tar', 'tar.gz', 'tar.bz2', 'tar.xz'),
    'gzip, bzip2, xz, zlib': ('gz', 'bz2', 'xz'),
    'Zstandard': (),
    'SQLite': ('SQLite, text row', 'SQLite, columns and cells'),
    'write-ahead log of SQLite': ('SQLite, write-ahead log',),
    'SQL dump': ('SQL dump, INSERT', 'SQL dump, COPY'),
    'pickle, joblib, `.npy` of objects': (
        'pickle, string',
        'pickle, dictionary',
        'joblib, compressed',
        '.npy of objects',
    ),
    '`.pyc`': ('.pyc of Python 2.7', '.pyc of Python 3.14', '.pyc of the Python that runs'),
    'mail, mailboxes': ('mail, quoted-printable', 'mail, base64', 'mail, attachment', 'mbox'),
    'PNG': ('PNG tEXt', 'PNG zTXt', 'PNG iTXt'),
    'JPEG': ('EXIF in JPEG', 'comment in JPEG'),
    'PDF': ('PDF',),
    'pages with coloured code: notebooks exported to HTML, Sphinx, GitHub': (
        'HTML export of a notebook',
    ),
    'Windows registry': ('Windows .reg',),
    '`.pgpass`': ('.pgpass',),
}
MEMBER = {'conf/bot.json': CONFIG}
TEXT = f'BINANCE_API_KEY={KEY}\nBINANCE_API_SECRET={SECRET}\n'
PARAGRAPH = '<w:p><w:r><w:t>{}</w:t></w:r></w:p>'
ODT = (
    '<office:document-content><office:body><office:text>{}</office:text></office:body>'
    '</office:document-content>'
)
SLIDE = '<p:sld><p:cSld><p:spTree><p:sp><p:txBody>{}</p:txBody></p:sp></p:spTree></p:cSld></p:sld>'
# What the page names beside the rows of the tests of archives.
OTHERS: dict[str, Callable[[], bytes]] = {
    'config.zlib': lambda: zlib.compress(CONFIG),
    'config.lzma': lambda: lzma.compress(CONFIG, lzma.FORMAT_ALONE),
    'bot.pyz': lambda: b'#!/usr/bin/env python3\n' + zipped(**MEMBER),
    'notes.odt': lambda: zipped(
        **{
            'mimetype': b'application/vnd.oasis.opendocument.text',
            'content.xml': ODT.format(
                ''.join(f'<text:p>{line}</text:p>' for line in TEXT.splitlines())
            ).encode(),
        }
    ),
    'talk.pptx': lambda: zipped(
        **{
            '[Content_Types].xml': b'<Types/>',
            'ppt/slides/slide1.xml': SLIDE.format(
                ''.join(f'<a:p><a:r><a:t>{line}</a:t></a:r></a:p>' for line in TEXT.splitlines())
            ).encode(),
        }
    ),
}


def test_every_row_of_the_page_is_tried() -> None:
    assert [row[0] for row in read_rows('carriers.md', 'carrier')] == list(KINDS)


@pytest.mark.parametrize('name', [name for names in KINDS.values() for name in names])
def test_a_row_of_the_page_is_opened(name: str) -> None:
    row = ROWS[name]
    key, secret = rows.values(row)
    files = row.files(key, secret)
    if name == 'SQLite, write-ahead log':  # files of a tree: tests/archives reads them together
        assert len(files) > 1
        return
    found = {
        part.value
        for path, data in files.items()
        for finding in scanned(path, data, SHOWN).findings
        for part in finding.parts
    }
    assert secret in found or row.parts == 1


@pytest.mark.parametrize('name', OTHERS)
def test_what_else_a_row_names_is_opened(name: str) -> None:
    values = {
        part.value for one in scanned(name, OTHERS[name](), SHOWN).findings for part in one.parts
    }
    assert {KEY, SECRET} <= values


@pytest.mark.skipif(
    importlib.util.find_spec('zstandard') is not None
    or importlib.util.find_spec('compression') is not None,
    reason='this Python reads Zstandard',
)
def test_zstandard_without_its_library_is_named() -> None:
    frame = base64.b64decode('KLUv/SQFKQAAYWJjZGXAFzcx')
    (failure,) = scanned('a.zst', frame).failures
    assert 'zstandard' in failure.error


@pytest.mark.parametrize(
    ('name', 'row'),
    [
        ('A.PKL', 'pickle, dictionary'),
        ('bot.db.1', 'SQLite, columns and cells'),
        ('export.html~', 'HTML export of a notebook'),
    ],
)
def test_an_ending_of_the_page_is_read(name: str, row: str) -> None:
    key, secret = rows.values(ROWS[row])
    (data,) = ROWS[row].files(key, secret).values()
    values = {part.value for one in scanned(name, data, SHOWN).findings for part in one.parts}
    assert secret in values


@pytest.mark.parametrize(
    ('name', 'head'),
    [
        ('a.7z', b'7z\xbc\xaf\x27\x1c'),
        ('a.rar', b'Rar!\x1a\x07\x01\x00'),
        ('a.lz4', b'\x04\x22\x4d\x18'),
        ('a.parquet', b'PAR1'),
        ('a.h5', b'\x89HDF\r\n\x1a\n'),
        ('a.kdbx', b'\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5'),
    ],
)
def test_sealed_formats_are_failures(name: str, head: bytes) -> None:
    assert scanned(name, head + bytes(range(256))).failures
