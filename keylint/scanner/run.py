"""Run a scan: the one entry for the command line and the library."""

from __future__ import annotations

import os

from keylint.core.blob import Blob
from keylint.core.config import Config
from keylint.core.report import Report
from keylint.scanner.find_baseline import find_baseline
from keylint.scanner.request import ScanRequest
from keylint.scanner.scan_items import scan_listed_items, scan_requested_items
from keylint.sources import git


def run_scan(request: ScanRequest, config: Config) -> Report:
    """Scan what the request names and give the findings the states of the baseline.

    A value is one finding with its places.

    `config` is `configure(request)`. Raises KeylintError if the scan cannot be made; what could not
    be scanned within it is in `Report.failures`.
    """
    report = _scan_scope(request, config)
    report.mode = request.scope.mode
    if report.mode == 'staged' and report.findings:
        report.is_first_commit = git.resolve_head('.') is None
        report.is_below_top = os.path.realpath(git.find_work_tree('.') or '.') != os.getcwd()
    _finish(request, config, report)
    return report


def run_blob_scan(blob: Blob, request: ScanRequest, config: Config) -> Report:
    """Scan bytes that the caller has as a file of the name that the blob has."""
    report = scan_listed_items([blob], Report(), request, config)
    report.mode = 'stdin'
    _finish(request, config, report)
    return report


def _finish(request: ScanRequest, config: Config, report: Report) -> None:
    """Mark the findings that the baseline knows, if there is one, and join those that are alike.

    Raises ConfigError.
    """
    path = find_baseline(request, config)
    if path or report.findings:
        from keylint.scanner.finish import finish_report  # noqa: PLC0415 - a clean run needs none

        finish_report(path, request, config, report)


def _scan_scope(request: ScanRequest, config: Config) -> Report:
    if request.scope.mode == 'diff':
        from keylint.scanner.diff import scan_added_lines  # noqa: PLC0415 - only for a change

        return scan_added_lines(request, config)
    if request.scope.reads_objects:
        from keylint.scanner.history import scan_objects  # noqa: PLC0415 - only for a history

        return scan_objects(request, config)
    return scan_requested_items(request, config)
