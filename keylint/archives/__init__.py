"""Containers: blobs that hold others, such as archives, databases, bytecode, mail and pictures.

The tables here list the first bytes or file endings by which each kind is recognised. The module of
a kind has `members(name, data, budget)`, which yields its members one by one, and a note for each
one that could not be read. `walk` descends into nested containers. None of these modules is
imported for a plain blob.
"""

from __future__ import annotations

import zlib

from keylint.archives.sealed_formats import (
    SEALED_ENDINGS,
    SEALED_IN_PROGRAMS,
    SEALED_MAGICS,
    SEALED_SCRIPT_MARK,
    SEALED_SCRIPTS,
)
from keylint.core.copies import is_copy_ending, split_copied_name

TYPE_CHECKING = False  # the front of the hook does not import it
if TYPE_CHECKING:
    from collections.abc import Callable

_SQLITE = b'SQLite format 3\x00'
# The heads that zlib writes at its levels, but for the fourth, `x^`, which is text.
_ZLIB_HEADS = (b'x\x01', b'x\x9c', b'x\xda')
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
)
# The first bytes of programs, which may have an archive appended.
_PROGRAM_HEADS = (b'MZ', b'\x7fE', b'#!', b'\xcf\xfa', b'\xca\xfe', b'\xfe\xed')
# Formats without a magic number are recognised by their file ending.
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
# Endings that promise a container; a text with such an ending is read as text.
_PROMISES = frozenset(
    """gz tgz bz2 tbz tbz2 xz txz lzma zst zstd tzst tar zip jar whl pyz apk ipa war egg nupkg
    docx xlsx pptx odt ods epub sqlite sqlite3 db db3 s3db sqlitedb pdf npy npz pkl pickle
    joblib""".split()
)
_KNOWN_ENDINGS = frozenset((*_KIND_BY_ENDING, *_PROMISES, *SEALED_ENDINGS))
_ENDINGS = tuple(f'.{ending}' for ending in _KNOWN_ENDINGS)
_MAX_ENDING_CHARS = 40
# File endings of containers that are slow to read, however they are recognised.
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
_CONTROLS = bytes(range(9)) + b'\x0b' + bytes(range(14, 32)) + b'\x7f'
_ZIP_END, _ZIP_ENTRY = b'PK\x05\x06', b'PK\x01\x02'
_TAR_MAGIC, _TAR_MAGIC_OFFSET, _TAR_BLOCK_BYTES = b'ustar', 257, 512
_TEXT_SAMPLE_BYTES = 512
_PROBE_BYTES = 1 << 16
_MAX_CONTROL_SHARE = 0.01
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
    'registry': 'windows_registry',
    'dump': 'dump',
    'passwords': 'passwords',
    'image': 'images',
    'pdf': 'pdf',
    'markup': 'markup',
    'sealed': 'sealed',
}


_KINDS_BY_HEAD: dict[bytes, list[tuple[bytes, bytes, str]]] = {}
for _magic, _kind in _MAGIC_NUMBERS:
    _KINDS_BY_HEAD.setdefault(_magic[:2], []).append((_magic, b'', _kind))
for _magic, _end, _what in SEALED_MAGICS:
    _KINDS_BY_HEAD.setdefault(_magic[:2], []).append((_magic, _end, 'sealed'))


def identify_container(path: str, data: bytes) -> str | None:
    """Identify the kind of container that a blob is; None for nearly all blobs."""
    head = data[:2]
    if head in _KINDS_BY_HEAD:
        for magic, end, kind in _KINDS_BY_HEAD[head]:
            if data.startswith(magic) and data.endswith(end):
                return kind
    if head in _ZLIB_HEADS and _is_zlib(data):
        return 'zlib'
    if data[_TAR_MAGIC_OFFSET : _TAR_MAGIC_OFFSET + 5] == _TAR_MAGIC:
        return 'tar'
    if head in _PROGRAM_HEADS and (payload := _identify_payload(data)):
        return payload
    tail = path[-_MAX_ENDING_CHARS:].lower()
    if tail.endswith(_ENDINGS) or is_copy_ending(tail.rpartition('.')[2]) or tail.endswith('~'):
        return _identify_by_ending(list_endings(path), data)
    return None


def list_endings(path: str) -> str:
    """Return the ending that determines a file's kind, in lower case: `gz` of `BOT.LOG.GZ.1`."""
    return split_copied_name(path, _KNOWN_ENDINGS)[-1]


