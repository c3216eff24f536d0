"""Formats that keylint knows but does not open, by their first bytes and by their endings.

Sources: the specifications of each format, and the magic file of file(1).
"""

from __future__ import annotations

# First bytes, last bytes (empty: any), and the name for such files.
SEALED_MAGICS: tuple[tuple[bytes, bytes, str], ...] = (
    (b"7z\xbc\xaf'\x1c", b'', '7z archives'),
    (b'Rar!\x1a\x07', b'', 'rar archives'),
    (b'\x04"M\x18', b'', 'lz4 files'),
    (b'\x02!L\x18', b'', 'lz4 files'),
    (b'\x1f\x9d', b'', '.Z files'),
    (b'\x1f\xa0', b'', '.Z files'),
    (b'LZIP\x01', b'', 'lzip files'),
    (b'\x89LZO\x00\r\n\x1a\n', b'', 'lzop files'),
    (b'\xff\x06\x00\x00sNaPpY', b'', 'snappy files'),
    (b'MSCF\x00\x00\x00\x00', b'', 'cabinets'),
    (b'xar!\x00', b'', 'xar archives'),
    (b'\xed\xab\xee\xdb', b'', 'rpm packages'),
    (b'hsqs', b'', 'squashfs images'),
    (b'PAR1', b'PAR1', 'Parquet tables'),
    (b'ARROW1\x00\x00', b'', 'Arrow tables'),
    (b'FEA1', b'FEA1', 'Feather tables'),
    (b'\x89HDF\r\n\x1a\n', b'', 'HDF5 files'),
    (b'Obj\x01', b'', 'Avro files'),
    (b'bplist0', b'', 'binary property lists'),
    (b'\x03\xd9\xa2\x9a', b'', 'KeePass databases'),
    (b'\xfe\xed\xfe\xed\x00\x00\x00', b'', 'Java key stores'),
    (b'\xce\xce\xce\xce\x00\x00\x00', b'', 'Java key stores'),
    (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', b'', 'old or encrypted office files'),
)
# Formats without first bytes of their own, or with ambiguous ones: only if the file is not text.
SEALED_ENDINGS = {
    'br': 'brotli files',
    'dmg': 'disk images',
    'iso': 'disk images',
    'lz4': 'lz4 files',
    '7z': '7z archives',
    'rar': 'rar archives',
    'z': '.Z files',
    'cab': 'cabinets',
    'parquet': 'Parquet tables',
    'feather': 'Feather tables',
    'arrow': 'Arrow tables',
    'h5': 'HDF5 files',
    'hdf5': 'HDF5 files',
    'kdbx': 'KeePass databases',
    'kdb': 'KeePass databases',
    'jks': 'Java key stores',
    'keystore': 'Java key stores',
    'p12': 'PKCS #12 key stores',
    'pfx': 'PKCS #12 key stores',
    'deb': 'Debian packages',
    'rpm': 'rpm packages',
}
# Payloads appended to programs: their bytes, and the name for such programs.
PYINSTALLER = b'MEI\x0c\x0b\x0a\x0b\x0e'
SEALED_IN_PROGRAMS = (
    (PYINSTALLER, 'programs by PyInstaller'),
    (b"7z\xbc\xaf'\x1c", 'programs that unpack themselves'),
    (b'Rar!\x1a\x07\x00', 'programs that unpack themselves'),
    (b'Rar!\x1a\x07\x01', 'programs that unpack themselves'),
)
SEALED_SCRIPT_MARK, SEALED_SCRIPTS = b'generated using Makeself', 'scripts that unpack themselves'
