"""Bring a baseline up to date with the findings of a run."""

from __future__ import annotations

from keylint.baseline.entries import Baseline, Entry
from keylint.baseline.match import BaselineScope, MatchedFindings
from keylint.core.model import Finding
from keylint.findings.foreign_text import make_mask


def update_entries(
    baseline: Baseline, found: MatchedFindings, scope: BaselineScope
) -> tuple[Baseline, list[Entry]]:
    """Return the baseline with an entry for each finding of a whole tree, and the new entries.

    Stale entries are left out.
    """
    groups: dict[str, list[Finding]] = {}
    for number, finding in enumerate(found.findings):
        if finding.state != 'suppressed':
            groups.setdefault(found.ids[number], []).append(finding)
    mask = make_mask(found.findings)
    stale = {entry.id for entry in found.stale}
    entries = {
        name: entry
        for name, entry in baseline.entries.items()
        if name not in stale and name not in found.moved
    }
    added = []
    for name, findings in groups.items():
        first, old = findings[0], baseline.entries.get(name)
        paths = {scope.locate(finding.path) for finding in findings}
        path = found.moved.get(name, '')
        if not path:
            path = old.path if old is not None and old.path in paths else min(paths)
        own = baseline.id_of(first, path)
        entry = (old or Entry(own, first.rule, path, baseline.local_of(first)))._replace(
            id=own,
            rule=first.rule,
            path=mask(path),
            times=len(findings) if first.local else 1,
            history=False,
        )
        entries[own] = entry
        if old is None:
            added.append(entry)
    return baseline._replace(entries=entries), added


def add_history_entries(
    baseline: Baseline, found: MatchedFindings, scope: BaselineScope
) -> tuple[Baseline, list[Entry]]:
    """Return the baseline with entries for findings only in the history, and the new entries.

    Entries for findings that the history no longer contains are left out.
    """
    mask = make_mask(found.findings)
    entries = {
        name: entry
        for name, entry in baseline.entries.items()
        if not entry.history or name in found.met
    }
    added = []
    for number, finding in enumerate(found.findings):
        name = found.ids[number]
        if finding.state != 'suppressed' and name not in entries:
            entries[name] = Entry(
                name,
                finding.rule,
                mask(scope.locate(finding.path)),
                baseline.local_of(finding),
                history=True,
            )
            added.append(entries[name])
    return baseline._replace(entries=entries), added
