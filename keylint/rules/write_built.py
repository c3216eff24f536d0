"""Write the prebuilt files of a wheel: `python -m keylint.rules.write_built FOLDER`.

`hatch_build.py` runs it. Without Hyperscan only the tables are written.
"""

from __future__ import annotations

import sys

from keylint.matcher.hyperscan import HAS_HYPERSCAN
from keylint.rules.built_files import write_built_file
from keylint.rules.built_tables import TABLES_SUFFIX, describe_sources, pack_tables
from keylint.rules.compile_pack import list_databases
from keylint.rules.compile_sources import compile_all_tables
from keylint.rules.database_cache import DATABASE_SUFFIX, describe_database, load_or_compile
from keylint.rules.listing import find_builtin_rules


def main(folder: str) -> None:
    """Write the tables and the databases. Raises RuleError, DatabaseError and OSError."""
    tables = compile_all_tables((find_builtin_rules(),))
    write_built_file(folder, describe_sources(), TABLES_SUFFIX, pack_tables(tables))
    if not HAS_HYPERSCAN:
        return
    for patterns in list_databases(tables):
        body = load_or_compile(patterns).to_bytes()
        write_built_file(folder, describe_database(patterns), DATABASE_SUFFIX, body, len(body))


if __name__ == '__main__':
    main(sys.argv[1])
