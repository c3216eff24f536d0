"""keylint as a library: a scan as the command line makes it, its report as a value."""

from __future__ import annotations

import os
from collections.abc import Iterable
from io import StringIO

from keylint.cli import parser
from keylint.core.config import Config
from keylint.core.errors import ConfigError, KeylintError, suggestion
from keylint.core.model import (
    CONFIDENCES,
    SEVERITIES,
    Failure,
    Finding,
    Part,
    Place,
    Report,
    Warned,
)

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
    """What `keylint scan PATH` finds. Raises KeylintError where the command would end with one line and exit code 2.

    Every argument is the flag of the same name; without it the environment and the nearest configuration file hold, as on the command line.
    `baseline` is the name of one, or False for none. Files that could not be read are in `Report.failures`: "not scanned" is not "clean".
    """
    from keylint.commands.scan import configured, report_of  # noqa: PLC0415 - what only a scan needs

    for name, value, allowed in (
        ('severity', severity, SEVERITIES),
        ('confidence', confidence, CONFIDENCES),
    ):
        if value is not None and value not in allowed:
            raise ConfigError(f"{name} is '{value}'; allowed: {', '.join(allowed)}")
    arguments = parser().parse_args(['scan'])
    arguments.paths = (
        [os.fspath(path)]
        if isinstance(path, str | os.PathLike)
        else [os.fspath(one) for one in path]
    )
    arguments.config, arguments.isolated, arguments.staged = _text(config), isolated, staged
    arguments.select, arguments.ignore, arguments.exclude = (
        _several(select),
        _several(ignore),
        _several(exclude),
    )
    arguments.severity, arguments.confidence = severity, confidence
    arguments.rules = [
        os.fspath(folder) for folder in ([rules] if isinstance(rules, str) else rules)
    ]
    arguments.baseline, arguments.no_baseline = (
        (None, not baseline) if isinstance(baseline, bool) else (os.fspath(baseline), False)
    )
    arguments.today, arguments.no_progress = today, True
    return report_of(arguments, configured(arguments))


def render(report: Report, format_name: str = 'text') -> str:
    """A report in one of the formats of `--format`. No value of a secret is in it. Raises KeylintError for an unknown format."""
    from keylint.reporters import REPORTERS, reporter  # noqa: PLC0415 - only where a text is asked for

    if format_name not in REPORTERS:
        raise ConfigError(
            f"unknown format '{format_name}'{suggestion(format_name, list(REPORTERS))}; allowed: {', '.join(REPORTERS)}"
        )
    stream = StringIO(newline='')
    reporter(format_name)(report, Config(), stream, False)
    return stream.getvalue()


def _text(path: StrPath | None) -> str | None:
    return None if path is None else os.fspath(path)


def _several(texts: Iterable[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)
