"""Blobs that hold other blobs: archives, databases, bytecode, pickles. The table says by which bytes or endings each is known.

A carrier's module has `members(name, data, budget)`, which yields its members one after another and what could not be read. `walk` goes
through carriers in carriers. Nothing here is imported for a blob that is no carrier.
"""

from __future__ import annotations

_SQLITE = b'SQLite format 3\x00'
# The first two bytes of every carrier that begins with bytes of its own: the only thing that most blobs are asked.
_FIRST = frozenset((b'PK', b'\x1f\x8b', b'BZ', b'\xfd7', b'(\xb5', b'SQ', b'\x80\x02', b'\x80\x03', b'\x80\x04', b'\x80\x05', b'\x93N'))
_MAGIC = (
    (b'PK\x03\x04', 'zip'),
    (b'PK\x05\x06', 'zip'),
    (b'PK\x07\x08', 'zip'),
    (b'\x1f\x8b\x08', 'gzip'),
    (b'BZh', 'bzip2'),
    (b'\xfd7zXZ\x00', 'xz'),
    (b'(\xb5/\xfd', 'zstd'),
    (_SQLITE, 'sqlite'),
    (b'\x80\x02', 'pickle'),
    (b'\x80\x03', 'pickle'),
    (b'\x80\x04', 'pickle'),
    (b'\x80\x05', 'pickle'),
    (b'\x93NUMPY', 'pickle'),
)
# Where the first bytes are free, the name has to say it.
_ENDINGS = ('.pyc', '.pyo', '.pkl', '.pickle', '.tar', '.jar', '.whl', '.pyz', '.zip')
_BY_ENDING = {
    'pyc': 'bytecode', 'pyo': 'bytecode', 'pkl': 'pickle', 'pickle': 'pickle', 'tar': 'tar',
    'jar': 'zip', 'whl': 'zip', 'pyz': 'zip', 'zip': 'zip',
}  # fmt: skip
# What must stand in a blob that only its name calls a carrier.
_TAR_MARK, _TAR_AT = b'ustar', 257
_HEADER = 512

# Kind of carrier → module of this package.
MODULES = {
    'zip': 'zip', 'tar': 'tar', 'gzip': 'streams', 'bzip2': 'streams', 'xz': 'streams', 'zstd': 'streams', 'sqlite': 'sqlite',
    'bytecode': 'bytecode', 'pickle': 'pickles',
}  # fmt: skip


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
    return kind if data and data[:1] in b'(}]lcd' else None
