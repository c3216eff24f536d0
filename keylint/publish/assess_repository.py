"""Assess a repository: judge the leaks of its history and work tree, and what else exposes them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import partial

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.report import Failure
from keylint.core.terms import SEVERITIES
from keylint.findings.dependencies import count_inside, find_dependency_folder
from keylint.findings.foreign_text import make_mask
from keylint.history.repository import Repository, choose_paths, open_repository
from keylint.publish.assess import ACTIONS, Leak, LocationContext, accept_hidden, assess_leak
from keylint.publish.exposed_files import list_work_tree
from keylint.publish.exposure_checks import find_exposures
from keylint.publish.exposures import STOP, Exposure
from keylint.publish.git_settings import read_git_config
from keylint.publish.merge_leaks import merge_leaks
from keylint.publish.missing import plan_missing
from keylint.publish.plan import PublishReport, Target, make_plan
from keylint.publish.purge import Purge, PurgeSource, collect_purge
from keylint.rules.load import Rules
from keylint.scanner.history import HistoryRun, find_values_in_names, scan_repository
from keylint.scanner.request import ScanRequest
from keylint.scanner.scan_items import open_clean_cache, report_lost_item, scan_item
from keylint.sources import git
from keylint.sources.files import list_files
from keylint.sources.objects import find_common_folder, list_submodules
from keylint.workers.job import Fallback
from keylint.workers.pool import map_unordered


class PublishRequest(NamedTuple):
    """Say which repository is asked about, where its plan goes, and what is reported.

    `plan` is a folder; with `is_verification` it holds the plan that was carried out.
    `keeps_harmless`: the plan leaves values in that are proven to be harmless.
    """

    scan: ScanRequest
    plan: str
    is_verification: bool
    with_identity: bool
    keeps_harmless: bool
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


def assess_repository(
    request: PublishRequest, place: RepositoryFolders, job: HistoryRun, hiding: Config
) -> tuple[PublishReport, Purge | None]:
    """Look at history and work tree once and judge everything.

    `hiding` is the configuration as it was read: what it hides is listed as such. Also returns what
    to purge if a plan is asked for.
    """
    rules, config, report = job.rules, job.config, job.report
    folder, top = place
    repository = open_repository(folder, report)
    paths = choose_paths(repository, rules, config, report)
    found = scan_repository(repository, paths, job)
    present = _scan_work_tree(top, job) if top is not None else {}
    for _ in list_submodules(folder):
        report.skip('submodule: it is published by itself')
    untracked: set[str] = set()
    if top is not None:
        untracked = set(list_work_tree(top, '--others', '--exclude-per-directory=.gitignore'))
    leaks = [
        accept_hidden(_add_removal_day(leak, repository), hiding)
        for leak in _judge_leaks(found, present, untracked, rules, _find_context(folder, top))
    ]
    extra = find_exposures(repository, top, request.with_identity, config.is_excluded)
    named = find_values_in_names(repository, paths, job, [leak.finding for leak in leaks])
    mask = make_mask([*(leak.finding for leak in leaks), *named])
    extra += [Exposure('value-in-name', STOP, mask(f.path), f.title, 'git') for f in named]
    report.sort()
    shown = merge_leaks(_gather_packages(leaks))
    answer = _make_answer(request, place, job, repository, shown, extra)
    if not request.plan:
        return answer, None
    source = PurgeSource(repository, paths, top, request.keeps_harmless)
    return answer, collect_purge(source, leaks, extra, rules, config)


def _make_answer(
    request: PublishRequest,
    place: RepositoryFolders,
    job: HistoryRun,
    repository: Repository,
    leaks: list[Leak],
    extra: list[Exposure],
) -> PublishReport:
    """Build the answer from the findings and the actions to take."""
    folder = place.top or place.folder
    name = os.path.realpath(folder) if request.where == '.' else request.where.rstrip('/')
    target = Target(
        name, request.plan or f'{name}-plan', request.keeps_harmless, bool(request.plan)
    )
    missing = plan_missing(place.folder, name, job.report.failures)
    times = sorted(commit.committed for commit in repository.history.commits)
    return PublishReport(
        _name_repository(folder),
        tuple(leaks),
        tuple(extra),
        make_plan(leaks, extra, job.rules.pack.rules, target, missing),
        job.report,
        (_format_time(times[0]), _format_time(times[-1])) if times else ('', ''),
    )


def _scan_work_tree(top: str, job: HistoryRun) -> dict[str, list[Finding]]:
    """Scan tracked and untracked files and return their leaks by fingerprint.

    What a declaration says about a key is not a leak.
    """
    rules, config, report = job.rules, job.config, job.report
    items = list_files([top], config, report, False)
    inner = [
        item._replace(path=os.path.relpath(item.name, top).replace(os.sep, '/')) for item in items
    ]
    kept = [item for item in inner if not config.is_excluded(item.path)]
    found: dict[str, list[Finding]] = {}
    for _ in range(len(inner) - len(kept)):
        report.skip('excluded by configuration')
    cache = open_clean_cache(top, job.request, rules, config)
    for result in map_unordered(
        partial(scan_item, rules=rules, config=config, cache=cache),
        kept,
        is_stopped=job.stop,
        fallback=Fallback(make_lost=report_lost_item),
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
    outside: LocationContext,
) -> list[Leak]:
    """Make a leak for each place of each value, the most pressing first.

    What a mark accepts in one file is not accepted in another one.
    """
    leaks = []
    known = {(finding.fingerprint, finding.path, finding.state) for finding in found}
    loose = [
        finding
        for group in here.values()
        for finding in group
        if (finding.fingerprint, finding.path, finding.state) not in known
    ]
    for finding in (*found, *loose):
        group = here.get(finding.fingerprint, [])
        judged = _prefer_live(finding, group)
        context = outside._replace(
            in_tree=bool(group),
            is_untracked=bool(group) and all(other.path in untracked for other in group),
        )
        leaks.append(assess_leak(judged, rules.pack.rules.get(judged.issuer or ''), context))
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


def _gather_packages(leaks: list[Leak]) -> list[Leak]:
    """Make one leak of those in a folder of committed packages; the plan still purges each."""
    inside: dict[str, list[Leak]] = {}
    kept = []
    for leak in leaks:
        folder = find_dependency_folder(leak.finding) if leak.verdict.action == 'purge' else None
        if folder is None:
            kept.append(leak)
        else:
            inside.setdefault(folder, []).append(leak)
    for group in inside.values():
        finding = count_inside([leak.finding for leak in group])
        seat = next((leak.seat for leak in group if leak.seat.in_tree), group[0].seat)
        kept.append(Leak(finding, group[0].verdict, seat, group[0].removed))
    return kept


def _prefer_live(finding: Finding, group: list[Finding]) -> Finding:
    """Take over that a key is live where a file of the work tree says so of the same value."""
    live = next((other for other in group if other.environment == 'live'), None)
    if live is None or finding.environment == 'live':
        return finding
    return finding._replace(
        claims=live.claims, severity=live.severity, title=live.title, message=live.message
    )


def _add_removal_day(leak: Leak, repository: Repository) -> Leak:
    """Add when a leak was removed: at the oldest child of the last commit that holds it."""
    life = leak.finding.life
    if life is None or life.last is None or life.in_head:
        return leak
    last = life.last.commit
    child = next((commit for commit in repository.history.commits if last in commit.parents), None)
    return leak._replace(removed=_format_time(child.committed)) if child is not None else leak


def _find_context(folder: str, top: str | None) -> LocationContext:
    """Say whether a remote is known.

    A bare copy of a remote keeps no remote-tracking refs that could tell.
    """
    rows = read_git_config(folder, '--file', os.path.join(find_common_folder(folder), 'config'))
    has_remote = any(name.startswith('remote.') and name.endswith('.url') for name, _ in rows)
    is_bare = (
        top is None and git.run_git(folder, 'rev-parse', '--is-bare-repository').strip() == b'true'
    )
    return LocationContext(has_remote=has_remote, is_mirror=has_remote and is_bare)


def _name_repository(folder: str) -> str:
    return os.path.basename(os.path.realpath(folder).removesuffix(f'{os.sep}.git'))


def _format_time(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC).isoformat()
