"""The pipeline for a repository's whole history: every object once, the same value in a hundred versions as one finding.

Workers say only which objects hold what (`Sighting`, no values). The parent joins that with commits and names, and looks once more at one
version of each finding, the newest, for the lines to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from keylint.archives import kind_of
from keylint.core.config import Config
from keylint.core.model import Failure, Finding, Life, Report
from keylint.core.workers import map_unordered
from keylint.history.lifetimes import History, Span, State
from keylint.history.worker import (
    Chunk,
    Joined,
    Sighting,
    Worker,
    chunks_of,
    examined,
    is_excluded,
    joined,
    leaks,
    members_of,
)
from keylint.matcher.prefilter import tokens
from keylint.pipeline.clean_cache import Unchanged
from keylint.readers.decode import to_text
from keylint.rules.load import Rules
from keylint.sources.commits import Commit, Name, head, in_order, names, parse, staged
from keylint.sources.objects import Object, Reader, listed
from keylint.sources.tree_diff import Changes

_NAMELESS = 'object'
# So few versions are read here and not by workers.
_FEW = 16


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
) -> list[Chunk]:
    """All blobs, commits and tags of a repository that are not known to be clean."""
    named = {
        item.id: paths.get(item.id)
        or f'{repository.prefix}{item.kind if item.kind != "blob" else _NAMELESS} {item.id[:12]}'
        for item in repository.objects.values()
        if item.kind in ('blob', 'commit', 'tag')
    }
    return chunks_of((repository.objects[name] for name in named), named, config, report, known)


def scan_history(
    repository: Repository,
    todo: Sequence[Chunk],
    rules: Rules,
    config: Config,
    report: Report,
    known: Unchanged,
    progress: Callable[[int], None] = lambda count: None,
    is_stopped: Callable[[], bool] = lambda: False,
    tally: Callable[[int], None] = lambda count: None,
) -> list[Finding]:
    """The findings of a repository's objects, each with its life. Fills the report's counts. `todo` comes from `chunks`, and
    `known` is told what is clean.
    """
    work = Worker(repository.folder, rules, config, known, is_stopped, tally)
    _ = rules.pack  # loaded once, before the workers fork
    sightings: list[Sighting] = []
    rest = sum(len(chunk.objects) for chunk in todo)
    for outcome in map_unordered(work, todo, progress, is_stopped, few=2):
        sightings += outcome.sightings
        for digest in outcome.clean:
            known.add(digest)
        report.failures += outcome.failures
        report.files += outcome.objects
        report.bytes += outcome.bytes
        rest -= outcome.objects + sum(failure.stage == 'read' for failure in outcome.failures)
    if rest > 0:
        report.failures.append(
            Failure(repository.folder, 'scan', f'interrupted: {rest} objects were not looked at')
        )
    return Teller(repository, rules, config).findings(joined(sightings))


class Teller:
    """Makes findings of what was seen: their lives, and the lines of the newest version that shows most."""

    def __init__(self, repository: Repository, rules: Rules, config: Config) -> None:
        self._repository = repository
        self._rules = rules
        self._config = config
        self._reader = Reader(repository.folder)
        self._known: dict[tuple[str, str], dict[str, Finding]] = {}

    def findings(self, found: Sequence[Joined]) -> list[Finding]:
        """All of them, sorted by fingerprint."""
        wanted = {name for entry in found for name in entry.objects}
        history = self._repository.history
        if not wanted:
            return []
        states = history.states(self._repository.changes.of(wanted), wanted)
        spans, checked_out = history.spans(states), history.head_state(states)
        newest = [self._newest(entry, spans) for entry in found]
        self._read_ahead(
            next(self._places(*item, checked_out)) for item in zip(found, newest, strict=True)
        )
        told = []
        for entry, state in zip(found, newest, strict=True):
            finding, commit = self._shown(entry, state, spans, checked_out)
            if finding is not None:
                told.append(
                    finding._replace(commit=commit, life=self._life(entry, spans, checked_out))
                )
        self._reader.close()
        return told

    def _life(self, entry: Joined, spans: dict[State, Span], checked_out: State) -> Life:
        history, sighting = self._repository.history, entry.best[0]
        kind = self._repository.objects[sighting.object].kind
        if kind == 'commit':
            return history.life_of_commit(sighting.object)
        if kind == 'tag':
            return history.life_of_tag(sighting.object)
        life = history.life(entry.objects, spans, checked_out, self._repository.staged)
        return life._replace(paths=tuple(self._repository.prefix + path for path in life.paths))

    def _newest(self, entry: Joined, spans: dict[State, Span]) -> State | None:
        """The newest state that holds a version which shows most of a finding."""
        best = {sighting.object for sighting in entry.best}
        return max(
            (state for state in spans if any(name in best for _, name in state)),
            key=lambda state: spans[state].last,
            default=None,
        )

    def _places(
        self, entry: Joined, newest: State | None, checked_out: State
    ) -> Iterator[tuple[str, str]]:
        """Objects that show a finding, with their paths: what is checked out first, then the newest, then any."""
        best = {sighting.object for sighting in entry.best}
        for state in (checked_out, newest or frozenset()):
            for path, name in sorted((path, name) for path, name in state if name in best):
                yield name, self._repository.prefix + path
        yield entry.best[-1].object, entry.best[-1].path

    def _shown(
        self, entry: Joined, newest: State | None, spans: dict[State, Span], checked_out: State
    ) -> tuple[Finding | None, str | None]:
        """The finding as its newest version shows it, and the newest commit that holds this version."""
        repository = self._repository
        commit = repository.history.commits[spans[newest].last].id if newest is not None else None
        for name, path in self._places(entry, newest, checked_out):
            finding = self._read(name, path).get(entry.fingerprint)
            if finding is not None:
                return finding, name if repository.objects[name].kind == 'commit' else commit
        return None, commit

    def _read_ahead(self, places: Iterable[tuple[str, str]]) -> None:
        """Read the versions that will most likely be shown, on all cores."""
        for place, found in map_unordered(
            lambda place: (place, self._version(*place)), list(dict.fromkeys(places)), few=_FEW
        ):
            self._known[place] = found

    def _read(self, name: str, path: str) -> dict[str, Finding]:
        """The findings of an object under a path, by fingerprint."""
        if (name, path) not in self._known:
            self._known[name, path] = self._version(name, path)
        return self._known[name, path]

    def _version(self, name: str, path: str) -> dict[str, Finding]:
        return version(self._reader, name, path, self._rules, self._config)


def version(
    reader: Reader, name: str, path: str, rules: Rules, config: Config
) -> dict[str, Finding]:
    """The findings of one object under a path, by fingerprint."""
    ((_, raw),) = reader.read([name])
    data, is_text = to_text(raw or b'')
    wakes = leaks(data, rules)
    wakes = wakes if is_text else tokens(wakes)
    found = {
        finding.fingerprint: finding
        for finding in examined(path, data, is_text, wakes, rules, config).findings
    }
    if kind_of(path, raw or b''):
        found |= {
            finding.fingerprint: finding
            for finding in reversed(members_of(path, raw or b'', rules, config).findings)
        }
    return found
