"""Scan the objects of a repository, whole or in a range, with progress and a clean end at ^C."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from mmap import mmap
from types import FrameType

from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.report import Report
from keylint.findings.foreign_text import collect_traces
from keylint.history.object_paths import ObjectPaths
from keylint.history.range_names import list_new_paths, name_branches, select_new_names
from keylint.history.ranges import (
    Push,
    parse_push,
    read_commits,
    scan_commits,
    select_between,
    select_since,
)
from keylint.history.repository import (
    Repository,
    choose_paths,
    list_batches,
    open_repository,
    scan_batches,
)
from keylint.history.worker import ObjectScan
from keylint.pipeline.clean_cache import CleanCache
from keylint.pipeline.names import (
    find_values_in_paths,
    find_values_in_refs,
    list_values_in_paths,
    make_name_findings,
)
from keylint.rules.load import Rules
from keylint.scanner.progress import HistoryProgress
from keylint.scanner.request import ScanRequest
from keylint.scanner.scan_items import load_checked_rules, open_clean_cache
from keylint.sources import git
from keylint.sources.objects import find_git_folder, list_submodules
from keylint.workers.shared_counter import SharedCounter


class StopFlag:
    """Carry ^C to this process and every worker: started work is finished, then reported.

    A second ^C ends the run at once. The flag lies in shared memory, as a signal may reach one
    process only. Workers also stop once the parent process has died. In a thread other than the
    first, signals are another's business.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._shared = mmap(-1, 1)
        self._owner = os.getpid()
        with suppress(ValueError):
            signal.signal(signal.SIGINT, self._on_interrupt)

    def __call__(self) -> bool:
        """Tell whether no further work is to be started."""
        return (
            self._is_set
            or self._shared[0] != 0
            or (os.getpid() != self._owner and os.getppid() != self._owner)
        )

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._is_set and os.getpid() == self._owner:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            raise KeyboardInterrupt
        self._is_set = True
        self._shared[0] = 1


class HistoryRun(NamedTuple):
    """What each part of a scan of objects needs; the report is filled."""

    request: ScanRequest
    rules: Rules
    config: Config
    report: Report
    stop: Callable[[], bool]


def scan_objects(request: ScanRequest, config: Config) -> Report:
    """Scan a history or a range of it, without the baseline.

    Raises SourceError outside a repository and for revisions that do not exist.
    """
    paths = request.scope.paths
    if len(paths) > 1:
        raise SourceError('one repository at a time: a history is scanned as a whole')
    started = time.perf_counter()
    rules = load_checked_rules(config)
    report = Report('object')
    if paths:
        git.leave_hook()
    where = paths[0] if paths else '.'
    folder = find_git_folder(where)
    git.leave_hook()
    config = config._replace(base=git.find_top(where) or folder)
    if request.scope.mode == 'history':
        config = config._replace(reads_dependencies=request.scope.includes_ignored)
    run = HistoryRun(request, rules, config, report, StopFlag())
    if request.scope.mode == 'history':
        for part, prefix in ((folder, ''), *list_submodules(folder)):
            repository = open_repository(part, report, prefix)
            chosen = choose_paths(repository, rules, config, report)
            report.findings += scan_repository(repository, chosen, run)
            report.findings += find_values_in_names(repository, chosen, run, report.findings)
    else:
        _scan_range(folder, run)
    report.sort()
    report.seconds = time.perf_counter() - started
    return report


def scan_repository(repository: Repository, paths: ObjectPaths, run: HistoryRun) -> list[Finding]:
    """Scan the objects of a repository under their paths, with progress.

    Clean objects are cached, even if the run is stopped.
    """
    request, rules, config, report, stop = run
    cache = open_clean_cache(repository.folder, request, rules, config)
    todo = list_batches(repository, paths, config, report, cache)
    tally = SharedCounter()
    sizes = [(len(chunk.objects), chunk.bytes) for chunk in todo]
    progress = HistoryProgress(sizes, request.shows_progress, tally)
    try:
        scan = ObjectScan(
            rules,
            config,
            cache,
            stop,
            tally.add,
            progress,
            prefix=repository.prefix,
            present=repository.staged,
        )
        return scan_batches(repository, paths, todo, scan, report)
    finally:
        progress.done()
        cache.save()


def find_values_in_names(
    repository: Repository, paths: ObjectPaths, run: HistoryRun, findings: Sequence[Finding]
) -> list[Finding]:
    """Return the findings of values in names: of files, folders, branches and tags."""
    traces = collect_traces(findings)
    prefix = repository.prefix
    places = {path: path.removeprefix(prefix) for path in paths.kinds.list_paths()}
    refs = dict.fromkeys(name.name for name in repository.history.names if not name.is_reflog)
    results = [
        find_values_in_paths(places, run.rules, run.config, traces),
        find_values_in_refs(refs, run.rules, run.config, traces),
    ]
    for result in results:
        run.report.hidden.update(result.hidden)
    return [finding for result in results for finding in result.findings]


def _scan_range(folder: str, run: HistoryRun) -> None:
    """Scan what the commits of a range, or of a push, add; nothing if a push only deletes."""
    report = run.report
    push = _read_range(folder, run.request)
    if push is None:
        return
    commits = read_commits(folder, push.asked, report)
    scan = ObjectScan(run.rules, run.config, CleanCache(), run.stop)  # too short for a cache
    findings, added = scan_commits(folder, commits, push.tags, scan, report)
    report.findings += findings
    paths = list_new_paths(added)
    kept = {path: path for path in paths if not run.config.is_excluded(path)}
    traces = collect_traces(findings)
    named = list_values_in_paths(kept, run.rules, traces)
    new = select_new_names(folder, commits, named)
    for result in (
        make_name_findings(new, run.config),
        find_values_in_refs(push.refs, run.rules, run.config, traces),
    ):
        report.findings += result.findings
        report.hidden.update(result.hidden)


def _read_range(folder: str, request: ScanRequest) -> Push | None:
    """Read which commits, tags and names a range or a push brings; None for one of nothing."""
    scope = request.scope
    if scope.mode == 'since':
        return Push([select_since(folder, scope.revision)], refs=name_branches(folder, 'HEAD'))
    if scope.mode == 'range':
        asked = [select_between(folder, scope.revision)]
        end = scope.revision.rpartition('..')[2].lstrip('.')
        return Push(asked, refs=name_branches(folder, end or 'HEAD'))
    return parse_push(folder, _read_push_lines(), os.environ.get('PRE_COMMIT_REMOTE_NAME', ''))


def _read_push_lines() -> list[str]:
    """Read what is to be pushed: pre-commit tells the environment, git standard input.

    For the first push of a branch with all its roots pre-commit names no commits, only the branch.
    """
    local = os.environ.get('PRE_COMMIT_TO_REF', '')
    if local:
        remote = os.environ.get('PRE_COMMIT_FROM_REF', '')
        branch = os.environ.get('PRE_COMMIT_REMOTE_BRANCH', '')
        return [f'- {local} {branch or "-"} {remote or "0"}']
    if sys.stdin is not None and not sys.stdin.isatty():
        lines = sys.stdin.read().splitlines()
        if lines:
            return lines
    branch = os.environ.get('PRE_COMMIT_LOCAL_BRANCH', '')
    there = os.environ.get('PRE_COMMIT_REMOTE_BRANCH', '')
    return [f'- {branch} {there or branch} 0'] if branch else []
