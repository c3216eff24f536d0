"""One value is one finding with its places: copies are joined, each still a finding of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keylint.core.terms import LEADING, SEVERITIES

TYPE_CHECKING = False  # the hook loads this, and most of its runs find nothing
if TYPE_CHECKING:
    from keylint.core.model import Finding


def merge_copies(findings: Sequence[Finding]) -> list[Finding]:
    """Join findings of one value: the worst one, with the others as its `copies`.

    What is accepted at one place is open at the others, so that only findings of one state and
    reason are joined. A part of a larger credential is a copy of that.
    """
    order = sorted(findings, key=lambda finding: -len(finding.parts))
    groups: list[list[Finding]] = []
    by_lead: dict[object, int] = {}
    by_part: dict[object, list[int]] = {}
    for finding in order:
        state = finding.state, finding.reason
        values = frozenset(part.identity for part in finding.parts if part.identity)
        lead = _identify(finding)
        number = by_lead.get((state, lead)) if lead else None
        if number is None and values:
            number = _find_larger(values, by_part.get((state, next(iter(values))), ()), groups)
        if number is None:
            number = len(groups)
            groups.append([])
        groups[number].append(finding)
        if lead:
            by_lead.setdefault((state, lead), number)
        for value in values:
            by_part.setdefault((state, value), []).append(number)
    return [_join_group(group) for group in groups]


def list_places(finding: Finding) -> list[Finding]:
    """Return a finding for each place of a value, in the order of their paths and lines."""
    if not finding.copies:
        return [finding]
    return sorted(
        (finding._replace(copies=()), *finding.copies), key=lambda one: (one.path, one.place)
    )


def list_all_places(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings of all places, for formats that speak of lines and not of values."""
    return sorted(
        (place for finding in findings for place in list_places(finding)),
        key=lambda one: (one.path, one.place.line, one.place.column, one.rule, one.fingerprint),
    )


def _identify(finding: Finding) -> object:
    """Return what tells the value of a finding: that of its leading part, None for no part.

    A guessable value is the same word in many files: there its rule has to be the same as well.
    """
    lead = next((part for part in finding.parts if part.role in LEADING), None)
    lead = lead or next(iter(finding.parts), None)
    if lead is None or not lead.identity:
        return None
    return lead.identity, finding.rule if finding.local else ''


def _find_larger(
    values: frozenset[int], numbers: Iterable[int], groups: list[list[Finding]]
) -> int | None:
    """Find the group with a credential that has all these values and more."""
    for number in numbers:
        for other in groups[number]:
            if values < {part.identity for part in other.parts}:
                return number
    return None


def _join_group(group: list[Finding]) -> Finding:
    if len(group) == 1:
        return group[0]
    rest = sorted(
        group,
        key=lambda one: (
            -SEVERITIES.index(one.severity),
            -len(one.parts),
            one.issuer is None,
            one.path,
            one.place,
            one.container or '',
        ),
    )
    first = rest.pop(0)
    return first._replace(copies=tuple(sorted(rest, key=lambda one: (one.path, one.place))))
