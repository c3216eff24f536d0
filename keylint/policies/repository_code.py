"""Hold the declarations of a tree against its code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.core.key_model import Violation
from keylint.core.model import DeclarationRecord
from keylint.core.report import Failure
from keylint.policies.code_permissions import ReadFile, read_code_permissions
from keylint.policies.code_policies import check_code
from keylint.policies.unused_keys import find_unused_keys
from keylint.readers.python_ast import ENDLESS
from keylint.rules.rule_set import RuleSet


def check_code_of_tree(
    records: Sequence[DeclarationRecord],
    read: ReadFile,
    paths: Sequence[str],
    pack: RuleSet,
    failures: list[Failure],
) -> Iterator[Violation]:
    """Yield what keys may beyond the code's needs, and keys that no code uses.

    Code that could not be read becomes `failures`.
    """
    code = read_code_permissions(paths, read, pack)
    failures += [Failure(path, 'scan', ENDLESS) for path in code.unread]
    yield from check_code(records, code.needs, pack)
    yield from find_unused_keys(records, read, paths, pack)
