"""Mail, pictures, PDF, dumps, pages, registry, office documents, logs of databases.

Where it is found, and what is made to hurt.
"""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from pathlib import Path

import pytest

from keylint.core.blob import Origin
from keylint.core.config import Config
from keylint.core.limits import LIMIT_OPTIONS, Limits
from keylint.pipeline.members import scan_members
from tests.archives import pycs, rows
from tests.archives.made import CONFIG, KEY, RULES, SECRET, errors, found, zipped_rows
from tests.conftest import Repository, Run

FAST = Limits(seconds=600)  # the limits that are tested are those of sizes and counts
PAIR = (KEY, SECRET)
MANY = 200_000


@pytest.mark.parametrize(
    ('name', 'data'),
    [
        pytest.param(
            'a.png',
            rows.png(rows.chunk(b'tEXt', b'Software\x00matplotlib 3.8')),
            id='a picture that names its program',
        ),
        pytest.param('a.png', b'\x89PNG\r\n\x1a\n' + bytes(40), id='half a picture'),
        pytest.param('a.jpg', rows.jpeg(b''), id='a picture without texts'),
        pytest.param('a.jpg', b'\xff\xd8\xff', id='three bytes'),
        pytest.param('a.pdf', b'%PDF-1.4\n', id='a PDF without pages'),
        pytest.param('a.eml', b'', id='no mail'),
        pytest.param('a.eml', b'Subject: x\n\nhello\n', id='a mail as it is'),
        pytest.param(
            'a.reg',
            b'Windows Registry Editor Version 5.00\n\n[HKEY_X]\n"a"=hex:00,01,ff\n'
            b'"b"=dword:00000001\n',
            id='bytes that are no text',
        ),
        pytest.param(
            'a.sql',
            b'CREATE TABLE keys (id int);\nINSERT INTO keys VALUES (1);\n',
            id='a dump of numbers',
        ),
        pytest.param('a-wal', b'7\x7f\x06\x82' + bytes(60), id='a log without frames'),
        pytest.param('a.joblib', zlib.compress(b'text'), id='a stream that is no pickle'),
    ],
)
def test_silent(name: str, data: bytes) -> None:
    assert found(name, data) == []
    assert errors(name, data) == []


@pytest.mark.parametrize(
    ('name', 'data', 'container', 'line'),
    [
        pytest.param(
            'k.eml', rows.mail(*PAIR, 'base64'), 'k.eml!/1.txt', 3, id='the body of a mail'
        ),
        pytest.param(
            'k.eml', rows.mail(*PAIR, 'attachment'), 'k.eml!/config.json', 3, id='an attachment'
        ),
        pytest.param('in.mbox', rows.mbox(*PAIR), 'in.mbox!/2/1.txt', 3, id='the second mail'),
        pytest.param(
            'p.png',
            rows.png(rows.chunk(b'tEXt', b'Comment\x00' + rows.env(*PAIR))),
            'p.png!/Comment',
            1,
            id='a text in a picture',
        ),
        pytest.param(
            'p.jpg',
            rows.jpeg(rows.tiff({0x9286: rows.env(*PAIR)})),
            'p.jpg!/UserComment',
            1,
            id='EXIF',
        ),
        pytest.param('p.pdf', rows.pdf(*PAIR), 'p.pdf!/stream 1', 3, id='a page'),
        pytest.param(
            'd.sql',
            rows.filled(rows.DUMP, *PAIR).encode(),
            'd.sql!/api_keys[1].api_secret',
            1,
            id='a row of a dump',
        ),
        pytest.param('n.html', rows.exported(*PAIR), 'n.html!/text', 5, id='a page of a notebook'),
        pytest.param('k.docx', rows.docx(*PAIR), 'k.docx!/word/document.xml', 2, id='a paragraph'),
        pytest.param('k.xlsx', rows.xlsx(*PAIR), 'k.xlsx!/sheet1[2]', 1, id='a row of a sheet'),
        pytest.param(
            'b.reg',
            rows.registry(*PAIR),
            'b.reg!/HKEY_CURRENT_USER\\Software\\Bot\\Binance\\ApiSecret',
            1,
            id='a value of the registry',
        ),
        pytest.param(
            'd.sql.gz',
            gzip.compress(rows.filled(rows.DUMP, *PAIR).encode()),
            'd.sql.gz!/d.sql!/api_keys[1].api_secret',
            1,
            id='a packed dump',
        ),
    ],
)
def test_found_with_member_and_line(name: str, data: bytes, container: str, line: int) -> None:
    assert found(name, data)[-1:] == [('binance-credential', container, line, 2)]
    assert errors(name, data) == []


def test_words_that_word_cut_in_pieces() -> None:
    body = (
        f'<w:p><w:r><w:t>Binance API key: {KEY[:20]}</w:t></w:r><w:r><w:t>{KEY[20:]}</w:t></'
        f'w:r></w:p><w:p><w:t>secret: {SECRET}</w:t></w:p>'
    )
    data = zipped_rows([('[Content_Types].xml', b''), ('word/document.xml', body.encode())])
    assert found('k.docx', data) == [('binance-credential', 'k.docx!/word/document.xml', 1, 2)]


