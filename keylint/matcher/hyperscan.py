"""Hyperscan: compile once, load from bytes, scan. No other module imports it.

Offsets are the ends of matches; `re` finds starts where they matter. Source for the flags and
the serialised form: intel.github.io/hyperscan/dev-reference. If there is no build of it, or
`KEYLINT_ENGINE=python` is set, `matcher.python_engine` does the same, only slower.
"""

from __future__ import annotations

import _thread
import os
import sys
from collections.abc import Sequence

from keylint.matcher.engine_module import load_engine

try:
    if os.environ.get('KEYLINT_ENGINE') == 'python':
        raise ImportError('another engine is asked for')  # noqa: TRY301 - as if there were none
    hyperscan, _VERSION = load_engine()
except ImportError:
    from keylint.matcher import python_engine

    HAS_HYPERSCAN = False
else:
    HAS_HYPERSCAN = True

from keylint.core.lazy_re import re
from keylint.matcher.match import LEAK_KINDS, Match, Pattern, select_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from hyperscan import Database as CompiledDatabase

    from keylint.matcher.python_engine import PythonDatabase

DatabaseError: type[Exception] = hyperscan.error if HAS_HYPERSCAN else ValueError
# The most matches of one text: each takes some hundred bytes. Text after the last one is not
# scanned, which is a failure.
MAX_MATCHES = 500_000
TOO_MANY_MATCHES = (
    f'more than {MAX_MATCHES} places look like names or values: the rest was not looked at'
)


class HyperscanDatabase:
    """A compiled Hyperscan database.

    One instance serves many threads: each has its own scratch space.
    """

    def __init__(self, database: CompiledDatabase) -> None:
        self._database = database
        self._local = _thread._local()

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """List pairs of pattern number and end offset, in the order of the ends."""
        found: list[tuple[int, int]] = []
        if data:
            scratch = getattr(self._local, 'scratch', None)
            if scratch is None:
                scratch = self._local.scratch = hyperscan.Scratch(self._database)
            try:
                self._database.scan(
                    data, match_event_handler=_collect, context=found, scratch=scratch
                )
            except hyperscan.ScanTerminated:
                return found  # there are MAX_MATCHES of them
        return found

    def to_bytes(self) -> bytes:
        """Serialise the database, for this machine's CPU only."""
        return bytes(hyperscan.dumpb(self._database))


if TYPE_CHECKING:
    Database: TypeAlias = HyperscanDatabase | PythonDatabase
else:
    Database = HyperscanDatabase  # at run time only annotations use it


class Matcher:
    """A database together with the kinds of its patterns."""

    def __init__(self, database: Database, patterns: Sequence[Pattern]) -> None:
        self.database = database
        self.patterns = patterns

    def find_matches(self, data: bytes) -> list[Match]:
        """List all matches of a text in the order of their ends, at most `MAX_MATCHES`."""
        patterns = self.patterns
        return [Match(patterns[number], end) for number, end in self.database.scan(data)]

    def find_leak_matches(self, data: bytes) -> list[Match]:
        """List the matches that are about leaks, and none about permissions of keys."""
        return select_matches(self.find_matches(data), LEAK_KINDS)


def _collect(number: int, _start: int, end: int, _flags: int, found: object) -> bool:
    # `found` is the list that `scan` passes; the stub knows only object.
    found.append((number, end))  # type: ignore[attr-defined]
    return len(found) >= MAX_MATCHES  # type: ignore[arg-type]


def compile_database(patterns: Sequence[bytes], is_once: bool = False) -> Database:
    """Compile `patterns`, numbered by their position. A leading `(?i)` or `(?s)` works as in `re`.

    With `is_once` each pattern is reported at most once per scan. Raises DatabaseError.
    """
    if not HAS_HYPERSCAN:
        return python_engine.compile_python_database(patterns, is_once, MAX_MATCHES)
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    split = [_split_flags(pattern) for pattern in patterns]
    once = hyperscan.HS_FLAG_SINGLEMATCH if is_once else 0
    flags, expressions = [flag | once for flag, _ in split], [text for _, text in split]
    database.compile(
        expressions=expressions, ids=list(range(len(patterns))), elements=len(patterns), flags=flags
    )
    return HyperscanDatabase(database)


def _split_flags(pattern: bytes) -> tuple[int, bytes]:
    """Split a pattern into its leading flags, as Hyperscan's, and the rest."""
    flags = 0
    head = re.match(rb'\(\?([is]+)\)', pattern)
    if head:
        flags |= hyperscan.HS_FLAG_CASELESS if b'i' in head.group(1) else 0
        flags |= hyperscan.HS_FLAG_DOTALL if b's' in head.group(1) else 0
        pattern = pattern[head.end() :]
    return flags, pattern


def load_database(data: bytes) -> Database:
    """Load the output of `to_bytes`. Raises DatabaseError if another version or CPU made it."""
    if not HAS_HYPERSCAN:
        return python_engine.load_python_database(data, MAX_MATCHES)
    return HyperscanDatabase(hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK))


def count_self_checked(*databases: bytes) -> int:
    """Count the bytes of serialised databases that are checked when they are loaded: Hyperscan's.

    Its checksum takes a quarter of the time of zlib's.
    """
    return sum(map(len, databases)) if HAS_HYPERSCAN else 0


def hyperscan_version() -> str:
    """Return the version of Hyperscan's Python package: databases of other versions do not load."""
    if not HAS_HYPERSCAN:
        return f'none, Python {sys.version_info[0]}.{sys.version_info[1]} instead'
    return _VERSION
