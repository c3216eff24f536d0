"""Cache compiled databases by their patterns; compiling them is most of the work for the rules.

The user's own rules, a new version of keylint or another checkout leave most patterns unchanged. A
wheel contains the databases of keylint's own rules: Hyperscan makes them for every CPU of an
architecture.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from keylint.core import cache_files as caches
from keylint.core.digests import sha256
from keylint.core.write_cache import write_cache_file
from keylint.matcher.hyperscan import (
    Database,
    DatabaseError,
    compile_database,
    count_self_checked,
    hyperscan_version,
    load_database,
)
from keylint.rules.built_files import read_built_file

DATABASE_SUFFIX = '.database'


def describe_database(patterns: Sequence[bytes]) -> bytes:
    """Return the digest of some patterns, of Hyperscan's version and of the kind of machine."""
    engine = f'{hyperscan_version()} {describe_machine()}'.encode()
    return sha256(b''.join(b'%d:%s' % (len(part), part) for part in (engine, *patterns))).digest()


def describe_machine() -> str:
    """Name the system and the architecture: a wheel for all of them has databases for only one."""
    if sys.platform == 'win32':
        return f'win32 {os.environ.get("PROCESSOR_ARCHITECTURE", "")}'
    return f'{sys.platform} {os.uname().machine}'


def load_known_database(patterns: Sequence[bytes]) -> Database | None:
    """Return the database of some patterns from the cache or the wheel; None if neither has it.

    A database that was made for another CPU counts as missing.
    """
    digest = describe_database(patterns)
    path = caches.cache_path_stem(digest) + DATABASE_SUFFIX
    for known in (caches.read_cache_file(path, digest), read_built_file(digest, DATABASE_SUFFIX)):
        if known is not None:
            try:
                return load_database(known)
            except DatabaseError:
                pass
    return None


def load_or_compile(patterns: Sequence[bytes]) -> Database:
    """Return the database of some patterns; compile and cache it if it is not known.

    Raises DatabaseError.
    """
    known = load_known_database(patterns)
    if known is not None:
        return known
    made = compile_database(patterns)
    digest = describe_database(patterns)
    path = caches.cache_path_stem(digest) + DATABASE_SUFFIX
    body = made.to_bytes()
    write_cache_file(path, digest, body, (DATABASE_SUFFIX,), count_self_checked(body))
    return made
