"""Turn the occurrences in a history into findings with lifetimes and the newest version's lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from keylint.archives import identify_container
from keylint.core.blob import Origin
from keylint.core.config import Config
from keylint.core.model import Finding, Lifetime
from keylint.core.records import NamedTuple
from keylint.core.report import Failure
from keylint.history.lifetimes import Span, State
from keylint.history.object_paths import PathKinds
from keylint.history.occurrences import MergedFinding, VersionFindings, index_findings
from keylint.history.worker import make_origin, may_hold_tokens, scan_object_members
from keylint.pipeline.scan import OBJECT, read_document, scan
from keylint.rules.load import Rules
from keylint.sources.lfs import POINTER_HEADS, follow_pointer
from keylint.sources.objects import ObjectReader
from keylint.workers.pool import map_unordered

TYPE_CHECKING = False  # `history.repository` imports this module
if TYPE_CHECKING:
    from keylint.history.repository import Repository

# Fewer versions than this are scanned in this process rather than by workers.
_MIN_FOR_WORKERS = 16
# How many places of one version get a finding with its line; the lifetime lists all paths.
_MAX_PLACES = 64


class ShownVersion(NamedTuple):
    """A version that may show a finding: an object, its path, and a commit that has it there."""

    object: str
    path: str
    commit: str | None


class HistoryReporter:
    """Turns occurrences into findings: lifetimes, and the lines of the newest best version."""

    def __init__(
        self,
        repository: Repository,
        kinds: PathKinds,
        rules: Rules,
        config: Config,
        shown: Iterable[VersionFindings] = (),
    ) -> None:
        self._repository = repository
        self._kinds = kinds
        self._rules = rules
        self._config = config
        self._reader = ObjectReader(repository.folder)
        self._known = {(one.object, one.path): one.findings for one in shown}
        self.failures: list[Failure] = []

    def make_findings(self, found: Sequence[MergedFinding]) -> list[Finding]:
        """Make the findings, sorted by fingerprint."""
        wanted = {name for entry in found for name in entry.objects}
        history = self._repository.history
        if not wanted:
            return []
        states = history.states(self._repository.changes.of(wanted), wanted)
        spans, checked_out = history.spans(states), history.head_state(states)
        places = _list_places(spans)
        versions = [list(self._list_versions(entry, places, checked_out)) for entry in found]
        shared = _share_objects(found)
        findings = []
        with self._reader:
            self._scan_ahead((rows[0].object, rows[0].path) for rows in versions)
            for entry, rows in zip(found, versions, strict=True):
                shown = self._show(entry, rows)
                if not shown:
                    self.failures.append(report_lost_finding(rows[0].object, rows[0].path))
                life = self._make_lifetime(shared[entry.fingerprint], spans, checked_out)
                findings += [finding._replace(life=life) for finding in shown]
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

    def _list_versions(
        self, entry: MergedFinding, places: dict[str, list[tuple[int, str]]], checked_out: State
    ) -> Iterator[ShownVersion]:
        """Return the versions that may show a finding, at least one, the best first.

        Versions that are checked out come first, then those of the newest commits; within a commit,
        those that no comment accepts. The object has the finding under each path's kind.
        """
        history, prefix = self._repository.history, self._repository.prefix
        accepted = {(one.object, self._kinds.find(one.path)): one.is_accepted for one in entry.best}
        rows = []
        for name in dict.fromkeys(one.object for one in entry.best):
            for last, path in places.get(name, ()):
                key = name, self._kinds.find(prefix + path)
                if key in accepted:
                    is_present = (path, name) in checked_out
                    age = 0 if is_present else len(history.commits) - last
                    commit = history.head if is_present else history.commits[last].id
                    version = ShownVersion(name, prefix + path, commit)
                    rows.append((age, accepted[key], version.path, version))
        yield from (row[-1] for row in sorted(rows))
        for one in sorted(entry.best, key=lambda one: one.is_accepted):
            is_commit = self._repository.objects[one.object].kind == 'commit'
            yield ShownVersion(one.object, one.path, one.object if is_commit else None)

    def _show(self, entry: MergedFinding, versions: Iterable[ShownVersion]) -> list[Finding]:
        """Return a finding at each place of the first commit that shows it."""
        is_wanted = self._make_test(entry)
        shown: list[Finding] = []
        for version in versions:
            if shown and (version.commit is None or version.commit != shown[0].commit):
                break
            shown += [
                finding._replace(commit=version.commit)
                for finding in self._scan_once(version.object, version.path).values()
                if is_wanted(finding)
            ]
            if len(shown) >= _MAX_PLACES:
                break
        return shown

    def _make_test(self, entry: MergedFinding) -> Callable[[Finding], bool]:
        """Make the test that recognizes the finding at another place.

        It compares fingerprints, or values if the fingerprint names a place.
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
            [place for place in dict.fromkeys(places) if place not in self._known],
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
        config = self._config
        if name in self._repository.staged:
            config = config._replace(reads_dependencies=True)
        return scan_version(self._reader, name, origin, self._rules, config)


def _share_objects(found: Sequence[MergedFinding]) -> dict[str, MergedFinding]:
    """Give each finding the objects of all findings with the same values.

    A guessable value in many files has a fingerprint for each place, and it lives as long as any of
    them.
    """
    objects: dict[frozenset[bytes], frozenset[str]] = {}
    for entry in found:
        parts = entry.best[0].parts
        objects[parts] = objects.get(parts, frozenset()) | entry.objects
    return {
        entry.fingerprint: entry._replace(objects=objects[entry.best[0].parts]) for entry in found
    }


def report_lost_finding(name: str, path: str) -> Failure:
    """Make the failure for a finding that the second scan, for the lines to show, did not find."""
    why = f'object {name[:12]}: a finding of the scan was not found again, and is not shown'
    return Failure(path, 'scan', why)


def _list_places(spans: dict[State, Span]) -> dict[str, list[tuple[int, str]]]:
    """Map objects to their paths, each with the newest commit (its index) that has it there."""
    newest: dict[tuple[str, str], int] = {}
    for state, span in spans.items():
        for place in state:
            newest[place] = max(span.last, newest.get(place, 0))
    found: dict[str, list[tuple[int, str]]] = {}
    for (path, name), last in newest.items():
        found.setdefault(name, []).append((last, path))
    return found


def read_content(reader: ObjectReader, name: str) -> bytes | None:
    """Read one object; for a Git LFS pointer, read its content if it is available."""
    ((_, raw),) = reader.read([name])
    if raw is None or not raw.startswith(POINTER_HEADS):
        return raw
    content = follow_pointer(raw, reader.folder, name)
    return raw if isinstance(content, Failure) else content


def scan_version(
    reader: ObjectReader, name: str, origin: Origin, rules: Rules, config: Config
) -> dict[str, Finding]:
    """Scan one object under a path: its findings by fingerprint."""
    path = origin.path
    data = read_content(reader, name) or b''
    document = read_document(path, data, rules, OBJECT, place=origin.place)
    is_read = may_hold_tokens(document, config)
    findings = scan(document, rules, config, OBJECT).findings if is_read else ()
    is_container = identify_container(path, data)
    members = scan_object_members(origin, data, rules, config).findings if is_container else ()
    return index_findings(findings, members)
