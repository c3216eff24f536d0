"""Scan a repository's whole history: every object once, the same value in a hundred versions as one finding.

Workers say only which objects hold what (`Occurrence`, no values). The parent joins that with commits and names, and scans one version
of each finding once more, the newest, for the lines to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Failure, Report
from keylint.core.workers import map_unordered
from keylint.history.batches import Batch, is_excluded, make_batches
from keylint.history.findings import HistoryReporter
from keylint.history.lifetimes import History
from keylint.history.occurrences import Occurrence, merge_occurrences
from keylint.history.worker import HistoryWorker
from keylint.pipeline.clean_cache import Unchanged
from keylint.rules.load import Rules
from keylint.sources.commits import Commit, Name, head, in_order, names, parse, staged
from keylint.sources.objects import Object, Reader, listed
from keylint.sources.tree_diff import Changes

_NAMELESS = 'object'


class Repository(NamedTuple):
    """What is known of a repository before its contents are read."""

    folder: str
    objects: dict[str, Object]
    history: History
    changes: Changes
    staged: dict[str, str]
    prefix: str = ''


def opened(folder: str, report: Report, prefix: str = '', keeps_trees: bool = False) -> Repository:
    """The objects, commits and names of a repository. What is missing is counted and named in the report.

    Trees are half of the objects: once they are compared they are forgotten, unless they are to be kept.
    """
    listing = listed(folder)
    objects = {item.id: item for item in listing.objects}
    report.failures += [Failure(f'{prefix}objects', 'read', line) for line in listing.lost]
    for item in objects.values():
        if item.kind == 'missing':
            report.failures.append(
                Failure(
                    f'{prefix}{_NAMELESS} {item.id[:12]}', 'read', 'git cannot read this object'
                )
            )
    commits = _commits(folder, objects, report, prefix)
    ordered = in_order(commits)
    changes = Changes(folder)
    changes.find(ordered, objects)
    for name in changes.unread:
        why = 'trees are missing, broken or without end: what it changes is not known, its objects are scanned all the same'
        report.failures.append(Failure(f'{prefix}commit {name[:12]}', 'read', why))
    known = names(folder)
    report.failures += [
        Failure(f'{prefix}{name}', 'read', why) for name, why in _absent(ordered, known, objects)
    ]
    if not keeps_trees:
        objects = {name: item for name, item in objects.items() if item.kind != 'tree'}
    return Repository(
        folder, objects, History(ordered, known, head(folder)), changes, staged(folder), prefix
    )


def _absent(
    commits: Iterable[Commit], known: Iterable[Name], objects: dict[str, Object]
) -> list[tuple[str, str]]:
    """What commits and names speak of and the repository does not have: a shallow clone has no parents of its oldest commits."""
    parents = {parent for commit in commits for parent in commit.parents if parent not in objects}
    found = [
        (
            f'commit {parent[:12]}',
            'the parent of a commit is missing from the repository; nothing is fetched',
        )
        for parent in sorted(parents)
    ]
    lost = [name for name in known if not name.is_reflog and name.commit not in objects]
    return found + [
        (name.name, f'object {name.commit[:12]} is missing from the repository; nothing is fetched')
        for name in lost
    ]


def _commits(
    folder: str, objects: dict[str, Object], report: Report, prefix: str
) -> dict[str, Commit]:
    reader = Reader(folder)
    found = {}
    for name, data in reader.read([item.id for item in objects.values() if item.kind == 'commit']):
        commit = parse(name, data) if data is not None else None
        if commit is None:
            report.failures.append(
                Failure(f'{prefix}commit {name[:12]}', 'read', 'the object is broken')
            )
        else:
            found[name] = commit
    reader.close()
    return found


def paths_of(repository: Repository, config: Config, report: Report) -> dict[str, str]:
    """A path for each blob that has one, not an excluded one where there is a choice. Blobs that are missing are failures."""
    found: dict[str, str] = {}
    excluded: dict[str, bool] = {}
    missing: dict[str, str] = {}
    settled: set[bytes] = set()
    for blob, inner in repository.changes.named(settled):
        path = repository.prefix + inner
        item = repository.objects.get(blob.decode())
        if item is None:
            missing[blob.decode()] = path
        else:
            found[item.id] = path
        if item is None or not is_excluded(path, config, excluded):
            settled.add(blob)
    for name, path in {**repository.history.tagged(), **repository.staged}.items():
        found.setdefault(name, repository.prefix + path)
    for name, path in missing.items():
        report.failures.append(
            Failure(
                path,
                'read',
                f'object {name[:12]} is missing from the repository; nothing is fetched',
            )
        )
    return found


def chunks(
    repository: Repository, paths: dict[str, str], config: Config, report: Report, known: Unchanged
) -> list[Batch]:
    """All blobs, commits and tags of a repository that are not known to be clean."""
    named = {
        item.id: paths.get(item.id)
        or f'{repository.prefix}{item.kind if item.kind != "blob" else _NAMELESS} {item.id[:12]}'
        for item in repository.objects.values()
        if item.kind in ('blob', 'commit', 'tag')
    }
    return make_batches((repository.objects[name] for name in named), named, config, report, known)


def scan_history(
    repository: Repository,
    todo: Sequence[Batch],
    rules: Rules,
    config: Config,
    report: Report,
    known: Unchanged,
    progress: Callable[[int], None] = lambda count: None,
    is_stopped: Callable[[], bool] = lambda: False,
    tally: Callable[[int], None] = lambda count: None,
    is_incremental: bool = True,
) -> list[Finding]:
    """The findings of a repository's objects, each with its life. Fills the report's counts. `todo` comes from `chunks`, and
    `known` is told what is clean.
    """
    work = HistoryWorker(
        repository.folder, rules, config, known, is_stopped, tally, is_incremental=is_incremental
    )
    _ = rules.pack  # loaded once, before the workers fork
    occurrences: list[Occurrence] = []
    rest = sum(len(chunk.objects) for chunk in todo)
    for result in map_unordered(work, todo, progress, is_stopped, few=2):
        occurrences += result.occurrences
        for digest in result.clean:
            known.add(digest)
        report.failures += result.failures
        report.files += result.objects
        report.bytes += result.bytes
        rest -= result.objects + sum(failure.stage == 'read' for failure in result.failures)
    if rest > 0:
        report.failures.append(
            Failure(repository.folder, 'scan', f'interrupted: {rest} objects were not looked at')
        )
    return HistoryReporter(repository, rules, config).make_findings(merge_occurrences(occurrences))
