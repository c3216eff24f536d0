"""The key of a fleet's owner: values are kept as digests that nobody else can make or guess."""

from __future__ import annotations

import hashlib
import os
import stat

from keylint.core.errors import SourceError

_KEY_BYTES = 32
_DIGEST_BYTES = 16


class OwnerKey:
    """A key that digests are made with. What is logged of it shows nothing."""

    __slots__ = ('_bytes',)

    def __init__(self, data: bytes) -> None:
        self._bytes = data

    def __repr__(self) -> str:
        return 'OwnerKey(…)'

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnerKey) and other._bytes == self._bytes

    def __hash__(self) -> int:
        return hash(self.make_digest('hash', b''))

    def make_digest(self, purpose: str, subject: bytes, size: int = _DIGEST_BYTES) -> bytes:
        """Return a digest of a subject; those of different purposes cannot be compared."""
        name = purpose.encode()
        return hashlib.blake2b(subject, key=self._bytes, digest_size=size, person=name).digest()


def load_owner_key(path: str, *, is_new: bool) -> OwnerKey:
    """Read the key from its file; with `is_new` it is drawn where there is no file yet.

    Raises SourceError for a file that others may read: with it they could try out weak values.
    """
    if is_new and not os.path.lexists(path):
        _write_new_key(path)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(handle, 'rb') as file:
            status = os.fstat(file.fileno())
            data = file.read(2 * _KEY_BYTES + 2) if stat.S_ISREG(status.st_mode) else b''
    except OSError as error:
        raise SourceError(f'{path}: cannot read the key of the fleet: {error.strerror}') from None
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise SourceError(f'{path}: others may read the key of the fleet; chmod 600 it')
    try:
        key = bytes.fromhex(data.decode('ascii'))
    except ValueError:
        key = b''
    if len(key) != _KEY_BYTES:
        raise SourceError(f'{path}: not a key of a fleet')
    return OwnerKey(key)


def _write_new_key(path: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SourceError(f'{path}: cannot make the key of the fleet: {error.strerror}') from None
    with open(handle, 'w', encoding='ascii') as file:
        file.write(os.urandom(_KEY_BYTES).hex() + '\n')
        file.flush()
        os.fsync(file.fileno())
