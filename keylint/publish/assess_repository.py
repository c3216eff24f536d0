"""Assess a repository: judge every leak of its history and work tree, and what else gives it away."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import NamedTuple

from keylint.core.blob import Unread
from keylint.core.config import matches
from keylint.core.model import Finding
from keylint.core.report import Failure
from keylint.core.terms import SEVERITIES
from keylint.core.workers import map_unordered
from keylint.history.repository import Repository, opened, paths_of
from keylint.publish import plan
from keylint.publish.assess import ACTIONS, Leak, Seat, judged
from keylint.publish.exposures import Accident, accidents, listed, settings
from keylint.rules.load import Rules
from keylint.scanner.history import HistoryRun, scan_repository
from keylint.scanner.request import ScanRequest
from keylint.scanner.scan_items import open_clean_cache, scan_item
from keylint.sources import git
from keylint.sources.files import listed as list_files
from keylint.sources.objects import common_folder, submodules


class PublishRequest(NamedTuple):
    """Say which repository is asked about, where its plan goes, and what is reported.

    `plan` is a folder; with `is_verification` it holds the plan that was carried out.
    """

    scan: ScanRequest
    plan: str
    is_verification: bool
    with_identity: bool
    format: str
    output: str

    @property
    def where(self) -> str:
        """Return the repository as the user names it."""
        return next(iter(self.scan.scope.paths), '.')


class RepositoryFolders(NamedTuple):
    """The folder of a repository's objects, and the root of its work tree; None if it is bare."""

    folder: str
    top: str | None


def find_top(where: str) -> str | None:
    """Return the root of the work tree, None for a bare repository."""
    answer = git.run(where, 'rev-parse', '--is-inside-work-tree')
    return git.top_of(where) if answer.strip() == b'true' else None


def assess_repository(
    request: PublishRequest, place: RepositoryFolders, job: HistoryRun
) -> tuple[plan.Answer, plan.Purge | None]:
    """Look at history and work tree once and judge everything.

    Also returns what to purge if a plan is asked for.
    """
    rules, config, report = job.rules, job.config, job.report
    folder, top = place
    repository = opened(folder, report)
    paths = paths_of(repository, config, report)
    found = scan_repository(repository, paths, job)
    present = _scan_work_tree(top, job) if top is not None else {}
    for _ in submodules(folder):
        report.skip('submodule: it is published by itself')
    untracked: set[str] = set()
    if top is not None:
        untracked = set(listed(top, '--others', '--exclude-per-directory=.gitignore'))
    leaks = [
        _add_removal_day(leak, repository)
        for leak in _judge_leaks(found, present, untracked, rules, _find_seat(folder, top))
    ]
    extra = accidents(
        repository,
        top,
        request.with_identity,
        lambda path: any(matches(path, pattern) for pattern in config.exclude),
    )
    report.sort()
    answer = _make_answer(request, place, job, repository, leaks, extra)
    if not request.plan:
        return answer, None
    return answer, plan.purge(repository, paths, top, leaks, extra, rules, config)


def _make_answer(
    request: PublishRequest,
    place: RepositoryFolders,
    job: HistoryRun,
    repository: Repository,
    leaks: list[Leak],
    extra: list[Accident],
) -> plan.Answer:
    """Put what was found and what is to be done into the answer."""
    folder = place.top or place.folder
    where = request.where
    name = os.path.realpath(folder) if where == '.' else where.rstrip('/')
    target = request.plan or f'{name}-plan'
    times = sorted(commit.committed for commit in repository.history.commits)
    return plan.Answer(
        _name_of(folder),
        tuple(leaks),
        tuple(extra),
        plan.steps(leaks, extra, job.rules.pack.rules, name, target),
        job.report,
        (_iso_time(times[0]), _iso_time(times[-1])) if times else ('', ''),
    )


def _scan_work_tree(top: str, job: HistoryRun) -> dict[str, list[Finding]]:
    """Scan tracked and untracked files and return their leaks by fingerprint.

    What a declaration says of a key is no leak.
    """
    rules, config, report = job.rules, job.config, job.report
    items = list_files([top], config, report, False)
    inner = [
        Unread(item.name, os.path.relpath(item.name, top).replace(os.sep, '/')) for item in items
    ]
    kept = [
        item for item in inner if not any(matches(item.path, pattern) for pattern in config.exclude)
    ]
    found: dict[str, list[Finding]] = {}
    for _ in range(len(inner) - len(kept)):
        report.skip('excluded by configuration')
    cache = open_clean_cache(top, job.request, rules, config)
    for result in map_unordered(
        lambda item: scan_item(item, rules, config, cache), kept, is_stopped=job.stop
    ):
        cache.add(result.clean)
        failures = tuple(failure for failure in result.failures if failure.stage != 'inventory')
        report.add(result._replace(findings=(), warnings=(), records=(), failures=failures))
        for finding in result.findings:
            if finding.parts:
                found.setdefault(finding.fingerprint, []).append(finding)
    cache.save()
    if job.stop():
        report.failures.append(
            Failure(top, 'scan', 'interrupted: the work tree was not looked at, or not all of it')
        )
    return {
        name: sorted(group, key=lambda finding: (finding.path, finding.place))
        for name, group in found.items()
    }


def _judge_leaks(
    found: list[Finding],
    here: dict[str, list[Finding]],
    untracked: set[str],
    rules: Rules,
    outside: Seat,
) -> list[Leak]:
    """Make one leak for each fingerprint, the most pressing first."""
    leaks = []
    known = {finding.fingerprint for finding in found}
    for finding in (*found, *(group[0] for name, group in here.items() if name not in known)):
        group = here.get(finding.fingerprint, [])
        seat = outside._replace(
            in_tree=bool(group),
            is_untracked=bool(group) and all(other.path in untracked for other in group),
        )
        leaks.append(judged(finding, rules.pack.rules.get(finding.issuer or ''), seat))
    return sorted(
        leaks,
        key=lambda leak: (
            ACTIONS.index(leak.verdict.action),
            -SEVERITIES.index(leak.finding.severity),
            leak.finding.path,
            leak.finding.place,
            leak.finding.fingerprint,
        ),
    )


def _add_removal_day(leak: Leak, repository: Repository) -> Leak:
    """Add when a leak was removed: at the oldest child of the last commit that holds it."""
    life = leak.finding.life
    if life is None or life.last is None or life.in_head:
        return leak
    last = life.last.commit
    child = next((commit for commit in repository.history.commits if last in commit.parents), None)
    return leak._replace(removed=_iso_time(child.committed)) if child is not None else leak


def _find_seat(folder: str, top: str | None) -> Seat:
    """Say whether a remote is known.

    A bare copy of a remote keeps no remote-tracking refs that could tell.
    """
    rows = settings(folder, '--file', os.path.join(common_folder(folder), 'config'))
    has_remote = any(name.startswith('remote.') and name.endswith('.url') for name, _ in rows)
    is_bare = (
        top is None and git.run(folder, 'rev-parse', '--is-bare-repository').strip() == b'true'
    )
    return Seat(has_remote=has_remote, is_mirror=has_remote and is_bare)


def _name_of(folder: str) -> str:
    return os.path.basename(os.path.realpath(folder).removesuffix(f'{os.sep}.git'))


def _iso_time(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC).isoformat()
