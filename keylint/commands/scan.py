"""`keylint scan`: a request, its report, the exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module

from keylint.commands.parsers.shared import read_overrides
from keylint.core.config import Config
from keylint.core.errors import ConfigError
from keylint.core.report import Report
from keylint.core.terms import SEVERITIES
from keylint.reporters import REPORTERS
from keylint.reporters.outputs import Output, parse_outputs, write_reports
from keylint.scanner.configure import configure
from keylint.scanner.items import read_listed_files
from keylint.scanner.request import BaselineOptions, ScanRequest, ScanScope, make_scope
from keylint.scanner.run import run_scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

# Options that say what is scanned; one run has one of them.
_MODES = ('diff', 'history', 'since', 'range', 'pre_push', 'staged', 'files_from')


def run(arguments: Namespace) -> int:
    """Scan, print, and return the exit code.

    0: clean, 1: findings at or above the threshold, 2: something was not scanned.
    """
    if arguments.quiet:
        os.environ['KEYLINT_QUIET'] = '1'
    wanted = parse_outputs(_choose_format(arguments), arguments.output)
    request = read_listed_files(read_request(arguments))
    config = configure(request)
    if config.source and request.scope.mode == 'staged':
        import_module('keylint.core.remember_config').remember_config(config.source)
    report = run_scan(request, config)
    report.is_quiet = arguments.quiet
    _write_reports(request.scope, config, report, wanted)
    return 0 if arguments.exit_zero else _exit_code(config, report)


def read_request(arguments: Namespace) -> ScanRequest:
    """Make the request of a command line. Raises ConfigError for options that exclude others."""
    return ScanRequest(
        _read_scope(arguments),
        read_overrides(arguments),
        BaselineOptions(arguments.baseline or '', arguments.no_baseline, arguments.strict_baseline),
        uses_cache=not arguments.no_cache,
        shows_progress=not (arguments.no_progress or arguments.quiet),
    )


def _read_scope(arguments: Namespace) -> ScanScope:
    """Choose what is scanned. Raises ConfigError for options that ask for different things."""
    _check_modes(arguments)
    scope = make_scope(tuple(arguments.paths), arguments.no_ignore)
    scope = scope._replace(stdin_name=arguments.stdin_filename or '')
    if arguments.diff:
        return scope._replace(mode='diff', revision=_find_revision(arguments.diff))
    if arguments.history:
        return scope._replace(mode='history')
    if arguments.since:
        return scope._replace(mode='since', revision=arguments.since)
    if arguments.range:
        return scope._replace(mode='range', revision=arguments.range)
    if arguments.pre_push:
        return scope._replace(mode='pre-push')
    if arguments.staged:
        return scope._replace(mode='staged')
    if arguments.files_from:
        return scope._replace(mode='files-from', files_from=arguments.files_from)
    return scope


def _check_modes(arguments: Namespace) -> None:
    """Refuse options that ask for different things: whichever won, the rest would go unread."""
    named = [f'--{name.replace("_", "-")}' for name in _MODES if getattr(arguments, name)]
    if '-' in arguments.paths:
        named.append('- (standard input)')
        if len(arguments.paths) > 1:
            named.append('other paths')
    if len(named) > 1:
        raise ConfigError(f'{named[0]} does not go together with {named[1]}: choose one')
    if arguments.stdin_filename and '-' not in arguments.paths:
        raise ConfigError('--stdin-filename names standard input: give - as the path')


def _find_revision(wanted: str) -> str:
    if wanted != 'auto':
        return wanted
    from keylint.integrations.ci import find_current_base  # noqa: PLC0415 - only in a pipeline

    return find_current_base()


def _choose_format(arguments: Namespace) -> str | None:
    """Return the format that is asked for; `-v` is a short word for the full text."""
    if arguments.verbose and not arguments.format:
        return 'full'
    return arguments.format or _format_of_environment()


def _format_of_environment() -> str | None:
    name = os.environ.get('KEYLINT_FORMAT') or None
    if name and name not in REPORTERS:
        raise ConfigError(f"KEYLINT_FORMAT is '{name}'; allowed: {', '.join(REPORTERS)}")
    return name


def _write_reports(
    scope: ScanScope, config: Config, report: Report, wanted: Sequence[Output]
) -> None:
    """Write every output, with paths from the root of the repository where CI systems want them."""
    shown = rooted = report
    is_rooted = report.unit == 'file' and any(REPORTERS[one.format].is_rooted for one in wanted)
    if is_rooted or report.findings or report.failures or report.warnings:
        from keylint.reporters.places import prepare_reports  # noqa: PLC0415 - not in the hook

        is_index = scope.mode == 'staged'
        shown, rooted = prepare_reports(report, scope.paths, is_rooted, is_index)
    write_reports(shown, rooted, config, wanted)


def _exit_code(config: Config, report: Report) -> int:
    if report.failures:
        return 2
    threshold = SEVERITIES.index(config.fail_on)
    return int(any(SEVERITIES.index(finding.severity) >= threshold for finding in report.open))
