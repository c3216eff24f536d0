"""Make one finding of a table's column: seventeen tokens below one name are one mistake."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Finding, Lifetime
from keylint.findings.fingerprint import join_fingerprints
from keylint.readers.formats import format_of

# Values in one column from which on they are one finding.
_MIN_VALUES = 3
_MAX_EXCERPT_LINES = 3
_ROW = defer_regex(r'\[\d+\]')

_Column = tuple[str, str, str, str, object]


def gather_columns(findings: Sequence[Finding]) -> list[Finding]:
    """Replace the open findings in each column of a table by one that has all their places.

    In a history those are together that came and went together.
    """
    columns: dict[_Column, list[Finding]] = {}
    kept = []
    for finding in findings:
        column = _find_column(finding)
        if column is None:
            kept.append(finding)
        else:
            columns.setdefault(column, []).append(finding)
    for group in columns.values():
        kept += [_join_column(group)] if len(group) >= _MIN_VALUES else group
    return kept


def _find_column(finding: Finding) -> _Column | None:
    """Name the column of a value that stands alone in its row; None for what is not in a table."""
    if finding.state != 'open' or len(finding.parts) != 1:
        return None
    container = finding.container or ''
    is_row = _ROW.search(container) is not None
    if not is_row and format_of(container or finding.path).settings != 'table':
        return None
    column = _ROW.sub('[]', container)
    return finding.path, column, finding.rule, finding.parts[0].role, _describe_life(finding.life)


def _describe_life(life: Lifetime | None) -> object:
    """Return what values have in common that need the same steps: when they came, who has them."""
    if life is None:
        return None
    return life.first, life.last, life.refs, life.others, life.in_head, life.on_remote


def _join_column(group: Sequence[Finding]) -> Finding:
    """Join the findings of a column: the first, with the parts and the places of all.

    Its fingerprint is of all values, so that accepting it accepts nothing that comes later.
    """
    first = min(group, key=lambda finding: finding.place)
    return first._replace(
        title=f'{first.title} ({len(group)} in one column)',
        parts=tuple(part for finding in group for part in finding.parts),
        excerpt=tuple(line for finding in group for line in finding.excerpt)[:_MAX_EXCERPT_LINES],
        container=_ROW.sub('', first.container) if first.container else None,
        fingerprint=join_fingerprints(first.rule, group),
        local='',
    )
