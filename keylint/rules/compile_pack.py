"""Compile the rules of a run from their files. Imports PyYAML and detect-secrets."""

from __future__ import annotations

import threading

from keylint.core.errors import RuleError
from keylint.core.records import NamedTuple
from keylint.matcher.hyperscan import Database, DatabaseError, compile_database
from keylint.rules.compile import compile_matcher_tables, compile_tables
from keylint.rules.database_cache import load_or_compile
from keylint.rules.files import read_dossiers, read_shared
from keylint.rules.rule_set import PackParts
from keylint.validators.checksums import CHECKS


class CompiledPack(NamedTuple):
    """The database of the matcher, and the parts of the pack."""

    database: Database
    parts: PackParts


def compile_pack(folders: tuple[str, ...]) -> CompiledPack:
    """Compile the tables, the database of patterns, and those of words and placeholders.

    Raises RuleError.
    """
    dossiers = read_dossiers(folders, frozenset(CHECKS))
    shared = read_shared()
    first = compile_matcher_tables(dossiers, shared['setup_texts'])
    database = _Compilation(first.patterns)
    database.start()
    tables = compile_tables(dossiers, shared, first)
    words = _compile_or_explain([b'(?i)' + _escape_text(text) for text, _, _ in tables.words])
    placeholders = _compile_or_explain(tables.placeholders[0])
    return CompiledPack(database.wait(), PackParts(tables, words, placeholders))


class _Compilation(threading.Thread):
    """Compile a database on another core: Hyperscan lets Python go on meanwhile."""

    def __init__(self, patterns: list[bytes]) -> None:
        super().__init__()
        self._patterns = patterns
        self._database: Database | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Compile the database, and keep it or the error."""
        try:
            self._database = _compile_or_explain(self._patterns)
        except BaseException as error:  # noqa: BLE001 - raised by `wait`
            self._error = error

    def wait(self) -> Database:
        """Wait for the database. Raises RuleError."""
        self.join()
        if self._database is None:
            raise self._error or RuleError('the rules were not compiled')
        return self._database


def _compile_or_explain(patterns: list[bytes]) -> Database:
    """Compile a database. Raises a RuleError that names the pattern which Hyperscan refuses."""
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
    """Return the pattern that matches a text: its ASCII punctuation is escaped."""
    return ''.join(f'\\{c}' if _is_punctuation(c) else c for c in text).encode()


def _is_punctuation(char: str) -> bool:
    return char.isascii() and not char.isalnum() and not char.isspace()
