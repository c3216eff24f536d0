"""Scan what a range of commits adds.

Whole versions are scanned, so that a key finds its secret; what stood there before is then left
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from keylint.core.errors import SourceError
from keylint.core.model import CommitRef, Finding, Lifetime
from keylint.core.report import Failure, Report
from keylint.core.workers import Fallback, map_unordered
from keylint.history.batches import make_batches
from keylint.history.findings import scan_version
from keylint.history.lifetimes import make_commit_ref
from keylint.history.occurrences import Occurrence
from keylint.history.worker import HistoryWorker, ObjectScan
from keylint.sources import git
from keylint.sources.commits import Commit, parse_commit, read_tagged, sort_commits
from keylint.sources.objects import ObjectReader, read_sizes
from keylint.sources.tree_diff import compare_commits


class AddedBlob(NamedTuple):
    """A blob that a commit puts at a path, and the blobs that its parents had there.

    `blob` is empty where the commit deletes the path.
    """

    commit: str
    path: str
    blob: str
    before: tuple[str, ...]


def read_commits(folder: str, arguments: Iterable[str], report: Report) -> list[Commit]:
    """Read the commits that `git rev-list` lists, parents first.

    Raises SourceError for a revision that does not exist.
    """
    listing = git.run_git(folder, 'rev-list', *arguments, '--').decode().split()
    found = {}
    with ObjectReader(folder) as reader:
        for name, data in reader.read(listing):
            commit = parse_commit(name, data) if data is not None else None
            if commit is None:
                why = 'the object is missing or broken'
                report.failures.append(Failure(f'commit {name[:12]}', 'read', why))
            else:
                found[name] = commit
    return sort_commits(found)


def resolve_revision(folder: str, text: str) -> str:
    """Resolve a revision to the id of its commit. Raises SourceError."""
    options = ('--verify', '--quiet', '--end-of-options')
    try:
        found = git.run_git(folder, 'rev-parse', *options, f'{text}^{{commit}}')
    except SourceError:
        raise SourceError(f"'{text}' names no commit of this repository") from None
    return found.decode().strip()


def select_since(folder: str, text: str) -> list[str]:
    """Give rev-list's arguments for `--since REV`: all that HEAD has and REV has not."""
    return [resolve_revision(folder, 'HEAD'), f'^{resolve_revision(folder, text)}']


def select_between(folder: str, text: str) -> list[str]:
    """Give rev-list's arguments for `--range A..B`. Raises SourceError.

    An empty side is HEAD; `A...B` is what only one of the two has.
    """
    dots = '...' if '...' in text else '..'
    first, found, last = text.partition(dots)
    if not found or '..' in last:
        raise SourceError(f"--range is '{text}'; it must be A..B or A...B")
    start, end = resolve_revision(folder, first or 'HEAD'), resolve_revision(folder, last or 'HEAD')
    if dots == '..':
        return [end, f'^{start}']
    bases = git.run_git(folder, 'merge-base', '--all', start, end).decode().split()
    return [start, end, *(f'^{base}' for base in bases)]


class Push(NamedTuple):
    """What a push brings: arguments of rev-list for its commits, and annotated tags."""

    asked: list[str]
    tags: tuple[str, ...] = ()


def parse_push(folder: str, lines: Iterable[str], remote: str) -> Push | None:
    """Parse the lines that git gives to a pre-push hook; None if they only delete.

    Each line is `local ref, local id, remote ref, remote id`. What the remote already has, as far
    as remote-tracking refs tell, is not new; neither is what stood there before, if this repository
    knows it.
    """
    new, old = [], []
    tags: list[str] = []
    for line in lines:
        fields = line.split()
        if len(fields) == 4 and fields[1].strip('0'):
            new.append(resolve_revision(folder, fields[1]))
            tags += list_tags(folder, fields[1])
            if fields[3].strip('0') and _is_known(folder, fields[3]):
                old.append(fields[3])
    if not new:
        return None
    remotes = f'--remotes={remote}' if remote else '--remotes'
    return Push([*new, *(f'^{name}' for name in old), '--not', remotes], tuple(tags))


def list_tags(folder: str, name: str) -> list[str]:
    """List the annotated tag with an id and the tags that it points to; none for a commit."""
    found: list[str] = []
    with ObjectReader(folder) as reader:
        while name not in found:
            item = read_sizes(folder, [name]).get(name)
            if item is None or item.kind != 'tag':
                break
            found.append(name)
            name = read_tagged(reader, name)
    return found


def _is_known(folder: str, name: str) -> bool:
    try:
        git.run_git(folder, 'cat-file', '-e', f'{name}^{{commit}}')
    except SourceError:
        return False
    return True


def list_additions(folder: str, commits: Iterable[Commit]) -> tuple[list[AddedBlob], list[str]]:
    """List the blobs that commits add or delete, and the ids of commits whose trees are missing.

    A blob is added if no parent has it at the same path.
    """
    pairs = [(commit.id, parent) for commit in commits for parent in commit.parents or ('',)]
    parents: dict[str, int] = {}
    seen: dict[tuple[str, str, str], list[str]] = {}
    found = []
    changes, unread = compare_commits(folder, pairs)
    for name, _ in pairs:
        parents[name] = parents.get(name, 0) + 1
    for change in changes:
        if change.after.strip('0'):
            seen.setdefault((change.commit, change.path, change.after), []).append(change.before)
        elif parents[change.commit] == 1 and change.before.strip('0'):
            found.append(AddedBlob(change.commit, change.path, '', (change.before,)))
    for (commit, path, blob), before in seen.items():
        if len(before) == parents[commit]:
            old = tuple(name for name in before if name.strip('0'))
            found.append(AddedBlob(commit, path, blob, old))
    return found, unread


