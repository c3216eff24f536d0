"""Scan a whole tree to create or update its baseline."""

from __future__ import annotations

from keylint.baseline.entries import Baseline, Entry
from keylint.baseline.match import BaselineScope, MatchedFindings, match_findings
from keylint.baseline.update import add_history_entries, update_entries
from keylint.core.config import Config
from keylint.scanner.baseline_scope import build_scope
from keylint.scanner.history import scan_objects
from keylint.scanner.request import ScanRequest
from keylint.scanner.scan_items import scan_requested_items


class BaselineRun:
    """The findings of a tree, and of its history if requested, compared with a baseline."""

    def __init__(
        self, request: ScanRequest, config: Config, baseline: Baseline, with_history: bool
    ) -> None:
        self.report = scan_requested_items(request, config)
        self.scope = build_scope(request, config, self.report, is_whole=True)
        self.found = self._match(baseline, self.scope, config)
        self._past: tuple[MatchedFindings, BaselineScope] | None = None
        if with_history:
            self._scan_history(request, config, baseline)

    def _scan_history(self, request: ScanRequest, config: Config, baseline: Baseline) -> None:
        past = request._replace(scope=request.scope._replace(mode='history'))
        report = scan_objects(past, config)
        scope = build_scope(past, config, report)
        found = match_findings(baseline, report.findings, scope, config.day(), False)
        self._past = found, scope
        self.report.failures += report.failures

    def _match(self, baseline: Baseline, scope: BaselineScope, config: Config) -> MatchedFindings:
        return match_findings(baseline, self.report.findings, scope, config.day(), False)

    def update(self, baseline: Baseline) -> tuple[Baseline, list[Entry]]:
        """Return the baseline as this run would have it, and its new entries."""
        updated, added = update_entries(baseline, self.found, self.scope)
        if self._past is None:
            return updated, added
        updated, more = add_history_entries(updated, *self._past)
        return updated, added + more
