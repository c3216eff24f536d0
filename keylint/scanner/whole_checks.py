"""Check what no file tells alone: keys as a repository declares them, and the names of files."""

from __future__ import annotations

from collections.abc import Callable

from keylint.core.config import Config
from keylint.core.report import Report
from keylint.findings.foreign_text import collect_traces
from keylint.pipeline.names import find_values_in_paths
from keylint.rules.load import Rules


def check_whole(report: Report, read: Callable[[str], bytes], rules: Rules, config: Config) -> None:
    """Add the findings about declared keys and of values in the names of files and folders."""
    if report.records or config.severity == 'info':
        from keylint.policies.repository import check_repository  # noqa: PLC0415 - 10 ms

        report.add(
            check_repository(
                report.records, read, report.paths, rules.pack, config, report.tree_paths
            )
        )
    traces = collect_traces(report.findings)
    paths = {path: report.tree_paths.get(path, path) for path in report.paths}
    report.add(find_values_in_paths(paths, rules, config, traces))
