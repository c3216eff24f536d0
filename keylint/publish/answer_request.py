"""Answer whether a repository can be published, for the command and the library."""

from __future__ import annotations

import time
from collections.abc import Callable

from keylint.core.config import Config
from keylint.core.report import Report
from keylint.core.terms import CONFIDENCES, SEVERITIES
from keylint.publish.assess_repository import PublishRequest, RepositoryFolders, assess_repository
from keylint.publish.plan import PublishReport
from keylint.publish.purge import Purge
from keylint.scanner.configure import configure
from keylint.scanner.history import HistoryRun
from keylint.scanner.scan_items import load_checked_rules


def answer_request(
    request: PublishRequest, place: RepositoryFolders, stop: Callable[[], bool]
) -> tuple[PublishReport, Purge | None]:
    """Return the answer, and what to purge if a plan is asked for."""
    config = configure(request.scan)._replace(base=place.top or place.folder)
    rules = load_checked_rules(config)
    started = time.perf_counter()
    job = HistoryRun(request.scan, rules, _show_all(config), Report('object'), stop)
    answer, wanted = assess_repository(request, place, job, config)
    answer.report.seconds = time.perf_counter() - started
    return answer, wanted


def _show_all(config: Config) -> Config:
    """Undo what a configuration would hide: it must be judged, and is published all the same."""
    usual = Config()
    return config._replace(
        select=(),
        ignore=(),
        per_path_ignores=(),
        severity=min(config.severity, usual.severity, key=SEVERITIES.index),
        confidence=min(config.confidence, usual.confidence, key=CONFIDENCES.index),
    )
