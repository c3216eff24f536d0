"""`keylint scan --diff`: whole files are read, and of their findings only those on lines that the change adds are told."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from keylint.baseline.added_lines import change, on_added_lines, within
from keylint.commands import scan
from keylint.core.config import Config
from keylint.core.errors import ConfigError
from keylint.core.model import Report
from keylint.sources import files

_OTHERS = ('staged', 'history', 'since', 'range', 'pre_push', 'files_from', 'stdin_filename')


def collect(arguments: Namespace, config: Config) -> Report:
    """The whole run. Raises SourceError where the change cannot be told: an unknown commit, a shallow clone."""
    for name in _OTHERS:
        if getattr(arguments, name, None):
            raise ConfigError(
                f'--diff is about the work tree; it does not go together with --{name.replace("_", "-")}'
            )
    report = Report()
    paths = arguments.paths or ['.']
    found = change(paths[0], _revision(arguments.diff), arguments.no_ignore, report)
    names = within(found, paths)
    items: Sequence[scan.Item] = files.listed(list(names), config, report, arguments.no_ignore)
    report = scan.collect(arguments, config, (report, items))
    if report.records:  # what is declared of keys is held against the whole tree
        whole = scan.collect(arguments, config)
        report.findings, report.failures, report.files, report.bytes = (
            whole.findings,
            whole.failures,
            whole.files,
            whole.bytes,
        )
        report.skipped |= whole.skipped
        items = scan.items_of(arguments, config, Report())
    told = [finding for finding in report.findings if finding.path in names]
    kept = on_added_lines(told, found, names, scan.reader_of(items))
    for _ in range(
        sum(f.state == 'open' for f in report.findings) - sum(f.state == 'open' for f in kept)
    ):
        report.skip('on lines that the change does not add')
    report.findings = kept
    return report


def _revision(wanted: str) -> str:
    if wanted != 'auto':
        return wanted
    from keylint.integrations.ci import current  # noqa: PLC0415 - only in a pipeline

    return current()
