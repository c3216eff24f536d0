"""The compiled tables of keylint's own rules, as a wheel contains them.

Reading 200 dossiers takes longer than a scan. Digests identify the content of their sources, so
that a rule or a module that was changed in place is compiled again.
"""

from __future__ import annotations

import marshal
import os

from keylint._version import __version__
from keylint.core.digests import sha256
from keylint.rules.built_files import read_built_file
from keylint.rules.cache_state import list_pack_modules
from keylint.rules.listing import find_builtin_rules, list_definitions
from keylint.rules.types import CompiledTables

TABLES_SUFFIX = '.tables'
# The only format without references, which depend on how often an object is used: equal tables
# become equal bytes, in every wheel. All versions of Python read it.
_MARSHAL_VERSION = 2


def describe_sources() -> bytes:
    """Return the version, and a digest of the modules and the rules that the tables are made from.

    Raises RuleError and OSError.
    """
    rules = find_builtin_rules()
    listed = [(os.path.relpath(path, rules), path) for path, _, _ in list_definitions((rules,))]
    digest = sha256(b'')
    for name, path in [*list_pack_modules(), *sorted(listed)]:
        with open(path, 'rb') as file:
            content = file.read()
        digest.update(b'%s\x00%d\x00' % (name.replace(os.sep, '/').encode(), len(content)))
        digest.update(content)
    return f'keylint {__version__} '.encode() + digest.digest()


def pack_tables(tables: CompiledTables) -> bytes:
    """Return the body of the file."""
    return marshal.dumps(tuple(tables), _MARSHAL_VERSION)


def read_built_tables(folders: tuple[str, ...]) -> CompiledTables | None:
    """Return the tables of these rules; None if they must be compiled.

    Only keylint's own rules are prebuilt, and only if none of them was changed. Raises RuleError.
    """
    if folders != (find_builtin_rules(),):
        return None
    try:
        body = read_built_file(describe_sources(), TABLES_SUFFIX)
        if body is None:
            return None
        return CompiledTables._make(marshal.loads(body))  # noqa: S302 - of our own package
    except (OSError, EOFError, ValueError, TypeError):
        return None
