"""Load the compiled rules from the cache when nothing has changed, else compile and cache them.

The cache depends on the rule files' names, sizes and times, and on keylint, Python and Hyperscan. A
file that does not load is rebuilt. Every run of the hook loads this module, so imports that most
runs do not need are inside functions.
"""

from __future__ import annotations

import marshal
import os
import sys

from keylint.core import cache_files as caches
from keylint.core.write_cache import write_cache_file
from keylint.matcher.hyperscan import (
    HAS_HYPERSCAN,
    DatabaseError,
    HyperscanDatabase,
    Matcher,
    count_self_checked,
    hyperscan_version,
    load_database,
)
from keylint.matcher.patterns import list_patterns
from keylint.rules.cache_state import describe_state
from keylint.rules.gate_file import GateFile, pack_gate, take_gate, unpack_gate
from keylint.rules.listing import find_builtin_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from keylint.rules.compile_pack import CompiledPack
    from keylint.rules.rule_set import PackParts, RuleSet

_SLOW_ENGINE = "without Hyperscan, Python's re matches the texts: the same findings, but slower"
_SUFFIXES = ('.gate', '.pack')


class Rules:
    """The rules of a run: the matcher at once, the whole pack when something matches.

    `state` differs whenever the rules do. `pack_file` is the cache file of the pack; `parts` is its
    content if the rules have just been compiled.
    """

    def __init__(
        self,
        matcher: Matcher,
        folders: tuple[str, ...],
        state: bytes,
        pack_file: str,
        parts: PackParts | None = None,
    ) -> None:
        self.matcher = matcher
        self.folders = folders
        self.state = state
        self._pack_file = pack_file
        self._parts = parts
        self._pack: RuleSet | None = None

    def __reduce__(self) -> tuple[Callable[..., Rules], tuple[tuple[str, ...]]]:
        """Make another process load the rules from the cache. Raises TypeError without a cache."""
        if not os.path.exists(self._pack_file):
            raise TypeError('compiling the rules once more takes longer than one process')
        return load_rules, (self.folders[1:],)

    @property
    def pack(self) -> RuleSet:
        """Return tables, names and texts."""
        if self._pack is None:
            from keylint.rules.rule_set import RuleSet, decode_pack  # noqa: PLC0415 - see above

            parts = self._parts or decode_pack(caches.read_cache_file(self._pack_file, self.state))
            tables, words, placeholders = parts or _compile(self.folders).parts
            self._pack = RuleSet(tables, self.matcher, words, placeholders, self.folders)
        return self._pack


def load_rules(extra: tuple[str, ...] = ()) -> Rules:
    """Load the built-in rules and those of the folders `extra`. Raises RuleError."""
    folders = (find_builtin_rules(), *extra)
    state = describe_state(folders, hyperscan_version())
    stem = caches.cache_path_stem(state)
    rest = f'{stem}.pack'
    matcher = _load_matcher(f'{stem}.gate', state)
    if matcher is not None and os.path.exists(rest):
        return Rules(matcher, folders, state, rest)
    compiled = _compile(folders)
    tables, words, placeholders = compiled.parts
    counts = len(tables.tokens), len(tables.plugins)
    patterns = list_patterns(*counts)
    kinds = tuple(pattern.kind for pattern in patterns)
    _write_gate(f'{stem}.gate', state, GateFile(*counts, kinds, compiled.database.to_bytes()))
    databases = words.to_bytes(), placeholders.to_bytes()
    body = marshal.dumps((tuple(tables), *databases))
    write_cache_file(rest, state, body, _SUFFIXES, count_self_checked(*databases))
    matcher = Matcher(compiled.database, patterns)
    return Rules(matcher, folders, state, rest, compiled.parts)


def _write_gate(path: str, state: bytes, gate: GateFile) -> None:
    checked = count_self_checked(gate.database)
    write_cache_file(path, state, pack_gate(gate), _SUFFIXES, checked)


def _load_matcher(path: str, state: bytes) -> Matcher | None:
    """Load the matcher from the cache; None where it is missing or made for another CPU."""
    held = take_gate(state)
    if held is not None:
        gate, database = held
        patterns = list_patterns(gate.tokens, gate.plugins)
        return Matcher(HyperscanDatabase(database), patterns)
    data = caches.read_cache_file(path, state)
    read = None if data is None else unpack_gate(data)
    if read is None:
        return None
    try:
        return Matcher(load_database(read.database), list_patterns(read.tokens, read.plugins))
    except DatabaseError:
        return None


def _announce_compilation() -> None:
    """Say on a terminal why this run takes seconds, unless keylint was told to be quiet.

    A missing Hyperscan is reported even without a terminal, once for each set of rules.
    """
    if os.environ.get('KEYLINT_QUIET', '0') not in ('', '0') or sys.stderr is None:
        return
    if not HAS_HYPERSCAN:
        sys.stderr.write(f'keylint: {_SLOW_ENGINE}\n')
    if sys.stderr.isatty():
        sys.stderr.write('keylint: preparing rules (first run, or rules have changed)\n')
    sys.stderr.flush()


def _compile(folders: tuple[str, ...]) -> CompiledPack:
    """Compile the rules from their files. Raises RuleError."""
    from keylint.rules.compile_pack import compile_pack  # noqa: PLC0415 - without a cache only

    return compile_pack(folders, _announce_compilation)
