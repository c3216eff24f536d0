"""No file escapes by its name: endings in any case, copies, damage at the head, sealed formats."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import random
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from keylint.archives import identify_container
from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.report import BlobResult
from keylint.pipeline.blob import scan_blob
from keylint.readers.formats import ending_of
from keylint.rules.load import Rules, load_rules
from tests.publish.leaks import made, values

_TEXT = made('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n')
_KEY, _SECRET = values(_TEXT)
_RANDOM = random.Random(1)  # noqa: S311 - the same bytes in every run
_NOISE = _RANDOM.randbytes(4000) + bytes(3)


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def _scan(rules: Rules, name: str, data: bytes) -> BlobResult:
    return scan_blob(Blob(data, Origin(name)), rules, Config())


def _zip(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('bot.env', data)
    return stream.getvalue()


def _tar(data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode='w') as archive:
        entry = tarfile.TarInfo('bot.env')
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def _database(folder: Path) -> bytes:
    connection = sqlite3.connect(folder / 'x')
    with connection:
        connection.execute('create table keys (binance_api_key, binance_api_secret)')
        connection.execute('insert into keys values (?, ?)', (_KEY, _SECRET))
    connection.close()
    return (folder / 'x').read_bytes()


_SPAN = '<span class="s2">&quot;{}&quot;</span>'
FORMS: dict[str, bytes] = {
    'keys.csv': f'exchange,api_key,api_secret\nbinance,{_KEY},{_SECRET}\n'.encode(),
    'keys.tsv': f'exchange\tapi_key\tapi_secret\nbinance\t{_KEY}\t{_SECRET}\n'.encode(),
    'bot.pkl': pickle.dumps({'binance_api_key': _KEY, 'binance_secret': _SECRET}, protocol=0),
    'export.html': (
        '<div class="highlight"><pre><span class="n">BINANCE_API_KEY</span> '
        f'<span class="o">=</span> {_SPAN.format(_KEY)}\n<span class="n">BINANCE_API_SECRET</span> '
        f'<span class="o">=</span> {_SPAN.format(_SECRET)}</pre></div>'
    ).encode(),
    'bot.env': _TEXT.encode(),
    'bot.yaml': f'binance:\n  apiKey: {_KEY}\n  secret: {_SECRET}\n'.encode(),
    'bot.tar': _tar(_TEXT.encode()),
    'bot.zip': _zip(_TEXT.encode()),
}
COPIES = '.bak .old .orig .1 .2 ~ .txt .example .bak2 .save .tmp .20240501 .bak.1'.split()


@pytest.mark.parametrize('name', FORMS)
@pytest.mark.parametrize('copy', ['', *COPIES, 'upper'])
def test_a_pair_is_found_whatever_the_copy_is_called(rules: Rules, name: str, copy: str) -> None:
    called = name.upper() if copy == 'upper' else name + copy
    result = _scan(rules, called, FORMS[name])
    assert [len(finding.parts) for finding in result.findings] == [2], called
    assert not result.failures


@pytest.mark.parametrize(
    ('name', 'ending'),
    [
        ('requirements.dev.txt', 'txt'),
        ('notes.txt', 'txt'),
        ('README.md', 'md'),
        ('keys.csv.txt', 'csv'),
        ('v1.2', '2'),
        ('bot.log.1', 'log'),
        ('bot.log.1.old', 'log'),
        ('.env.local', 'env'),
        ('.env.1', 'env'),
        ('.env~', 'env'),
        ('SETTINGS.YAML', 'yaml'),
        ('a.b.c', 'c'),
    ],
)
def test_endings(name: str, ending: str) -> None:
    assert ending_of(name) == ending


_STREAMS: dict[str, Callable[[bytes], bytes]] = {
    'a.gz': gzip.compress,
    'a.tgz': lambda data: gzip.compress(_tar(data)),
    'a.bz2': bz2.compress,
    'a.xz': lzma.compress,
    'a.tar': _tar,
    'a.zip': _zip,
}
_DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    'first bytes lost': lambda data: data[3:],
    'first bytes other': lambda data: b'\x91\x01\x02\x03' + data[4:],
    'behind zeros': lambda data: bytes(512) + data,
    'cut': lambda data: data[: len(data) // 2],
    'noise': lambda data: _NOISE,
}


@pytest.mark.parametrize('name', [*_STREAMS, 'a.db', 'a.sqlite', 'A.GZ', 'a.gz.bak', 'a.zip.1'])
@pytest.mark.parametrize('damage', _DAMAGE)
def test_damage_is_found_or_named(rules: Rules, tmp_path: Path, name: str, damage: str) -> None:
    kind = name.lower().removesuffix('.bak').removesuffix('.1')
    whole = _database(tmp_path) if kind not in _STREAMS else _STREAMS[kind](_TEXT.encode() * 9)
    result = _scan(rules, name, _DAMAGE[damage](whole))
    assert result.failures or result.findings


@pytest.mark.parametrize('name', ['a.gz', 'a.db', 'a.zip', 'a.tar', 'a.kdbx', 'a.z', 'a.pkl'])
@pytest.mark.parametrize('text', ['', 'a few words\n', 'naïve — words\n' * 900])
def test_a_text_of_such_a_name_is_a_text(rules: Rules, name: str, text: str) -> None:
    assert _scan(rules, name, text.encode()) == BlobResult()
    found = _scan(rules, name, (text + _TEXT).encode())
    assert [len(finding.parts) for finding in found.findings] == [2]
    assert not found.failures


SEALED = {
    'a.7z': b"7z\xbc\xaf'\x1c" + _NOISE,
    'a.rar': b'Rar!\x1a\x07\x01\x00' + _NOISE,
    'a.lz4': b'\x04"M\x18' + _NOISE,
    'a.Z': b'\x1f\x9d\x90' + _NOISE,
    'a.br': _NOISE,
    'a.cab': b'MSCF\x00\x00\x00\x00' + _NOISE,
    'a.parquet': b'PAR1' + _NOISE + b'PAR1',
    'a.feather': b'ARROW1\x00\x00' + _NOISE,
    'a.h5': b'\x89HDF\r\n\x1a\n' + _NOISE,
    'a.dmg': _NOISE,
    'a.kdbx': b'\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5' + _NOISE,
    'a.jks': b'\xfe\xed\xfe\xed\x00\x00\x00\x02' + _NOISE,
    'a.plist': b'bplist00' + _NOISE,
    'a.exe': b'MZ' + _NOISE + b'MEI\x0c\x0b\x0a\x0b\x0e' + bytes(80),
    'bot': b'\x7fELF' + _NOISE + b'MEI\x0c\x0b\x0a\x0b\x0e' + bytes(80),
    'setup.exe': b'MZ' + _NOISE + b"7z\xbc\xaf'\x1c" + _NOISE,
    'install.run': b'#!/bin/sh\n# This script was generated using Makeself 2.4\n' + _NOISE,
}


@pytest.mark.parametrize('name', SEALED)
@pytest.mark.parametrize('is_renamed', [False, True])
def test_sealed_formats_are_named(rules: Rules, name: str, is_renamed: bool) -> None:
    if is_renamed and SEALED[name] is _NOISE:
        pytest.skip('known by its ending alone')
    (failure,) = _scan(rules, 'x.bin' if is_renamed else name, SEALED[name]).failures
    assert 'are not opened' in failure.error
    inner = zipfile.ZipInfo(name)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, 'w') as archive:
        archive.writestr(inner, SEALED[name])
    (failure,) = _scan(rules, 'outer.zip', stream.getvalue()).failures
    assert 'are not opened' in failure.error


@pytest.mark.parametrize('head', [b'MZ' + _NOISE, b'\x7fELF' + _NOISE, b'#!/usr/bin/python\n'])
@pytest.mark.parametrize('name', ['bot.exe', 'bot', 'bot.run'])
def test_a_zip_behind_a_program_is_opened(rules: Rules, head: bytes, name: str) -> None:
    result = _scan(rules, name, head + _zip(_TEXT.encode()))
    assert [finding.container for finding in result.findings] == [f'{name}!/bot.env']


@pytest.mark.parametrize(
    ('name', 'data'),
    [
        ('bot.exe', b'MZ' + _NOISE),
        ('lib.so', b'\x7fELF' + _NOISE + b"7z\xbc\xaf'\x1cRar!\x1a\x07\x00"),
        ('bot.sh', b'#!/bin/sh\necho PK\n'),
        ('notes.txt', b'PAR1 is how a table begins\n'),
        ('notes.txt', b'bp and MSCF and ARROW1 and Obj\n'),
        ('x.md', b'x\x01'),
        ('x.bin', b'x\x9c' + _NOISE),
        ('image.png.bak', b'\x89PNG\r\n\x1a\n'[:4] + _NOISE),
    ],
)
def test_others_are_no_containers(name: str, data: bytes) -> None:
    assert identify_container(name, data) is None


def test_noise_is_no_zlib_stream() -> None:
    heads = (b'x\x01', b'x\x9c', b'x\xda') * 100
    blobs = [head + _RANDOM.randbytes(4000) for head in heads]
    assert [identify_container('x.bin', blob) for blob in blobs] == [None] * len(blobs)


@pytest.mark.parametrize('level', [1, 6, 9])
@pytest.mark.parametrize('size', [1, 400, 100_000, 3_000_000])
def test_a_zlib_stream_is_told_by_its_bytes(level: int, size: int) -> None:
    for plain in (bytes(size), _RANDOM.randbytes(size)):
        assert identify_container('x.bin', zlib.compress(plain, level)) == 'zlib'
