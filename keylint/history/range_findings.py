"""Select the findings that a range of commits adds: those that no earlier version shows.

A version shows what was found in its object under a path of the same kind. A value that was in an
excluded file, or that a removed mark accepted, was not shown before.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from keylint.core.records import NamedTuple
from keylint.history.object_paths import PathKinds
from keylint.history.occurrences import Occurrence
from keylint.sources.commits import Commit


class AddedVersion(NamedTuple):
    """An object that the range adds, its commit (None for a tag), and the path's previous blobs.

    `blob` is empty if the commit deletes the path.
    """

    commit: Commit | None
    path: str
    blob: str
    before: tuple[str, ...]


class NewFinding(NamedTuple):
    """A finding that the range adds: the version that brings it first, and the one to show."""

    fingerprint: str
    first: AddedVersion
    last: AddedVersion
    parts: frozenset[bytes]


class _KnownParts(NamedTuple):
    """The parts that versions before the range show: all parts, and those that nothing accepts."""

    all: set[bytes]
    open: set[bytes]

    def has(self, occurrence: Occurrence) -> bool:
        return occurrence.parts <= (self.all if occurrence.is_accepted else self.open)


class _FindingVersions:
    """The versions of a range that show one finding, by paths as the range leaves them."""

    def __init__(self, first: AddedVersion) -> None:
        self.first = first
        self._last = first
        self._is_accepted = False
        self.parts: frozenset[bytes] = frozenset()
        self._left: dict[str, tuple[AddedVersion, Occurrence]] = {}

    def add(self, version: AddedVersion, occurrence: Occurrence) -> None:
        """Add the next version that shows it."""
        self._left[version.path] = version, occurrence
        if len(occurrence.parts) >= len(self.parts):
            self.parts, self._last = occurrence.parts, version
            self._is_accepted = occurrence.is_accepted

    def drop(self, path: str) -> None:
        """Note that a later version of a path does not show it any more."""
        self._left.pop(path, None)

    def choose_version(self) -> AddedVersion:
        """Choose the newest version with the most parts, preferring one that no comment accepts.

        A comment in one file accepts nothing in another file.
        """
        rows = [(version, one) for version, one in self._left.values() if not one.is_accepted]
        whole = [version for version, one in rows if len(one.parts) == len(self.parts)]
        if whole:
            return whole[-1]
        if not rows or not self._is_accepted:
            return self._last
        return max(rows, key=lambda row: len(row[1].parts))[0]


class RangeFindings:
    """Selects findings; `found` has the occurrences in objects, under the paths of all kinds."""

    def __init__(self, kinds: PathKinds, found: Mapping[str, Sequence[Occurrence]]) -> None:
        self._kinds = kinds
        self._found = found

    def select(self, versions: Sequence[AddedVersion]) -> list[NewFinding]:
        """Select what no version from before the range shows, sorted by fingerprint.

        If a credential gains parts within the range, only the largest version is kept.
        """
        known = self._collect_known(versions)
        new: dict[str, _FindingVersions] = {}
        shown: dict[str, set[str]] = {}  # by path, as the versions so far leave it
        for version in versions:
            for fingerprint in shown.pop(version.path, ()):
                new[fingerprint].drop(version.path)
            for occurrence in self._list_shown(version.path, version.blob):
                if occurrence.fingerprint in new or not known.has(occurrence):
                    history = new.setdefault(occurrence.fingerprint, _FindingVersions(version))
                    history.add(version, occurrence)
                    shown.setdefault(version.path, set()).add(occurrence.fingerprint)
        return [
            NewFinding(fingerprint, entry.first, entry.choose_version(), entry.parts)
            for fingerprint, entry in sorted(new.items())
            if not any(entry.parts < other.parts for other in new.values())
        ]

    def _collect_known(self, versions: Sequence[AddedVersion]) -> _KnownParts:
        """Collect the parts that objects from before the range show at their paths."""
        known = _KnownParts(set(), set())
        brought: set[str] = set()
        for _, rows in itertools.groupby(versions, key=lambda version: version.commit):
            group = list(rows)
            for version in group:
                for name in version.before:
                    if name not in brought:
                        self._add_known(known, version.path, name)
            brought |= {version.blob for version in group}
        return known

    def _add_known(self, known: _KnownParts, path: str, name: str) -> None:
        for one in self._list_shown(path, name):
            known.all.update(one.parts)
            if not one.is_accepted:
                known.open.update(one.parts)

    def _list_shown(self, path: str, name: str) -> list[Occurrence]:
        """List what an object shows at a path; it was read under a path of the same kind."""
        found = self._found.get(name, ())
        if not found:
            return []
        kind = self._kinds.find(path)
        return [one for one in found if one.path == path or self._kinds.find(one.path) == kind]