def test_a_log_that_begins_with_its_database(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / 'bot.db', isolation_level=None)
    connection.execute('PRAGMA journal_mode = WAL')
    connection.execute('CREATE TABLE api_keys (exchange, key, secret)')
    connection.execute('INSERT INTO api_keys VALUES (?, ?, ?)', ('binance', *PAIR))
    log = (tmp_path / 'bot.db-wal').read_bytes()
    connection.close()
    assert found('bot.db-wal', log) == [
        ('binance-credential', 'bot.db-wal!/api_keys[1].secret', 1, 2)
    ]


@pytest.mark.slow
def test_a_log_beside_a_database_is_read_and_stays(keylint: Run, tmp_path: Path) -> None:
    for name, data in rows.logged(*PAIR).items():
        (tmp_path / name).write_bytes(data)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = keylint('scan', '.', '--isolated')
    assert done.returncode == 1
    assert 'bot.sqlite!/api_keys[1].secret' in done.stdout
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ('name', 'head'), [('a.7z', b"7z\xbc\xaf'\x1c"), ('a.rar', b'Rar!\x1a\x07\x01\x00')]
)
def test_archives_that_are_not_opened_are_named(name: str, head: bytes) -> None:
    assert errors(name, head + bytes(40)) == [
        f'{name[2:]} archives are not opened: unpack it to look into it, or exclude it'
    ]


def test_an_encrypted_pdf_is_named() -> None:
    assert errors(
        'a.pdf', rows.pdf(*PAIR).replace(b'trailer <<', b'trailer << /Encrypt 9 0 R')
    ) == ['encrypted: its text was not looked at']


