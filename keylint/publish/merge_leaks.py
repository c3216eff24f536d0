"""Join the leaks of one value: it is revoked once, wherever it occurs."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.findings.copies import merge_copies
from keylint.publish.assess import ACTIONS, Leak


def merge_leaks(leaks: Sequence[Leak]) -> list[Leak]:
    """Join leaks of one value, in the order of the leaks: the most pressing verdict counts."""
    by_finding = {leak.finding: leak for leak in leaks}
    merged = []
    for finding in merge_copies([leak.finding for leak in leaks]):
        group = [by_finding[one] for one in (finding._replace(copies=()), *finding.copies)]
        merged.append(_join_group(group))
    order = {leak.finding: number for number, leak in enumerate(leaks)}
    return sorted(merged, key=lambda leak: order[leak.finding._replace(copies=())])


def _join_group(group: list[Leak]) -> Leak:
    if len(group) == 1:
        return group[0]
    first = min(group, key=lambda leak: ACTIONS.index(leak.verdict.action))
    rest = tuple(leak for leak in group if leak is not first)
    seat = first.seat._replace(
        in_tree=any(leak.seat.in_tree for leak in group),
        is_untracked=all(leak.seat.is_untracked for leak in group),
    )
    copies = tuple(leak.finding for leak in rest)
    return first._replace(finding=first.finding._replace(copies=copies), seat=seat, copies=rest)
