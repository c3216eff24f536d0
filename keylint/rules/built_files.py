"""Files that a wheel brings ready-made: the compiled tables of the rules, and their databases.

`hatch_build.py` makes them (`rules/write_built.py`). They have the form of cache files: each begins
with the state that it was made from, so that one of another keylint, of other rules or another
Hyperscan, or one that is damaged, counts as missing. A checkout has none.
"""

from __future__ import annotations

import os

from keylint.core.cache_files import name_state, pack_cache_file, unpack_cache_file


def find_built_folder() -> str:
    """Return the folder of the files, which is there in a wheel only."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return os.path.join(package, 'data', 'built')


def read_built_file(state: bytes, suffix: str) -> bytes | None:
    """Return the body of the file for a state; None where there is none, or it is damaged.

    Whoever can write it can write the modules beside it: no mode is asked for, as of the cache.
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
