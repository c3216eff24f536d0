"""Hold the declarations of a tree against its code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.core.key_model import Violation
from keylint.core.model import DeclarationRecord
from keylint.policies.code_permissions import ReadFile, read_code_permissions
from keylint.policies.code_policies import check_code
from keylint.policies.unused_keys import find_unused_keys
from keylint.rules.rule_set import RuleSet


def check_code_of_tree(
    records: Sequence[DeclarationRecord], read: ReadFile, paths: Sequence[str], pack: RuleSet
) -> Iterator[Violation]:
    """Yield what keys may beyond the code's needs, and keys that no code uses."""
    yield from check_code(records, read_code_permissions(paths, read, pack).needs, pack)
    yield from find_unused_keys(records, read, paths, pack)