def find_sealed(path: str, data: bytes) -> str | None:
    """Return the name for files of a sealed format, None for a file in no such format."""
    for magic, end, what in SEALED_MAGICS:
        if data.startswith(magic) and data.endswith(end):
            return what
    if data[:2] in _PROGRAM_HEADS:
        return _find_in_program(data) or SEALED_SCRIPTS
    return SEALED_ENDINGS.get(list_endings(path))


def _identify_payload(data: bytes) -> str | None:
    """Identify what is appended to a program: a zip archive, or a format that is not opened."""
    end = data.rfind(_ZIP_END, max(0, len(data) - _ZIP_TAIL_BYTES))
    if end >= 0 and _ZIP_ENTRY in data:
        return 'zip'
    if data[:2] == b'#!':
        return 'sealed' if SEALED_SCRIPT_MARK in data[:_PROBE_BYTES] else None
    return 'sealed' if _find_in_program(data) else None


def _find_in_program(data: bytes) -> str | None:
    """Return the name for programs with this one's payload; None for ordinary programs.

    Archive libraries contain the first bytes of other formats, and only Windows programs are
    made by appending such an archive.
    """
    marks = SEALED_IN_PROGRAMS if data[:2] == b'MZ' else SEALED_IN_PROGRAMS[:1]
    return next((what for mark, what in marks if mark in data), None)


def _identify_by_ending(ending: str, data: bytes) -> str | None:
    kind = _KIND_BY_ENDING.get(ending)
    if kind == 'pickle':
        found = _identify_pickle(data)
    else:
        found = kind if kind and _IS_KIND[kind](data) else None
    if found or not data or ending not in _KNOWN_ENDINGS:
        return found
    has_promise = ending in _PROMISES or ending in SEALED_ENDINGS
    return 'sealed' if has_promise and not _is_readable(data) else None


def _is_readable(data: bytes) -> bool:
    """Tell whether a blob is human-readable text in UTF-8, UTF-16 or UTF-32."""
    sample = data[:_PROBE_BYTES]
    if sample.startswith((b'\xff\xfe', b'\xfe\xff')):
        return True
    visible = sample.translate(None, _CONTROLS)
    if len(sample) - len(visible) > _MAX_CONTROL_SHARE * len(sample):
        return False
    try:
        sample[: sample.rfind(b'\n') + 1 or None].decode()
    except UnicodeDecodeError:
        return False
    return True


def _identify_pickle(data: bytes) -> str | None:
    """Distinguish a pickle of protocol 0 or 1 from a compressed one, as joblib writes it."""
    if data[:1] == b'x' and len(data) > 2 and not int.from_bytes(data[:2], 'big') % 31:
        return 'zlib'
    return 'pickle' if data and data[:1] in b'(}]lcd' else None


def _is_zlib(data: bytes) -> bool:
    """Tell whether a zlib stream begins here: a sample of it decompresses without an error.

    Of random bytes after such a head, only a fifth give even one byte.
    """
    try:
        return bool(zlib.decompressobj().decompress(data[:_TEXT_SAMPLE_BYTES], _PROBE_BYTES))
    except zlib.error:
        return False


def _has_page_values(data: bytes) -> bool:
    from keylint.archives.markup import has_values  # noqa: PLC0415 - only for pages

    return has_values(data)


def _has_hex_values(data: bytes) -> bool:
    return b'h\x00e\x00x\x00' in data or b'=hex' in data


def _is_old_tar(head: bytes, data: bytes) -> bool:
    """Tell whether a blob begins with a header older than `ustar`, or is an empty archive."""
    if len(head) < _TAR_BLOCK_BYTES or b'\x00' not in head:
        return False
    return bool(head.strip(b'\x00')) or not data.strip(b'\x00')


def _is_text(data: bytes) -> bool:
    return b'\x00' not in data[:_TEXT_SAMPLE_BYTES]


# Checks of the content for kinds that only a file ending indicates.
_IS_KIND: dict[str, Callable[[bytes], bool]] = {
    'bytecode': lambda data: data[2:4] == b'\r\n',
    'zip': lambda data: b'PK\x05\x06' in data[-_ZIP_TAIL_BYTES:],
    'tar': lambda data: _is_old_tar(data[:_TAR_BLOCK_BYTES], data),
    'markup': _has_page_values,
    'registry': _has_hex_values,
    'xz': lambda data: data.startswith(b']\x00\x00'),
    **dict.fromkeys(_TEXT_KINDS, _is_text),
}
