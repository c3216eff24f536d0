"""Find declared keys whose reference is nowhere else in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from keylint.core.key_model import Violation
from keylint.core.model import DeclarationRecord
from keylint.policies.code_permissions import CODE_ENDINGS, ReadFile
from keylint.policies.violations import make_violation
from keylint.rules.rule_set import RuleSet

_REFERENCE = re.compile(r'(?:env(?:ironment)?:)?([A-Za-z_][A-Za-z0-9_]{3,})')


def find_unused_keys(
    records: Sequence[DeclarationRecord], read: ReadFile, paths: Sequence[str], pack: RuleSet
) -> Iterator[Violation]:
    """Find entries of inventories whose `secret_ref` no other file names, where there is code."""
    wanted: dict[str, list[DeclarationRecord]] = {}
    for record in records:
        if record.declaration.source == 'inventory':
            match = _REFERENCE.fullmatch(record.declaration.secret_ref)
            if match is not None:
                wanted.setdefault(match.group(1), []).append(record)
    declaring = {record.path for record in records}
    others = [path for path in paths if path not in declaring]
    if not any(path.endswith(CODE_ENDINGS) for path in others):
        return
    for name in sorted(_find_missing(set(wanted), others, read)):
        for record in wanted[name]:
            message = f'{name} is used nowhere else.'
            violation = make_violation(pack, 'key-unused', 'else', message, record.declaration)
            yield violation._replace(path=record.path, place=record.place_of('label'))


def _find_missing(names: set[str], paths: Sequence[str], read: ReadFile) -> set[str]:
    """Return the names that stand in none of the files."""
    missing = set(names)
    for path in paths:
        if not missing:
            break
        try:
            data = read(path)
        except OSError:
            continue
        missing -= {name for name in missing if name.encode() in data}
    return missing