def scan_commits(
    folder: str, commits: list[Commit], tags: Sequence[str], run: ObjectScan, report: Report
) -> list[Finding]:
    """Scan what commits add, in their blobs and in their own messages, and the messages of tags."""
    added, unread = list_additions(folder, commits)
    why = 'trees are missing: what it changes is not known'
    report.failures += [Failure(f'commit {name[:12]}', 'read', why) for name in unread]
    paths = {name: entry.path for entry in added for name in (*entry.before, entry.blob) if name}
    paths |= {commit.id: f'commit {commit.id[:12]}' for commit in commits}
    paths |= {tag: f'tag {tag[:12]}' for tag in tags}
    found = _find_occurrences(folder, paths, run, report)
    versions = _list_versions(commits, added) + [
        AddedVersion(None, paths[tag], tag, ()) for tag in tags
    ]
    return _make_findings(folder, _select_new(versions, found), run)


def _find_occurrences(
    folder: str, paths: dict[str, str], run: ObjectScan, report: Report
) -> dict[str, list[Occurrence]]:
    """Scan objects, which are named with their paths: the occurrences by object."""
    objects = read_sizes(folder, paths)
    for name in paths.keys() - objects.keys():
        why = f'object {name[:12]} is missing from the repository; nothing is fetched'
        report.failures.append(Failure(paths[name], 'read', why))
    _ = run.rules.pack  # loaded once, before the workers fork
    found: dict[str, list[Occurrence]] = {}
    batches = make_batches(objects.values(), paths, run.config, report, run.known)
    with HistoryWorker(folder, run) as work:
        fallback = Fallback(make_lost=work.retry_batch)
        for result in map_unordered(
            work, batches, run.show_progress, run.is_stopped, fallback=fallback
        ):
            for occurrence in result.occurrences:
                found.setdefault(occurrence.object, []).append(occurrence)
            report.failures += result.failures
            report.hidden.update(result.hidden)
            report.files += result.objects
            report.bytes += result.bytes
            if result.rest:
                why = f'interrupted: {result.rest} objects were not looked at'
                report.failures.append(Failure(folder, 'scan', why))
    return found


class AddedVersion(NamedTuple):
    """An object that the range adds, its commit (None for a tag), and what its path held before."""

    commit: Commit | None
    path: str
    blob: str
    before: tuple[str, ...]


class NewFinding(NamedTuple):
    """A finding that the range adds: the version that brings it first, and the newest one."""

    fingerprint: str
    first: AddedVersion
    last: AddedVersion
    parts: frozenset[bytes]


def _list_versions(commits: list[Commit], added: list[AddedBlob]) -> list[AddedVersion]:
    """List what commits bring, parents first; of each commit its own message last."""
    places = {commit.id: place for place, commit in enumerate(commits)}
    rows = [(places[entry.commit], 0, entry.path, entry.blob, entry.before) for entry in added]
    rows += [
        (place, 1, f'commit {commit.id[:12]}', commit.id, ())
        for place, commit in enumerate(commits)
    ]
    return [
        AddedVersion(commits[place], path, blob, before)
        for place, _, path, blob, before in sorted(rows)
    ]


def _select_new(
    versions: list[AddedVersion], found: dict[str, list[Occurrence]]
) -> list[NewFinding]:
    """Select what no version from before the range has.

    Of a credential that grows within the range only the largest is kept.
    """
    brought: set[str] = set()
    known: set[bytes] = set()
    for version in versions:
        for name in version.before:
            if name not in brought:
                known |= {part for occurrence in found.get(name, ()) for part in occurrence.parts}
        brought.add(version.blob)
    new: dict[str, NewFinding] = {}
    for version in versions:
        for occurrence in found.get(version.blob, ()):
            if occurrence.parts <= known:
                continue
            entry = new.get(occurrence.fingerprint)
            if entry is None:
                new[occurrence.fingerprint] = NewFinding(
                    occurrence.fingerprint, version, version, occurrence.parts
                )
            elif len(occurrence.parts) >= len(entry.parts):
                new[occurrence.fingerprint] = entry._replace(last=version, parts=occurrence.parts)
    return [
        entry
        for entry in new.values()
        if not any(entry.parts < other.parts for other in new.values())
    ]


def _make_findings(folder: str, new: list[NewFinding], run: ObjectScan) -> list[Finding]:
    """Make the findings as their newest versions show them."""
    with ObjectReader(folder) as reader:
        findings = []
        for entry in sorted(new):
            blob, path = entry.last.blob, entry.last.path
            found = scan_version(reader, blob, path, run.rules, run.config)
            finding = found.get(entry.fingerprint)
            if finding is not None:
                first, last = (_make_ref(version.commit) for version in (entry.first, entry.last))
                life = Lifetime(first, last, 0, (path,), (), (), False, True, False, (blob,))
                findings.append(finding._replace(commit=last.commit if last else None, life=life))
    return findings


def _make_ref(commit: Commit | None) -> CommitRef | None:
    return None if commit is None else make_commit_ref(commit)
