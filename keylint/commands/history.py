"""`keylint scan --history` and its ranges: what a repository's objects hold, with progress and a clean end at ^C."""

from __future__ import annotations

import os
import signal
import sys
import time
from argparse import Namespace
from mmap import mmap
from types import FrameType

from keylint.commands.scan import known_from
from keylint.core.config import Config, check_rules
from keylint.core.errors import SourceError
from keylint.core.model import Finding, Report
from keylint.core.workers import Tally
from keylint.history.ranges import between, commits_in, pushed, scan_range, since
from keylint.history.repository import Repository, chunks, opened, paths_of, scan_history
from keylint.reporters.progress import HistoryProgress
from keylint.rules.load import Rules, load_rules
from keylint.sources import git
from keylint.sources.objects import git_folder, submodules


class Stop:
    """The flag that ^C raises, in this process and in every worker: what is begun is finished, then the report is written.

    A second ^C ends the run at once. The flag lies in memory that all share: a signal may reach one process only. A worker whose parent
    is gone has nobody to work for.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._shared = mmap(-1, 1)
        self._owner = os.getpid()
        signal.signal(signal.SIGINT, self._on)

    def __call__(self) -> bool:
        return (
            self._is_set
            or self._shared[0] != 0
            or (os.getpid() != self._owner and os.getppid() != self._owner)
        )

    def _on(self, number: int, frame: FrameType | None) -> None:
        if self._is_set and os.getpid() == self._owner:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            raise KeyboardInterrupt
        self._is_set = True
        self._shared[0] = 1


def collect(arguments: Namespace, config: Config) -> Report:
    """The whole run. Raises SourceError outside a repository and for revisions that do not exist."""
    if len(arguments.paths) > 1:
        raise SourceError('one repository at a time: a history is scanned as a whole')
    started = time.perf_counter()
    rules = load_rules(config.rules)
    if config.select or config.ignore or config.per_path_ignores:
        check_rules(config, rules.pack.rule_ids)
    report = Report('object')
    if arguments.paths:
        git.leave_hook()
    folder = git_folder(arguments.paths[0] if arguments.paths else '.')
    git.leave_hook()
    stop = Stop()
    if arguments.history:
        _whole(folder, arguments, rules, config, report, stop)
    else:
        _range(folder, arguments, rules, config, report, stop)
    report.sort()
    report.seconds = time.perf_counter() - started
    return report


def _whole(
    folder: str, arguments: Namespace, rules: Rules, config: Config, report: Report, stop: Stop
) -> None:
    for part, prefix in ((folder, ''), *submodules(folder)):
        repository = opened(part, report, prefix)
        report.findings += findings_of(
            repository, paths_of(repository, config, report), arguments, rules, config, report, stop
        )


def findings_of(
    repository: Repository,
    paths: dict[str, str],
    arguments: Namespace,
    rules: Rules,
    config: Config,
    report: Report,
    stop: Stop,
) -> list[Finding]:
    """The findings of a repository's objects, with progress. What is found clean is kept, also of a run that is stopped."""
    known = known_from(repository.folder, arguments, rules, config)
    todo = chunks(repository, paths, config, report, known)
    tally = Tally()
    progress = HistoryProgress(
        [(len(chunk.objects), chunk.bytes) for chunk in todo], not arguments.no_progress, tally
    )
    try:
        return scan_history(
            repository, todo, rules, config, report, known, progress, stop, tally.add
        )
    finally:
        progress.done()
        known.save()


def _range(
    folder: str, arguments: Namespace, rules: Rules, config: Config, report: Report, stop: Stop
) -> None:
    tags: tuple[str, ...] = ()
    if arguments.since:
        asked = since(folder, arguments.since)
    elif arguments.range:
        asked = between(folder, arguments.range)
    else:
        push = pushed(folder, _push_lines(), os.environ.get('PRE_COMMIT_REMOTE_NAME', ''))
        if push is None:
            return
        asked, tags = push
    report.findings += scan_range(
        folder, commits_in(folder, asked, report), rules, config, report, is_stopped=stop, tags=tags
    )


def _push_lines() -> list[str]:
    """What is to be pushed: pre-commit tells it in the environment, git itself on standard input.

    For the first push of a branch with all its roots pre-commit names no commits, only the branch.
    """
    local, remote = (
        os.environ.get('PRE_COMMIT_TO_REF', ''),
        os.environ.get('PRE_COMMIT_FROM_REF', ''),
    )
    if local:
        return [f'- {local} - {remote or "0"}']
    lines = [] if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read().splitlines()
    branch = os.environ.get('PRE_COMMIT_LOCAL_BRANCH', '')
    return lines or ([f'- {branch} - 0'] if branch else [])
