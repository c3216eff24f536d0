"""`keylint publish [REPO]`: can this be published, and if not, what to do in which order; `--verify` after the purge."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from io import StringIO

from keylint.commands.history import Stop, findings_of
from keylint.commands.scan import configured, known_from, scanned
from keylint.core.config import Config, check_rules, matches
from keylint.core.errors import ConfigError, SourceError
from keylint.core.model import Failure, Finding, Report, Unread
from keylint.core.workers import map_unordered
from keylint.history.repository import Repository, opened, paths_of
from keylint.publish import plan
from keylint.publish.assess import ACTIONS, Leak, Seat, judged
from keylint.publish.exposures import accidents, listed, settings
from keylint.reporters import publish as reporter
from keylint.reporters.outputs import write_file
from keylint.rules.load import Rules, load_rules
from keylint.sources import git
from keylint.sources.files import listed as files_of
from keylint.sources.objects import common_folder, git_folder, submodules

_CODES = {'publishable': 0, 'not publishable': 1, 'incomplete': 2}


def run(arguments: Namespace) -> int:
    """0 publishable, 1 not, 2 when something could not be looked at. With `--verify`: 0 nothing is left, 1 something is."""
    if len(arguments.paths) > 1:
        raise SourceError('one repository at a time')
    where = arguments.paths[0] if arguments.paths else '.'
    folder = git_folder(where)
    top = _top(where)
    if arguments.verify:
        return _verify(arguments, where, folder, top)
    target = plan.refuse(folder, arguments.plan, top) if arguments.plan else ''
    config = configured(arguments)
    rules = load_rules(config.rules)
    if config.select or config.ignore or config.per_path_ignores:
        check_rules(config, rules.pack.rule_ids)
    started = time.perf_counter()
    answer, wanted = _answered(arguments, where, folder, top, rules, config, bool(target))
    answer.report.seconds = time.perf_counter() - started
    if target and wanted is not None:
        source = os.path.realpath(top or folder)
        checklist = StringIO()
        reporter.markdown(answer, checklist)
        for name in plan.write(target, wanted, answer, source, top, checklist.getvalue()):
            print(
                f'keylint: wrote {os.path.join(arguments.plan, name)}{" (holds the values: keep it to yourself)" if name == plan.SECRETS else ""}',
                file=sys.stderr,
            )
    _write(arguments, answer)
    return _CODES[answer.verdict]


def _top(where: str) -> str | None:
    """The root of the work tree, None for a bare repository."""
    return (
        git.top_of(where)
        if git.run(where, 'rev-parse', '--is-inside-work-tree').strip() == b'true'
        else None
    )


def _answered(
    arguments: Namespace,
    where: str,
    folder: str,
    top: str | None,
    rules: Rules,
    config: Config,
    is_planned: bool,
) -> tuple[plan.Answer, plan.Purge | None]:
    """History and work tree looked at once, everything judged; what to purge when a plan is asked for."""
    report = Report('object')
    stop = Stop()
    repository = opened(folder, report)
    paths = paths_of(repository, config, report)
    found = findings_of(repository, paths, arguments, rules, config, report, stop)
    here = _tree(top, rules, config, report, stop, arguments) if top is not None else {}
    for _ in submodules(folder):
        report.skip('submodule: it is published by itself')
    untracked = (
        set(listed(top, '--others', '--exclude-per-directory=.gitignore'))
        if top is not None
        else set()
    )
    leaks = [
        _dated(leak, repository)
        for leak in _judged(found, here, untracked, rules, _outside(folder, top))
    ]
    extra = accidents(
        repository,
        top,
        arguments.identity,
        lambda path: any(matches(path, pattern) for pattern in config.exclude),
    )
    report.sort()
    commits = repository.history.commits
    times = sorted(commit.committed for commit in commits)
    here_name = os.path.realpath(top or folder) if where == '.' else where.rstrip('/')
    steps = plan.steps(
        leaks, extra, rules.pack.rules, here_name, arguments.plan or f'{here_name}-plan'
    )
    answer = plan.Answer(
        _name(top or folder),
        tuple(leaks),
        tuple(extra),
        steps,
        report,
        (_day(times[0]), _day(times[-1])) if times else ('', ''),
    )
    return answer, plan.purge(
        repository, paths, top, leaks, extra, rules, config
    ) if is_planned else None


def _tree(
    top: str, rules: Rules, config: Config, report: Report, stop: Stop, arguments: Namespace
) -> dict[str, list[Finding]]:
    """The leaks of tracked and untracked files, by fingerprint. What a declaration says of a key is no leak."""
    items = files_of([top], config, report, False)
    inner = [
        Unread(item.name, os.path.relpath(item.name, top).replace(os.sep, '/')) for item in items
    ]
    kept = [
        item for item in inner if not any(matches(item.path, pattern) for pattern in config.exclude)
    ]
    found: dict[str, list[Finding]] = {}
    for _ in range(len(inner) - len(kept)):
        report.skip('excluded by configuration')
    known = known_from(top, arguments, rules, config)
    for result in map_unordered(
        lambda item: scanned(item, rules, config, known), kept, is_stopped=stop
    ):
        known.add(result.clean)
        failures = tuple(failure for failure in result.failures if failure.stage != 'inventory')
        report.add(result._replace(findings=(), warnings=(), records=(), failures=failures))
        for finding in result.findings:
            if finding.parts:
                found.setdefault(finding.fingerprint, []).append(finding)
    known.save()
    if stop():
        report.failures.append(
            Failure(top, 'scan', 'interrupted: the work tree was not looked at, or not all of it')
        )
    return {
        name: sorted(group, key=lambda finding: (finding.path, finding.place))
        for name, group in found.items()
    }


def _judged(
    found: list[Finding],
    here: dict[str, list[Finding]],
    untracked: set[str],
    rules: Rules,
    outside: Seat,
) -> list[Leak]:
    """One leak for each fingerprint, the most pressing first."""
    leaks = []
    known = {finding.fingerprint for finding in found}
    for finding in (*found, *(group[0] for name, group in here.items() if name not in known)):
        group = here.get(finding.fingerprint, [])
        seat = outside._replace(
            in_tree=bool(group),
            is_untracked=bool(group) and all(other.path in untracked for other in group),
        )
        leaks.append(judged(finding, rules.pack.rules.get(finding.issuer or ''), seat))
    severities = ('critical', 'high', 'medium', 'low', 'info')
    return sorted(
        leaks,
        key=lambda leak: (
            ACTIONS.index(leak.verdict.action),
            severities.index(leak.finding.severity),
            leak.finding.path,
            leak.finding.place,
            leak.finding.fingerprint,
        ),
    )


def _dated(leak: Leak, repository: Repository) -> Leak:
    """With the day on which it was taken out: that of the oldest child of the last commit that holds it."""
    life = leak.finding.life
    if life is None or life.last is None or life.in_head:
        return leak
    last = life.last.commit
    child = next((commit for commit in repository.history.commits if last in commit.parents), None)
    return leak._replace(removed=_day(child.committed)) if child is not None else leak


def _outside(folder: str, top: str | None) -> Seat:
    """Whether a remote is known; a bare repository that was copied from one keeps no remote-tracking refs that could say so."""
    rows = settings(folder, '--file', os.path.join(common_folder(folder), 'config'))
    has_remote = any(name.startswith('remote.') and name.endswith('.url') for name, _ in rows)
    is_bare = (
        top is None and git.run(folder, 'rev-parse', '--is-bare-repository').strip() == b'true'
    )
    return Seat(has_remote=has_remote, is_mirror=has_remote and is_bare)


def _name(folder: str) -> str:
    return os.path.basename(os.path.realpath(folder).removesuffix(f'{os.sep}.git'))


def _day(seconds: int) -> str:
    from datetime import UTC, datetime  # noqa: PLC0415 - only here

    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC).isoformat()


def _write(arguments: Namespace, answer: plan.Answer) -> None:
    if not arguments.output or arguments.output == '-':
        is_coloured = (
            sys.stdout.isatty()
            and not os.environ.get('NO_COLOR')
            and os.environ.get('TERM') != 'dumb'
        )
        reporter.write(answer, arguments.format, sys.stdout, is_coloured)
        return
    text = StringIO(newline='')
    reporter.write(answer, arguments.format, text, False)
    write_file(arguments.output, text.getvalue())


def _verify(arguments: Namespace, where: str, folder: str, top: str | None) -> int:
    from keylint.publish.verify import remains  # noqa: PLC0415 - only for `--verify`

    if not arguments.plan:
        raise ConfigError('--verify needs the plan that was carried out: --plan DIR')
    if arguments.format not in ('text', 'json'):
        raise ConfigError('--verify: allowed formats are text, json')
    report = Report('object')
    started = time.perf_counter()
    found = remains(folder, top, arguments.plan, report)
    report.seconds = time.perf_counter() - started
    reporter.verified(found, report, arguments.format, sys.stdout)
    return 2 if report.failures else int(bool(found))
