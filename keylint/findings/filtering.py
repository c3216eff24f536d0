"""Decide which findings are shown at all.

Thresholds, selected and ignored rules, ignores by path.
"""

from __future__ import annotations

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.terms import CONFIDENCES, SEVERITIES


def is_shown(finding: Finding, config: Config) -> bool:
    """Tell whether thresholds and configuration let a finding through."""
    if SEVERITIES.index(finding.severity) < SEVERITIES.index(config.severity):
        return False
    if CONFIDENCES.index(finding.confidence) < CONFIDENCES.index(config.confidence):
        return False
    if config.select and not finding.rule.startswith(config.select):
        return False
    if config.ignore and finding.rule.startswith(config.ignore):
        return False
    return not any(
        finding.rule.startswith(rules) and config.matches_path(finding.path, pattern)
        for pattern, rules in config.per_path_ignores
    )
