"""Prepare a report for reporters: no text of it holds a value, and paths are as CI expects them.

Those start at the root of the repository, wherever keylint was started.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from copy import copy
from functools import cache

from keylint.core.model import Finding
from keylint.core.relative_paths import path_below, path_from_root
from keylint.core.report import Report
from keylint.findings.foreign_text import redact_report


def find_root(paths: Sequence[str]) -> str:
    """Find the folder that paths are shown relative to.

    It is the top of the work tree that holds the first path. Outside a work tree it is the
    working directory, or the scanned folder when that lies outside the working directory.
    """
    here = os.getcwd()
    first = os.path.abspath(paths[0]) if paths and paths[0] != '-' else here
    start = first if os.path.isdir(first) else os.path.dirname(first)
    folder = start
    while not os.path.exists(os.path.join(folder, '.git')):
        parent = os.path.dirname(folder)
        if parent == folder:
            return here if path_below(here, start) is not None else start
        folder = parent
    return folder


def prepare_reports(
    report: Report, paths: Sequence[str], is_rooted: bool, is_index: bool
) -> tuple[Report, Report]:
    """Return the report without values, and the same with paths from the root if it `is_rooted`.

    `paths` are those that were asked for; if they are of the index, they start at the root already.
    """
    shown = redact_report(report)
    if not is_rooted:
        return shown, shown
    root = find_root(paths)
    base = root if is_index and not paths else os.getcwd()
    return shown, redact_report(rewrite_report(report, root, base))


def rewrite_report(report: Report, root: str, base: str) -> Report:
    """Copy the report with its paths, which are relative to `base`, made relative to `root`."""

    @cache
    def rewrite(path: str) -> str:
        return path_from_root(path, root, base)

    shown = copy(report)
    shown.findings = [_rewrite_paths(finding, rewrite) for finding in report.findings]
    shown.findings.sort(key=lambda f: (f.path, f.place.line, f.place.column, f.rule, f.fingerprint))
    shown.failures = [failure._replace(path=rewrite(failure.path)) for failure in report.failures]
    shown.warnings = [warned._replace(path=rewrite(warned.path)) for warned in report.warnings]
    return shown


def _rewrite_paths(finding: Finding, rewrite: Callable[[str], str]) -> Finding:
    """Rewrite the paths of a finding, also those of the calls that its message names."""
    message = finding.message
    for other in finding.related:
        message = message.replace(
            f'({other.path}:{other.place.line})', f'({rewrite(other.path)}:{other.place.line})'
        )
    related = tuple(other._replace(path=rewrite(other.path)) for other in finding.related)
    copies = tuple(_rewrite_paths(one, rewrite) for one in finding.copies)
    return finding._replace(
        path=rewrite(finding.path), message=message, related=related, copies=copies
    )
