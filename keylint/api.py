"""keylint as a library: a scan as the command line makes it, its report as a value."""

from __future__ import annotations

import os
from collections.abc import Iterable
from io import StringIO

from keylint.core.config import Config
from keylint.core.errors import ConfigError, KeylintError, suggest_word
from keylint.core.model import Finding
from keylint.core.model import FindingPart as Part  # the library's names are shorter
from keylint.core.model import SourceRange as Place
from keylint.core.report import Failure, Report
from keylint.core.report import ScanWarning as Warned
from keylint.core.terms import CONFIDENCES, SEVERITIES
from keylint.findings.foreign_text import redact_report
from keylint.reporters import REPORTERS, load_reporter
from keylint.scanner.configure import configure
from keylint.scanner.request import BaselineOptions, ConfigOverrides, ScanRequest, make_scope
from keylint.scanner.run import run_scan

__all__ = (
    'Failure',
    'Finding',
    'KeylintError',
    'Part',
    'Place',
    'Report',
    'Warned',
    'render',
    'scan',
)
StrPath = str | os.PathLike[str]


def scan(
    path: StrPath | Iterable[StrPath] = '.',
    *,
    config: StrPath | None = None,
    isolated: bool = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    exclude: Iterable[str] = (),
    severity: str | None = None,
    confidence: str | None = None,
    rules: Iterable[StrPath] = (),
    baseline: StrPath | bool = True,
    staged: bool = False,
    today: str | None = None,
) -> Report:
    """Return what `keylint scan PATH` finds.

    Every argument is the flag of the same name; without it the environment and the nearest
    configuration file hold, as on the command line. `baseline` is the name of one, or False for
    none. Files that could not be read are in `Report.failures`: "not scanned" is not "clean".
    Raises KeylintError where the command would end with one line and exit code 2.
    """
    _check_choice('severity', severity, SEVERITIES)
    _check_choice('confidence', confidence, CONFIDENCES)
    scope = make_scope(_list_paths(path))
    if staged:
        scope = scope._replace(mode='staged')
    overrides = ConfigOverrides(
        file='' if config is None else os.fspath(config),
        isolated=isolated,
        select=_list_texts(select),
        ignore=_list_texts(ignore),
        exclude=_list_texts(exclude),
        severity=severity or '',
        confidence=confidence or '',
        rules=_list_paths(rules),
        today=today or '',
    )
    request = ScanRequest(scope, overrides, _choose_baseline(baseline))
    return run_scan(request, configure(request))


def render(report: Report, format_name: str = 'text') -> str:
    """Render a report in one of the formats of `--format`, without any value of a secret.

    Raises KeylintError for an unknown format.
    """
    if format_name not in REPORTERS:
        raise ConfigError(
            f"unknown format '{format_name}'{suggest_word(format_name, list(REPORTERS))}; "
            f'allowed: {", ".join(REPORTERS)}'
        )
    stream = StringIO(newline='')
    load_reporter(format_name)(redact_report(report), Config(), stream, False)
    return stream.getvalue()


def _check_choice(name: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise ConfigError(f"{name} is '{value}'; allowed: {', '.join(allowed)}")


def _choose_baseline(baseline: StrPath | bool) -> BaselineOptions:
    if isinstance(baseline, bool):
        return BaselineOptions(is_off=not baseline)
    return BaselineOptions(os.fspath(baseline))


def _list_texts(texts: Iterable[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _list_paths(paths: StrPath | Iterable[StrPath]) -> tuple[str, ...]:
    if isinstance(paths, str | os.PathLike):
        return (os.fspath(paths),)
    return tuple(os.fspath(path) for path in paths)
