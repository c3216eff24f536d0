"""Check what no single file can say.

Keys against the code that uses them, against their siblings, against the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from keylint.core.config import Config
from keylint.core.key_model import Violation
from keylint.core.model import DeclarationRecord, Suppression
from keylint.core.report import BlobResult, Failure
from keylint.core.spans import Lines
from keylint.findings.build import build_repository_finding
from keylint.findings.filtering import split_hidden
from keylint.findings.suppressions import apply_suppressions, find_suppressions
from keylint.policies.inventory_policies import is_revoked
from keylint.policies.sibling_policies import check_siblings
from keylint.readers.decode import to_text
from keylint.rules.rule_set import RuleSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.policies.code_permissions import ReadFile


def check_repository(
    records: Sequence[DeclarationRecord],
    read: ReadFile,
    paths: Sequence[str],
    pack: RuleSet,
    config: Config,
    tree_paths: Mapping[str, str] = MappingProxyType({}),
) -> BlobResult:
    """Return the findings of the whole tree, sorted, suppressions and thresholds applied.

    And what the configuration hides, and code that could not be read.

    `records` are the declarations of all files, `paths` the files of the tree, `tree_paths` maps
    those that count from elsewhere to their paths from the top of the tree.
    """
    # Workers end in any order.
    records = sorted(records, key=lambda record: (record.path, record.place))
    suppressions = {record.path: record.suppressions for record in records}
    records = [record for record in records if not is_revoked(record.declaration)]
    failures: list[Failure] = []
    violations = _find_violations(records, read, paths, pack, config, failures)
    made = (
        build_repository_finding(violation, tree_paths.get(violation.path, violation.path))
        for violation in violations
    )
    shown, hidden = split_hidden(made, config)
    findings = []
    for finding in shown:
        if finding.path not in suppressions:
            suppressions[finding.path] = _read_suppressions(finding.path, read)
        findings.append(apply_suppressions(finding, suppressions[finding.path])[0])
    findings.sort(key=lambda f: (f.path, f.place.line, f.place.column, f.rule))
    return BlobResult(tuple(findings), tuple(failures), hidden=hidden)


def _find_violations(
    records: Sequence[DeclarationRecord],
    read: ReadFile,
    paths: Sequence[str],
    pack: RuleSet,
    config: Config,
    failures: list[Failure],
) -> Iterator[Violation]:
    limits = config.limits(pack.thresholds)
    yield from check_siblings(records, pack, limits['max-keys'])
    if _needs_code(records, config):
        from keylint.policies.repository_code import check_code_of_tree  # noqa: PLC0415 - 20 ms

        yield from check_code_of_tree(records, read, paths, pack, failures)


def _needs_code(records: Sequence[DeclarationRecord], config: Config) -> bool:
    """Tell whether to read the code.

    A declaration can be held against it, or calls are asked for.
    """
    return config.severity == 'info' or any(
        record.declaration.issuer
        and (record.declaration.permissions or record.declaration.denied)
        and (record.declaration.source not in ('call', 'document') or record.declaration.secret_ref)
        for record in records
    )


def _read_suppressions(path: str, read: ReadFile) -> tuple[Suppression, ...]:
    data = to_text(read(path))[0]
    return tuple(find_suppressions(data, Lines(data).starts, path))
