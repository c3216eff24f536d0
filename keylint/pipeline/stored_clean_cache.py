"""Keep what a run found clean in a file of the cache folder.

It holds digests and nothing else, and only of what gave neither a finding nor a failure, a warning,
a declaration or a count of something left out: all of that is made anew in each run. It is made for
one state: the rules, the configuration, every file of keylint, and the folder that is scanned, so
that a repository cannot name a path and an id that were clean elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256

from keylint.core import cache_files as caches
from keylint.core.config import Config
from keylint.core.write_cache import write_cache_file
from keylint.pipeline.clean_cache import CleanCache
from keylint.rules.load import Rules

_KEY_BYTES = 16
# Keys of one folder (16 MB); beyond that, only those of the last run are kept.
_MAX_KEYS = 1 << 20
_SUFFIXES = ('.clean',)


class StoredCleanCache(CleanCache):
    """Hold the keys of what earlier runs found clean, and of what this one does."""

    def __init__(self, state: bytes) -> None:
        self._state = state
        self._path = f'{caches.cache_path_stem(state)}{_SUFFIXES[0]}'
        self._before = _split_keys(caches.read_cache_file(self._path, state) or b'')
        self._now: set[bytes] = set()

    def __contains__(self, key: bytes) -> bool:
        return key in self._before

    def name(self, path: str, content: bytes) -> bytes:
        """Return the key of a path with a content, as `CleanCache.name` says."""
        digest = sha256(path.encode('utf-8', 'surrogatepass') + b'\x00')
        digest.update(content)
        return digest.digest()[:_KEY_BYTES]

    def add(self, key: bytes) -> None:
        """Note that this run found nothing there, or did not have to look."""
        if key:
            self._now.add(key)

    def save(self) -> None:
        """Keep what this run adds. Silent when the cache folder cannot be written."""
        new = self._now - self._before
        if not new:
            return
        is_small = len(self._before) + len(new) <= _MAX_KEYS
        kept = self._now | self._before if is_small else self._now
        write_cache_file(self._path, self._state, b''.join(sorted(kept)), _SUFFIXES)


def _split_keys(data: bytes) -> frozenset[bytes]:
    return frozenset(data[start : start + _KEY_BYTES] for start in range(0, len(data), _KEY_BYTES))


def load_clean_cache(folder: str, rules: Rules, config: Config) -> StoredCleanCache:
    """Load what runs of this keylint with these rules and this configuration found clean."""
    state = repr((os.path.realpath(folder), config, _list_own_files()))
    return StoredCleanCache(state.encode('utf-8', 'surrogatepass') + rules.state)


def _list_own_files() -> list[tuple[str, int, int]]:
    """List names, sizes and times (ns) of all modules.

    A change to any may find something where there was nothing.
    """
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return [_describe_file(path) for path in _list_modules(root)]


def _list_modules(root: str) -> Iterator[str]:
    for folder, _, names in os.walk(root):
        yield from (os.path.join(folder, name) for name in names if name.endswith('.py'))


def _describe_file(path: str) -> tuple[str, int, int]:
    status = os.stat(path)
    return os.path.basename(path), status.st_size, status.st_mtime_ns
