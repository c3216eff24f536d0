"""Make findings of the occurrences in a history: lifetimes, and the lines of the newest version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from keylint.archives import identify_container
from keylint.core.config import Config
from keylint.core.model import Finding, Lifetime
from keylint.core.report import Failure
from keylint.core.workers import map_unordered
from keylint.history.lifetimes import Span, State
from keylint.history.occurrences import MergedFinding
from keylint.history.worker import scan_object_members
from keylint.pipeline.scan import OBJECT, read_document, scan
from keylint.rules.load import Rules
from keylint.sources.lfs import POINTER_HEADS, follow_pointer
from keylint.sources.objects import ObjectReader

TYPE_CHECKING = False  # `history.repository` imports this module
if TYPE_CHECKING:
    from keylint.history.repository import Repository

# Fewer versions than this are scanned here and not by workers.
_MIN_FOR_WORKERS = 16


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
        findings = []
        with self._reader:
            self._scan_ahead(
                next(self._list_places(*item, checked_out))
                for item in zip(found, newest, strict=True)
            )
            for entry, state in zip(found, newest, strict=True):
                finding, commit = self._show(entry, state, spans, checked_out)
                if finding is not None:
                    life = self._make_lifetime(entry, spans, checked_out)
                    findings.append(finding._replace(commit=commit, life=life))
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
    ) -> Iterator[tuple[str, str]]:
        """Give objects with a finding, and their paths: checked out, then newest, then any."""
        best = {occurrence.object for occurrence in entry.best}
        for state in (checked_out, newest or frozenset()):
            for path, name in sorted((path, name) for path, name in state if name in best):
                yield name, self._repository.prefix + path
        yield entry.best[-1].object, entry.best[-1].path

    def _show(
        self,
        entry: MergedFinding,
        newest: State | None,
        spans: dict[State, Span],
        checked_out: State,
    ) -> tuple[Finding | None, str | None]:
        """Return a finding as its newest version shows it, and the newest commit with that."""
        repository = self._repository
        commit = repository.history.commits[spans[newest].last].id if newest is not None else None
        for name, path in self._list_places(entry, newest, checked_out):
            finding = self._scan_once(name, path).get(entry.fingerprint)
            if finding is not None:
                return finding, name if repository.objects[name].kind == 'commit' else commit
        return None, commit

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


def read_content(reader: ObjectReader, name: str) -> bytes | None:
    """Read one object; of a pointer of Git LFS the content, where it is there."""
    ((_, raw),) = reader.read([name])
    if raw is None or not raw.startswith(POINTER_HEADS):
        return raw
    content = follow_pointer(raw, reader.folder, name)
    return raw if isinstance(content, Failure) else content


def scan_version(
    reader: ObjectReader, name: str, path: str, rules: Rules, config: Config
) -> dict[str, Finding]:
    """Scan one object under a path: its findings by fingerprint."""
    data = read_content(reader, name) or b''
    document = read_document(path, data, rules, OBJECT)
    found = {f.fingerprint: f for f in scan(document, rules, config, OBJECT).findings}
    if identify_container(path, data):
        members = scan_object_members(path, data, rules, config).findings
        found |= {finding.fingerprint: finding for finding in reversed(members)}
    return found
