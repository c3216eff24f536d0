"""Scan what a range of commits adds.

Whole versions are scanned, so that a key finds its secret; findings that were there before are then
dropped.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from keylint.core.errors import SourceError
from keylint.core.model import CommitRef, Finding, Lifetime
from keylint.core.records import NamedTuple
from keylint.core.report import Failure, Report
from keylint.history.batches import make_batches
from keylint.history.findings import report_lost_finding, scan_version
from keylint.history.lifetimes import make_commit_ref
from keylint.history.object_paths import ObjectPaths, PathKinds
from keylint.history.occurrences import Occurrence
from keylint.history.range_findings import AddedVersion, NewFinding, RangeFindings
from keylint.history.worker import HistoryWorker, ObjectScan, make_origin
from keylint.sources import git
from keylint.sources.commits import Commit, parse_commit, read_tagged, sort_commits
from keylint.sources.objects import ObjectReader, read_sizes
from keylint.sources.patience import GitSilentError
from keylint.sources.tree_diff import compare_commits
from keylint.workers.job import Fallback
from keylint.workers.pool import map_unordered


class AddedBlob(NamedTuple):
    """A blob that a commit puts at a path, and the blobs that its parents had there.

    `blob` is empty if the commit deletes the path.
    """

    commit: str
    path: str
    blob: str
    before: tuple[str, ...]


def read_commits(folder: str, asked: Iterable[Iterable[str]], report: Report) -> list[Commit]:
    """Read the commits that `git rev-list` lists for any row of arguments, parents first.

    Raises SourceError for a revision that does not exist.
    """
    listing: dict[str, None] = {}
    for arguments in asked:
        listing |= dict.fromkeys(git.run_git(folder, 'rev-list', *arguments, '--').decode().split())
    found = {}
    with ObjectReader(folder) as reader:
        for name, data in reader.read(list(listing)):
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
    except GitSilentError:
        raise
    except SourceError:
        raise SourceError(f"'{text}' names no commit of this repository") from None
    return found.decode().strip()


def select_since(folder: str, text: str) -> list[str]:
    """Return rev-list's arguments for `--since REV`: all commits of HEAD that REV does not have."""
    return [resolve_revision(folder, 'HEAD'), f'^{resolve_revision(folder, text)}']


def select_between(folder: str, text: str) -> list[str]:
    """Return rev-list's arguments for `--range A..B`. Raises SourceError.

    An empty side means HEAD; `A...B` selects the commits that only one of the two has.
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
    """The commits and refs that a push sends.

    `asked` has rows of arguments for rev-list, one for each possible remote; their commits are
    united. `refs` are the names that the remote does not have yet.
    """

    asked: list[list[str]]
    tags: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()


def parse_push(folder: str, lines: Iterable[str], remote: str) -> Push | None:
    """Parse the lines that git gives to a pre-push hook; return None if they only delete.

    Each line is `local ref, local id, remote ref, remote id`. Commits that the remote already has,
    according to remote-tracking refs, are not new, nor are those of the ref's previous id, if this
    repository has it. If the remote is not named, a commit is new unless all remotes have it.
    """
    new, old = [], []
    tags: list[str] = []
    refs: dict[str, None] = {}
    for line in lines:
        fields = line.split()
        if len(fields) == 4 and fields[1].strip('0'):
            new.append(resolve_revision(folder, fields[1]))
            tags += list_tags(folder, fields[1])
            if fields[3].strip('0') and _is_known(folder, fields[3]):
                old.append(fields[3])
            if not fields[3].strip('0'):
                refs[fields[2]] = None  # a name that the remote does not have yet
    if not new:
        return None
    wanted = [*new, *(f'^{name}' for name in old)]
    remotes = [remote] if remote else list_remotes(folder)
    asked = [[*wanted, '--not', f'--remotes={name}'] for name in remotes]
    return Push(asked or [wanted], tuple(tags), tuple(refs))


def list_remotes(folder: str) -> list[str]:
    """List the configured remotes, and removed ones that still have remote-tracking refs."""
    remotes = os.fsdecode(git.run_git(folder, 'remote')).split()
    refs = os.fsdecode(git.run_git(folder, 'for-each-ref', '--format=%(refname)', 'refs/remotes'))
    for ref in refs.splitlines():
        name = ref.removeprefix('refs/remotes/')
        if not any(name.startswith(f'{remote}/') for remote in remotes):
            remotes.append(name.partition('/')[0])
    return remotes


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
) -> tuple[list[Finding], list[AddedBlob]]:
    """Scan what commits add, in their blobs and in their own messages, and the messages of tags.

    Returns the findings, and what the commits add and delete.
    """
    added, unread = list_additions(folder, commits)
    why = 'trees are missing: what it changes is not known'
    report.failures += [Failure(f'commit {name[:12]}', 'read', why) for name in unread]
    paths = ObjectPaths(PathKinds(run.rules, run.config))
    for entry in added:
        for name in filter(None, (*entry.before, entry.blob)):
            paths.add(name, entry.path)
    labels = {commit.id: f'commit {commit.id[:12]}' for commit in commits}
    labels |= {tag: f'tag {tag[:12]}' for tag in tags}
    for name, label in labels.items():
        paths.add_nameless(name, label)
    found = _find_occurrences(folder, paths, run, report)
    versions = _list_versions(commits, added) + [
        AddedVersion(None, labels[tag], tag, ()) for tag in tags
    ]
    new = RangeFindings(paths.kinds, found).select(versions)
    return _make_findings(folder, new, run, report), added


def _find_occurrences(
    folder: str, paths: ObjectPaths, run: ObjectScan, report: Report
) -> dict[str, list[Occurrence]]:
    """Scan objects under their paths: the occurrences by object."""
    names = paths.list_names()
    objects = read_sizes(folder, names)
    for name in names:
        if name not in objects:
            why = f'object {name[:12]} is missing from the repository; nothing is fetched'
            report.failures.append(Failure(paths.list_paths(name)[0], 'read', why))
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


def _list_versions(commits: list[Commit], added: list[AddedBlob]) -> list[AddedVersion]:
    """List what commits add, parents first; each commit's own message comes last."""
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


def _make_findings(
    folder: str, new: list[NewFinding], run: ObjectScan, report: Report
) -> list[Finding]:
    """Build the findings from the versions chosen to show them."""
    with ObjectReader(folder) as reader:
        findings = []
        for entry in new:
            blob, path = entry.last.blob, entry.last.path
            origin = make_origin(path, run.prefix, run.config)
            found = scan_version(reader, blob, origin, run.rules, run.config)
            finding = found.get(entry.fingerprint)
            if finding is None:
                report.failures.append(report_lost_finding(blob, path))
            else:
                first, last = (_make_ref(version.commit) for version in (entry.first, entry.last))
                life = Lifetime(first, last, 0, (path,), (), (), False, True, False, (blob,))
                findings.append(finding._replace(commit=last.commit if last else None, life=life))
    return findings


def _make_ref(commit: Commit | None) -> CommitRef | None:
    return None if commit is None else make_commit_ref(commit)
