"""What a range of commits adds: whole versions are read, so that a key finds its secret, and what stood there before is taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.model import Finding, Life
from keylint.core.report import Failure, Report
from keylint.core.workers import map_unordered
from keylint.history.batches import make_batches
from keylint.history.findings import scan_version
from keylint.history.lifetimes import held
from keylint.history.occurrences import Occurrence
from keylint.history.worker import HistoryWorker
from keylint.pipeline.clean_cache import Unchanged
from keylint.rules.load import Rules
from keylint.sources import git
from keylint.sources.commits import Commit, in_order, parse, tagged
from keylint.sources.objects import Reader, sizes
from keylint.sources.tree_diff import compare


class Added(NamedTuple):
    """A blob that a commit brings to a path (none where it takes one away), and the blobs that its parents had there."""

    commit: str
    path: str
    blob: str
    before: tuple[str, ...]


def commits_in(folder: str, arguments: Iterable[str], report: Report) -> list[Commit]:
    """The commits that `git rev-list` names, parents first. Raises SourceError for a revision that does not exist."""
    listing = git.run(folder, 'rev-list', *arguments, '--').decode().split()
    reader = Reader(folder)
    found = {}
    for name, data in reader.read(listing):
        commit = parse(name, data) if data is not None else None
        if commit is None:
            report.failures.append(
                Failure(f'commit {name[:12]}', 'read', 'the object is missing or broken')
            )
        else:
            found[name] = commit
    reader.close()
    return in_order(found)


def revision(folder: str, text: str) -> str:
    """The id of the commit that a revision names. Raises SourceError."""
    try:
        return (
            git.run(
                folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', f'{text}^{{commit}}'
            )
            .decode()
            .strip()
        )
    except SourceError:
        raise SourceError(f"'{text}' names no commit of this repository") from None


def since(folder: str, text: str) -> list[str]:
    """What `--since REV` asks of rev-list: all that HEAD has and REV has not."""
    return [revision(folder, 'HEAD'), f'^{revision(folder, text)}']


def between(folder: str, text: str) -> list[str]:
    """What `--range A..B` asks of rev-list. An empty side is HEAD; `A...B` is what only one of the two has. Raises SourceError."""
    dots = '...' if '...' in text else '..'
    first, found, last = text.partition(dots)
    if not found or '..' in last:
        raise SourceError(f"--range is '{text}'; it must be A..B or A...B")
    start, end = revision(folder, first or 'HEAD'), revision(folder, last or 'HEAD')
    if dots == '..':
        return [end, f'^{start}']
    bases = git.run(folder, 'merge-base', '--all', start, end).decode().split()
    return [start, end, *(f'^{base}' for base in bases)]


class Push(NamedTuple):
    """What a push asks of rev-list, and annotated tags that it brings."""

    asked: list[str]
    tags: tuple[str, ...] = ()


def pushed(folder: str, lines: Iterable[str], remote: str) -> Push | None:
    """What the lines that git gives to a pre-push hook ask for; None when they only delete.

    Each line is `local ref, local id, remote ref, remote id`. Whatever the remote already has, as far as remote-tracking refs tell, is not
    new; neither is what stood there before, when this repository knows it.
    """
    new, old = [], []
    tags: list[str] = []
    for line in lines:
        fields = line.split()
        if len(fields) == 4 and fields[1].strip('0'):
            new.append(revision(folder, fields[1]))
            tags += tags_of(folder, fields[1])
            old += [fields[3]] if fields[3].strip('0') and _is_known(folder, fields[3]) else []
    if not new:
        return None
    return Push(
        [
            *new,
            *(f'^{name}' for name in old),
            '--not',
            f'--remotes={remote}' if remote else '--remotes',
        ],
        tuple(tags),
    )


def tags_of(folder: str, name: str) -> list[str]:
    """The annotated tag that an id names and the tags that this one names in turn; none for a commit."""
    found: list[str] = []
    reader = Reader(folder)
    while name not in found:
        item = sizes(folder, [name]).get(name)
        if item is None or item.kind != 'tag':
            break
        found.append(name)
        name = tagged(reader, name)
    reader.close()
    return found


def _is_known(folder: str, name: str) -> bool:
    try:
        git.run(folder, 'cat-file', '-e', f'{name}^{{commit}}')
    except SourceError:
        return False
    return True


def additions(folder: str, commits: Iterable[Commit]) -> tuple[list[Added], list[str]]:
    """What commits bring in that none of their parents has at the same path, what they take away, and commits whose trees are missing."""
    pairs = [(commit.id, parent) for commit in commits for parent in commit.parents or ('',)]
    parents: dict[str, int] = {}
    seen: dict[tuple[str, str, str], list[str]] = {}
    found = []
    changes, unread = compare(folder, pairs)
    for name, _ in pairs:
        parents[name] = parents.get(name, 0) + 1
    for change in changes:
        if change.after.strip('0'):
            seen.setdefault((change.commit, change.path, change.after), []).append(change.before)
        elif parents[change.commit] == 1 and change.before.strip('0'):
            found.append(Added(change.commit, change.path, '', (change.before,)))
    for (commit, path, blob), before in seen.items():
        if len(before) == parents[commit]:
            found.append(
                Added(commit, path, blob, tuple(name for name in before if name.strip('0')))
            )
    return found, unread


def scan_range(
    folder: str,
    commits: list[Commit],
    rules: Rules,
    config: Config,
    report: Report,
    progress: Callable[[int], None] = lambda count: None,
    is_stopped: Callable[[], bool] = lambda: False,
    tags: Iterable[str] = (),
) -> list[Finding]:
    """The findings that the commits add, in their blobs and in their own texts, and those in the texts of tags."""
    added, unread = additions(folder, commits)
    report.failures += [
        Failure(f'commit {name[:12]}', 'read', 'trees are missing: what it changes is not known')
        for name in unread
    ]
    paths = {name: entry.path for entry in added for name in (*entry.before, entry.blob) if name}
    paths |= {commit.id: f'commit {commit.id[:12]}' for commit in commits} | {
        tag: f'tag {tag[:12]}' for tag in tags
    }
    objects = sizes(folder, paths)
    for name in paths.keys() - objects.keys():
        report.failures.append(
            Failure(
                paths[name],
                'read',
                f'object {name[:12]} is missing from the repository; nothing is fetched',
            )
        )
    _ = rules.pack  # loaded once, before the workers fork
    found: dict[str, list[Occurrence]] = {}
    known = Unchanged()  # a range is short
    todo = make_batches(objects.values(), paths, config, report, known)
    for outcome in map_unordered(
        HistoryWorker(folder, rules, config, known, is_stopped), todo, progress, is_stopped
    ):
        for occurrence in outcome.occurrences:
            found.setdefault(occurrence.object, []).append(occurrence)
        report.failures += outcome.failures
        report.files += outcome.objects
        report.bytes += outcome.bytes
        if outcome.rest:
            report.failures.append(
                Failure(folder, 'scan', f'interrupted: {outcome.rest} objects were not looked at')
            )
    versions = _in_order(commits, added) + [Version(None, paths[tag], tag, ()) for tag in tags]
    return _told(folder, _new(versions, found), rules, config)


class Version(NamedTuple):
    """An object that the range adds, with the commit that brings it (None for a tag) and what its path held before."""

    commit: Commit | None
    path: str
    blob: str
    before: tuple[str, ...]


class New(NamedTuple):
    """A finding that the range adds: the version that brings it first, and the newest one."""

    fingerprint: str
    first: Version
    last: Version
    parts: frozenset[bytes]


def _in_order(commits: list[Commit], added: list[Added]) -> list[Version]:
    """What the commits bring, parents first; of each commit its own text last."""
    places = {commit.id: place for place, commit in enumerate(commits)}
    rows = [(places[entry.commit], 0, entry.path, entry.blob, entry.before) for entry in added]
    rows += [
        (place, 1, f'commit {commit.id[:12]}', commit.id, ())
        for place, commit in enumerate(commits)
    ]
    return [
        Version(commits[place], path, blob, before) for place, _, path, blob, before in sorted(rows)
    ]


def _new(versions: list[Version], found: dict[str, list[Occurrence]]) -> list[New]:
    """What no version from before the range has; of a credential that grows within the range only the largest."""
    brought: set[str] = set()
    known: set[bytes] = set()
    for version_ in versions:
        for name in version_.before:
            if name not in brought:
                known |= {part for occurrence in found.get(name, ()) for part in occurrence.parts}
        brought.add(version_.blob)
    new: dict[str, New] = {}
    for version_ in versions:
        for occurrence in found.get(version_.blob, ()):
            if occurrence.parts <= known:
                continue
            entry = new.get(occurrence.fingerprint)
            if entry is None:
                new[occurrence.fingerprint] = New(
                    occurrence.fingerprint, version_, version_, occurrence.parts
                )
            elif len(occurrence.parts) >= len(entry.parts):
                new[occurrence.fingerprint] = entry._replace(last=version_, parts=occurrence.parts)
    return [
        entry
        for entry in new.values()
        if not any(entry.parts < other.parts for other in new.values())
    ]


def _told(folder: str, new: list[New], rules: Rules, config: Config) -> list[Finding]:
    """The findings as their newest versions show them."""
    reader = Reader(folder)
    told = []
    for entry in sorted(new):
        finding = scan_version(reader, entry.last.blob, entry.last.path, rules, config).get(
            entry.fingerprint
        )
        if finding is not None:
            first, last = (
                None if where.commit is None else held(where.commit)
                for where in (entry.first, entry.last)
            )
            life = Life(
                first, last, 0, (entry.last.path,), (), (), False, True, False, (entry.last.blob,)
            )
            told.append(finding._replace(commit=last.commit if last else None, life=life))
    reader.close()
    return told
