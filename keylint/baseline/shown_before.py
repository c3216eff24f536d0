"""Find the values reported for files before a change, with their old paths and marks.

A line that was there is not new. A value that was in an excluded folder, under ignored rules, or
beside a mark that is gone was not reported before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from keylint.core.model import Finding, FindingPart


class OldVersions:
    """Knows which values the old versions of a change show; each is scanned at most once, lazily.

    `blobs` maps paths to the ids of their old versions; `scan` returns the findings of a version at
    a path.
    """

    def __init__(
        self, blobs: Mapping[str, str], scan: Callable[[str, str], Iterable[Finding]]
    ) -> None:
        self._blobs = blobs
        self._scan = scan
        self._shown: dict[str, set[object]] = {}

    def show(self, finding: Finding, paths: Iterable[str]) -> bool:
        """Tell whether the old versions at some paths show all values of a finding as open."""
        shown: set[object] = set()
        for path in paths:
            shown |= self._list_shown(path)
        return all(_identify_part(part) in shown for part in finding.parts)

    def _list_shown(self, path: str) -> set[object]:
        if path not in self._shown:
            found = self._scan(path, self._blobs[path])
            self._shown[path] = {
                _identify_part(part)
                for finding in found
                if finding.state == 'open'
                for part in finding.parts
            }
        return self._shown[path]


def _identify_part(part: FindingPart) -> object:
    """Return what identifies a value: its trace, or the preview of a plain word."""
    return part.trace if part.trace is not None else (part.role, part.preview)
