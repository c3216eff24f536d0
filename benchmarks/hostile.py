"""Input made to hurt: what each costs a real `keylint scan`. The table of docs/reliability.md.

    python benchmarks/hostile.py [--only WORD] [--keylint COMMAND]

Each case is built in a temporary folder and scanned by a process of its own: seconds, peak memory
(what the system says of the child), exit code, the first failure that it names. Fails when a
process takes more than 600 MB or more than its seconds, ends by a signal, or says nothing of what
it did not read. Needs 2 GB of temporary space.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import json
import lzma
import marshal
import os
import random
import shutil
import sqlite3
import struct
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from keylint.rules.recipes import expand_recipes

_MOST_MEMORY = 600
_MB = 1 << 20
Made = Callable[[Path], None]


class Case(NamedTuple):
    """A hostile file, or several.

    How it is built in a folder, the seconds that it may take, and whether something of it must be
    named as unread.
    """

    make: Made
    seconds: float = 20.0
    is_cut: bool = True


class Cost(NamedTuple):
    """What a process took."""

    seconds: float
    megabytes: float
    code: int
    findings: int
    why: str


def noise(size: int, seed: str) -> bytes:
    return random.Random(f'keylint/{seed}').randbytes(size)


def filled(
    folder: Path, name: str, piece: bytes, size: int, head: bytes = b'', tail: bytes = b''
) -> None:
    """Return a file of so many bytes of a repeated piece."""
    block = piece * max(1, _MB // len(piece))
    with open(folder / name, 'wb') as file:
        file.write(head)
        for _ in range(size // len(block)):
            file.write(block)
        file.write(tail)


# Archives


def deflated(piece: bytes, count: int) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b''.join([*(machine.compress(piece) for _ in range(count)), machine.flush()])


def raw_zip(rows: Sequence[tuple[str, int, bytes, int, int]], is_shared: bool = False) -> bytes:
    """Return an archive by hand: name, flags, packed bytes, claimed checksum, claimed size.

    With `is_shared` all entries point at one member.
    """
    body, directory = b'', b''
    for number, (name, flags, packed, checksum, size) in enumerate(rows):
        offset = 0 if is_shared else len(body)
        if not number or not is_shared:
            head = struct.pack(
                '<4s5H3I2H',
                b'PK\x03\x04',
                20,
                flags,
                8,
                0,
                0,
                checksum,
                len(packed),
                size,
                len(name),
                0,
            )
            body += head + name.encode() + packed
        fields = (
            20,
            20,
            flags,
            8,
            0,
            0,
            checksum,
            len(packed),
            size,
            len(name),
            0,
            0,
            0,
            0,
            0,
            offset,
        )
        directory += struct.pack('<4s6H3I5H2I', b'PK\x01\x02', *fields) + name.encode()
    return (
        body
        + directory
        + struct.pack(
            '<4s4H2IH', b'PK\x05\x06', 0, 0, len(rows), len(rows), len(directory), len(body), 0
        )
    )


def zip_classic(folder: Path) -> None:
    packed = deflated(bytes(_MB), 1024)
    (folder / 'a.zip').write_bytes(
        raw_zip([(f'{number}.txt', 0, packed, 0, 1 << 30) for number in range(16)])
    )


def zip_nested(folder: Path) -> None:
    data = gzip.compress(bytes(_MB), mtime=0)
    for level in range(6):
        file = io.BytesIO()
        with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as archive:
            for number in range(16):
                archive.writestr(f'{level}-{number}.zip' if level else f'{number}.gz', data)
        data = file.getvalue()
    (folder / 'a.zip').write_bytes(data)


def zip_overlapping(folder: Path) -> None:
    packed = deflated(bytes(_MB), 64)
    (folder / 'a.zip').write_bytes(
        raw_zip(
            [(f'{number}.txt', 0, packed, 0, 64 * _MB) for number in range(60_000)], is_shared=True
        )
    )


def zip_lying(folder: Path) -> None:
    text = deflated(b'key = value\n', 1)
    rows = [
        ('small.txt', 0, text, 1, 1),
        ('large.txt', 0, text, 0, 0xFFFFFFF0),
        ('secret.txt', 1, noise(100, 'zip'), 0, 100),
    ]
    (folder / 'a.zip').write_bytes(raw_zip(rows))
    (folder / 'many.zip').write_bytes(
        raw_zip([(f'{number}.txt', 0, text, 0, 12) for number in range(60_000)])
    )


def zip_text(folder: Path) -> None:
    """All that limits allow, as text in which every line wakes the gate."""
    lines = b''.join(
        b'api_key = "%s"  # %s\n'
        % (noise(8, f'zip text/{n}').hex().encode(), b'words and words ' * 10)
        for n in range(4 * _MB // 200)
    )
    packed = deflated(lines, 15)
    (folder / 'a.zip').write_bytes(
        raw_zip([(f'{number}.py', 0, packed, 0, 60 * _MB) for number in range(8)])
    )


def tar_members(folder: Path) -> None:
    rows: list[tuple[str, bytes, str]] = [
        ('/etc/absolute', tarfile.REGTYPE, ''),
        ('../../above', tarfile.REGTYPE, ''),
        ('link', tarfile.SYMTYPE, '/etc/passwd'),
        ('hard', tarfile.LNKTYPE, '/etc/shadow'),
        ('device', tarfile.CHRTYPE, ''),
        ('block', tarfile.BLKTYPE, ''),
        ('pipe', tarfile.FIFOTYPE, ''),
        *[('twice', tarfile.REGTYPE, '')] * 100,
    ]
    with tarfile.open(folder / 'a.tar', 'w') as archive:
        for name, kind, target in rows:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname, entry.size = (
                kind,
                target,
                5 if kind == tarfile.REGTYPE else 0,
            )
            archive.addfile(entry, io.BytesIO(b'a = 1') if entry.size else None)
    data = (folder / 'a.tar').read_bytes()
    (folder / 'cut.tar').write_bytes(data[:1200])


def tar_bomb(folder: Path) -> None:
    with gzip.open(folder / 'a.tgz', 'wb', 9) as file:
        entry = tarfile.TarInfo('zeros')
        entry.size = 4096 * _MB
        file.write(entry.tobuf())
        for _ in range(4096):
            file.write(bytes(_MB))


def streams(folder: Path) -> None:
    text = noise(200_000, 'streams').hex().encode()
    for name, packed in (
        ('a.gz', gzip.compress(text, mtime=0)),
        ('a.bz2', bz2.compress(text)),
        ('a.xz', lzma.compress(text)),
    ):
        (folder / f'cut-{name}').write_bytes(packed[: len(packed) // 2])
        (folder / f'flipped-{name}').write_bytes(
            packed[:5000] + bytes(255 - byte for byte in packed[5000:5100]) + packed[5100:]
        )
        (folder / f'padded-{name}').write_bytes(packed + noise(10_000, name))
    (folder / 'window.xz').write_bytes(
        lzma.compress(
            b'x', format=lzma.FORMAT_XZ, filters=[{'id': lzma.FILTER_LZMA2, 'dict_size': 1 << 30}]
        )
    )
    (folder / 'bomb.bz2').write_bytes(bz2.compress(bytes(_MB)) * 3000)
    (folder / 'bomb.xz').write_bytes(lzma.compress(bytes(256 * _MB)) * 8)


# Databases and programs


def databases(folder: Path) -> None:
    connection = sqlite3.connect(folder / 'schema.db')
    connection.executescript("""
        CREATE TABLE api_keys
          (id INTEGER PRIMARY KEY, key TEXT, made TEXT AS (zeroblob(900000000)) VIRTUAL);
        INSERT INTO api_keys (id, key) VALUES (1, 'x'), (2, 'y');
        CREATE VIEW forever AS
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
        CREATE VIEW crossed AS SELECT * FROM api_keys a, api_keys b, forever c, forever d;
        CREATE TRIGGER t AFTER INSERT ON api_keys BEGIN SELECT load_extension('x'); END;
        CREATE VIRTUAL TABLE words USING fts5(body);
        PRAGMA writable_schema = ON;
        UPDATE sqlite_master
          SET sql = 'CREATE TABLE words_data(id, block AS (randomblob(1000000000)))'
          WHERE name = 'words_data';
        INSERT INTO sqlite_master
          VALUES ('table', 'loop', 'api_keys', 2, 'CREATE TABLE loop (a, b, c)');
    """)
    connection.commit()
    connection.close()
    data = bytearray((folder / 'schema.db').read_bytes())
    data[28:32], data[92:96] = b'\xff\xff\xff\xf0', data[24:28]
    (folder / 'pages.db').write_bytes(data)
    (folder / 'noise.db').write_bytes(data[:100] + noise(len(data) - 100, 'pages'))


def database_large(folder: Path) -> None:
    connection = sqlite3.connect(folder / 'rows.db')
    connection.execute('CREATE TABLE api_keys (exchange TEXT, key TEXT, secret TEXT)')
    rows = (('kraken', f'{number:056x}', f'{number:088x}') for number in range(700_000))
    connection.executemany('INSERT INTO api_keys VALUES (?, ?, ?)', rows)
    connection.commit()
    connection.close()


def pickles(folder: Path) -> None:
    """Build lists of lists by memo, millions of values, and a string longer than its file."""
    laughs = (
        b'\x80\x04]'
        + b'q\x00'
        + b''.join(b'](h%ch%ch%ch%ce' % ((n, n) * 2) + b'q%c' % (n + 1) for n in range(200))
        + b'.'
    )
    (folder / 'laughs.pkl').write_bytes(laughs)
    (folder / 'dup.pkl').write_bytes(b'\x80\x04](' + b'2' * (60 * _MB) + b'e.')
    (folder / 'texts.pkl').write_bytes(b'\x80\x04](' + b'\x8c\x01a\x94' * (15 * _MB) + b'e.')
    (folder / 'long.pkl').write_bytes(b'\x80\x04\x8d' + (1 << 62).to_bytes(8, 'little') + b'x')
    (folder / 'deep.pkl').write_bytes(b'\x80\x04' + b']' * _MB + b'a' * _MB + b'.')
    (folder / 'itself.pkl').write_bytes(b'\x80\x04}q\x00\x8c\x01ah\x00s.')


def bytecode(folder: Path) -> None:
    """Tuples that refer to themselves and to each other, and sizes that nobody has."""
    head = bytes.fromhex('a70d0d0a') + bytes(12)
    (folder / 'itself.pyc').write_bytes(head + b'\xa9\x02r\x00\x00\x00\x00r\x00\x00\x00\x00')
    doubled = b'\xa9\x01N' + b''
    for number in range(60):
        doubled = b'\xa9\x02' + doubled + b'r' + struct.pack('<i', number)
    (folder / 'laughs.pyc').write_bytes(head + doubled)
    (folder / 'size.pyc').write_bytes(head + b'(\xff\xff\xff\x7f' + b'N' * (30 * _MB))
    (folder / 'many.pyc').write_bytes(head + b'(' + struct.pack('<i', 30 * _MB) + b'N' * (30 * _MB))
    (folder / 'deep.pyc').write_bytes(head + b'\xa9\x01' * (10 * _MB))
    (folder / 'code.pyc').write_bytes(
        head
        + marshal.dumps(compile('\n'.join(f"k{n} = 'v{n}'" for n in range(60_000)), 'n', 'exec'))
    )


# Documents


def yaml_bomb(folder: Path) -> None:
    lines = ['api_key: &a0 [x, x, x, x, x, x, x, x, x, x]', 'permissions: [read]']
    lines += [
        f'key{number + 1}: &a{number + 1} [{", ".join([f"*a{number}"] * 10)}]'
        for number in range(30)
    ]
    (folder / 'a.yaml').write_text('\n'.join(lines))
    (folder / 'deep.yaml').write_text('permissions: ' + '[' * 100_000 + ']' * 100_000)
    (folder / 'wide.yaml').write_text('keys:\n' + '- {permissions: read, secret: a}\n' * 200_000)
    (folder / 'merge.yaml').write_text(
        'a: &a {permissions: read}\n' + 'b: {<<: [' + '*a, ' * 100_000 + ']}\n'
    )


def json_deep(folder: Path) -> None:
    (folder / 'a.json').write_text(
        '{"permissions": ' + '[' * 100_000 + '"read"' + ']' * 100_000 + '}'
    )
    (folder / 'b.json').write_text('{"api_key":' * 100_000 + '1' + '}' * 100_000)
    (folder / 'open.json').write_text('{"permissions": [' * 100_000)


def toml_large(folder: Path) -> None:
    filled(
        folder,
        'a.toml',
        b'[[keys]]\napi_key = "not-one"\npermissions = ["read", "trade"]\n',
        100 * _MB,
    )


def ini_large(folder: Path) -> None:
    filled(folder, 'a.ini', b'[exchange]\napi_key = ${API_KEY}\nwithdraw = yes\n', 100 * _MB)


def notebook(folder: Path) -> None:
    cell = (
        b'{"cell_type":"code","metadata":{},"outputs":[],'
        b'"source":["api_key = os.environ[\\"KEY\\"]\\n"]},\n'
    )
    filled(
        folder,
        'a.ipynb',
        cell,
        1_000_000 * len(cell),
        b'{"cells":[',
        b'{}],"metadata":{},"nbformat":4,"nbformat_minor":5}',
    )


def parentheses(folder: Path) -> None:
    key = expand_recipes(
        'import ccxt\nx = ccxt.kraken({{"apiKey": "{base64:42}", "secret": "{base64:64}"}})\n',
        'hostile/parentheses',
    )
    (folder / 'a.py').write_text(key + 'y = ' + '(' * 10_000 + '1' + ')' * 10_000 + '\n')
    (folder / 'b.py').write_text(key + 'y = ' + '-' * 100_000 + '1\n')
    (folder / 'c.py').write_text(key + 'y = ' + 'x.withdraw(' * 5_000 + ')' * 5_000 + '\n')
    (folder / 'd.py').write_text(key + 'y = ' + '+'.join(['"a"'] * 100_000) + '\n')


# Large files


def line_500(folder: Path) -> None:
    filled(folder, 'a.txt', b'api_key=abc,', 500 * _MB)


def line_250(folder: Path) -> None:
    filled(folder, 'a.txt', b'api_key=abc,', 250 * _MB)


def line_words(folder: Path) -> None:
    filled(folder, 'a.js', b'var key="value";', 250 * _MB)


def line_values(folder: Path) -> None:
    """Return one line of things that look like values behind a telling name.

    Every byte is the end of one.
    """
    filled(folder, 'a.js', b'key=%s;' % noise(24, 'values').hex().encode(), 250 * _MB)


def line_keys(folder: Path) -> None:
    """Three million different values behind names that promise secrets, in one line."""
    digits = noise(1 << 20, 'line_keys').hex()
    with open(folder / 'a.env', 'w') as file:
        for number in range(3_000_000):
            first = number * 7919 % (len(digits) - 56)
            file.write(f'KRAKEN_API_SECRET_{number}={digits[first : first + 56]} ')


def lines_of_keys(folder: Path) -> None:
    """As many different leaks as fit into 8 MB."""
    text = expand_recipes('BINANCE_API_SECRET={alnum:64}\n' * 90_000, 'hostile/keys')
    (folder / 'a.env').write_text(text)


def wide(folder: Path) -> None:
    filled(folder, 'a.txt', 'api_key=abc\n'.encode('utf-16-le'), 250 * _MB, b'\xff\xfe')


def zeros(folder: Path) -> None:
    filled(folder, 'a.bin', bytes(1000), 250 * _MB)


def table(folder: Path) -> None:
    filled(
        folder,
        'a.csv',
        b'kraken,not-a-key,not-a-secret\n',
        250 * _MB,
        b'exchange,api_key,api_secret\n',
    )


def many_files(folder: Path) -> None:
    for number in range(20_000):
        (folder / f'{number}.env').write_text(f'API_KEY=${{KEY_{number}}}\n')


def sparse(folder: Path) -> None:
    with open(folder / 'a.txt', 'wb') as file:
        file.truncate(1 << 40)


CASES: dict[str, Case] = {
    'zip bomb: 16 members of 1 GB': Case(zip_classic),
    'zip bomb: six levels of 16': Case(zip_nested),
    'zip bomb: 60,000 names for one member': Case(zip_overlapping),
    'zip: lying sizes, encrypted, 60,000 members': Case(zip_lying, 60),
    'zip: 480 MB of text that wakes the gate': Case(zip_text, 180),
    'tar: absolute, .., links, devices, twice, cut off': Case(tar_members),
    'tar.gz bomb: a member of 4 GB': Case(tar_bomb),
    'gz, bz2, xz: cut, flipped, padded, bombs, 1 GB window': Case(streams, 60),
    'SQLite: views, triggers, virtual, generated, page counts': Case(databases),
    'SQLite: 700,000 rows': Case(database_large, 120, False),
    'pickle: memo bombs, 60 million values, depth': Case(pickles, 120),
    'bytecode: cycles, sizes, depth, 60,000 names': Case(bytecode, 60),
    'YAML: alias bomb, 100,000 deep, 200,000 keys, merges': Case(yaml_bomb, 60),
    'JSON: nested 100,000 deep': Case(json_deep),
    'TOML of 100 MB': Case(toml_large, 90),
    'INI of 100 MB': Case(ini_large, 90),
    'notebook: a million cells': Case(notebook, 90, False),
    'Python: 10,000 parentheses, 100,000 signs and terms': Case(parentheses, 30, False),
    'a line of 500 MB': Case(line_500),
    'a line of 250 MB': Case(line_250, 60, False),
    'a line of 250 MB of assignments': Case(line_words, 60, False),
    'a line of 250 MB of values behind names': Case(line_values, 600),
    'a line of 250 MB of three million secrets': Case(line_keys, 180),
    '90,000 leaks in 8 MB': Case(lines_of_keys, 240),
    'UTF-16 of 250 MB': Case(wide, 60, False),
    'zeros of 250 MB': Case(zeros, 20, False),
    'a table of 250 MB': Case(table, 60, False),
    '20,000 files': Case(many_files, 60, False),
    'a sparse file of 1 TB': Case(sparse),
}


def scanned(command: Sequence[str], folder: Path) -> Cost:
    """One scan of a folder as a process: its seconds, its memory, what it said."""
    report = folder.parent / 'report.json'
    report.unlink(missing_ok=True)
    started = time.perf_counter()
    with open(folder.parent / 'talk', 'wb') as talk:
        arguments = [
            *command,
            'scan',
            str(folder),
            '--isolated',
            '--no-progress',
            '--format',
            'json',
            '--output',
            str(report),
        ]
        actions = [(os.POSIX_SPAWN_DUP2, talk.fileno(), 1), (os.POSIX_SPAWN_DUP2, talk.fileno(), 2)]
        process = os.posix_spawn(arguments[0], arguments, os.environ, file_actions=actions)
        _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    document = (
        json.loads(report.read_bytes()) if report.exists() else {'findings': [], 'failures': []}
    )
    said = (folder.parent / 'talk').read_text(errors='replace').strip().split('\n')[-1]
    why = (
        f'{len(document["failures"])}: {document["failures"][0]["error"]}'
        if document['failures']
        else said
    )
    return Cost(
        seconds,
        usage.ru_maxrss / 1024,
        os.waitstatus_to_exitcode(status),
        len(document['findings']),
        why,
    )


def made(case: Case, folder: Path) -> None:
    """Build the files in another process.

    What this one has used would count for the scans that it starts.
    """
    process = os.fork()
    if not process:
        code = 1
        try:
            case.make(folder)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(process, 0)[1]:
        raise SystemExit(f'{case.make.__name__}: could not be built')


def broken(case: Case, cost: Cost) -> Iterator[str]:
    """Yield what a case promised and did not keep."""
    if cost.megabytes > _MOST_MEMORY:
        yield f'more than {_MOST_MEMORY} MB'
    if cost.seconds > case.seconds:
        yield f'more than {case.seconds:g} s'
    if cost.code not in (0, 1, 2):
        yield f'ended with {cost.code}'
    if case.is_cut and cost.code != 2:
        yield 'nothing is named as unread'
    if 'Error: ' in cost.why:
        yield 'an accident'


def main() -> int:
    parser = argparse.ArgumentParser(description='Scan input made to hurt.')
    parser.add_argument('--only', default='', help='cases whose name holds this')
    parser.add_argument(
        '--keylint',
        default='',
        help='the command to measure; this Python with -m keylint if not given',
    )
    wanted = parser.parse_args()
    command = (
        [shutil.which(wanted.keylint) or wanted.keylint]
        if wanted.keylint
        else [sys.executable, '-m', 'keylint']
    )
    os.environ['PYTHONPATH'] = os.pathsep.join(
        [str(Path(__file__).parent.parent), os.environ.get('PYTHONPATH', '')]
    )
    print(
        f'{"case":<58} {"s":>6} {"MB":>5} {"code":>4} {"found":>6}  '
        'first of what it could not read',
        flush=True,
    )
    bad = 0
    for name, case in CASES.items():
        if wanted.only not in name:
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / 'tree'
            folder.mkdir()
            made(case, folder)
            cost = scanned(command, folder)
        complaints = list(broken(case, cost))
        bad += bool(complaints)
        print(
            f'{name:<58} {cost.seconds:>6.1f} {cost.megabytes:>5.0f} {cost.code:>4} '
            f'{cost.findings:>6}  {cost.why[:100]}'
            + (f'  BROKEN: {", ".join(complaints)}' if complaints else ''),
            flush=True,
        )
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
