"""Finish a report that has findings: join those that are alike, apply the baseline."""

from __future__ import annotations

from keylint.core.config import Config
from keylint.core.report import Report
from keylint.findings.columns import gather_columns
from keylint.findings.dependencies import gather_dependencies
from keylint.scanner.baseline_scope import apply_baseline
from keylint.scanner.request import ScanRequest


def finish_report(path: str, request: ScanRequest, config: Config, report: Report) -> None:
    """Join findings, then give them the states of the baseline at `path`; empty for none.

    Joined first, because a baseline accepts what reports show. Raises ConfigError.
    """
    report.findings = gather_columns(gather_dependencies(report.findings, request.scope.paths))
    report.sort()
    if path:
        apply_baseline(path, request, config, report)
