"""Compare findings with a baseline: which entries a run could have matched, and which it did."""

from __future__ import annotations

import os

from keylint.baseline.entries import Entry
from keylint.baseline.file import read_baseline
from keylint.baseline.match import BaselineScope, list_notes, match_findings
from keylint.core.config import Config
from keylint.core.errors import ConfigError
from keylint.core.relative_paths import path_from_root
from keylint.core.report import Report
from keylint.scanner.find_baseline import find_scanned_folder
from keylint.scanner.request import ScanRequest
from keylint.sources.git import find_work_tree


def apply_baseline(path: str, request: ScanRequest, config: Config, report: Report) -> None:
    """Mark the findings that a baseline knows. Raises ConfigError if it cannot be read."""
    if not os.path.isfile(path):
        raise ConfigError(
            f'{path}: no such baseline; `keylint baseline create` writes it, '
            '--no-baseline does without'
        )
    baseline, today, is_strict = (read_baseline(path), config.day(), request.baseline.is_strict)
    scope = build_scope(request, config, report)
    found = match_findings(baseline, report.findings, scope, today, is_strict)
    report.findings = found.findings
    shown_path = os.path.relpath(path).replace(os.sep, '/')
    report.warnings += list_notes(baseline, found, today, is_strict, shown_path)


def find_root(request: ScanRequest, config: Config) -> str:
    """Return the folder that paths in the baseline are relative to.

    It is the top of the repository, else that of the configuration, else the scanned folder.
    """
    folder = find_scanned_folder(request)
    top = find_work_tree(folder)
    if top:
        return top
    return os.path.abspath(os.path.dirname(config.source) if config.source else folder)


def build_scope(
    request: ScanRequest, config: Config, report: Report, is_whole: bool = False
) -> BaselineScope:
    """Describe what a run looked at, so that entries it could not have met are not called stale.

    A history and a change say nothing of what is not there, and neither does a narrowed run.
    `is_whole` means that the run would have met everything below its folders.
    """
    root = find_root(request, config)
    scope = request.scope
    is_index = scope.mode == 'staged' and not scope.paths
    base = root if is_index or report.unit != 'file' else os.getcwd()
    known: dict[str, str] = {}

    def locate(path: str) -> str:
        if path not in known:
            known[path] = path_from_root(path, root, base)
        return known[path]

    def is_gone(path: str) -> bool:
        return report.unit == 'file' and not os.path.lexists(os.path.join(root, path))

    if report.unit != 'file' or scope.mode == 'diff' or request.overrides.is_narrowing:
        return BaselineScope(locate, lambda entry: False, is_gone)
    failed = {locate(failure.path) for failure in report.failures}
    scanned = {locate(path) for path in report.paths}
    folders: tuple[str, ...] = ()
    if scope.mode == 'paths':
        folders = tuple(locate(path) for path in scope.paths or ('.',) if os.path.isdir(path))

    def is_scanned(entry: Entry) -> bool:
        if (
            entry.path in failed
            or (config.select and not entry.rule.startswith(config.select))
            or entry.rule.startswith(config.ignore)
        ):
            return False
        is_below = any(folder == '.' or entry.path.startswith(f'{folder}/') for folder in folders)
        return entry.path in scanned or (is_below and (is_whole or is_gone(entry.path)))

    return BaselineScope(locate, is_scanned, is_gone)
