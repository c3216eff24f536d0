"""Make the rules of a run that the cache lacks: from the wheel's prebuilt files, or from source."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from keylint.core.errors import RuleError
from keylint.core.lazy_modules import defer_module
from keylint.core.records import NamedTuple
from keylint.matcher.hyperscan import Database, DatabaseError, compile_database
from keylint.rules.built_tables import read_built_tables
from keylint.rules.database_cache import load_known_database, load_or_compile
from keylint.rules.rule_set import PackParts
from keylint.rules.types import CompiledTables

if TYPE_CHECKING:
    from keylint.rules import compile_sources
else:
    compile_sources = defer_module('keylint.rules.compile_sources')


class CompiledPack(NamedTuple):
    """The database of the matcher, and the parts of the pack."""

    database: Database
    parts: PackParts


def compile_pack(folders: tuple[str, ...], announce: Callable[[], None]) -> CompiledPack:
    """Make the tables, the database of patterns, and those of words and placeholders.

    Calls `announce` if that takes seconds. Raises RuleError.
    """
    with _Compiler(announce) as compiler:
        tables = read_built_tables(folders)
        if tables is None:
            tables = compile_sources.compile_all_tables(folders, compiler.begin)
        patterns, *others = list_databases(tables)
        compiler.begin(patterns)
        words, placeholders = map(compiler.make, others)
        return CompiledPack(compiler.make(patterns), PackParts(tables, words, placeholders))


def list_databases(tables: CompiledTables) -> list[list[bytes]]:
    """List the patterns of each database: of the matcher, of issuers' words, of placeholders."""
    words = [b'(?i)' + _escape_text(text) for text, _, _ in tables.words]
    return [tables.patterns, words, tables.placeholders[0]]


class _Compiler:
    """Makes databases, and announces the first one that must be compiled."""

    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce = announce
        self._is_announced = False
        self._begun: _Compilation | None = None

    def __enter__(self) -> _Compiler:
        return self

    def __exit__(self, *_: object) -> None:
        if self._begun:
            self._begun.join()

    def begin(self, patterns: list[bytes]) -> None:
        """Start to make a database in the background, if none was started."""
        if self._begun is None:
            known = self._find(patterns)
            self._begun = _Compilation(patterns, known)
            self._begun.start()

    def make(self, patterns: list[bytes]) -> Database:
        """Return the database of some patterns. Raises RuleError."""
        if self._begun and self._begun.patterns is patterns:
            return self._begun.wait()
        return self._find(patterns) or _compile_or_explain(patterns)

    def _find(self, patterns: list[bytes]) -> Database | None:
        known = load_known_database(patterns)
        if known is None and not self._is_announced:
            self._is_announced = True
            self._announce()
        return known


class _Compilation(threading.Thread):
    """Compiles a database on another core: Hyperscan releases the interpreter lock."""

    def __init__(self, patterns: list[bytes], known: Database | None) -> None:
        super().__init__()
        self.patterns = patterns
        self._database = known
        self._error: BaseException | None = None

    def run(self) -> None:
        """Compile the database, and keep the result or the error."""
        try:
            self._database = self._database or _compile_or_explain(self.patterns)
        except BaseException as error:  # noqa: BLE001 - raised by `wait`
            self._error = error

    def wait(self) -> Database:
        """Wait for the database. Raises RuleError."""
        self.join()
        if self._database is None:
            raise self._error or RuleError('the rules were not compiled')
        return self._database


def _compile_or_explain(patterns: list[bytes]) -> Database:
    """Compile a database. Raises a RuleError that names the pattern which Hyperscan rejects."""
    try:
        return load_or_compile(patterns)
    except DatabaseError as error:
        for pattern in patterns:
            try:
                compile_database([pattern])
            except DatabaseError as why:
                shown = pattern.decode('utf-8', 'replace')
                raise RuleError(f'Hyperscan does not take the pattern {shown!r}: {why}') from None
        raise RuleError(f'the rules do not compile together: {error}') from None


def _escape_text(text: str) -> bytes:
    """Return the pattern that matches a text, with ASCII punctuation escaped."""
    return ''.join(f'\\{c}' if _is_punctuation(c) else c for c in text).encode()


def _is_punctuation(char: str) -> bool:
    return char.isascii() and not char.isalnum() and not char.isspace()
