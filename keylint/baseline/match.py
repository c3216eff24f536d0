"""Match findings with the entries of a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from keylint.baseline.entries import Baseline, Entry
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.report import ScanWarning


class BaselineScope(NamedTuple):
    """Say what a run scanned.

    `locate` returns a path relative to the baseline, `is_scanned` whether the run would have found
    an entry's finding, and `is_gone` whether a path no longer exists.
    """

    locate: Callable[[str], str]
    is_scanned: Callable[[Entry], bool]
    is_gone: Callable[[str], bool]


class MatchedFindings(NamedTuple):
    """Findings with their states, and how the entries matched them.

    `met` maps entry ids to their number of findings. `stale` are entries whose finding no longer
    exists. `moved` maps ids of entries to the new paths of their renamed files. `ids` maps indexes
    in `findings` to ids.
    """

    findings: list[Finding]
    met: dict[str, int]
    stale: tuple[Entry, ...]
    moved: dict[str, str]
    ids: dict[int, str]


def match_findings(
    baseline: Baseline,
    findings: Iterable[Finding],
    scope: BaselineScope,
    today: str,
    is_strict: bool,
) -> MatchedFindings:
    """Mark the findings that the baseline knows as `known`.

    If matching is strict, findings without a valid verdict stay open. An entry for a place covers
    as many findings as it was made for; any more are new.
    """
    met: dict[str, int] = {}
    marked: list[Finding] = []
    ids: dict[int, str] = {}
    unknown: list[tuple[int, Finding]] = []
    names = _FindingNames(baseline, scope)
    versions: dict[tuple[str, str], Entry] = {}  # those of accepted weak values, by rule and object
    for number, finding in enumerate(findings):
        name = ids[number] = names.name(finding)
        entry = baseline.entries.get(name)
        if entry is None:
            unknown.append((number, finding))
        else:
            met[name] = met.get(name, 0) + 1
            if finding.state == 'open' and (not finding.local or met[name] <= entry.times):
                finding = _mark_known(finding, entry, today, is_strict)
                versions |= dict.fromkeys(_list_versions(finding), entry)
        marked.append(finding)
    lost = [
        entry for name, entry in baseline.entries.items() if name not in met and not entry.history
    ]
    moved: dict[str, str] = {}
    for number, finding in unknown:
        entry = next((versions[one] for one in _list_versions(finding) if one in versions), None)
        if entry is not None:
            marked[number] = _mark_known(finding, entry, today, is_strict)
            ids[number] = entry.id
    for number, entry in _find_renamed(baseline, lost, unknown, scope):
        marked[number] = _mark_known(marked[number], entry, today, is_strict)
        moved[entry.id] = scope.locate(marked[number].path)
        met[entry.id] = met.get(entry.id, 0) + 1
        ids[number] = entry.id
    stale = tuple(entry for entry in lost if entry.id not in met and scope.is_scanned(entry))
    return MatchedFindings(marked, met, stale, moved, ids)


class _FindingNames:
    """Compute the ids of findings, each slow digest once."""

    def __init__(self, baseline: Baseline, scope: BaselineScope) -> None:
        self._baseline = baseline
        self._scope = scope
        self._known: dict[tuple[str, ...], str] = {}

    def name(self, finding: Finding) -> str:
        """Return the id that an entry for the finding would have."""
        key: tuple[str, ...] = (finding.fingerprint,)
        if finding.local:
            key = (finding.rule, self._scope.locate(finding.path), finding.local)
        if key not in self._known:
            self._known[key] = self._baseline.id_of(finding, self._scope.locate(finding.path))
        return self._known[key]


def _list_versions(finding: Finding) -> list[tuple[str, str]]:
    """List rule and object of each version of a file that contains a weak value in a history.

    A renamed file is one object under two paths, and its weak value is one value.
    """
    if not finding.local or finding.life is None:
        return []
    return [(finding.rule, name) for name in finding.life.objects]


def _find_renamed(
    baseline: Baseline,
    lost: Sequence[Entry],
    unknown: Sequence[tuple[int, Finding]],
    scope: BaselineScope,
) -> list[tuple[int, Entry]]:
    """Pair weak values in renamed files with their entries.

    The old path no longer exists, and exactly one new path has the same rule and name equally
    often. The numbers are indexes of the findings.
    """
    gone: dict[str, list[Entry]] = {}
    for entry in lost:
        if entry.local and scope.is_gone(entry.path):
            gone.setdefault(entry.local, []).append(entry)
    found: dict[str, dict[str, list[int]]] = {}
    for number, finding in unknown:
        if finding.local and finding.state == 'open' and gone:
            paths = found.setdefault(baseline.local_of(finding), {})
            paths.setdefault(finding.path, []).append(number)
    pairs = []
    for local, entries in gone.items():
        places = found.get(local, {})
        if len(entries) == len(places) == 1:
            (entry,), (numbers,) = entries, places.values()
            pairs += [(number, entry) for number in numbers[: entry.times]]
    return pairs


def _mark_known(finding: Finding, entry: Entry, today: str, is_strict: bool) -> Finding:
    """Give a finding the state of its entry; one without a valid verdict may stay open."""
    if is_strict and entry.is_open(today):
        return finding
    reason = entry.verdict
    if entry.is_expired(today):
        reason = f'{reason}, expired on {entry.until}'
    if entry.reason:
        reason = f'{reason}: {entry.reason}'
    return finding._replace(state='known', reason=reason)


def list_notes(
    baseline: Baseline, found: MatchedFindings, today: str, is_strict: bool, shown_path: str
) -> list[ScanWarning]:
    """List what the user should know about the baseline itself, in one line each."""
    entries = [baseline.entries[name] for name in found.met]
    expired = sum(entry.is_expired(today) for entry in entries)
    unreviewed = sum(entry.verdict == 'unreviewed' for entry in entries)
    notes = []
    if found.stale:
        notes.append(
            f'{_count_entries(len(found.stale))} that no finding matches any more; '
            '`keylint baseline update` drops them'
        )
    if expired:
        notes.append(
            f'{_count_entries(expired)} whose verdict has expired; '
            'decide again with `keylint baseline audit`'
        )
    if unreviewed and is_strict:
        notes.append(
            f'{_count_entries(unreviewed)} that nobody has reviewed; '
            'decide with `keylint baseline audit`'
        )
    return [ScanWarning(shown_path, 1, text) for text in notes]


def _count_entries(count: int) -> str:
    return f'{count} entr{"y" if count == 1 else "ies"}'
