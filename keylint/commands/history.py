"""`keylint scan --history` and its ranges: what a repository's objects hold, with progress and a clean end at ^C."""

from __future__ import annotations

import os
import signal
import sys
import time
from argparse import Namespace
from types import FrameType

from keylint.config import Config, check_rules
from keylint.errors import SourceError
from keylint.executors import Tally
from keylint.history import chunks, opened, paths_of, scan_history
from keylint.model import Report
from keylint.ranges import between, commits_in, pushed, scan_range, since
from keylint.reporters.progress import HistoryProgress
from keylint.rulepack.load import Rules, load_rules
from keylint.sources.objects import git_folder, submodules


class Stop:
    """The flag that ^C raises, in this process and in every worker: what is begun is finished, then the report is written.

    A second ^C ends the run at once.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._owner = os.getpid()
        signal.signal(signal.SIGINT, self._on)

    def __call__(self) -> bool:
        return self._is_set

    def _on(self, number: int, frame: FrameType | None) -> None:
        if self._is_set and os.getpid() == self._owner:
            raise KeyboardInterrupt
        self._is_set = True


def collect(arguments: Namespace, config: Config) -> Report:
    """The whole run. Raises SourceError outside a repository and for revisions that do not exist."""
    if len(arguments.paths) > 1:
        raise SourceError('one repository at a time: a history is scanned as a whole')
    started = time.perf_counter()
    rules = load_rules(config.rules)
    if config.select or config.ignore or config.per_path_ignores:
        check_rules(config, rules.pack.rule_ids)
    report = Report('object')
    folder = git_folder(arguments.paths[0] if arguments.paths else '.')
    stop = Stop()
    if arguments.history:
        _whole(folder, arguments, rules, config, report, stop)
    else:
        _range(folder, arguments, rules, config, report, stop)
    report.sort()
    report.seconds = time.perf_counter() - started
    return report


def _whole(folder: str, arguments: Namespace, rules: Rules, config: Config, report: Report, stop: Stop) -> None:
    for part, prefix in ((folder, ''), *submodules(folder)):
        repository = opened(part, report, prefix)
        todo = chunks(repository, paths_of(repository, config, report), config, report)
        tally = Tally()
        progress = HistoryProgress([(len(chunk.objects), chunk.bytes) for chunk in todo], not arguments.no_progress, tally)
        try:
            report.findings += scan_history(repository, todo, rules, config, report, progress, stop, tally.add)
        finally:
            progress.done()


def _range(folder: str, arguments: Namespace, rules: Rules, config: Config, report: Report, stop: Stop) -> None:
    if arguments.since:
        asked: list[str] | None = since(folder, arguments.since)
    elif arguments.range:
        asked = between(folder, arguments.range)
    else:
        asked = pushed(folder, _push_lines(), os.environ.get('PRE_COMMIT_REMOTE_NAME', ''))
    if asked is not None:
        report.findings += scan_range(folder, commits_in(folder, asked, report), rules, config, report, is_stopped=stop)


def _push_lines() -> list[str]:
    """What is to be pushed: pre-commit tells it in the environment, git itself on standard input."""
    local, remote = os.environ.get('PRE_COMMIT_TO_REF', ''), os.environ.get('PRE_COMMIT_FROM_REF', '')
    if local:
        return [f'- {local} - {remote or "0"}']
    return [] if sys.stdin.isatty() else sys.stdin.read().splitlines()
