"""Archives and compressed files: found in members, limits and damage counted and named."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile

import pytest

from keylint.archives.budget import Budget, BudgetExceededError
from keylint.archives.walk import LocatedMember, walk_members
from keylint.core.blob import Origin
from keylint.core.config import Config
from keylint.core.limits import Limits
from keylint.core.report import Failure
from keylint.pipeline.members import scan_members
from keylint.rules.recipes import expand_recipes
from tests.archives.made import CONFIG, RULES, database, errors, found, scanned, tarred, zipped_rows
from tests.conftest import Repository, Run

ZIP = zipped_rows([('readme.txt', b'nothing here'), ('conf/bot.json', CONFIG)])


def limited(name: str, data: bytes, **limits: float) -> tuple[list[str | None], list[str]]:
    """Return the members and the errors under other limits."""
    # The names are fields of Limits.
    lowered = Limits()._replace(**limits)  # type: ignore[arg-type]
    result = scan_members(Origin(name), data, RULES, Config(), limits=lowered)
    return [finding.container for finding in result.findings], [
        failure.error for failure in result.failures
    ]


def patched(data: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """Return the bytes with some changed behind the last place where a mark stands."""
    at = data.rfind(mark) + offset
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize(
    ('name', 'data'),
    [
        pytest.param('a.txt', b'PK is how many archives begin', id='text that begins like a zip'),
        pytest.param(
            'a.txt', b'BZh is bzip2', id='text that begins like bzip2 is counted and no crash'
        ),
        pytest.param('empty.zip', zipped_rows([]), id='an empty zip'),
        pytest.param('empty.tar', tarred([]), id='an empty tar'),
        pytest.param(
            'a.zip',
            zipped_rows([('a.json', b'{"exchange": {"key": "", "secret": ""}}')]),
            id='nothing inside',
        ),
        pytest.param('a.gz', gzip.compress(b'hello') + bytes(512), id='padding behind a stream'),
    ],
)
def test_silent(name: str, data: bytes) -> None:
    assert found(name, data) == []
    if not data.startswith(b'BZh'):
        assert errors(name, data) == []


@pytest.mark.parametrize(
    ('name', 'data', 'container'),
    [
        pytest.param('b.zip', ZIP, 'b.zip!/conf/bot.json', id='zip'),
        pytest.param(
            'b.whl', b'#!/bin/sh\n' + ZIP, 'b.whl!/conf/bot.json', id='something in front of a zip'
        ),
        pytest.param(
            'b.docx',
            zipped_rows([('word/document.json', CONFIG)]),
            'b.docx!/word/document.json',
            id='a document',
        ),
        pytest.param(
            'b.tar', tarred([('conf/bot.json', CONFIG)]), 'b.tar!/conf/bot.json', id='tar'
        ),
        pytest.param('b.tgz', tarred([('bot.json', CONFIG)], 'gz'), 'b.tgz!/bot.json', id='tar.gz'),
        pytest.param(
            'b.tar.bz2', tarred([('bot.json', CONFIG)], 'bz2'), 'b.tar.bz2!/bot.json', id='tar.bz2'
        ),
        pytest.param(
            'b.tar.xz', tarred([('bot.json', CONFIG)], 'xz'), 'b.tar.xz!/bot.json', id='tar.xz'
        ),
        pytest.param(
            'backups/bot.json.gz', gzip.compress(CONFIG), 'bot.json.gz!/bot.json', id='gzip'
        ),
        pytest.param('bot.json.bz2', bz2.compress(CONFIG), 'bot.json.bz2!/bot.json', id='bzip2'),
        pytest.param('bot.json.xz', lzma.compress(CONFIG), 'bot.json.xz!/bot.json', id='xz'),
        pytest.param(
            'bot.json.gz',
            gzip.compress(CONFIG[:60]) + gzip.compress(CONFIG[60:]),
            'bot.json.gz!/bot.json',
            id='two gzip streams',
        ),
        pytest.param(
            'b.zip',
            zipped_rows([('in.tar.gz', tarred([('bot.json', CONFIG)], 'gz'))]),
            'b.zip!/in.tar.gz!/bot.json',
            id='nested',
        ),
        pytest.param(
            'b.tar',
            tarred([('../../etc/bot.json', CONFIG)]),
            'b.tar!/../../etc/bot.json',
            id='a path that leads out',
        ),
        pytest.param(
            'b.tar',
            tarred([('/etc/bot.json', CONFIG)]),
            'b.tar!/etc/bot.json',
            id='an absolute path',
        ),
        pytest.param(
            'b.tar',
            tarred([('x' * 140 + '/bot.json', CONFIG)]),
            f'b.tar!/{"x" * 140}/bot.json',
            id='a long name',
        ),
    ],
)
def test_found_with_member_and_line(name: str, data: bytes, container: str) -> None:
    assert found(name, data) == [('binance-credential', container, 3, 2)]
    assert errors(name, data) == []
    assert {finding.path for finding in scanned(name, data).findings} == {name}


def test_a_row_of_a_database_in_an_archive() -> None:
    key, secret = CONFIG.split(b'"')[9].decode(), CONFIG.split(b'"')[13].decode()
    data = zipped_rows(
        [('conf/bot.db', database(rows=(('kraken', '', ''), ('binance', key, secret))))]
    )
    assert found('backup.zip', data) == [
        ('binance-credential', 'backup.zip!/conf/bot.db!/api_keys[2].secret', 1, 2)
    ]


def test_the_fingerprint_is_that_of_the_value() -> None:
    carriers = (('a.json', CONFIG), ('a.zip', ZIP), ('b.gz', gzip.compress(CONFIG)))
    prints = {
        finding.fingerprint for name, data in carriers for finding in scanned(name, data).findings
    }
    assert len(prints) == 1


def test_a_weak_value_is_named_by_its_file_and_not_by_its_member() -> None:
    text = expand_recipes('MYSQL_PASSWORD=Tr4ding-{alnum:6}\n', 'weak').encode()
    pedantic = Config(severity='info', confidence='low')
    one, other = (
        scanned('a.zip', zipped_rows([(name, text)]), pedantic).findings
        for name in ('x/.env', 'y/.env')
    )
    assert [f.fingerprint for f in one] == [f.fingerprint for f in other]
    assert one


def test_links_devices_and_duplicates() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode='w') as archive:
        for kind in (
            tarfile.SYMTYPE,
            tarfile.LNKTYPE,
            tarfile.CHRTYPE,
            tarfile.FIFOTYPE,
            tarfile.DIRTYPE,
        ):
            entry = tarfile.TarInfo('bot.json')
            entry.type, entry.linkname = kind, '/etc/passwd'
            archive.addfile(entry)
        for data in (b'{}', CONFIG):
            entry = tarfile.TarInfo('bot.json')
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    assert found('a.tar', file.getvalue()) == [('binance-credential', 'a.tar!/bot.json', 3, 2)]
    assert errors('a.tar', file.getvalue()) == []


@pytest.mark.parametrize(
    ('name', 'data', 'words', 'is_found'),
    [
        pytest.param(
            'a.zip',
            patched(ZIP, b'PK\x01\x02', 24, struct.pack('<I', 5)),
            'a.zip!/conf/bot.json: its size',
            True,
            id='a size that lies',
        ),
        pytest.param(
            'a.zip',
            patched(ZIP, b'PK\x01\x02', 16, bytes(4)),
            'a.zip!/conf/bot.json: its size or checksum',
            True,
            id='a wrong checksum',
        ),
        pytest.param(
            'a.zip',
            patched(ZIP, b'PK\x01\x02', 8, b'\x01'),
            'a.zip!/conf/bot.json: encrypted',
            False,
            id='encrypted',
        ),
        pytest.param(
            'a.zip',
            patched(ZIP, b'PK\x01\x02', 10, b'\x09'),
            'method 9',
            False,
            id='a method that is not known',
        ),
        pytest.param(
            'a.zip',
            patched(ZIP, b'PK\x01\x02', 42, bytes(4)),
            'belong to another member',
            False,
            id='members that overlap',
        ),
        pytest.param(
            'a.zip',
            patched(ZIP, b'PK\x01\x02', 42, b'\x05'),
            'not where the directory says',
            False,
            id='a member that is elsewhere',
        ),
        pytest.param(
            'a.zip',
            patched(ZIP, b'PK\x01\x02', 0, b'XX'),
            'promises 2 members and holds 1',
            False,
            id='a directory that ends early',
        ),
        pytest.param('a.zip', ZIP[:-30], 'no directory', False, id='a zip that is cut off'),
        pytest.param(
            'a.json.gz', gzip.compress(CONFIG)[:-12], 'ends early', True, id='gzip that is cut off'
        ),
        pytest.param(
            'a.json.xz', lzma.compress(CONFIG)[:-40], 'ends early', True, id='xz that is cut off'
        ),
        pytest.param(
            'a.json.bz2',
            bz2.compress(CONFIG)[:-30] + bytes(30),
            'broken',
            False,
            id='bzip2 that is broken',
        ),
        pytest.param(
            'a.tar',
            tarred([('bot.json', CONFIG * 4)])[:1000],
            'in the middle of it',
            True,
            id='tar that is cut off',
        ),
        pytest.param(
            'a.tar',
            tarred([('a', CONFIG)]).replace(b'a', b'b', 1),
            'header of the archive is broken',
            False,
            id='a wrong sum',
        ),
    ],
)
def test_damage_is_named(name: str, data: bytes, words: str, is_found: bool) -> None:
    assert any(words in error for error in errors(name, data)), errors(name, data)
    assert any(rule == 'binance-credential' for rule, *_ in found(name, data)) is is_found


@pytest.mark.parametrize('is_large', [False, True], ids=['zip', 'zip64'])
def test_the_last_part_of_a_split_archive_says_once_what_lies_elsewhere(is_large: bool) -> None:
    data = zipped_rows(
        [(f'{number}.txt', b'in another part') for number in range(20)] + [('bot.json', CONFIG)]
    )
    data = patched(data, b'PK\x05\x06', 4, struct.pack('<H', 3))
    data = patched(data, b'PK\x01\x02', 34, struct.pack('<H', 3))
    if is_large:
        end = data.rfind(b'PK\x05\x06')
        size, offset = struct.unpack_from('<II', data, end + 12)
        large = struct.pack('<4sQ2H2I4Q', b'PK\x06\x06', 44, 45, 45, 3, 3, 21, 21, size, offset)
        data = (
            data[:end]
            + large
            + data[end : end + 4]
            + struct.pack('<4H2IH', 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
        )
    assert found('a.zip', data) == [('binance-credential', 'a.zip!/bot.json', 3, 2)]
    assert errors('a.zip', data) == [
        'a part of a split archive: 20 of its members begin in other parts and were not looked at'
    ]


@pytest.mark.parametrize(
    ('name', 'data', 'limits', 'words'),
    [
        pytest.param(
            'a.gz',
            gzip.compress(bytes(40_000_000)),
            {},
            'grows more than 250 times',
            id='a bomb of zeros',
        ),
        pytest.param(
            'a.zip',
            zipped_rows([('a', bytes(40_000_000))]),
            {},
            'grows more than 250 times',
            id='the same in a zip',
        ),
        pytest.param('a.zip', ZIP, {'total': 100}, 'MB come out of it', id='too many bytes'),
        pytest.param('a.zip', ZIP, {'members': 1}, 'more than 1 members', id='too many members'),
        pytest.param('a.zip', ZIP, {'seconds': -1}, 'takes more than -1 s', id='no time'),
        pytest.param(
            'a.zip', ZIP, {'member': 50}, 'only the beginning', id='a member that is too large'
        ),
        pytest.param(
            'a.tar',
            tarred([('bot.json', CONFIG)]),
            {'member': 50},
            'only the beginning',
            id='the same in a tar',
        ),
        pytest.param(
            'a.gz',
            gzip.compress(CONFIG),
            {'member': 50},
            'only the beginning',
            id='the same in gzip',
        ),
        pytest.param(
            'a.zip',
            zipped_rows([('b.zip', zipped_rows([('c.zip', ZIP)]))]),
            {'depth': 2},
            'c.zip: nested more than 2 deep',
            id='too deep',
        ),
        pytest.param(
            'a.zip',
            zipped_rows([('b.zip', ZIP)]),
            {'held': 10},
            'too large to keep',
            id='too much to keep',
        ),
    ],
)
def test_limits_are_named(name: str, data: bytes, limits: dict[str, float], words: str) -> None:
    containers, told = limited(name, data, **limits)
    assert containers == []
    assert [error for error in told if words in error], told


def test_members_come_one_after_another() -> None:
    """The first member is there before the limit that the second one breaks."""
    rows = list(walk_members('a.zip', ZIP, Limits(members=1)))
    assert [type(row) for row in rows] == [LocatedMember, Failure]


def test_what_is_held_is_given_back() -> None:
    budget = Budget(Limits(held=10))
    assert budget.hold(10)
    assert not budget.hold(1)
    budget.release(10)
    assert budget.hold(1)
    with pytest.raises(BudgetExceededError, match='texts'):
        Budget(Limits(member=1)).write(2)


def test_on_the_command_line(keylint: Run, repository: Repository) -> None:
    (repository.folder / 'backup.zip').write_bytes(ZIP)
    (repository.folder / 'locked.zip').write_bytes(patched(ZIP, b'PK\x01\x02', 8, b'\x01'))
    repository.git('add', '-A')
    staged = keylint('scan', '--staged', cwd=repository.folder)
    assert staged.returncode == 2
    assert 'in backup.zip!/conf/bot.json' in staged.stdout
    assert 'locked.zip!/conf/bot.json: encrypted' in staged.stdout
    repository.commit()
    repository.git('rm', '-q', 'backup.zip', 'locked.zip')
    repository.commit('remove')
    past = keylint('scan', '--history', '--format', 'json', cwd=repository.folder)
    assert '"container": "backup.zip!/conf/bot.json"' in past.stdout
    assert 'encrypted' in past.stdout
    assert past.returncode == 2
    assert sorted(path.name for path in repository.folder.iterdir()) == ['.git']


def test_the_plan_drops_the_archive(keylint: Run, repository: Repository) -> None:
    (repository.folder / 'backup.zip').write_bytes(ZIP)
    repository.commit()
    done = keylint('publish', str(repository.folder), '--plan', 'plan')
    assert done.returncode in (0, 1), done.stderr
    assert 'backup.zip' in done.stdout
