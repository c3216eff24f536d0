"""Scan a repository's whole history: each object once; a value in many versions is one finding.

Workers return which objects hold what (`Occurrence`, no values), and how reports show it. The
parent joins that with commits and refs; if the version to show is none of those, it scans it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.report import Failure, Report
from keylint.history.batches import Batch, make_batches
from keylint.history.findings import HistoryReporter
from keylint.history.lifetimes import History
from keylint.history.object_paths import ObjectPaths, PathKinds
from keylint.history.occurrences import Occurrence, VersionFindings, merge_occurrences
from keylint.history.worker import HistoryWorker, ObjectScan
from keylint.pipeline.clean_cache import CleanCache
from keylint.rules.load import Rules
from keylint.sources.commits import (
    Commit,
    Name,
    list_names,
    list_staged,
    parse_commit,
    resolve_head_commit,
    sort_commits,
)
from keylint.sources.objects import Object, ObjectReader, list_objects
from keylint.sources.tree_diff import Changes
from keylint.workers.job import Fallback
from keylint.workers.pool import map_unordered

_NAMELESS = 'object'
_MISSING = 'is missing from the repository; nothing is fetched'


class Repository(NamedTuple):
    """The objects, commits and refs of a repository, before contents are read.

    `staged` maps blobs of the index to paths; `prefix` is put before paths: that of a submodule.
    """

    folder: str
    objects: dict[str, Object]
    history: History
    changes: Changes
    staged: dict[str, str]
    prefix: str = ''


def open_repository(
    folder: str, report: Report, prefix: str = '', keeps_trees: bool = False
) -> Repository:
    """Read the objects, commits and refs of a repository.

    Missing objects become failures of the report.

    Trees are half of the objects: they are dropped once compared, unless `keeps_trees` is set.
    """
    listing = list_objects(folder)
    objects = {item.id: item for item in listing.objects}
    report.failures += [Failure(f'{prefix}objects', 'read', line) for line in listing.lost]
    for item in objects.values():
        if item.kind == 'missing':
            name = f'{prefix}{_NAMELESS} {item.id[:12]}'
            report.failures.append(Failure(name, 'read', 'git cannot read this object'))
    commits = _read_commits(folder, objects, report, prefix)
    ordered = sort_commits(commits)
    changes = Changes(folder)
    changes.find(ordered, objects)
    for name in changes.unread:
        why = (
            'trees are missing, broken or without end: what it changes is not known, '
            'its objects are scanned all the same'
        )
        report.failures.append(Failure(f'{prefix}commit {name[:12]}', 'read', why))
    known = list_names(folder)
    report.failures += [
        Failure(f'{prefix}{name}', 'read', why)
        for name, why in _list_missing(ordered, known, objects)
    ]
    if not keeps_trees:
        objects = {name: item for name, item in objects.items() if item.kind != 'tree'}
    return Repository(
        folder,
        objects,
        History(ordered, known, resolve_head_commit(folder)),
        changes,
        list_staged(folder),
        prefix,
    )


def _list_missing(
    commits: Iterable[Commit], known: Iterable[Name], objects: dict[str, Object]
) -> list[tuple[str, str]]:
    """List the objects that commits and refs name but the repository lacks, with the reason.

    A shallow clone lacks the parents of its oldest commits.
    """
    parents = {parent for commit in commits for parent in commit.parents if parent not in objects}
    why = f'the parent of a commit {_MISSING}'
    found = [(f'commit {parent[:12]}', why) for parent in sorted(parents)]
    lost = [name for name in known if not name.is_reflog and name.commit not in objects]
    return found + [(name.name, f'object {name.commit[:12]} {_MISSING}') for name in lost]


def _read_commits(
    folder: str, objects: dict[str, Object], report: Report, prefix: str
) -> dict[str, Commit]:
    found = {}
    wanted = [item.id for item in objects.values() if item.kind == 'commit']
    with ObjectReader(folder) as reader:
        for name, data in reader.read(wanted):
            commit = parse_commit(name, data) if data is not None else None
            if commit is None:
                path = f'{prefix}commit {name[:12]}'
                report.failures.append(Failure(path, 'read', 'the object is broken'))
            else:
                found[name] = commit
    return found


def choose_paths(
    repository: Repository, rules: Rules, config: Config, report: Report
) -> ObjectPaths:
    """Choose the paths of all objects, one for each kind of path that they have.

    The paths come from commits, the index and refs. Missing blobs become failures of the report.
    """
    kinds = PathKinds(rules, config)
    found = ObjectPaths(kinds)
    missing: dict[str, str] = {}
    for name, inner in _list_named(repository):
        path = repository.prefix + inner
        if name in repository.objects:
            found.add(name, path)
        elif name not in missing or kinds.find(missing[name]) is None:
            missing[name] = path
    for item in repository.objects.values():
        if item.kind in ('blob', 'commit', 'tag') and item.id not in found:
            label = item.kind if item.kind != 'blob' else _NAMELESS
            found.add_nameless(item.id, f'{repository.prefix}{label} {item.id[:12]}')
    for name, path in missing.items():
        report.failures.append(Failure(path, 'read', f'object {name[:12]} {_MISSING}'))
    return found


def _list_named(repository: Repository) -> Iterator[tuple[str, str]]:
    """Yield the ids of blobs with all their paths."""
    for blob, path in repository.changes.named():
        yield blob.decode(), path
    for name, path in (*repository.history.list_tagged(), *repository.staged.items()):
        if name in repository.objects:
            yield name, path


def list_batches(
    repository: Repository, paths: ObjectPaths, config: Config, report: Report, known: CleanCache
) -> list[Batch]:
    """Put the blobs, commits and tags that are not known to be clean into batches."""
    objects = (
        item for item in repository.objects.values() if item.kind in ('blob', 'commit', 'tag')
    )
    return make_batches(objects, paths, config, report, known, repository.staged)


def scan_batches(
    repository: Repository,
    paths: ObjectPaths,
    batches: Sequence[Batch],
    run: ObjectScan,
    report: Report,
) -> list[Finding]:
    """Scan batches of objects: the findings, each with its lifetime.

    Counts and failures go to the report.

    `run.known` learns which objects are clean.
    """
    _ = run.rules.pack  # loaded once, before the workers fork
    occurrences: list[Occurrence] = []
    shown: list[VersionFindings] = []
    rest = sum(len(batch.objects) for batch in batches)
    with HistoryWorker(repository.folder, run) as work:
        fallback = Fallback(make_lost=work.retry_batch)
        for result in map_unordered(
            work, batches, run.show_progress, run.is_stopped, min_items=2, fallback=fallback
        ):
            occurrences += result.occurrences
            shown += result.shown
            for digest in result.clean:
                run.known.add(digest)
            report.failures += result.failures
            report.hidden.update(result.hidden)
            report.files += result.objects
            report.bytes += result.bytes
            rest -= result.objects + sum(failure.stage == 'read' for failure in result.failures)
    if rest > 0:
        why = f'interrupted: {rest} objects were not looked at'
        report.failures.append(Failure(repository.folder, 'scan', why))
    reporter = HistoryReporter(repository, paths.kinds, run.rules, run.config, shown)
    findings = reporter.make_findings(merge_occurrences(occurrences))
    report.failures += reporter.failures
    return findings
