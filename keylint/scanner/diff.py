"""Scan the files that a change touches, and report only findings on lines that it adds."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.baseline.added_lines import compare_work_tree, filter_new, select_files
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.scanner.items import Item, list_items, make_reader
from keylint.scanner.request import ScanRequest
from keylint.scanner.scan_items import scan_listed_items, scan_requested_items
from keylint.sources import files


def scan_added_lines(request: ScanRequest, config: Config) -> Report:
    """Scan a change as a whole. Raises SourceError for an unknown commit or a shallow clone."""
    scope = request.scope
    report = Report()
    paths = scope.paths or ('.',)
    found = compare_work_tree(paths[0], scope.revision, scope.includes_ignored, report)
    names = select_files(found, paths)
    items: Sequence[Item] = files.list_files(list(names), config, report, scope.includes_ignored)
    report = scan_listed_items(items, report, request, config)
    if report.records:  # declared keys are judged against the whole tree
        tree = request._replace(scope=scope._replace(mode='paths'))
        _take_over(report, scan_requested_items(tree, config))
        items = list_items(tree, config, Report())
    touched = [finding for finding in report.findings if finding.path in names]
    kept = filter_new(touched, found, names, make_reader(items))
    for _ in range(_count_open(report.findings) - _count_open(kept)):
        report.skip('on lines that the change does not add')
    report.findings = kept
    return report


def _take_over(report: Report, whole: Report) -> None:
    """Replace what is reported of the change by what is reported of the whole tree."""
    report.findings, report.failures = whole.findings, whole.failures
    report.files, report.bytes = whole.files, whole.bytes
    report.skipped |= whole.skipped
    report.hidden |= whole.hidden


def _count_open(findings: Sequence[Finding]) -> int:
    return sum(finding.state == 'open' for finding in findings)
