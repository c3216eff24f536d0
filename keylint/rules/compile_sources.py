"""Compile the tables of a run from the rule files. Imports PyYAML."""

from __future__ import annotations

from collections.abc import Callable

from keylint.rules.compile import compile_matcher_tables, compile_tables
from keylint.rules.files import read_dossiers, read_shared
from keylint.rules.types import CompiledTables
from keylint.validators.checksums import CHECKS


def compile_all_tables(
    folders: tuple[str, ...], use_patterns: Callable[[list[bytes]], None] | None = None
) -> CompiledTables:
    """Compile the rules of these folders. Raises RuleError.

    `use_patterns` receives the matcher's patterns before the tables are made, because Hyperscan
    needs longer for them than everything else takes.
    """
    dossiers = read_dossiers(folders, frozenset(CHECKS))
    shared = read_shared()
    matcher = compile_matcher_tables(dossiers, shared['setup_texts'])
    if use_patterns:
        use_patterns(matcher.patterns)
    return compile_tables(dossiers, shared, matcher)
