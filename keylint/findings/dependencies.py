"""Make one finding of all that lies in a folder of committed dependencies.

They hold what their authors wrote, samples and test keys mostly: dozens of findings that nobody can
act on, and among them one that says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from keylint.core.model import Finding, RelatedLocation
from keylint.core.packages import find_package_folder
from keylint.findings.fingerprint import join_fingerprints
from keylint.rules.builtin import GENERIC_RULES

RULE = 'committed-dependencies'
_HELP = f'https://keylint.readthedocs.io/rules/{RULE}/'
# Places inside that a report names.
_MAX_PLACES = 20


def find_dependency_folder(finding: Finding) -> str | None:
    """Return the folder of packages that holds all copies of what was found; None for none."""
    paths = [finding.path]
    if finding.life:
        paths += finding.life.paths
    folders = [find_package_folder(path) for path in paths]
    return folders[0] if all(folders) else None


def gather_dependencies(findings: Sequence[Finding], asked: Iterable[str] = ()) -> list[Finding]:
    """Replace the open findings in each folder of packages by one that counts them.

    `asked` are the paths of the run: who asks for a folder of packages is shown what is in it.
    """
    if any(find_package_folder(f'{path.rstrip("/")}/') is not None for path in asked):
        return list(findings)
    inside: dict[str, list[Finding]] = {}
    kept = []
    for finding in findings:
        folder = find_dependency_folder(finding) if finding.state == 'open' else None
        if folder is None:
            kept.append(finding)
        else:
            inside.setdefault(folder, []).append(finding)
    return kept + [count_inside(group) for group in inside.values()]


def count_inside(group: Sequence[Finding]) -> Finding:
    """Make the finding of a folder: where the first of its findings is, and what all of them are.

    Its fingerprint is of all that is inside, so that accepting it accepts nothing that comes later.
    """
    rule = GENERIC_RULES[RULE]
    counts = Counter(finding.rule for finding in group).most_common()
    found = ', '.join(f'{count} {name}' for name, count in counts)
    first = min(group, key=lambda finding: (finding.path, finding.place))
    return Finding(
        path=first.path,
        place=first.place,
        rule=RULE,
        severity='low',
        confidence='high',
        issuer=None,
        claims=(),
        title=f'{rule.title} ({_count(len(group))} inside)',
        message=f'Inside: {found}. {rule.why}',
        do=rule.do,
        parts=(),
        fingerprint=join_fingerprints(RULE, group),
        local='',
        help_url=_HELP,
        why=rule.why,
        cell=first.cell,
        container=first.container,
        commit=first.commit,
        related=tuple(
            RelatedLocation(finding.path, finding.place, finding.rule, finding.cell)
            for finding in group[:_MAX_PLACES]
        ),
        life=first.life,
    )


def _count(number: int) -> str:
    return '1 finding' if number == 1 else f'{number} findings'