# What a reader could choke on, and what must be said of it (empty: nothing).
HOSTILE = {
    'parts without end': ('a.eml', b'Content-Type: x; boundary=x\n\n' + b'--x\n' * MANY, ''),
    'mail in mail': ('a.eml', b'Content-Type: message/rfc822\n\n' * MANY, ''),
    'base64 that is none': ('a.eml', b'Content-Transfer-Encoding: base64\n\n' + b'=' * MANY, ''),
    'statements that do not end': (
        'a.sql',
        b"CREATE TABLE a(\nINSERT INTO a(key) VALUES ('" * (MANY // 40),
        '',
    ),
    'a row without end': ('a.sql', b'INSERT INTO a(key) VALUES (' + b"''" * MANY, ''),
    'tags in tags': ('a.html', b'<span class="s1">' + b'<' * MANY, ''),
    'letters that do not exist': ('a.html', b'<span class="s1">' + b'&#x110000;' * MANY, ''),
    'bytes without end': ('a.reg', b'"a"=hex:' + b'00,' * MANY, ''),
    'strings that do not end': ('a.pdf', b'%PDF-1.4\n1 0 obj<<>>stream\nBT' + b'(' * MANY, ''),
    'digits': ('a.pdf', b'%PDF-1.4\n1 0 obj<<>>stream\nBT' + b'1' * MANY, ''),
    'a page that is a bomb': (
        'a.pdf',
        b'%PDF-1.4\n1 0 obj<</Filter/FlateDecode>>stream\n' + zlib.compress(bytes(40_000_000)),
        'only the beginning',
    ),
    'a text that is a bomb': (
        'a.png',
        rows.png(rows.chunk(b'zTXt', b'a\x00\x00' + zlib.compress(bytes(40_000_000)))),
        'only the beginning',
    ),
    'a text that is broken': ('a.png', rows.png(rows.chunk(b'zTXt', b'a\x00\x00xxxx')), 'broken'),
    'many texts': (
        'a.png',
        rows.png(*[rows.chunk(b'tEXt', b'a\x00b')] * 1001),
        'more than 1000 texts',
    ),
    'directories that lead to themselves': (
        'a.jpg',
        rows.jpeg(b'II*\x00\x08\x00\x00\x00\x01\x00i\x87\x04\x00\x01\x00\x00\x00\x08\x00\x00\x00'),
        '',
    ),
    'segments without length': (
        'a.jpg',
        b'\xff\xd8' + b'\xff\xfe\x00\x00' * MANY,
        'more than 1000 texts',
    ),
    'a log with a page that no database has': (
        'a-wal',
        b'7\x7f\x06\x82' + bytes(4) + b'\x00\x01\x00\x00' + b'\xff' * MANY,
        '',
    ),
    'a sheet without end': (
        'a.xlsx',
        zipped_rows(
            [('[Content_Types].xml', b''), ('xl/worksheets/sheet1.xml', b'<row><c>' * MANY)]
        ),
        '',
    ),
    'texts without end': (
        'a.xlsx',
        zipped_rows([('[Content_Types].xml', b''), ('xl/sharedStrings.xml', b'<si>' * MANY)]),
        '',
    ),
    'a dictionary that grows': (
        'a.pyc',
        pycs.pyc(
            pycs.VERSIONS['2.7'],
            [('BUILD_MAP', 0), *[('LOAD_CONST', 0), ('LOAD_CONST', 0), ('STORE_MAP', 0)] * 9000],
            ['a' * 99],
            [],
        ),
        '',
    ),
    'defaults that are not there': (
        'a.pyc',
        pycs.pyc(pycs.VERSIONS['3.4'], [('MAKE_FUNCTION', 0xFFFF)] * 9000, [None], []),
        '',
    ),
}


@pytest.mark.parametrize('case', HOSTILE)
def test_hostile(case: str) -> None:
    name, data, words = HOSTILE[case]
    told = [
        failure.error
        for failure in scan_members(Origin(name), data, RULES, Config(), limits=FAST).failures
    ]
    assert any(words in error for error in told) if words else told == []


@pytest.mark.parametrize('number', pycs.VERSIONS)
def test_defaults_in_old_bytecode(number: str) -> None:
    """`def connect(api_key='…', api_secret='…')`.

    Before 3.6 the values lie on the stack one by one, behind them the code and its name.
    """
    version = pycs.VERSIONS[number]
    if number in ('3.14',):
        pytest.skip('its defaults are a tuple')
    inner = pycs.code(
        version, [('LOAD_CONST', 0), ('RETURN_VALUE', 0)], [None], [], ('api_key', 'api_secret')
    )
    name = [('LOAD_CONST', 3)] if number in ('3.4', '3.5') else []
    steps = [
        ('LOAD_CONST', 0),
        ('LOAD_CONST', 1),
        ('LOAD_CONST', 2),
        *name,
        ('MAKE_FUNCTION', 2),
        ('STORE_NAME', 0),
    ]
    start = [('LOAD_CONST', 4), ('LOAD_CONST', 4), ('IMPORT_NAME', 1)]
    data = pycs.pyc(
        version, [*start, *steps], [KEY, SECRET, inner, 'connect', None], ['connect', 'binance']
    )
    assert found('bot.pyc', data) == [('binance-credential', 'bot.pyc!/<module>', 1, 2)]


LIMITED = {'b.zip': zipped_rows([('in.zip', zipped_rows([('bot.json', CONFIG)]))])}


@pytest.mark.parametrize(
    ('limit', 'words'),
    [
        ('nesting=1', 'nested more than 1 deep'),
        ('members=1', 'more than 1 members'),
        ('member=1', None),
    ],
)
def test_limits_by_flag_and_by_file(
    limit: str, words: str | None, keylint: Run, repository: Repository
) -> None:
    (repository.folder / 'b.zip').write_bytes(LIMITED['b.zip'])
    name, _, number = limit.partition('=')
    runs = [keylint('scan', '.', '--isolated', '--limit', limit, cwd=repository.folder)]
    repository.commit()
    repository.write('keylint.toml', f'[limits]\n{name} = {number}\n')
    runs += [keylint('scan', '.', *more, cwd=repository.folder) for more in ((), ('--history',))]
    for done in runs:
        assert done.returncode == (2 if words else 1), done.stderr
        assert (words or 'b.zip!/in.zip!/bot.json') in done.stdout + done.stderr


def test_a_file_that_is_larger_than_the_limit_is_named(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.txt').write_bytes(b'x' * 1_100_000)
    done = keylint('scan', '.', '--isolated', '--limit', 'file-size=1')
    assert done.returncode == 2
    assert 'larger than 1 MB' in done.stdout + done.stderr


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('membr=3', "unknown limit 'membr'; did you mean 'member'?"),
        ('member=0', 'must be a whole number from 1 on'),
        ('member', 'must be a whole number'),
        ('member=-1', 'must be a whole number'),
    ],
)
def test_a_wrong_limit_is_told(text: str, words: str, keylint: Run, tmp_path: Path) -> None:
    done = keylint('scan', '.', '--isolated', '--limit', text)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    name, _, number = text.partition('=')
    (tmp_path / 'keylint.toml').write_text(f'[limits]\n{name} = {number or "true"}\n')
    done = keylint('scan', '.')
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_the_limits_are_shown(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keylint.toml').write_text('[limits]\nmember = 7\n')
    lines = {
        line.split()[0]: line.split()[1:]
        for line in keylint('config', '--limit', 'ratio=9').stdout.splitlines()
    }
    assert lines['limits.member'] == ['7', 'keylint.toml:2']
    assert lines['limits.ratio'] == ['9', '--limit']
    assert {name for name in lines if name.startswith('limits.')} == {
        f'limits.{name}' for name in LIMIT_OPTIONS
    }


def test_the_limits_in_the_docs() -> None:
    """docs/carriers.md says every limit with its default."""
    text = (Path(__file__).parents[2] / 'docs' / 'carriers.md').read_text()
    for name, knob in LIMIT_OPTIONS.items():
        assert f'| `{name}` | {knob.default:,} |' in text, name
        assert not knob.field or getattr(Limits(), knob.field) == knob.default * knob.unit
