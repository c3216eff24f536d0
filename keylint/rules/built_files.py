"""Prebuilt files in a wheel: the compiled tables of the rules, and their databases.

`hatch_build.py` makes them (`rules/write_built.py`). They have the form of cache files: each begins
with the state that it was made from, so a damaged file, or one from another keylint, other rules or
another Hyperscan, counts as missing. A checkout has none.
"""

from __future__ import annotations

import os

from keylint.core.cache_files import name_state, pack_cache_file, unpack_cache_file


def find_built_folder() -> str:
    """Return the folder of the prebuilt files, which exists only in a wheel."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return os.path.join(package, 'data', 'built')


def read_built_file(state: bytes, suffix: str) -> bytes | None:
    """Return the body of the file for a state; None if it is missing or damaged.

    Anyone who can write it can also write the modules beside it, so its mode is not checked, unlike
    that of cache files.
    """
    try:
        with open(os.path.join(find_built_folder(), name_state(state) + suffix), 'rb') as file:
            return unpack_cache_file(file.read(), state)
    except OSError:
        return None


def write_built_file(
    folder: str, state: bytes, suffix: str, body: bytes, unchecked: int = 0
) -> None:
    """Write the file for a state. Raises OSError.

    The last `unchecked` bytes have a checksum of their own.
    """
    with open(os.path.join(folder, name_state(state) + suffix), 'wb') as file:
        file.write(pack_cache_file(body, state, unchecked))
