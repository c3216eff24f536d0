"""Make findings of the occurrences in a history: lifetimes, and the lines of the newest version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from keylint.archives import identify_container
from keylint.core.blob import Origin
from keylint.core.config import Config
from keylint.core.model import Finding, Lifetime
from keylint.core.workers import map_unordered
from keylint.history.lifetimes import Span, State
from keylint.history.occurrences import MergedFinding
from keylint.history.worker import make_origin, scan_object_members
from keylint.pipeline.scan import OBJECT, read_document, scan
from keylint.rules.load import Rules
from keylint.sources.objects import ObjectReader

TYPE_CHECKING = False  # `history.repository` imports this module
if TYPE_CHECKING:
    from keylint.history.repository import Repository

# Fewer versions than this are scanned here and not by workers.
_MIN_FOR_WORKERS = 16
# Places of one version that are shown each with its line; a lifetime names the paths of all.
_MAX_PLACES = 64


class HistoryReporter:
    """Makes findings of occurrences: lifetimes, and the lines of the newest best version."""

    def __init__(self, repository: Repository, rules: Rules, config: Config) -> None:
        self._repository = repository
        self._rules = rules
        self._config = config
        self._reader = ObjectReader(repository.folder)
        self._known: dict[tuple[str, str], dict[str, Finding]] = {}

    def make_findings(self, found: Sequence[MergedFinding]) -> list[Finding]:
        """Make the findings, sorted by fingerprint."""
        wanted = {name for entry in found for name in entry.objects}
        history = self._repository.history
        if not wanted:
            return []
        states = history.states(self._repository.changes.of(wanted), wanted)
        spans, checked_out = history.spans(states), history.head_state(states)
        newest = [self._find_newest(entry, spans) for entry in found]
        shared = _share_objects(found)
        findings = []
        with self._reader:
            self._scan_ahead(
                next(self._list_places(*item, checked_out))[0]
                for item in zip(found, newest, strict=True)
            )
            for entry, state in zip(found, newest, strict=True):
                shown, commit = self._show(entry, state, spans, checked_out)
                life = self._make_lifetime(shared[entry.fingerprint], spans, checked_out)
                findings += [finding._replace(commit=commit, life=life) for finding in shown]
        return findings

    def _make_lifetime(
        self, entry: MergedFinding, spans: dict[State, Span], checked_out: State
    ) -> Lifetime:
        history, occurrence = self._repository.history, entry.best[0]
        kind = self._repository.objects[occurrence.object].kind
        if kind == 'commit':
            return history.life_of_commit(occurrence.object)
        if kind == 'tag':
            return history.life_of_tag(occurrence.object)
        life = history.life(entry.objects, spans, checked_out, self._repository.staged)
        return life._replace(paths=tuple(self._repository.prefix + path for path in life.paths))

    def _find_newest(self, entry: MergedFinding, spans: dict[State, Span]) -> State | None:
        """Find the newest state with a version that shows most parts of a finding."""
        best = {occurrence.object for occurrence in entry.best}
        return max(
            (state for state in spans if any(name in best for _, name in state)),
            key=lambda state: spans[state].last,
            default=None,
        )

    def _list_places(
        self, entry: MergedFinding, newest: State | None, checked_out: State
    ) -> Iterator[list[tuple[str, str]]]:
        """Give objects with a finding, and their paths: checked out, then newest, then any."""
        best = {occurrence.object for occurrence in entry.best}
        for state in (checked_out, newest or frozenset()):
            places = sorted((path, name) for path, name in state if name in best)
            if places:
                yield [(name, self._repository.prefix + path) for path, name in places]
        yield [(entry.best[-1].object, entry.best[-1].path)]

    def _show(
        self,
        entry: MergedFinding,
        newest: State | None,
        spans: dict[State, Span],
        checked_out: State,
    ) -> tuple[list[Finding], str | None]:
        """Return a finding at each place of its newest version, and the newest commit with that."""
        repository = self._repository
        commit = repository.history.commits[spans[newest].last].id if newest is not None else None
        wanted = self._make_test(entry)
        for places in self._list_places(entry, newest, checked_out):
            shown = [
                finding
                for name, path in places[:_MAX_PLACES]
                for finding in self._scan_once(name, path).values()
                if wanted(finding)
            ]
            if shown:
                name = places[0][0]
                return shown, name if repository.objects[name].kind == 'commit' else commit
        return [], commit

    def _make_test(self, entry: MergedFinding) -> Callable[[Finding], bool]:
        """Make the test for the finding at another place.

        The fingerprint tells, or the values where it names a place.
        """
        first = entry.best[0]
        if not first.is_placed:
            return lambda finding: finding.fingerprint == entry.fingerprint
        known = self._scan_once(first.object, first.path).get(entry.fingerprint)
        values = [part.identity for part in known.parts] if known else []
        return lambda finding: bool(values) and values == [p.identity for p in finding.parts]

    def _scan_ahead(self, places: Iterable[tuple[str, str]]) -> None:
        """Scan the versions that will most likely be shown, on all cores."""
        for place, found in map_unordered(
            lambda place: (place, self._scan_version(*place)),
            list(dict.fromkeys(places)),
            min_items=_MIN_FOR_WORKERS,
        ):
            self._known[place] = found

    def _scan_once(self, name: str, path: str) -> dict[str, Finding]:
        """Scan an object under a path, once: its findings by fingerprint."""
        if (name, path) not in self._known:
            self._known[name, path] = self._scan_version(name, path)
        return self._known[name, path]

    def _scan_version(self, name: str, path: str) -> dict[str, Finding]:
        origin = make_origin(path, self._repository.prefix, self._config)
        return scan_version(self._reader, name, origin, self._rules, self._config)


def _share_objects(found: Sequence[MergedFinding]) -> dict[str, MergedFinding]:
    """Give each finding the objects of all with the same values: a guessable one in many files.

    Its fingerprints name its places, and it lives as long as any of them.
    """
    objects: dict[frozenset[bytes], frozenset[str]] = {}
    for entry in found:
        parts = entry.best[0].parts
        objects[parts] = objects.get(parts, frozenset()) | entry.objects
    return {
        entry.fingerprint: entry._replace(objects=objects[entry.best[0].parts]) for entry in found
    }


def scan_version(
    reader: ObjectReader, name: str, origin: Origin, rules: Rules, config: Config
) -> dict[str, Finding]:
    """Scan one object under a path: its findings by fingerprint."""
    path = origin.path
    ((_, raw),) = reader.read([name])
    data = raw or b''
    document = read_document(path, data, rules, OBJECT, place=origin.place)
    found = {f.fingerprint: f for f in scan(document, rules, config, OBJECT).findings}
    if identify_container(path, data):
        members = scan_object_members(origin, data, rules, config).findings
        found |= {finding.fingerprint: finding for finding in reversed(members)}
    return found
