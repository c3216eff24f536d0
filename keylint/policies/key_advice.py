"""Say of each key of the table what is wrong with it, and which key would do instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keylint.core.model import DeclarationRecord, Finding
from keylint.core.terms import SEVERITIES
from keylint.policies.key_recipes import KeyRecommendation
from keylint.policies.key_table import KeyRow
from keylint.rules.rule_set import RuleSet


class KeyAdvice(NamedTuple):
    """The open findings about a key, the recipes for its exchange, and the page of its keys.

    The page comes from the rule, never from the scanned tree; it is empty where none is known.
    """

    reasons: tuple[Finding, ...]
    recipes: tuple[KeyRecommendation, ...]
    page: str


def advise_keys(
    rows: Sequence[KeyRow],
    records: Sequence[DeclarationRecord],
    findings: Sequence[Finding],
    recipes: Sequence[KeyRecommendation],
    pack: RuleSet,
) -> list[KeyAdvice]:
    """Return the advice for each row, in their order."""
    by_place = {f'{record.path}:{record.place.line}': record for record in records}
    still_open = [finding for finding in findings if finding.state == 'open']
    found = []
    for row in rows:
        rule = pack.rules.get(row.exchange or '')
        page = (rule.manage or '') if rule else ''
        reasons = _list_reasons(row, by_place.get(row.place), still_open)
        reasons.sort(key=lambda finding: -SEVERITIES.index(finding.severity))
        mine = tuple(recipe for recipe in recipes if recipe.exchange == (row.exchange or ''))
        found.append(KeyAdvice(tuple(reasons), mine, page if page.startswith('https://') else ''))
    return found


def _list_reasons(
    row: KeyRow, record: DeclarationRecord | None, findings: Sequence[Finding]
) -> list[Finding]:
    """List what was found in a declaration, or the leaks of the exchange that only code uses."""
    if record is not None:
        return [
            finding
            for finding in findings
            if finding.path == record.path
            and finding.declaration is not None
            and record.place.line <= finding.place.line <= record.place.end_line
        ]
    return [
        finding
        for finding in findings
        if finding.parts and row.exchange is not None and finding.issuer == row.exchange
    ]
