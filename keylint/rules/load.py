"""The rule pack, from the cache when nothing has changed, else compiled and cached.

The cache is made for the rule files' names, sizes and times, for keylint, Python and Hyperscan; a file that does not load is made anew.
"""

from __future__ import annotations

import marshal
import os
import sys
import threading

from keylint._version import __version__
from keylint.core import cache_files as caches
from keylint.core.errors import RuleError
from keylint.matcher.hyperscan import (
    Database,
    DatabaseError,
    Matcher,
    compile_database,
    hyperscan_version,
    load_database,
)
from keylint.matcher.match import LEAK_KINDS
from keylint.matcher.patterns import list_patterns
from keylint.rules.listing import find_builtin_rules, list_definitions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from keylint.rules.compile import MatcherTables
    from keylint.rules.rule_set import RuleSet
    from keylint.rules.types import CompiledTables

_COUNT_BYTES = 4  # of each of the two counts in front of the database: tokens, plugins
_SUFFIXES = ('.gate', '.pack')
_PACK_MODULES = (
    'core/names.py',
    'matcher/encoded_patterns.py',
    'matcher/match.py',
    'matcher/patterns.py',
    'rules/compile.py',
    'rules/compile_names.py',
    'rules/compile_rules.py',
    'rules/compile_tokens.py',
    'rules/declaration_types.py',
    'rules/declared_schema.py',
    'rules/files.py',
    'rules/form.py',
    'rules/library_types.py',
    'rules/plugins.py',
    'rules/policy_types.py',
    'rules/schema.py',
    'rules/types.py',
)


class Rules:
    """The rules of a run: the matcher at once, the whole pack when something matches. `state` differs wherever the rules do."""

    def __init__(
        self,
        matcher: Matcher,
        folders: tuple[str, ...],
        state: bytes,
        read_rest: Callable[[], tuple[CompiledTables, Database, Database]],
    ) -> None:
        self.matcher = matcher
        self.folders = folders
        self.state = state
        self._read_rest = read_rest
        self._pack: RuleSet | None = None

    @property
    def pack(self) -> RuleSet:
        """Tables, names and texts."""
        if self._pack is None:
            from keylint.rules.rule_set import RuleSet  # noqa: PLC0415 - most runs of the hook end before this

            tables, words, placeholders = self._read_rest()
            self._pack = RuleSet(tables, self.matcher, words, placeholders, self.folders)
        return self._pack


def load_rules(extra: tuple[str, ...] = ()) -> Rules:
    """Load the built-in rules and those of the folders `extra`. Raises RuleError."""
    folders = (find_builtin_rules(), *extra)
    state = repr(
        (
            list_definitions(folders),
            _own_files(),
            __version__,
            hyperscan_version(),
            sys.version_info[:3],
        )
    ).encode()
    stem = caches.cache_path_stem(state)
    gate, rest = caches.read_cache_file(f'{stem}.gate', state), f'{stem}.pack'
    if gate is not None and os.path.exists(rest):
        try:
            return Rules(
                _read_matcher(gate), folders, state, lambda: _read_pack(rest, state, folders)
            )
        except DatabaseError:
            pass  # made for another CPU
    tables, database, words, placeholders = _compile(folders)
    counts = len(tables.tokens), len(tables.plugins)
    head = b''.join(count.to_bytes(_COUNT_BYTES) for count in counts)
    caches.write_cache_file(f'{stem}.gate', state, head + database.to_bytes(), _SUFFIXES)
    caches.write_cache_file(
        rest,
        state,
        marshal.dumps((tuple(tables), words.to_bytes(), placeholders.to_bytes())),
        _SUFFIXES,
    )
    matcher = Matcher(database, list_patterns(*counts))
    return Rules(matcher, folders, state, lambda: (tables, words, placeholders))


