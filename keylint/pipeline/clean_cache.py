"""What an earlier run looked at and found nothing in: the same bytes under the same path need not be looked at again.

It holds digests and nothing else, and only of what gave neither a finding nor a failure, a warning, a fact or a count of something left
out: all of that is made anew in each run. It is made for one state: the rules, the configuration, every file of keylint, and the folder
that is scanned, so that a repository cannot name a path and an id that were clean elsewhere.
"""

from __future__ import annotations

import os

from keylint.core import cache_files as caches
from keylint.core.config import Config
from keylint.rules.load import Rules

_WIDTH = 16
# So many digests of a folder (16 MB); beyond that, only those of the last run are kept.
_MOST = 1 << 20
_SUFFIXES = ('.clean',)


class CleanCache:
    """What earlier runs found clean, and what this one does, by digests. Without a `state` nothing is known and nothing is kept."""

    def __init__(self, state: bytes = b'') -> None:
        self._state = state
        self._path = f'{caches.cache_path_stem(state)}{_SUFFIXES[0]}' if state else ''
        self._before = (
            _split(caches.read_cache_file(self._path, state) or b'') if state else frozenset()
        )
        self._now: set[bytes] = set()

    def __contains__(self, name: bytes) -> bool:
        return name in self._before

    def name(self, path: str, content: bytes) -> bytes:
        """Sixteen bytes for a path with a content: all bytes of a file, or the id of a git object. Empty where nothing is kept."""
        if not self._state:
            return b''
        from hashlib import sha256  # noqa: PLC0415 - not on the hook's path

        start = sha256(path.encode('utf-8', 'surrogatepass') + b'\x00')
        start.update(content)
        return start.digest()[:_WIDTH]

    def add(self, name: bytes) -> None:
        """This run found nothing there, or did not have to look."""
        if name:
            self._now.add(name)

    def save(self) -> None:
        """Keep what this run adds. Silent when the cache folder cannot be written."""
        new = self._now - self._before
        if self._state and new:
            kept = self._now | self._before if len(self._before) + len(new) <= _MOST else self._now
            caches.write_cache_file(self._path, self._state, b''.join(sorted(kept)), _SUFFIXES)


def _split(data: bytes) -> frozenset[bytes]:
    return frozenset(data[place : place + _WIDTH] for place in range(0, len(data), _WIDTH))


def load_clean_cache(folder: str, rules: Rules, config: Config) -> CleanCache:
    """What is known of a folder from earlier runs of this keylint with these rules and this configuration."""
    return CleanCache(
        repr((os.path.realpath(folder), config, _own_files())).encode('utf-8', 'surrogatepass')
        + rules.state
    )


def _own_files() -> list[tuple[str, int, int]]:
    """Names, sizes and times of all modules, also those of detect-secrets: whoever changes one may find something where there was nothing."""
    from importlib.util import find_spec  # noqa: PLC0415 - not on the hook's path

    spec = find_spec('detect_secrets')
    roots = [
        os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
        *(spec.submodule_search_locations or () if spec else ()),
    ]
    found = []
    for root in roots:
        for folder, _, names in os.walk(root):
            for name in names:
                if name.endswith('.py'):
                    status = os.stat(os.path.join(folder, name))
                    found.append((name, status.st_size, status.st_mtime_ns))
    return found
