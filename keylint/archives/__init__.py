"""Containers: blobs that hold others, such as archives, databases, bytecode, mail and pictures.

The tables here say by which bytes or file endings each kind is known. The module of a kind has
`members(name, data, budget)`, which yields its members one by one, and what could not be read.
`walk` descends into nested containers. None of these modules is imported for a plain blob.
"""

from __future__ import annotations

from collections.abc import Callable

_SQLITE = b'SQLite format 3\x00'
# Of zlib at its levels; the fourth, `x^`, is text.
_ZLIB_HEADS = (b'x\x01', b'x\x9c', b'x\xda')
# The first two bytes of all magic numbers. For most blobs this is the only check.
_FIRST_BYTES = frozenset(
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
        *_ZLIB_HEADS,
    )
)
_MAGIC_NUMBERS = (
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
# Formats without a magic number are known by their file ending.
_KIND_BY_ENDING = {
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
_ENDINGS = tuple(f'.{ending}' for ending in _KIND_BY_ENDING)
# File endings of containers that take long to read, whatever they are known by.
SLOW_CONTAINER_ENDINGS = (
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
_TAR_MAGIC, _TAR_MAGIC_OFFSET, _TAR_BLOCK_BYTES = b'ustar', 257, 512
_TEXT_SAMPLE_BYTES = 512
# The end record of a zip archive with its longest comment.
_ZIP_TAIL_BYTES = 66_000
_TEXT_KINDS = ('mail', 'dump', 'passwords')

# Kind of container → module of this package.
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


def identify_container(path: str, data: bytes) -> str | None:
    """Identify the kind of container that a blob is; None for nearly all."""
    if data[:2] in _FIRST_BYTES:
        for magic, kind in _MAGIC_NUMBERS:
            if data.startswith(magic):
                return kind
        if data[:2] in _ZLIB_HEADS and _is_zlib(data):
            return 'zlib'
    if data[_TAR_MAGIC_OFFSET : _TAR_MAGIC_OFFSET + 5] == _TAR_MAGIC:
        return 'tar'
    return _identify_by_ending(path, data) if path.endswith(_ENDINGS) else None


def _identify_by_ending(path: str, data: bytes) -> str | None:
    kind = _KIND_BY_ENDING[path.rsplit('.', 1)[1]]
    if kind == 'pickle':
        return _identify_pickle(data)
    return kind if _IS_KIND[kind](data) else None


def _identify_pickle(data: bytes) -> str | None:
    """Tell a pickle of protocol 0 or 1 from a compressed one, as joblib writes it."""
    if data[:1] == b'x' and len(data) > 2 and not int.from_bytes(data[:2], 'big') % 31:
        return 'zlib'
    return 'pickle' if data and data[:1] in b'(}]lcd' else None


def _is_zlib(data: bytes) -> bool:
    from zlib import decompressobj, error  # noqa: PLC0415 - only for what begins like one

    try:
        return bool(decompressobj().decompress(data[:_TEXT_SAMPLE_BYTES], 1))
    except error:
        return False


def _has_page_values(data: bytes) -> bool:
    from keylint.archives.markup import has_values  # noqa: PLC0415 - only for pages

    return has_values(data)


def _has_hex_values(data: bytes) -> bool:
    return b'h\x00e\x00x\x00' in data or b'=hex' in data


def _is_text(data: bytes) -> bool:
    return b'\x00' not in data[:_TEXT_SAMPLE_BYTES]


# What the content must look like where only the file ending says the kind.
_IS_KIND: dict[str, Callable[[bytes], bool]] = {
    'bytecode': lambda data: data[2:4] == b'\r\n',
    'zip': lambda data: b'PK\x05\x06' in data[-_ZIP_TAIL_BYTES:],
    'tar': lambda data: len(data) >= _TAR_BLOCK_BYTES,
    'markup': _has_page_values,
    'registry': _has_hex_values,
    'xz': lambda data: data.startswith(b']\x00\x00'),
    **dict.fromkeys(_TEXT_KINDS, _is_text),
}
