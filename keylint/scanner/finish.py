"""Finish a report that has findings: apply the baseline, join those that are alike."""

from __future__ import annotations

from keylint.core.config import Config
from keylint.core.report import Report
from keylint.findings.columns import gather_columns
from keylint.findings.copies import merge_copies
from keylint.findings.dependencies import gather_dependencies
from keylint.scanner.baseline_scope import apply_baseline
from keylint.scanner.request import ScanRequest


def finish_report(path: str, request: ScanRequest, config: Config, report: Report) -> None:
    """Give findings the states of the baseline at `path` (empty for none), then join the open ones.

    A baseline knows each of them: what it accepts is not counted again, and nothing that comes
    later is accepted with it. Raises ConfigError.
    """
    if path:
        apply_baseline(path, request, config, report)
    findings = gather_dependencies(report.findings, request.scope.paths)
    report.findings = merge_copies(gather_columns(findings))
    report.sort()