def _read_matcher(data: bytes) -> Matcher:
    """Read the matcher from the cache: two counts, then the database. Raises DatabaseError."""
    start = 2 * _COUNT_BYTES
    tokens, plugins = (
        int.from_bytes(data[place : place + _COUNT_BYTES]) for place in (0, _COUNT_BYTES)
    )
    return Matcher(load_database(data[start:]), list_patterns(tokens, plugins))


def _read_pack(
    path: str, state: bytes, folders: tuple[str, ...]
) -> tuple[CompiledTables, Database, Database]:
    """Read the tables and the databases of words and placeholders from the cache, or make them anew when the file is broken."""
    from keylint.rules.types import CompiledTables  # noqa: PLC0415 - as for `Rules.pack`

    data = caches.read_cache_file(path, state)
    try:
        tables, words, placeholders = marshal.loads(data or b'')  # noqa: S302 - our own file, in the user's folder, mode 0700
        return CompiledTables._make(tables), load_database(words), load_database(placeholders)
    except (EOFError, ValueError, TypeError, DatabaseError):
        tables, _, words, placeholders = _compile(folders)
        return tables, words, placeholders


def _own_files() -> list[tuple[int, int]]:
    """Size and time of the modules that make the pack: a checkout that changes them must not load an old one."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = [os.stat(os.path.join(package, *name.split('/'))) for name in _PACK_MODULES]
    return [(status.st_size, status.st_mtime_ns) for status in found]


def _compile(folders: tuple[str, ...]) -> tuple[CompiledTables, Database, Database, Database]:
    """Compile the tables, the database of patterns, and those of words and placeholders. Raises RuleError."""
    from keylint.rules.compile import compile_matcher_tables, compile_tables  # noqa: PLC0415 - PyYAML and detect-secrets: only without a cache
    from keylint.rules.files import read_dossiers, read_shared  # noqa: PLC0415
    from keylint.validators.checksums import CHECKS  # noqa: PLC0415

    dossiers = read_dossiers(folders, frozenset(CHECKS))
    first = compile_matcher_tables(dossiers)
    database = _Compilation(first.patterns, _first_reported_once(first))
    database.start()
    tables = compile_tables(dossiers, read_shared(), first)
    words = _compile_or_explain([b'(?i)' + _literal(text) for text, _, _ in tables.words])
    placeholders = _compile_or_explain(tables.placeholders[0])
    return tables, database.wait(), words, placeholders


def _first_reported_once(tables: MatcherTables) -> int:
    """Find the first pattern that needs to be reported once a text: behind leaks and sentences."""
    patterns = list_patterns(len(tables.tokens), len(tables.plugins))
    return next(p.number for p in patterns if p.kind not in LEAK_KINDS and p.kind != 'sentence')


class _Compilation(threading.Thread):
    """A database that another core compiles: Hyperscan lets Python go on meanwhile."""

    def __init__(self, patterns: list[bytes], once_from: int) -> None:
        super().__init__()
        self._arguments = patterns, once_from
        self._database: Database | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Compile."""
        try:
            self._database = _compile_or_explain(*self._arguments)
        except BaseException as error:  # noqa: BLE001 - told by `wait`
            self._error = error

    def wait(self) -> Database:
        """Wait for the database. Raises RuleError."""
        self.join()
        if self._database is None:
            raise self._error or RuleError('the rules were not compiled')
        return self._database


def _compile_or_explain(patterns: list[bytes], once_from: int | None = None) -> Database:
    """Compile a database. Raises a RuleError that names the pattern which Hyperscan refuses."""
    try:
        return compile_database(patterns, once_from)
    except DatabaseError as error:
        for pattern in patterns:
            try:
                compile_database([pattern])
            except DatabaseError as why:
                raise RuleError(
                    f'Hyperscan does not take the pattern {pattern.decode("utf-8", "replace")!r}: {why}'
                ) from None
        raise RuleError(f'the rules do not compile together: {error}') from None


def _literal(text: str) -> bytes:
    return ''.join(
        c if c.isalnum() else f'\\{c}' if c.isascii() and not c.isspace() else c for c in text
    ).encode()
