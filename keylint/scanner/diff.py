"""Scan the files that a change touches, and report only findings on lines that it adds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from keylint.baseline.added_lines import WorkTreeChange, compare_work_tree, filter_new, select_files
from keylint.baseline.shown_before import OldVersions
from keylint.core.blob import Origin, TreePlace
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.history.findings import scan_version
from keylint.scanner.items import Item, list_items, make_reader
from keylint.scanner.request import ScanRequest
from keylint.scanner.scan_items import load_checked_rules, scan_listed_items, scan_requested_items
from keylint.sources import files
from keylint.sources.objects import ObjectReader


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
    with ObjectReader(found.top) as reader:
        versions = OldVersions(found.old, _make_scan(found, reader, config))
        kept = filter_new(touched, found, names, make_reader(items), versions)
    for _ in range(_count_open(report.findings) - _count_open(kept)):
        report.skip('on lines that the change does not add')
    report.findings = kept
    return report


def _make_scan(
    found: WorkTreeChange, reader: ObjectReader, config: Config
) -> Callable[[str, str], Iterable[Finding]]:
    """Return a function that scans an old version, by its path from the top and its id."""
    rules = load_checked_rules(config)

    def scan_old(path: str, blob: str) -> Iterable[Finding]:
        name = os.path.relpath(os.path.join(found.top, path)).replace(os.sep, '/')
        if config.is_excluded(name):
            return ()
        origin = Origin(name, place=TreePlace(path, found.top))
        return scan_version(reader, blob, origin, rules, config).values()

    return scan_old


def _take_over(report: Report, whole: Report) -> None:
    """Replace what is reported of the change by what is reported of the whole tree."""
    report.findings, report.failures = whole.findings, whole.failures
    report.files, report.bytes = whole.files, whole.bytes
    report.skipped |= whole.skipped
    report.hidden |= whole.hidden


def _count_open(findings: Sequence[Finding]) -> int:
    return sum(finding.state == 'open' for finding in findings)
