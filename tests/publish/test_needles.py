"""`--verify` looks for the values of a plan inside of archives and encodings, too."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from keylint.publish.needles import SecretMatcher
from tests.conftest import Repository, Run
from tests.publish.leaks import made, values

_TEXT = made('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n')
_SECRET = values(_TEXT)[1].encode()
_FILLER = b'what a bot writes, day by day; ' * 40
_SEVEN_ZIP = b"7z\xbc\xaf'\x1c" + bytes(40)


def _zip(data: bytes, name: str = 'notes.txt', method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, 'w', method) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def _tar(data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode='w:gz') as archive:
        entry = tarfile.TarInfo('notes.txt')
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def _wrap(data: bytes, columns: int = 40) -> bytes:
    return b'\n'.join(data[at : at + columns] for at in range(0, len(data), columns))


FORMS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    'as it is': ('a.txt', lambda d: d),
    'broken over lines': ('a.txt', lambda d: _wrap(d, 30)),
    'two literals': ('a.py', lambda d: b'"' + d[:30] + b'"\n    "' + d[30:] + b'"'),
    'UTF-16 little': ('a.txt', lambda d: d.decode().encode('utf-16-le')),
    'UTF-16 big': ('a.txt', lambda d: d.decode().encode('utf-16-be')),
    'UTF-32': ('a.txt', lambda d: d.decode().encode('utf-32')),
    'UTF-32 big': ('a.txt', lambda d: d.decode().encode('utf-32-be')),
    'zeros before it': ('a.log', lambda d: bytes(600) + d),
    'base64': ('a.b64', base64.b64encode),
    'base64, second offset': ('a.b64', lambda d: base64.b64encode(b'x' + d)),
    'base64, third offset': ('a.b64', lambda d: base64.b64encode(b'xy' + d)),
    'base64, wrapped': ('a.b64', lambda d: base64.encodebytes(_FILLER + d)),
    'base64, URL-safe': ('a.b64', lambda d: base64.urlsafe_b64encode(b'?>' + d)),
    'base64 of UTF-16': ('a.ps1', lambda d: base64.b64encode(d.decode().encode('utf-16-le'))),
    'base64 of base64': ('a', lambda d: base64.b64encode(base64.b64encode(d))),
    'base64 of gzip': ('a', lambda d: base64.encodebytes(gzip.compress(_FILLER + d, mtime=0))),
    'hex': ('a.hex', lambda d: d.hex().encode()),
    'HEX': ('a.hex', lambda d: d.hex().upper().encode()),
    'hex, wrapped': ('a.hex', lambda d: _wrap(d.hex().encode())),
    r'\u': ('a.json', lambda d: ''.join(f'\\u{b:04x}' for b in d).encode()),
    r'\x': ('a.py', lambda d: ''.join(f'\\x{b:02x}' for b in d).encode()),
    'percent': ('a.url', lambda d: ''.join(f'%{b:02X}' for b in d).encode()),
    'entities': ('a.xml', lambda d: ''.join(f'&#{b};' for b in d).encode()),
    'gzip': ('a.txt.gz', gzip.compress),
    'bzip2': ('a.txt.bz2', bz2.compress),
    'xz': ('a.txt.xz', lzma.compress),
    'zlib': ('a.zlib', zlib.compress),
    'zip': ('a.zip', _zip),
    'zip without its ending': ('a.bin', _zip),
    'a name in a zip': ('a.zip', lambda d: _zip(b'x', d.decode())),
    'zip in zip': ('a.zip', lambda d: _zip(_zip(d), 'inner.zip')),
    'tar': ('a.tgz', _tar),
    'base64 in a zip': ('a.zip', lambda d: _zip(base64.b64encode(d))),
    'UTF-32 in a tar': ('a.tgz', lambda d: _tar(d.decode().encode('utf-32'))),
}


@pytest.mark.parametrize(('name', 'form'), FORMS.values(), ids=FORMS)
def test_a_value_is_found_in_each_form(name: str, form: Callable[[bytes], bytes]) -> None:
    matcher = SecretMatcher([_SECRET], [])
    assert matcher.look_through(name, form(_SECRET)).has_value
    other = form(_SECRET[::-1])
    assert matcher.look_through(name, other) == (False, ())


@pytest.mark.parametrize('form', ['UTF-16 little', 'base64 of base64', 'zip', 'UTF-32'])
def test_a_weak_value_is_found_with_what_precedes_it(form: str) -> None:
    """A short password is looked for behind its name alone; elsewhere it may be a word."""
    expression = re.compile(rb'(?<=DB_PASSWORD\=)hunter2xyz')
    matcher = SecretMatcher([], [expression])
    name, write = FORMS[form]
    assert matcher.look_through(name, write(b'DB_PASSWORD=hunter2xyz')).has_value
    assert not matcher.look_through(name, write(b'the word is hunter2xyz')).has_value


@pytest.mark.parametrize(
    ('name', 'data'),
    [
        ('a.7z', _SEVEN_ZIP),
        ('a.zip', _zip(_FILLER)[:-30]),
        ('a.gz', gzip.compress(_FILLER, mtime=0)[:20]),
        ('outer.zip', _zip(_SEVEN_ZIP, 'inner.7z')),
    ],
)
def test_what_cannot_be_opened_is_named(name: str, data: bytes) -> None:
    answer = SecretMatcher([_SECRET], []).look_through(name, data)
    assert not answer.has_value
    assert [failure.path for failure in answer.failures] == [name]


@pytest.fixture
def plan(keylint: Run, tmp_path: Path) -> Path:
    other = Repository(tmp_path / 'other')
    other.write('bot.py', _TEXT)
    other.commit()
    keylint('publish', str(other.folder), '--plan', str(tmp_path / 'plan'))
    return tmp_path / 'plan'


@pytest.mark.parametrize('form', ['zip', 'gzip', 'zlib', 'base64', 'UTF-32', 'tar'])
@pytest.mark.parametrize('is_deleted', [False, True])
def test_copies_without_names_are_left(
    repository: Repository, keylint: Run, plan: Path, form: str, is_deleted: bool
) -> None:
    """What a purge by text replaces in one file stays in the copies that it cannot read."""
    name, write = FORMS[form]
    copy = repository.folder / name
    copy.write_bytes(write('\n'.join(values(_TEXT)).encode()))
    repository.commit('copies')
    if is_deleted:
        copy.unlink()
        repository.commit('gone')
    done = keylint('publish', str(repository.folder), '--verify', '--plan', str(plan))
    assert done.returncode == 1, done.stdout
    assert f'as {name}' in done.stdout
    assert not any(value in done.stdout for value in values(_TEXT))


def test_a_sealed_archive_makes_no_yes(repository: Repository, keylint: Run, plan: Path) -> None:
    (repository.folder / 'old.7z').write_bytes(_SEVEN_ZIP)
    repository.commit('sealed')
    done = keylint('publish', str(repository.folder), '--verify', '--plan', str(plan))
    assert (done.returncode, done.stdout.splitlines()[-1][:7]) == (2, 'unknown'), done.stdout
    assert 'not scanned  old.7z: 7z archives are not opened' in done.stdout


def test_the_verdict_says_what_was_looked_through(
    repository: Repository, keylint: Run, plan: Path
) -> None:
    repository.write('bot.py', 'print(1)\n')
    repository.commit()
    done = keylint('publish', str(repository.folder), '--verify', '--plan', str(plan))
    assert done.returncode == 0
    assert 'archives, compressed files and what is encoded in them' in done.stdout
