"""Know which objects of a repository were found clean, by digests that only the owner can make."""

from __future__ import annotations

from keylint.fleet.owner_key import OwnerKey
from keylint.pipeline.clean_cache import CleanCache

# Keyed, so that nobody can look for two objects with the same one: eight bytes are enough.
_KEY_BYTES = 8


class KnownObjects(CleanCache):
    """The objects that earlier looks found clean, and those that this one does.

    `state` stands for keylint, its rules and the configuration: what was clean for another state
    is looked at again.
    """

    def __init__(self, key: OwnerKey, state: bytes, before: bytes) -> None:
        self._key = key
        self._state = state
        self._before = frozenset(split_keys(before))
        self._now: set[bytes] = set()

    def __contains__(self, key: bytes) -> bool:
        return key in self._before

    def name(self, path: str, content: bytes) -> bytes:
        """Return the key of an object under its paths."""
        subject = b'\x00'.join((self._state, content, path.encode('utf-8', 'surrogatepass')))
        return self._key.make_digest('object', subject, _KEY_BYTES)

    def add(self, key: bytes) -> None:
        """Note that this look found nothing there, or did not have to look."""
        self._now.add(key)

    def take_keys(self) -> bytes:
        """Hand over the keys of this look."""
        keys, self._now = sorted(self._now), set()
        return b''.join(keys)


def split_keys(data: bytes) -> list[bytes]:
    """Split the keys that `take_keys` has joined."""
    return [data[start : start + _KEY_BYTES] for start in range(0, len(data), _KEY_BYTES)]
