"""Decide which findings are shown at all, and say what hides the others.

Thresholds, selected and ignored rules, ignores by path.
"""

from __future__ import annotations

from collections.abc import Iterable

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import HiddenFinding
from keylint.core.terms import CONFIDENCES, SEVERITIES


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


def find_threshold(finding: Finding, config: Config) -> str:
    """Return the key of the threshold that a finding does not reach; empty if it reaches both."""
    if SEVERITIES.index(finding.severity) < SEVERITIES.index(config.severity):
        return 'severity'
    if CONFIDENCES.index(finding.confidence) < CONFIDENCES.index(config.confidence):
        return 'confidence'
    return ''


def split_hidden(
    findings: Iterable[Finding], config: Config
) -> tuple[list[Finding], tuple[HiddenFinding, ...]]:
    """Split findings into those that are shown, and what hides each of the others."""
    shown, hidden = [], []
    for finding in findings:
        key = find_hiding_key(finding, config) or find_threshold(finding, config)
        if key:
            hidden.append(HiddenFinding(key, finding.fingerprint))
        else:
            shown.append(finding)
    return shown, tuple(dict.fromkeys(hidden))
