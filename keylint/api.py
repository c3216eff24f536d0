"""keylint as a library: what the commands find, as values."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from typing import TypedDict, Unpack

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.errors import ConfigError, KeylintError, suggest_word
from keylint.core.model import Finding
from keylint.core.model import FindingPart as Part  # the library's names are shorter
from keylint.core.model import SourceRange as Place
from keylint.core.report import Failure, Report
from keylint.core.report import ScanWarning as Warned
from keylint.core.terms import CONFIDENCES, SEVERITIES
from keylint.findings.foreign_text import make_mask, redact_report
from keylint.policies.key_table import KeyRow as Key
from keylint.publish.answer_request import answer_request
from keylint.publish.assess_repository import PublishRequest, RepositoryFolders
from keylint.publish.plan import PublishReport, redact_answer
from keylint.reporters import REPORTERS, load_reporter
from keylint.reporters.publish import FORMATS as PUBLISH_FORMATS
from keylint.reporters.publish import write_answer
from keylint.scanner.configure import configure
from keylint.scanner.history import StopFlag
from keylint.scanner.keys import build_key_rows, redact_row, scan_keys
from keylint.scanner.request import (
    BaselineOptions,
    ConfigOverrides,
    ScanRequest,
    ScanScope,
    make_scope,
)
from keylint.scanner.run import run_blob_scan, run_scan
from keylint.sources import git
from keylint.sources.objects import find_git_folder
from keylint.sources.tree_places import place_text

__all__ = (
    'Failure',
    'Finding',
    'Key',
    'KeylintError',
    'Part',
    'Place',
    'PublishReport',
    'Report',
    'Warned',
    'history',
    'keys',
    'publish',
    'render',
    'scan',
    'scan_bytes',
    'scan_text',
)
StrPath = str | os.PathLike[str]


class Settings(TypedDict, total=False):
    """What every function takes: the flags of the same names."""

    config: StrPath | None
    isolated: bool
    select: Iterable[str]
    ignore: Iterable[str]
    exclude: Iterable[str]
    severity: str | None
    confidence: str | None
    rules: Iterable[StrPath]
    today: str | None


def scan(
    path: StrPath | Iterable[StrPath] = '.',
    *,
    baseline: StrPath | bool = True,
    staged: bool = False,
    **settings: Unpack[Settings],
) -> Report:
    """Return what `keylint scan PATH` finds.

    Every setting is the flag of the same name; without it the environment and the nearest
    configuration file hold, as on the command line. `baseline` is the name of one, or False for
    none. Files that could not be read are in `Report.failures`: "not scanned" is not "clean".
    Raises KeylintError where the command would end with one line and exit code 2.
    """
    scope = make_scope(_list_paths(path))
    if staged:
        scope = scope._replace(mode='staged')
    request = _make_request(scope, settings, baseline)
    return redact_report(run_scan(request, configure(request)))


def scan_text(text: str, name: str = 'text', **settings: Unpack[Settings]) -> Report:
    """Return what is in a text: what a file of that name would show, without a baseline.

    The name tells the format (`bot.py`, `.env`, `config.json`); no such file has to exist.
    """
    return scan_bytes(text.encode('utf-8', 'surrogatepass'), name, **settings)


def scan_bytes(data: bytes, name: str = 'data', **settings: Unpack[Settings]) -> Report:
    """Return what is in bytes, archives and other containers included, as `scan_text` does."""
    scope = ScanScope('stdin', ('-',), stdin_name=name)
    request = _make_request(scope, settings, False)
    blob = Blob(data, Origin(name, place=place_text(name)))
    return redact_report(run_blob_scan(blob, request, configure(request)))


def history(
    path: StrPath = '.',
    *,
    since: str = '',
    baseline: StrPath | bool = True,
    **settings: Unpack[Settings],
) -> Report:
    """Return what `keylint scan --history PATH` finds, or `--since REV` with a revision.

    Each finding has its `life`: the commits in which it came and went, and where it is still.
    """
    scope = ScanScope('since' if since else 'history', (os.fspath(path),), since)
    request = _make_request(scope, settings, baseline)
    with _keep_process():
        return redact_report(run_scan(request, configure(request)))


def publish(path: StrPath = '.', **settings: Unpack[Settings]) -> PublishReport:
    """Return what `keylint publish PATH` answers; `verdict` is the answer in one word or two."""
    scope = ScanScope('history', (os.fspath(path),))
    scan_request = _make_request(scope, settings, True)
    request = PublishRequest(scan_request, '', False, False, False, 'text', '')
    with _keep_process():
        git.leave_hook()
        place = RepositoryFolders(find_git_folder(request.where), git.find_top(request.where))
        answer, _ = answer_request(request, place, StopFlag())
    return redact_answer(answer)


def keys(path: StrPath | Iterable[StrPath] = '.', **settings: Unpack[Settings]) -> list[Key]:
    """Return the rows of `keylint keys PATH`: each key, what it may do and what the code needs.

    Raises KeylintError if something could not be read: a row would be missing, or wrong.
    """
    request = _make_request(make_scope(_list_paths(path)), settings, False)
    config = configure(request)._replace(severity='low')
    report, code = scan_keys(request, config)
    mask = make_mask(report.findings)
    if report.failures:
        first = report.failures[0]
        raise KeylintError(f'{mask(first.path)}: not scanned: {mask(first.error)}')
    return [redact_row(row, mask) for row in build_key_rows(report, code, config)]


def render(report: Report | PublishReport, format_name: str = 'text') -> str:
    """Render a report in one of the formats of its command, without any value of a secret.

    Raises KeylintError for an unknown format.
    """
    formats = PUBLISH_FORMATS if isinstance(report, PublishReport) else tuple(REPORTERS)
    if format_name not in formats:
        raise ConfigError(
            f"unknown format '{format_name}'{suggest_word(format_name, list(formats))}; "
            f'allowed: {", ".join(formats)}'
        )
    stream = StringIO(newline='')
    if isinstance(report, PublishReport):
        write_answer(report, format_name, stream, False)
    else:
        load_reporter(format_name)(redact_report(report), Config(), stream, False)
    return stream.getvalue()


@contextmanager
def _keep_process() -> Iterator[None]:
    """Leave ^C and git's variables to the program that asks, as they were."""
    variables = {name: value for name, value in os.environ.items() if name.startswith('GIT_')}
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        os.environ.update(variables)
        with suppress(ValueError):  # in another thread nothing was changed
            signal.signal(signal.SIGINT, handler)


def _make_request(scope: ScanScope, settings: Settings, baseline: StrPath | bool) -> ScanRequest:
    """Make the request of a command line with these flags. Raises ConfigError."""
    severity, confidence = settings.get('severity'), settings.get('confidence')
    _check_choice('severity', severity, SEVERITIES)
    _check_choice('confidence', confidence, CONFIDENCES)
    file = settings.get('config')
    overrides = ConfigOverrides(
        file='' if file is None else os.fspath(file),
        isolated=settings.get('isolated', False),
        select=_list_texts(settings.get('select', ())),
        ignore=_list_texts(settings.get('ignore', ())),
        exclude=_list_texts(settings.get('exclude', ())),
        severity=severity or '',
        confidence=confidence or '',
        rules=_list_paths(settings.get('rules', ())),
        today=settings.get('today') or '',
    )
    return ScanRequest(scope, overrides, _choose_baseline(baseline))


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
