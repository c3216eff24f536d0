"""Blobs that hold other blobs: archives, databases, bytecode, pickles, mail, pictures. The table says by which bytes or endings each is known.

A carrier's module has `members(name, data, budget)`, which yields its members one after another and what could not be read. `walk` goes
through carriers in carriers. Nothing here is imported for a blob that is no carrier.
"""

from __future__ import annotations

_SQLITE = b'SQLite format 3\x00'
# The first two bytes of every carrier that begins with bytes of its own: the only thing that most blobs are asked.
_FIRST = frozenset(
    (
        b'PK',
        b'\x1f\x8b',
        b'BZ',
        b'\xfd7',
        b'(\xb5',
        b'SQ',
        b'7\x7f',
        b'\x80\x02',
        b'\x80\x03',
        b'\x80\x04',
        b'\x80\x05',
        b'\x93N',
        b'\x89P',
        b'\xff\xd8',
        b'%P',
        b'7z',
        b'Ra',
    )
)
_MAGIC = (
    (b'PK\x03\x04', 'zip'),
    (b'PK\x05\x06', 'zip'),
    (b'PK\x07\x08', 'zip'),
    (b'\x1f\x8b\x08', 'gzip'),
    (b'BZh', 'bzip2'),
    (b'\xfd7zXZ\x00', 'xz'),
    (b'(\xb5/\xfd', 'zstd'),
    (_SQLITE, 'sqlite'),
    (b'7\x7f\x06\x82', 'wal'),
    (b'7\x7f\x06\x83', 'wal'),
    (b'\x80\x02', 'pickle'),
    (b'\x80\x03', 'pickle'),
    (b'\x80\x04', 'pickle'),
    (b'\x80\x05', 'pickle'),
    (b'\x93NUMPY', 'pickle'),
    (b'\x89PNG\r\n\x1a\n', 'image'),
    (b'\xff\xd8\xff', 'image'),
    (b'%PDF-', 'pdf'),
    (b"7z\xbc\xaf'\x1c", 'sealed'),
    (b'Rar!\x1a\x07', 'sealed'),
)
# Where the first bytes are free, the name has to say it.
_BY_ENDING = {
    'pyc': 'bytecode',
    'pyo': 'bytecode',
    'pkl': 'pickle',
    'pickle': 'pickle',
    'joblib': 'pickle',
    'tar': 'tar',
    'lzma': 'xz',
    'jar': 'zip',
    'whl': 'zip',
    'pyz': 'zip',
    'zip': 'zip',
    'eml': 'mail',
    'mbox': 'mail',
    'mbx': 'mail',
    'reg': 'registry',
    'sql': 'dump',
    'pgpass': 'passwords',
    'html': 'markup',
    'htm': 'markup',
}
_ENDINGS = tuple(f'.{ending}' for ending in _BY_ENDING)
# How archives and kin are called, whatever tells them: it takes long to look into them.
ARCHIVES = (
    '.whl',
    '.zip',
    '.jar',
    '.gz',
    '.tgz',
    '.bz2',
    '.xz',
    '.zst',
    '.tar',
    '.pkl',
    '.pickle',
    '.pdf',
    '.db',
    '.sqlite',
    '.png',
    '.jpg',
)
# What must stand in a blob that only its name calls a carrier.
_TAR_MARK, _TAR_AT = b'ustar', 257
_HEADER = 512
_TEXTS = ('mail', 'dump', 'passwords')

# Kind of carrier → module of this package.
MODULES = {
    'zip': 'zip',
    'tar': 'tar',
    'gzip': 'streams',
    'bzip2': 'streams',
    'xz': 'streams',
    'zstd': 'streams',
    'zlib': 'streams',
    'sqlite': 'sqlite',
    'wal': 'wal',
    'bytecode': 'bytecode',
    'pickle': 'pickles',
    'mail': 'mail',
    'registry': 'registry',
    'dump': 'dump',
    'passwords': 'passwords',
    'image': 'images',
    'pdf': 'pdf',
    'markup': 'markup',
    'sealed': 'sealed',
}


def kind_of(path: str, data: bytes) -> str | None:
    """The kind of carrier that a blob is, None for nearly all."""
    if data[:2] in _FIRST:
        for magic, kind in _MAGIC:
            if data.startswith(magic):
                return kind
    if data[_TAR_AT : _TAR_AT + 5] == _TAR_MARK:
        return 'tar'
    return _named(path, data) if path.endswith(_ENDINGS) else None


def _named(path: str, data: bytes) -> str | None:
    kind = _BY_ENDING[path.rsplit('.', 1)[1]]
    if kind == 'bytecode':
        return kind if data[2:4] == b'\r\n' else None
    if kind == 'zip':
        return kind if b'PK\x05\x06' in data[-66_000:] else None
    if kind == 'tar':
        return kind if len(data) >= _HEADER else None
    if kind == 'markup':
        from keylint.archives.markup import has_values  # noqa: PLC0415 - only for pages

        return kind if has_values(data) else None
    if kind == 'registry':
        return kind if b'h\x00e\x00x\x00' in data or b'=hex' in data else None
    if kind == 'xz':
        return kind if data.startswith(b']\x00\x00') else None
    if kind in _TEXTS:
        return kind if b'\x00' not in data[:_HEADER] else None
    if data[:1] == b'x' and len(data) > 2 and not int.from_bytes(data[:2], 'big') % 31:
        return 'zlib'  # as joblib writes it
    return kind if data and data[:1] in b'(}]lcd' else None
