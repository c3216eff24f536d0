"""Scan a text as if it stood in a file: what an editor shows, what an agent is about to write.

The settings, the baseline and the marks are those that `keylint scan FILE` goes by.
"""

from __future__ import annotations

import os

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.records import NamedTuple
from keylint.core.report import Failure, Report
from keylint.matcher.hyperscan import hyperscan_version
from keylint.rules.cache_state import describe_state
from keylint.rules.listing import find_builtin_rules
from keylint.rules.load import Rules, load_rules
from keylint.scanner.configure import configure
from keylint.scanner.find_baseline import find_baseline
from keylint.scanner.finish import finish_report
from keylint.scanner.request import ScanRequest, ScanScope
from keylint.scanner.scan_items import scan_listed_items
from keylint.sources import max_file_bytes
from keylint.sources.git import find_work_tree, try_git
from keylint.sources.tree_places import place_file

# The rules by the folders that they come from: what was read of a line is remembered with them.
_HELD: dict[tuple[str, ...], Rules] = {}


class ScannedText(NamedTuple):
    """The report of a text, and the request and the configuration that it was made by."""

    report: Report
    request: ScanRequest
    config: Config


def scan_text(path: str, data: bytes, is_file: bool = True) -> ScannedText:
    """Scan a text under a whole path, which need not exist.

    With `is_file` the configuration may leave the path out. Raises KeylintError.
    """
    request = ScanRequest(ScanScope('paths', (path,)), uses_cache=False)
    config = configure(request)
    report = Report()
    if is_file and config.is_excluded(path):
        report.skip('excluded by configuration')
        return ScannedText(report, request, config)
    most = max_file_bytes(config)
    item: Blob | Failure = Blob(data, Origin(path, place=place_file(path)))
    if len(data) > most:
        item = Failure(path, 'read', f'larger than {most // 1024 // 1024} MB')
    scan_listed_items([item], report, request, config, hold_rules(config.rules))
    report.mode = 'paths'
    baseline = find_baseline(request, config)
    if baseline or report.findings:
        finish_report(baseline, request, config, report)
    return ScannedText(report, request, config)


def hold_rules(folders: tuple[str, ...]) -> Rules:
    """Return the rules of an earlier text, unless a file of them has changed. Raises RuleError."""
    held = _HELD.get(folders)
    state = describe_state((find_builtin_rules(), *folders), hyperscan_version())
    if held is None or held.state != state:
        held = _HELD[folders] = load_rules(folders)
    return held


def is_ignored(path: str) -> bool:
    """Tell whether git ignores a file that it does not track: a scan of the tree leaves it out."""
    folder = os.path.dirname(path)
    while folder and not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    top = find_work_tree(folder or os.sep)
    if top is None:
        return False
    inside = os.path.relpath(os.path.realpath(folder), top)
    name = os.path.join(inside, os.path.relpath(path, folder))
    return bool(try_git(top, 'check-ignore', '--', os.path.normpath(name)).output)
