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
    return not find_hiding_key(finding, config)


def find_hiding_key(finding: Finding, config: Config) -> str:
    """Return the key of the configuration that hides the rule of a finding there; empty if none."""
    if config.select and not finding.rule.startswith(config.select):
        return 'select'
    if config.ignore and finding.rule.startswith(config.ignore):
        return 'ignore'
    is_ignored = any(
        finding.rule.startswith(rules) and config.matches_path(finding.path, pattern)
        for pattern, rules in config.per_path_ignores
    )
    return 'per-path-ignores' if is_ignored else ''
