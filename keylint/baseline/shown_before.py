"""Say what the versions of files before a change show: under their own paths and with their marks.

A line that was there is not news. What stood in an excluded folder, under ignored rules, or beside
a mark that is gone, was shown to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from keylint.core.model import Finding, FindingPart


class OldVersions:
    """Knows which values the old versions of a change show; each is scanned once, where asked for.

    `blobs` maps paths to the ids of their old versions, `scan` finds what one shows at a path.
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
    """Return what tells a value from others: its trace, or what is shown of a mere word."""
    return part.trace if part.trace is not None else (part.role, part.preview)
