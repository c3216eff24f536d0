"""Name the keylint that runs here: its code, its rules, and what they are compiled with."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

from keylint._version import __version__
from keylint.matcher.hyperscan import hyperscan_version
from keylint.rules.listing import find_builtin_rules

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@lru_cache(maxsize=1)
def describe_build(extra: tuple[str, ...] = ()) -> bytes:
    """Return a digest by which a worker is known to find what the client would.

    It is of contents, not of times: the same release has the same digest on every machine. `extra`
    are folders with rules of the user's own.
    """
    digest = blake2b(digest_size=16)
    digest.update(repr((__version__, sys.version_info[:2], hyperscan_version())).encode())
    for root, endings in (
        (_PACKAGE, ('.py',)),
        (find_builtin_rules(), ('.yaml',)),
        *((folder, ('.yaml', '.yml')) for folder in extra),
    ):
        for path in _list_files(root, endings):
            with open(path, 'rb') as file:
                data = file.read()
            name = os.path.relpath(path, root)
            digest.update(f'{name}\0{len(data)}\0'.encode('utf-8', 'surrogatepass'))
            digest.update(data)
    return digest.digest()


def _list_files(root: str, endings: Sequence[str]) -> Iterator[str]:
    """Yield the files below a folder, in an order that every machine has."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if name.endswith(tuple(endings)):
                yield os.path.join(folder, name)
