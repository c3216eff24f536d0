"""Keep compiled databases by their patterns: most of what compiling the rules takes.

Own rules, a new version of keylint or another checkout leave most patterns as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from keylint.core import cache_files as caches
from keylint.core.write_cache import write_cache_file
from keylint.matcher.hyperscan import (
    Database,
    DatabaseError,
    compile_database,
    hyperscan_version,
    load_database,
)

_SUFFIX = '.database'


def load_or_compile(patterns: Sequence[bytes]) -> Database:
    """Return the database of some patterns, from the cache where it was compiled on this CPU.

    Raises DatabaseError.
    """
    parts = (hyperscan_version().encode(), *patterns)
    digest = hashlib.sha256(b''.join(b'%d:%s' % (len(part), part) for part in parts)).digest()
    path = caches.cache_path_stem(digest) + _SUFFIX
    known = caches.read_cache_file(path, digest)
    if known is not None:
        try:
            return load_database(known)
        except DatabaseError:
            pass  # made for another CPU
    made = compile_database(patterns)
    write_cache_file(path, digest, made.to_bytes(), (_SUFFIX,))
    return made
