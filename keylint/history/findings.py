"""Make findings of the occurrences in a history: lifetimes, and the lines of the newest version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from keylint.archives import identify_container
from keylint.core.config import Config
from keylint.core.model import Finding, Lifetime
from keylint.core.report import Failure
from keylint.core.workers import map_unordered
from keylint.history.lifetimes import Span, State
from keylint.history.object_paths import PathKinds
from keylint.history.occurrences import MergedFinding
from keylint.history.worker import scan_object_members
from keylint.pipeline.scan import OBJECT, read_document, scan
from keylint.rules.load import Rules
from keylint.sources.objects import ObjectReader

TYPE_CHECKING = False  # `history.repository` imports this module
if TYPE_CHECKING:
    from keylint.history.repository import Repository

# Fewer versions than this are scanned here and not by workers.
_MIN_FOR_WORKERS = 16


class ShownVersion(NamedTuple):
    """A version that may show a finding: an object, its path, and a commit that has it there."""

    object: str
    path: str
    commit: str | None


class HistoryReporter:
    """Makes findings of occurrences: lifetimes, and the lines of the newest best version."""

    def __init__(
        self, repository: Repository, kinds: PathKinds, rules: Rules, config: Config
    ) -> None:
        self._repository = repository
        self._kinds = kinds
        self._rules = rules
        self._config = config
        self._reader = ObjectReader(repository.folder)
        self._known: dict[tuple[str, str], dict[str, Finding]] = {}
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
        findings = []
        with self._reader:
            self._scan_ahead((rows[0].object, rows[0].path) for rows in versions)
            for entry, rows in zip(found, versions, strict=True):
                finding = self._show(entry, rows)
                if finding is None:
                    self.failures.append(report_lost_finding(rows[0].object, rows[0].path))
                else:
                    life = self._make_lifetime(entry, spans, checked_out)
                    findings.append(finding._replace(life=life))
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
        """Give the versions that may show a finding, at least one: the best ones come first.

        That is what is checked out, then the newest commits, and of one commit what no comment
        accepts. Each path is of a kind under which the object has the finding.
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

    def _show(self, entry: MergedFinding, versions: Iterable[ShownVersion]) -> Finding | None:
        """Return a finding as the first version shows it that does."""
        for version in versions:
            finding = self._scan_once(version.object, version.path).get(entry.fingerprint)
            if finding is not None:
                return finding._replace(commit=version.commit)
        return None

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
        return scan_version(self._reader, name, path, self._rules, self._config)


def report_lost_finding(name: str, path: str) -> Failure:
    """Make the failure of a finding that is not found again when its lines are to be shown."""
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


def scan_version(
    reader: ObjectReader, name: str, path: str, rules: Rules, config: Config
) -> dict[str, Finding]:
    """Scan one object under a path: its findings by fingerprint."""
    ((_, raw),) = reader.read([name])
    data = raw or b''
    document = read_document(path, data, rules, OBJECT)
    found = {f.fingerprint: f for f in scan(document, rules, config, OBJECT).findings}
    if identify_container(path, data):
        members = scan_object_members(path, data, rules, config).findings
        found |= {finding.fingerprint: finding for finding in reversed(members)}
    return found
